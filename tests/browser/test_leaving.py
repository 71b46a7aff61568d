"""Somebody goes: what is assigned to him is told, and handed over in the same step."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.book import OWNER, Book, another_book
from tests.browser.people import call, come
from tests.browser.settings import Settings, enter, join, look_over, roles
from tests.browser.tab import Tab
from tests.browser.wire import Held, Wire


@pytest.fixture
def team(book: Book) -> None:
    """Two members beside the owner."""
    join(book, "ben", "member")
    join(book, "mia", "member")


def asked(tab: Tab, name: str = "mia") -> tuple[Settings, Locator]:
    """The owner's question whether somebody is to be removed."""
    enter(tab, OWNER)
    settings = Settings.open(tab, "Members…")
    settings.button(f"Remove {name}").click()
    row = settings.dialog.locator(f'[data-user-id="{name}"]')
    return settings, row.locator(".question")


def leave(tab: Tab, user: str) -> tuple[Settings, Locator]:
    """Somebody's question whether he wants to leave."""
    enter(tab, user)
    settings = Settings.open(tab, "Members…")
    settings.button("Leave this workspace…").click()
    return settings, settings.dialog.locator(".leaving-place .question")


def test_who_is_removed_hands_over_to_another_in_the_same_step(
    tab: Tab, book: Book, team: None
) -> None:
    """The question counts, offers everybody else, and the list shows the new one."""
    contacts = [book.add(f"Anna {n}", assigned_to="mia") for n in range(12)]
    kept = book.add("Otto", assigned_to=OWNER)
    wire = Wire(tab.page, "DELETE", "**/members/**")
    settings, question = asked(tab)
    expect(question).to_contain_text("Remove mia? It takes effect at once.")
    expect(question).to_contain_text("12 contacts are mia’s.")
    choice = settings.page.get_by_label("Hand them to")
    expect(choice).to_be_focused()
    offered = ["Choose…", "Nobody", OWNER, "ben"]
    expect(choice.locator("option")).to_have_text(offered)
    look_over(tab, "removing")
    choice.select_option("ben")
    settings.button("Remove").click()
    settings.said("mia was removed. Their contacts are now ben’s.")
    assert len(wire.tries) == 1
    assert {book.get(one)["assigned_to"] for one in contacts} == {"ben"}
    assert book.get(kept)["assigned_to"] == OWNER
    for one in contacts:
        expect(tab.cell(one, "assignee")).to_have_text("ben")
    expect(tab.cell(kept, "assignee")).to_have_text(OWNER)


def test_or_to_nobody(tab: Tab, book: Book, team: None) -> None:
    """But only if somebody says so: nothing is chosen for him."""
    contact = book.add("Anna", assigned_to="mia")
    settings, question = asked(tab)
    expect(question).to_contain_text("1 contact is mia’s.")
    choice = settings.page.get_by_label("Hand them to")
    expect(choice).to_have_value("")
    settings.button("Remove").click()
    fault = question.get_by_role("alert")
    expect(fault).to_have_text("Choose who gets the contacts, or Nobody.")
    expect(choice).to_be_focused()
    expect(choice).to_have_attribute("aria-invalid", "true")
    assert "mia" in roles(book)
    look_over(tab, "nothing chosen")
    choice.select_option("Nobody")
    settings.button("Remove").click()
    settings.said("mia was removed. Their contacts are assigned to nobody.")
    assert book.get(contact)["assigned_to"] is None
    expect(tab.cell(contact, "assignee")).to_have_text("")


def test_viewers_are_no_heirs_and_namesakes_are_told_apart(
    tab: Tab, book: Book, team: None
) -> None:
    """Who can change nothing is not offered."""
    join(book, "vic", "viewer")
    for at in ("a", "b"):
        join(
            book, call(book, f"{at}-{book.slug}", "Sam", f"{at}@example.org"), "member"
        )
        come(book, f"{at}-{book.slug}")
    book.add("Anna", assigned_to="mia")
    settings, _ = asked(tab)
    options = settings.page.get_by_label("Hand them to").locator("option")
    sams = ["Sam (a@example.org)", "Sam (b@example.org)"]
    expect(options).to_have_text(["Choose…", "Nobody", OWNER, "ben", *sams])


