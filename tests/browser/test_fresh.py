"""What colleagues and other browsers change arrives, without a reload."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from chalicelib.model.words import Contact
from chalicelib.verbs import contacts
from tests.browser.book import Book
from tests.browser.conftest import PATIENCE, watched
from tests.browser.tab import Tab
from tests.browser.wire import Wire

FOCUS = "() => dispatchEvent(new Event('focus'))"


@pytest.fixture
def colleague(chromium: Browser, book: Book, failures: list[str]) -> Iterator[Tab]:
    """Another browser: it shares no storage and no channel with the first."""
    with chromium.new_context() as context:
        context.set_default_timeout(PATIENCE)
        yield Tab(watched(context.new_page(), book, failures), book)


def made_now(book: Book, name: str, **fields: str) -> Contact:
    """As a colleague makes it; `book.add` makes contacts of last month."""
    body = {"name": name, **fields}
    return contacts.create(book.store, book.member, body, now=datetime.now(UTC))


def test_a_change_in_one_browser_is_seen_in_the_other_on_focus(
    tab: Tab, colleague: Tab, book: Book
) -> None:
    """A changed field, a new contact on top, one that was deleted; the rest stays."""
    gone, kept, changed = book.fill(3)
    tab.open()
    colleague.open()
    colleague.choose(changed, "Active")
    colleague.saved(changed)
    newest = made_now(book, "Just Added")
    with book.client() as client:
        assert client.delete(f"contacts/{gone.id}").status_code == 200
    tab.page.evaluate(FOCUS)
    expect(tab.row(changed).locator(".pill")).to_have_text("Active")
    expect(tab.row(newest)).to_be_visible()
    expect(tab.row(gone)).to_have_count(0)
    expect(tab.page.locator("#count")).to_have_text("3 contacts")
    assert list(tab.rows()) == [newest.id, changed.id, kept.id]


def test_it_asks_every_half_minute_while_it_is_seen(timed_tab: Tab, book: Book) -> None:
    """Without any sign of the person; the answer names only what has changed."""
    (contact,) = book.fill(1)
    timed_tab.open()
    timed_tab.stop_the_clock()
    with book.client() as client:
        client.put(f"contacts/{contact.id}/status", json={"lead_status": "lost"})
    wire = Wire(timed_tab.page, "GET", "**/changes?*")
    timed_tab.page.clock.run_for(29_000)
    assert len(wire.tries) <= 1
    with timed_tab.page.expect_response("**/changes?*since=*"):
        timed_tab.page.clock.run_for(31_000)
    expect(timed_tab.row(contact).locator(".pill")).to_have_text("Lost")


def test_what_is_being_typed_is_not_lost(tab: Tab, book: Book) -> None:
    """The cell that is edited and its text stay, while the rest of its row is fresh,
    and while rows come on top of it."""
    (contact,) = book.fill(1, email="old@example.org")
    tab.open()
    tab.cell(contact, "email").click()
    expect(tab.cell(contact, "email").locator("input")).to_be_focused()
    tab.page.keyboard.type("typed@example.org")
    with book.client() as client:
        client.put(f"contacts/{contact.id}/status", json={"lead_status": "lost"})
    made_now(book, "On Top")
    tab.page.evaluate(FOCUS)
    expect(tab.row(contact).locator(".pill")).to_have_text("Lost")
    field = tab.cell(contact, "email").locator("input")
    expect(field).to_be_focused()
    expect(field).to_have_value("typed@example.org")
    tab.page.keyboard.press("Enter")
    expect(tab.cell(contact, "email")).to_have_text("typed@example.org")
    assert book.get(contact)["lead_status"] == "lost"


def test_a_filtered_list_takes_only_what_belongs_to_it(tab: Tab, book: Book) -> None:
    """A new contact of another status is not listed; one of this status is."""
    book.fill(1, lead_status="active")
    tab.open("&status=active")
    other = made_now(book, "Other", lead_status="lost")
    same = made_now(book, "Same", lead_status="active")
    tab.page.evaluate(FOCUS)
    expect(tab.row(same)).to_be_visible()
    expect(tab.row(other)).to_have_count(0)


def test_rows_on_top_do_not_push_away_what_is_read(tab: Tab, book: Book) -> None:
    """The row that was seen first is still the first."""
    book.fill(60)
    tab.open()
    tab.page.locator("#scroller").evaluate("(node) => node.scrollTo(0, 20 * 57)")
    first = tab.row(book.made[39])
    before = first.bounding_box()
    newest = made_now(book, "On Top")
    with tab.page.expect_response("**/changes?*"):
        tab.page.evaluate(FOCUS)
    expect(tab.page.locator("#count")).to_have_text("61 contacts")
    assert first.bounding_box() == before
    tab.page.locator("#scroller").evaluate("(node) => node.scrollTo(0, 0)")
    expect(tab.row(newest)).to_be_visible()
