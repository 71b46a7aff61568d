"""What comes late: an answer that was overtaken by a newer one, or that belongs to what
is no longer open, changes nothing."""

from typing import Any

import pytest
from playwright.sync_api import expect

from chalicelib.model.words import Contact
from tests.browser.book import Book, another_book
from tests.browser.tab import Tab
from tests.browser.wire import Held

# What the page knows of a contact, whether it shows it or not.
KNOWN = """async (id) => {
  const place = document.querySelector("script[type=module]").src;
  const store = await import(new URL("../core/store.js", place));
  return store.get(id) ?? null;
}"""
OPEN = """async (id) => {
  const place = document.querySelector("script[type=module]").src;
  const { run } = await import(new URL("../core/commands.js", place));
  run("open contact", id);
}"""


@pytest.fixture
def other(book: Book) -> Book:
    """Another workspace of the same person, with one contact."""
    made = another_book(book.site, book.store)
    made.add("Only In The Second")
    return made


def known(tab: Tab, contact: Contact) -> dict[str, Any] | None:
    found: dict[str, Any] | None = tab.page.evaluate(KNOWN, contact.id)
    return found


def pick(tab: Tab, book: Book) -> None:
    tab.page.click("#workspace")
    tab.item(book.workspace.name).click()


def opened(tab: Tab, book: Book) -> None:
    """That workspace is open, and its rows are there, and no others."""
    expect(tab.page.locator("#workspace-name")).to_have_text(book.workspace.name)
    expect(tab.row(book.made[-1])).to_be_visible()
    assert set(tab.rows()) == {one.id for one in book.made}
    assert tab.page.locator("#state").is_hidden()


def test_the_answer_to_an_older_search_is_never_shown(tab: Tab, book: Book) -> None:
    """The older request is aborted, however late its answer would come."""
    old, new = book.add("Old Answer"), book.add("New Answer")
    tab.open()
    held = Held(tab.page, "GET", "**/contacts?*q=old*", late=True)
    tab.page.fill("#search", "old")
    held.until(1)
    with tab.page.expect_event("requestfailed", lambda one: "q=old" in one.url):
        tab.page.fill("#search", "new")
    expect(tab.page.locator("#count")).to_have_text("1 contact")
    held.release()
    assert set(tab.rows()) == {new.id}
    assert known(tab, old)


def test_an_older_list_does_not_take_back_a_newer_change(tab: Tab, book: Book) -> None:
    """Read before the change, answered after it: the row keeps what was saved."""
    contact, other = book.add("Anna"), book.add("Ben")
    tab.open()
    held = Held(tab.page, "GET", "**/contacts?*q=anna*", late=True)
    tab.page.fill("#search", "anna")
    held.until(1)
    tab.choose(contact, "Active")
    tab.saved(contact)
    held.release()
    expect(tab.row(other)).to_have_count(0)
    assert tab.status(contact) == "Active"
    shown = known(tab, contact)
    assert shown
    assert (shown["lead_status"], shown["version"]) == ("active", 2)


def test_the_contact_that_was_opened_last_is_the_one_shown(
    tab: Tab, book: Book
) -> None:
    """Neither is listed, so each has to be fetched; the first comes last."""
    first, second, *_ = book.fill(60)
    tab.open()
    held = Held(tab.page, "GET", f"**/contacts/{first.id}", late=True)
    tab.page.evaluate(OPEN, first.id)
    held.until(1)
    tab.page.evaluate(OPEN, second.id)
    title = tab.page.locator("#panel h2")
    expect(title).to_have_text(second.name or "")
    held.release()
    expect(title).to_have_text(second.name or "")


def test_the_workspace_that_was_chosen_last_is_the_one_open(
    tab: Tab, book: Book, other: Book
) -> None:
    """Its answer may come before that of another, which was chosen first."""
    book.add("Only In The First")
    tab.open()
    held = Held(tab.page, "GET", f"**/workspaces/{other.workspace.id}", late=True)
    pick(tab, other)
    held.until(1)
    with tab.page.expect_response("**/contacts?*"):
        pick(tab, book)
    held.release()
    opened(tab, book)


def test_another_workspace_shows_nothing_of_the_one_before(
    tab: Tab, book: Book, other: Book
) -> None:
    """Neither rows nor the open panel, nor the contact in the address; not even while
    the other one's list is on its way, and nothing of it is known any more."""
    contact = book.add("Only In The First")
    tab.open()
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Only In The First")
    where = f"**/workspaces/{other.workspace.id}/contacts?*"
    held = Held(tab.page, "GET", where)
    pick(tab, other)
    held.until(1)
    assert tab.rows() == {}
    assert known(tab, contact) is None
    assert tab.page.locator("#panel").is_hidden()
    assert contact.id not in tab.page.url
    assert "Only In The First" not in tab.page.content()
    held.release()
    opened(tab, other)
    assert "Only In The First" not in tab.page.content()


def test_a_page_of_the_workspace_before_adds_no_rows(
    tab: Tab, book: Book, other: Book
) -> None:
    """Asked for before the switch, it is aborted with it."""
    book.fill(110)
    tab.open()
    held = Held(tab.page, "GET", "**/contacts?*cursor=*", late=True)
    tab.to_the_end()
    held.until(1)
    with tab.page.expect_event("requestfailed", lambda one: "cursor=" in one.url):
        pick(tab, other)
    opened(tab, other)
    held.release()
    opened(tab, other)


def test_a_change_that_is_confirmed_after_the_switch_stays_behind(
    tab: Tab, book: Book, other: Book
) -> None:
    """It is stored, where it belongs; here nothing of that contact is kept."""
    contact = book.add("Only In The First")
    tab.open()
    held = Held(tab.page, "PUT", "**/status", late=True)
    tab.choose(contact, "Active")
    held.until(1)
    pick(tab, other)
    opened(tab, other)
    held.release()
    opened(tab, other)
    assert known(tab, contact) is None
    assert book.get(contact)["lead_status"] == "active"
