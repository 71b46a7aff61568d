"""More fields: what a workspace notes beside the fields that everybody has."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from chalicelib.model.words import Contact
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.wire import Wire

NESTED = {"id": 4711, "seen": [1, 2]}
KEPT: dict[str, Any] = {
    "budget": 1250.5,
    "visa on": "2026-11-24",
    "married": True,
    "agent": "Omar",
    "crm": NESTED,
}


def more_of(tab: Tab, contact: Contact) -> Locator:
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_be_focused()
    return tab.page.get_by_role("region", name="More fields")


def saved(more: Locator, label: str) -> None:
    row = more.locator(".row").filter(has=more.page.get_by_label(label, exact=True))
    expect(row.get_by_role("status")).to_have_text("Saved")


def test_each_value_is_shown_by_its_type(tab: Tab, book: Book) -> None:
    """A day as a day, yes or no as a choice; a list or an object as text that is left
    as it is."""
    contact = book.add("Anna", metadata=KEPT)
    tab.open()
    more = more_of(tab, contact)
    expect(more.get_by_label("budget", exact=True)).to_have_value("1250.5")
    expect(more.get_by_label("visa on", exact=True)).to_have_attribute("type", "date")
    expect(more.get_by_label("visa on", exact=True)).to_have_value("2026-11-24")
    expect(more.get_by_label("married", exact=True)).to_have_value("Yes")
    expect(more.get_by_label("agent", exact=True)).to_have_value("Omar")
    crm = more.locator(".row").filter(has_text="crm")
    expect(crm).to_contain_text('{"id":4711,"seen":[1,2]}')
    expect(crm.locator("input, select")).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "typed", "stored"),
    [
        ("budget", "800", 800),
        ("budget", "-0.5", -0.5),
        ("visa on", "2027-01-31", "2027-01-31"),
        ("married", "No", False),
        ("agent", "007", "007"),
        ("agent", "true", "true"),
    ],
)
def test_a_value_keeps_its_type(
    tab: Tab, book: Book, label: str, typed: str, stored: Any
) -> None:
    """And only that one is sent; all others are untouched."""
    contact = book.add("Anna", metadata=KEPT)
    tab.open()
    more = more_of(tab, contact)
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}")
    field = more.get_by_label(label, exact=True)
    if label == "married":
        field.select_option(typed)
    else:
        field.fill(typed)
        field.press("Enter")
    saved(more, label)
    found = book.get(contact)["metadata"]
    assert found == KEPT | {label: stored}
    assert type(found[label]) is type(stored)
    assert len(wire.tries) == 1
    assert "4711" not in (wire.tries[0].body or "")


def test_what_is_no_number_is_told_and_not_sent(tab: Tab, book: Book) -> None:
    """Nor turned into another type; Esc gives it up."""
    contact = book.add("Anna", metadata={"budget": 5})
    tab.open()
    more = more_of(tab, contact)
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}")
    for typed in ("a lot", "", "1e999"):
        more.get_by_label("budget", exact=True).fill(typed)
        more.get_by_label("budget", exact=True).press("Enter")
        alert = more.get_by_role("alert").filter(has_text="must be a number")
        expect(alert).to_have_text("budget must be a number, such as 1250 or 12.5.")
    more.get_by_label("budget", exact=True).press("Escape")
    expect(more.get_by_label("budget", exact=True)).to_have_value("5")
    assert wire.tries == []


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("Text", "12", "12"),
        ("Number", "12", 12),
        ("Yes or no", "Yes", True),
        ("Date", "2026-12-24", "2026-12-24"),
    ],
)
def test_a_field_is_added(
    tab: Tab, book: Book, kind: str, typed: str, stored: Any
) -> None:
    """With a name and a type; the focus goes to its value."""
    contact = book.add("Anna")
    tab.open()
    more = more_of(tab, contact)
    more.get_by_role("button", name="Add a field").click()
    more.get_by_label("Name", exact=True).fill("preis €")
    more.get_by_label("Type").select_option(kind)
    if kind == "Yes or no":
        more.get_by_label("Value").select_option(typed)
    else:
        more.get_by_label("Value").fill(typed)
    more.get_by_role("button", name="Add field").click()
    expect(more.get_by_label("preis €", exact=True)).to_be_focused()
    assert book.get(contact)["metadata"] == {"preis €": stored}


def test_a_field_is_renamed_and_given_another_type(tab: Tab, book: Book) -> None:
    """In one change; no name is taken twice, and no field has none."""
    contact = book.add("Anna", metadata={"price": "12", "agent": "Omar"})
    tab.open()
    more = more_of(tab, contact)
    more.get_by_role("button", name="Change the field price").click()
    tab.item("Name and type…").click()
    name, alert = more.get_by_label("Name", exact=True), more.locator("form .fault")
    expect(name).to_have_value("price")
    name.fill("agent")
    name.press("Enter")
    expect(alert).to_have_text("There is already a field with the name agent.")
    name.fill(" ")
    name.press("Enter")
    expect(alert).to_have_text("Give the field a name.")
    name.fill("budget")
    more.get_by_label("Type").select_option("Number")
    name.press("Enter")
    expect(more.get_by_label("budget", exact=True)).to_be_focused()
    assert book.get(contact)["metadata"] == {"budget": 12, "agent": "Omar"}
    assert book.get(contact)["version"] == 2


def test_a_field_is_removed_after_a_question(tab: Tab, book: Book) -> None:
    """A list or an object can go, too; the others stay."""
    contact = book.add("Anna", metadata={"crm": NESTED, "agent": "Omar"})
    tab.open()
    more = more_of(tab, contact)
    remove = more.get_by_role("button", name="Change the field crm")
    remove.click()
    tab.item("Remove…").click()
    more.get_by_role("button", name="Keep").press("Enter")
    expect(remove).to_be_focused()
    remove.click()
    tab.item("Remove…").click()
    more.get_by_role("button", name="Remove", exact=True).click()
    expect(more.get_by_text("crm", exact=True)).to_have_count(0)
    expect(more.get_by_role("button", name="Add a field")).to_be_focused()
    assert book.get(contact)["metadata"] == {"agent": "Omar"}


def test_somebody_elses_change_is_told(tab: Tab, book: Book) -> None:
    """412: of the same value it is a decision to save again."""
    contact = book.add("Anna", metadata={"budget": 5})
    tab.open()
    more = more_of(tab, contact)
    field = more.get_by_label("budget", exact=True)
    field.focus()
    with book.client() as client:
        client.patch(f"contacts/{contact.id}", json={"metadata": {"budget": 7}})
    field.fill("6")
    field.press("Enter")
    expect(more.get_by_role("alert").filter(has_text="budget is now 7")).to_be_visible()
    assert book.get(contact)["metadata"] == {"budget": 7}
    field.press("Enter")
    saved(more, "budget")
    assert book.get(contact)["metadata"] == {"budget": 6}


def test_another_value_that_changed_makes_no_edit_stale(
    new_tab: Callable[[], Tab], book: Book
) -> None:
    """Known here from another tab; of the same value it is told all the same."""
    contact = book.add("Anna", metadata={"budget": 5, "agent": "Omar"})
    tab, other = new_tab().open(), new_tab().open()
    more, theirs = more_of(tab, contact), more_of(other, contact)
    field = more.get_by_label("budget", exact=True)
    field.focus()
    theirs.get_by_label("agent", exact=True).fill("Ines")
    theirs.get_by_label("agent", exact=True).press("Enter")
    expect(more.get_by_label("agent", exact=True)).to_have_value("Ines")
    field.fill("6")
    field.press("Enter")
    saved(more, "budget")
    assert book.get(contact)["metadata"] == {"budget": 6, "agent": "Ines"}
    theirs.get_by_label("budget", exact=True).fill("7")
    theirs.get_by_label("budget", exact=True).press("Enter")
    saved(theirs, "budget")
    field.fill("8")
    field.press("Enter")
    expect(more.get_by_role("alert").filter(has_text="budget is now 7")).to_be_visible()
    assert book.get(contact)["metadata"] == {"budget": 7, "agent": "Ines"}


def test_too_much_is_told_where_it_was_typed(tab: Tab, book: Book) -> None:
    """The server's sentence; nothing of it is stored."""
    contact = book.add("Anna", metadata={"agent": "Omar"})
    tab.open()
    more = more_of(tab, contact)
    more.get_by_label("agent", exact=True).fill("x" * 17_000)
    more.get_by_label("agent", exact=True).press("Enter")
    alert = more.get_by_role("alert").filter(has_text="16 KB")
    expect(alert).to_have_text("More fields must be at most 16 KB.")
    assert book.get(contact)["metadata"] == {"agent": "Omar"}
