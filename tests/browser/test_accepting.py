"""Coming in by an invitation, with the real provider of this machine: each person has a
browser of his own."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from chalicelib.storage import entry
from chalicelib.storage.conditions import EXISTS
from chalicelib.storage.expressions import Change
from tests.browser.book import OWNER, Book, another_book
from tests.browser.conftest import PATIENCE, store_of
from tests.browser.people import invited
from tests.browser.settings import Settings, join, look_over, roles
from tests.browser.tab import Tab
from tests.conftest import Server
from tests.visitor import sign_in_of

Arrive = Callable[[str], Tab]


@pytest.fixture
def house(asking_site: Server) -> Book:
    return another_book(asking_site, store_of(asking_site))


@pytest.fixture
def arrive(chromium: Browser, house: Book, failures: list[str]) -> Iterator[Arrive]:
    """Somebody opens an address of the page in a browser of his own, and presses what
    asks him to sign in."""
    opened = []
    hosts = (house.site.base, sign_in_of(house.site)["issuer"], "data:", "blob:")

    def asked(url: str) -> None:
        if not url.startswith(hosts):
            failures.append(url)

    def make(address: str) -> Tab:
        context = chromium.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(PATIENCE)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("request", lambda request: asked(request.url))
        page.goto(address)
        page.get_by_role("button", name="Sign in").click()
        return Tab(page, house)

    yield make
    for context in opened:
        context.close()


def sub_of(email: str) -> str:
    """The user id that this machine's provider gives to who types an e-mail."""
    return f"person-{hashlib.sha256(email.encode()).hexdigest()[:16]}"


