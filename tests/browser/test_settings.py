"""What is a workspace's own, as the page keeps to it: which statuses can be set, and
whether versions must be named; and that each workspace can be opened."""

import pytest
from playwright.sync_api import expect

from chalicelib.model.words import DEFAULT_STATUSES, Contact
from tests.browser.book import Book, another_book
from tests.browser.tab import Tab
from tests.browser.wire import Wire, shorten


@pytest.fixture
def lost(book: Book) -> Contact:
    """A contact with a status that was closed while it came."""
    kept = [one for one in DEFAULT_STATUSES if one.key != "lost"]
    named = [{"key": one.key, "label": one.label, "color": one.color} for one in kept]
    book.settle(lead_statuses=named)
    return book.add("Anna", lead_status="lost")  # as who had read it before


def test_a_closed_status_is_shown_and_cannot_be_chosen(
    tab: Tab, book: Book, lost: Contact
) -> None:
    """Its label stands where a contact has it; no menu offers it, and once left there
    is no way back to it."""
    tab.open()
    assert tab.status(lost) == "Lost"
    tab.row(lost).locator(".pill").click()
    expect(tab.item("New")).to_be_focused()
    expect(tab.item("Lost")).to_have_count(0)
    tab.item("Active").click()
    tab.saved(lost)
    assert book.get(lost)["lead_status"] == "active"
    tab.page.keyboard.press("n")
    options = tab.page.get_by_label("Status", exact=True).locator("option")
    expect(options.filter(has_text="Active")).to_have_count(1)
    expect(options.filter(has_text="Lost")).to_have_count(0)


def test_contacts_with_a_closed_status_can_be_listed(
    tab: Tab, book: Book, lost: Contact
) -> None:
    """They are those that somebody has to go through; the filter says that it is
    closed."""
    book.fill(2)
    tab.open()
    tab.page.click("#filter")
    tab.item("Lost (closed)").click()
    expect(tab.page.locator("#count")).to_have_text("1 contact")
    assert set(tab.rows()) == {lost.id}


def test_where_versions_must_be_named_everything_can_be_done(
    tab: Tab, book: Book
) -> None:
    """A status is set from what it was, whatever else has changed; an edit and a delete
    name what was seen."""
    book.settle(require_if_match=True)
    contact = book.add("Anna")
    tab.open()
    statuses = Wire(tab.page, "PUT", "**/status")
    others = [Wire(tab.page, verb, f"**/{contact.id}") for verb in ("PATCH", "DELETE")]
    tab.choose(contact, "Active")
    tab.saved(contact)
    tab.edit(contact, "email", "anna@example.org")
    expect(tab.cell(contact, "email").locator("form")).to_have_count(0)
    assert book.get(contact)["version"] == 3
    tab.act(contact, "Delete…")
    dialog = tab.page.get_by_role("alertdialog")
    dialog.get_by_role("button", name="Delete contact").click()
    expect(tab.toast()).to_have_text("Anna was deleted.")
    assert book.stored() == {}
    assert [one.if_match for one in statuses.tries] == ["*"]
    named = [one.if_match for wire in others for one in wire.tries]
    assert named == ['"2"', '"3"']


def test_every_workspace_can_be_opened(tab: Tab, book: Book) -> None:
    """In however many pages they come: by its link, and from the menu."""
    others = [another_book(book.site, book.store) for _ in range(3)]
    contact = others[-1].add("Anna")
    shorten(tab.page, "**/me?*", 2)
    tab.page.goto(others[-1].link)
    expect(tab.row(contact)).to_be_visible()
    tab.page.click("#workspace")
    for one in (book, *others):
        expect(tab.item(one.workspace.name)).to_have_count(1)
    tab.item(others[0].workspace.name).click()
    name = tab.page.locator("#workspace-name")
    expect(name).to_have_text(others[0].workspace.name)
