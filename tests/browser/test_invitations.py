"""Asking people in by e-mail, as who invites sees it: the form, the text to send, and
the invitations that are open. How one comes in is test_joining.py's."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.book import OWNER, Book
from tests.browser.people import call, come
from tests.browser.settings import Settings, enter, join, look_over
from tests.browser.tab import Tab
from tests.browser.wire import shorten
from tests.people_world import proof


def invited(book: Book, email: str, role: str = "member") -> dict[str, Any]:
    """An invitation that the owner has made."""
    with book.client() as client:
        answer = client.post("invitations", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["invitation"]
    return found


def waiting(book: Book) -> list[dict[str, Any]]:
    with book.client() as client:
        found: list[dict[str, Any]] = client.get("invitations").json()["invitations"]
    return found


def members(tab: Tab, user: str = OWNER) -> Settings:
    enter(tab, user)
    settings = Settings.open(tab, "Members…")
    expect(settings.dialog.locator(".badge-you")).to_be_visible()
    return settings


def row(settings: Settings, email: str) -> Locator:
    return settings.dialog.locator(f'[data-invitation-id]:has-text("{email}")')


def test_somebody_is_invited_and_the_text_to_send_is_ready(
    tab: Tab, book: Book
) -> None:
    """With the link, to copy or as a mail of one's own; by keyboard, from the e-mail
    on."""
    settings = members(tab)
    settings.page.get_by_label("E-mail").fill("ida@example.org")
    settings.page.get_by_label("Role", exact=True).select_option("Viewer")
    settings.page.get_by_label("E-mail").press("Enter")
    settings.said("ida@example.org was invited.")
    (made,) = waiting(book)
    assert (made["email"], made["role"]) == ("ida@example.org", "viewer")
    expect(settings.page.get_by_label("E-mail")).to_be_focused()
    expect(settings.page.get_by_label("E-mail")).to_have_value("")
    text = settings.page.get_by_label("Text for ida@example.org")
    expect(text).to_have_attribute("readonly", "")
    words = text.input_value()
    assert made["link"] in words
    assert f"“{book.workspace.name}” on contactbook, as a viewer." in words
    expect(settings.dialog).to_contain_text("No mail was sent from here")
    settings.button("Copy").click()
    expect(settings.button("Copied")).to_be_visible()
    assert tab.page.evaluate("navigator.clipboard.readText()") == words
    settings.button("Copy link").click()
    expect(settings.button("Copied").last).to_be_visible()
    assert tab.page.evaluate("navigator.clipboard.readText()") == made["link"]
    link = settings.page.get_by_role("link", name="Write an e-mail")
    address = urlsplit(link.get_attribute("href") or "")
    assert (address.scheme, address.path) == ("mailto", "ida@example.org")
    query = parse_qs(address.query)
    assert query["subject"] == [f"Invitation to {book.workspace.name}"]
    assert query["body"] == [words.replace("\n", "\r\n")]
    look_over(tab, "invited")


def test_open_invitations_stand_beneath_the_people(tab: Tab, book: Book) -> None:
    """In however many pages: who, as what, until when, who invited; and their text."""
    for email in ("ida@example.org", "jo@example.org", "kim@example.org"):
        made = invited(book, email)
    shorten(tab.page, "**/invitations?*", 2)
    settings = members(tab)
    rows = settings.dialog.locator("[data-invitation-id]")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("kim@example.org")
    expect(rows.first).to_contain_text("Member")
    expect(rows.first).to_contain_text(f"invited by {OWNER}")
    expect(rows.first).to_contain_text("Open until")
    button = settings.button("Show text to send to kim@example.org")
    expect(button).to_have_text("Show text")
    button.click()
    button = settings.button("Hide text to send to kim@example.org")
    text = settings.page.get_by_label("Text for kim@example.org")
    assert made["link"] in text.input_value()
    look_over(tab, "open invitations")
    button.click()
    expect(text).to_have_count(0)


def test_what_is_wrong_is_told_at_its_field(tab: Tab, book: Book) -> None:
    """In the server's words; what was typed stays, and is asked about."""
    invited(book, "ida@example.org")
    settings = members(tab)
    email = settings.page.get_by_label("E-mail")
    fault = settings.page.locator("#invite-email-fault")
    for typed, said in (
        ("", "Enter an e-mail."),
        ("no e-mail", "E-mail"),
        ("ida@example.org", "This e-mail has an open invitation already."),
    ):
        email.fill(typed)
        settings.button("Invite").click()
        expect(fault).to_contain_text(said)
        expect(email).to_be_focused()
        expect(email).to_have_value(typed)
    look_over(tab, "not invited")
    assert len(waiting(book)) == 1
    tab.page.keyboard.press("Escape")
    expect(settings.button("Keep editing")).to_be_focused()