def say(page: Page, name: str, email: str) -> None:
    """Who one is, on the provider's page."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Sign in").click()


def home(house: Book) -> str:
    return f"{house.site.base}/"


def test_one_invites_the_other_accepts_and_both_see_each_other_by_name(
    arrive: Arrive, house: Book
) -> None:
    """From the text that is sent to the workspace that opens, in two browsers."""
    join(house, sub_of("olga@example.org"), "admin")
    olga = arrive(f"{home(house)}#workspace={house.slug}")
    say(olga.page, "Olga Orlova", "olga@example.org")
    olga.settled()
    settings = Settings.open(olga, "Members…")
    settings.page.get_by_label("E-mail").fill("Ida@example.org")
    settings.button("Invite").click()
    settings.said("Ida@example.org was invited.")
    text = settings.page.get_by_label("Text for Ida@example.org").input_value()
    link = next(line for line in text.splitlines() if line.startswith("http"))

    ida = arrive(link)
    say(ida.page, "Ida Ipsum", "ida@example.org")
    asked = ida.page.locator("#signin [data-invitation-id]")
    expect(asked).to_contain_text(f"{house.workspace.name} invites you as member.")
    expect(asked).to_contain_text("Invited by Olga Orlova")
    accept = ida.page.get_by_role("button", name=f"Accept: {house.workspace.name}")
    expect(accept).to_be_focused()
    ida.page.keyboard.press("Enter")
    expect(ida.page.locator("#workspace-name")).to_have_text(house.workspace.name)
    expect(ida.toast()).to_contain_text(f"You are in {house.workspace.name} now.")
    assert roles(house)[sub_of("ida@example.org")] == "member"
    expect(ida.page.locator("#me")).to_have_text("Ida Ipsum")

    for tab in (ida, olga):
        tab.page.goto("about:blank")
        tab.page.goto(f"{home(house)}#workspace={house.slug}")
        tab.settled()
        settings = Settings.open(tab, "Members…")
        names = settings.dialog.locator(".member-list .who-id")
        expect(names).to_have_count(3)
        assert set(names.all_text_contents()) == {OWNER, "Ida Ipsum", "Olga Orlova"}
        expect(settings.dialog.locator("[data-invitation-id]")).to_have_count(0)


def test_who_has_workspaces_accepts_in_a_dialog(arrive: Arrive, house: Book) -> None:
    """The link is kept through the sign-in; then the other workspace opens."""
    other = another_book(house.site, house.store)
    contact = other.add("Anna")
    join(house, sub_of("kim@example.org"), "viewer")
    link = invited(other, "kim@example.org", "admin")["link"]
    tab = arrive(link)
    say(tab.page, "Kim Kowalski", "kim@example.org")
    dialog = tab.page.get_by_role("dialog", name="Invitation")
    expect(dialog).to_contain_text(f"{other.workspace.name} invites you as admin.")
    expect(tab.page.locator("#workspace-name")).to_have_text(house.workspace.name)
    look_over(tab, "invitation dialog")
    dialog.get_by_role("button", name="Accept").click()
    expect(tab.row(contact)).to_be_visible()
    expect(dialog).to_have_count(0)
    assert roles(other)[sub_of("kim@example.org")] == "admin"
    tab.page.click("#workspace")
    expect(tab.item(other.workspace.name)).to_have_attribute("aria-checked", "true")
    expect(tab.page.locator("#menu")).not_to_contain_text("invitation")


def test_another_e_mail_is_told_so_and_may_come_back_as_the_right_one(
    arrive: Arrive, house: Book
) -> None:
    """The link leads to the invitation again after signing in as somebody else, who has
    other workspaces, too."""
    other = another_book(house.site, house.store)
    join(other, sub_of("lea@example.org"), "viewer")
    tab = arrive(invited(house, "lea@example.org")["link"])
    say(tab.page, "Max Muster", "max@example.org")
    dialog = tab.page.get_by_role("dialog", name="Invitation")
    expect(dialog).to_contain_text("does not wait for max@example.org.")
    dialog.get_by_role("button", name="Try anyway").click()
    fault = dialog.get_by_role("alert")
    expect(fault).to_contain_text(
        "This invitation is for another e-mail than the one you signed in with."
    )
    expect(fault).to_contain_text("You are signed in as Max Muster (max@example.org).")
    assert sub_of("max@example.org") not in roles(house)
    look_over(tab, "another e-mail")
    dialog.get_by_role("button", name="Sign out to use another").click()
    tab.page.get_by_role("button", name="Sign in").click()
    say(tab.page, "Lea Lang", "lea@example.org")
    expect(dialog).to_contain_text(f"{house.workspace.name} invites you as member.")
    dialog.get_by_role("button", name="Accept").click()
    expect(tab.page.locator("#workspace-name")).to_have_text(house.workspace.name)
    assert roles(house).keys() == {OWNER, sub_of("lea@example.org")}


def test_an_e_mail_that_is_not_verified_is_told_so(arrive: Arrive, house: Book) -> None:
    """Anybody could have typed it."""
    tab = arrive(invited(house, "ugo.marino@example.com")["link"])
    tab.page.get_by_role("button", name="Ugo Marino").click()
    dialog = tab.page.get_by_role("dialog", name="Invitation")
    sentence = "Your sign-in has not verified that ugo.marino@example.com is yours."
    expect(dialog).to_contain_text(sentence)
    expect(tab.page.locator("#signin")).to_contain_text(sentence)
    dialog.get_by_role("button", name="Try anyway").click()
    fault = dialog.get_by_role("alert")
    expect(fault).to_contain_text("Your sign-in has not verified your e-mail")
    expect(dialog.locator(".request")).to_have_count(0)
    assert roles(house).keys() == {OWNER}


def test_who_declines_is_not_asked_again(arrive: Arrive, house: Book) -> None:
    """The others stay; after the last one the first screen is as without any."""
    other = another_book(house.site, house.store)
    for book in (house, other):
        invited(book, "nils@example.org")
    tab = arrive(home(house))
    say(tab.page, "Nils Nolte", "nils@example.org")
    asked = tab.page.locator("[data-invitation-id]")
    expect(asked).to_have_count(2)
    tab.page.get_by_role("button", name=f"Decline: {other.workspace.name}").click()
    expect(asked).to_have_count(1)
    expect(tab.page.locator("[data-invitation-id] button").first).to_be_focused()
    tab.page.get_by_role("button", name=f"Decline: {house.workspace.name}").click()
    expect(asked).to_have_count(0)
    expect(tab.page.get_by_role("heading", name="You are invited")).to_have_count(0)
    expect(tab.page.get_by_label("Name", exact=True)).to_be_focused()
    with house.client() as client:
        assert client.get("invitations").json()["invitations"] == []
    assert roles(house).keys() == {OWNER}


def taken_back(house: Book, invitation_id: str) -> None:
    with house.client() as client:
        assert client.delete(f"invitations/{invitation_id}").status_code == 204


def over(house: Book, invitation_id: str) -> None:
    """Its days are over."""
    past = Change(set={"ends_at": "2020-01-01T00:00:00.000Z"})
    house.store.update(
        entry.invitation(house.workspace.id, invitation_id), past, EXISTS
    )


def inviter_gone(house: Book, invitation_id: str) -> None:
    with house.client() as client:
        body = {"role": "member"}
        assert client.patch("members/ada", json=body).status_code == 200


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (taken_back, "This invitation was taken back."),
        (over, "This invitation has expired. Ask for a new one."),
        (inviter_gone, "Who invited you can no longer grant this role."),
    ],
)
def test_what_can_no_longer_be_accepted_says_why_and_goes(
    arrive: Arrive, house: Book, happens: Callable[[Book, str], None], said: str
) -> None:
    """Each in its own sentence; then it is closed, and nobody is asked again."""
    join(house, "ada", "admin")
    with house.site.client("ada") as client:
        body = {"email": "pia@example.org", "role": "member"}
        where = f"/workspaces/{house.slug}/invitations"
        made = client.post(where, json=body).json()["invitation"]
    tab = arrive(home(house))
    say(tab.page, "Pia Prinz", "pia@example.org")
    accept = tab.page.get_by_role("button", name="Accept")
    expect(accept).to_be_focused()
    happens(house, made["id"])
    accept.click()
    expect(tab.page.locator("#signin [role=alert]").first).to_contain_text(said)
    expect(tab.page.get_by_role("button", name="Close")).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("[data-invitation-id]")).to_have_count(0)
    expect(tab.page.get_by_label("Name", exact=True)).to_be_focused()
    assert sub_of("pia@example.org") not in roles(house)


def test_who_was_added_meanwhile_opens_the_workspace(
    arrive: Arrive, house: Book
) -> None:
    """There is nothing to accept any more: he is in."""
    contact = house.add("Anna")
    invited(house, "rosa@example.org")
    tab = arrive(home(house))
    say(tab.page, "Rosa Reyes", "rosa@example.org")
    accept = tab.page.get_by_role("button", name="Accept")
    expect(accept).to_be_focused()
    join(house, sub_of("rosa@example.org"), "viewer")
    accept.click()
    alert = tab.page.locator("#signin [role=alert]").first
    expect(alert).to_contain_text("already a member")
    tab.page.get_by_role("button", name="Open the workspace").click()
    expect(tab.row(contact)).to_be_visible()