def test_the_tokens_that_end_with_somebody_are_told_by_name(
    tab: Tab, book: Book
) -> None:
    """Those that still work; of who leaves, too."""
    join(book, "mia", "admin")
    with book.site.client("mia") as client:
        where = f"/workspaces/{book.slug}/tokens"
        made = [
            client.post(where, json={"name": name, "role": "member"}).json()["token"]
            for name in ("n8n", "Old", "Website form")
        ]
        assert client.delete(f"{where}/{made[1]['id']}").status_code == 204
    settings, question = asked(tab)
    stop = "2 tokens that {} made stop working: {}."
    expect(question).to_contain_text("Remove mia?")
    words = question.locator("p").first.inner_text()
    told = (
        stop.format("mia", names)
        for names in ("n8n, Website form", "Website form, n8n")
    )
    assert any(one in words for one in told), words
    settings.button("Close").click()
    _, question = leave(tab, "mia")
    expect(question).to_contain_text("2 tokens that you made stop working")


def test_it_goes_by_keyboard_and_esc_is_no(tab: Tab, book: Book, team: None) -> None:
    """The focus is in the choice, and goes back to the button."""
    contact = book.add("Anna", assigned_to="mia")
    settings, _ = asked(tab)
    expect(settings.page.get_by_label("Hand them to")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(settings.button("Remove mia")).to_be_focused()
    assert "mia" in roles(book)
    tab.page.keyboard.press("Enter")
    expect(settings.page.get_by_label("Hand them to")).to_be_focused()
    tab.page.keyboard.type("b")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    settings.said("mia was removed. Their contacts are now ben’s.")
    assert book.get(contact)["assigned_to"] == "ben"


def test_an_heir_who_has_gone_meanwhile_is_refused_and_nothing_is_done(
    tab: Tab, book: Book, team: None
) -> None:
    """It is told in the question, where another can be chosen."""
    contact = book.add("Anna", assigned_to="mia")
    settings, question = asked(tab)
    settings.page.get_by_label("Hand them to").select_option("ben")
    with book.client() as client:
        assert client.delete("members/ben").is_success
    settings.button("Remove").click()
    expect(question.get_by_role("alert")).to_contain_text("assign_to")
    assert roles(book).keys() == {"mia", OWNER}
    assert book.get(contact)["assigned_to"] == "mia"
    settings.page.get_by_label("Hand them to").select_option("Nobody")
    settings.button("Remove").click()
    settings.said("mia was removed. Their contacts are assigned to nobody.")


def test_a_large_one_says_how_far_it_is(tab: Tab, book: Book, team: None) -> None:
    """More than 50 are a job; the page follows its state to the end."""
    contacts = book.fill(150, assigned_to="mia")
    wire = Held(tab.page, "GET", "**/jobs/*")
    settings, question = asked(tab)
    expect(question).to_contain_text("150 contacts are mia’s.")
    settings.page.get_by_label("Hand them to").select_option("ben")
    settings.button("Remove").click()
    wire.until(1)
    expect(settings.page.get_by_label("Handed over so far")).to_be_visible()
    expect(settings.dialog).to_contain_text("of 150 contacts handed over.")
    look_over(tab, "handing over")
    wire.release()
    settings.said("mia was removed. Their contacts are now ben’s.")
    found = book.stored()
    assert {found[one.id]["assigned_to"] for one in contacts} == {"ben"}


def test_who_leaves_is_told_what_is_his_and_hands_it_over(
    tab: Tab, book: Book, team: None
) -> None:
    """He is out, and the next workspace opens."""
    other = another_book(book.site, book.store)
    join(other, "mia", "member")
    contacts = [book.add(f"Anna {n}", assigned_to="mia") for n in range(2)]
    settings, question = leave(tab, "mia")
    expect(question).to_contain_text("2 contacts are yours.")
    choice = settings.page.get_by_label("Hand them to")
    offered = ["Choose…", "Nobody", "ben", OWNER]
    expect(choice.locator("option")).to_have_text(offered)
    choice.select_option(OWNER)
    look_over(tab, "leaving with contacts")
    settings.button("Leave").click()
    expect(tab.page.locator("#workspace-name")).not_to_have_text(book.workspace.name)
    assert "mia" not in roles(book)
    assert {book.get(one)["assigned_to"] for one in contacts} == {OWNER}