def test_an_invitation_is_taken_back_after_a_question(tab: Tab, book: Book) -> None:
    """It is listed no more, and the link opens nothing."""
    invited(book, "ida@example.org")
    settings = members(tab)
    button = settings.button("Take back the invitation of ida@example.org")
    button.click()
    question = row(settings, "ida@example.org").locator(".question")
    expect(question).to_contain_text("Its link opens nothing then.")
    look_over(tab, "taking back")
    tab.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert len(waiting(book)) == 1
    tab.page.keyboard.press("Enter")
    settings.button("Take back").click()
    settings.said("The invitation of ida@example.org was taken back.")
    expect(row(settings, "ida@example.org")).to_have_count(0)
    expect(settings.dialog.get_by_role("heading", name="Invitations")).to_be_hidden()
    assert waiting(book) == []


def test_one_that_was_taken_back_meanwhile_says_so(tab: Tab, book: Book) -> None:
    """And it is listed no more."""
    made = invited(book, "ida@example.org")
    settings = members(tab)
    settings.button("Take back the invitation of ida@example.org").click()
    with book.client() as client:
        assert client.delete(f"invitations/{made['id']}").status_code == 204
    settings.button("Take back").click()
    settings.said("This invitation was taken back.")
    expect(row(settings, "ida@example.org")).to_have_count(0)


def test_one_that_was_accepted_meanwhile_shows_who_came(tab: Tab, book: Book) -> None:
    """Who was invited is a member by now."""
    ida = call(book, f"ida-{book.slug}", "Ida", "ida@example.org")
    made = invited(book, "ida@example.org")
    settings = members(tab)
    settings.button("Take back the invitation of ida@example.org").click()
    with book.site.client(ida) as client:
        where = f"/workspaces/{book.workspace.id}/invitations/{made['id']}/accept"
        proven = proof(book.site, ida, name="Ida", email="ida@example.org")
        said = client.post(where, json=proven)
    assert said.is_success, said.text
    settings.button("Take back").click()
    settings.said("This invitation was accepted or declined before.")
    expect(row(settings, "ida@example.org")).to_have_count(0)
    expect(settings.dialog.locator(f'[data-user-id="{ida}"]')).to_be_visible()


def test_the_text_says_who_invites(tab: Tab, book: Book) -> None:
    """By name: a stranger's invitation would look like spam."""
    eleanor = call(book, f"eleanor-{book.slug}", "Eleanor Voss", "eleanor@example.org")
    come(book, join(book, eleanor, "admin"))
    settings = members(tab, eleanor)
    settings.page.get_by_label("E-mail").fill("ida@example.org")
    settings.button("Invite").click()
    text = settings.page.get_by_label("Text for ida@example.org")
    place = f"“{book.workspace.name}” on contactbook"
    words = f"Eleanor Voss invites you to {place}, as a member."
    assert words in text.input_value()


def test_an_admin_gives_no_role_above_his_own(tab: Tab, book: Book) -> None:
    """What his role does not allow is not shown as possible."""
    settings = members(tab, join(book, "ada", "admin"))
    options = settings.page.get_by_label("Role", exact=True).locator("option")
    expect(options).to_have_text(["Viewer", "Member", "Admin"])


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_who_does_not_manage_neither_invites_nor_sees_who_is_invited(
    tab: Tab, book: Book, role: str
) -> None:
    """Nor does the page ask."""
    invited(book, "ida@example.org")
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    settings = members(tab, join(book, "reader", role))
    expect(settings.button("Invite")).to_have_count(0)
    assert "ida@example.org" not in settings.dialog.inner_text()
    assert not any("/invitations?" in url for url in asked)
