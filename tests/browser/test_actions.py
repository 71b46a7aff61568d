"""Edit and add: in the table and in its form."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.wire import Held, Wire


@pytest.mark.parametrize(
    ("column", "typed", "field", "stored"),
    [
        ("email", "new@example.org", "email", "new@example.org"),
        ("score", "77", "lead_score", 77),
        ("tags", "family", "tags", ["old", "family"]),
    ],
)
def test_a_click_edits_a_cell_and_enter_saves_it(
    tab: Tab, book: Book, column: str, typed: str, field: str, stored: Any
) -> None:
    """What is stored and shown is what was typed, in this contact alone."""
    contact, other = book.add("Anna", lead_score=5, tags=["old"]), book.add("Ben")
    tab.open()
    before, untouched = tab.rows()[other.id], book.get(other)
    tab.edit(contact, column, typed)
    if column == "tags":  # the first Enter makes it a tag
        tab.page.keyboard.press("Enter")
    expect(tab.cell(contact, column).locator("form")).to_have_count(0)
    assert book.get(contact)[field] == stored
    shown = tab.cell(contact, column).inner_text().split()
    assert shown == (stored if isinstance(stored, list) else [str(stored)])
    assert tab.rows()[other.id] == before
    assert book.get(other) == untouched


def test_name_and_phone_are_edited_in_their_cell(tab: Tab, book: Book) -> None:
    """F2 from the keyboard, the phone in any spelling, and the focus comes back."""
    contact = book.add("Ana")
    tab.open()
    tab.row(contact).locator(".name").focus()
    tab.page.keyboard.press("F2")
    expect(tab.cell(contact, "name").locator("form")).to_be_visible()
    tab.page.keyboard.type("Anna")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.type("+49 (1512) 345-6789")
    tab.page.keyboard.press("Enter")
    expect(tab.row(contact).locator(".phone")).to_have_text("+49 1512 3456789")
    expect(tab.row(contact).locator(".name")).to_have_text("Anna")
    expect(tab.row(contact).locator(".name")).to_be_focused()


def test_escape_saves_nothing(tab: Tab, book: Book) -> None:
    """Not even on the way out."""
    contact = book.add("Anna", email="anna@example.org")
    tab.open()
    tab.cell(contact, "email").click()
    expect(tab.cell(contact, "email").locator("input")).to_be_focused()
    tab.page.keyboard.type("typo@example.org")
    tab.page.keyboard.press("Escape")
    expect(tab.cell(contact, "email")).to_have_text("anna@example.org")
    expect(tab.cell(contact, "email")).to_be_focused()
    assert book.get(contact)["version"] == 1


def test_a_bad_value_is_told_where_it_stands(tab: Tab, book: Book) -> None:
    """The server's sentence beneath the field; what was typed is still there."""
    contact = book.add("Anna")
    tab.open()
    tab.edit(contact, "email", "nonsense")
    alert = tab.cell(contact, "email").get_by_role("alert")
    expect(alert).to_contain_text("E-mail must be a valid e-mail address.")
    expect(tab.cell(contact, "email").locator("input")).to_have_value("nonsense")
    expect(tab.cell(contact, "email").locator("input")).to_be_focused()


def test_an_edit_that_somebody_overtook_says_what_changed(tab: Tab, book: Book) -> None:
    """412: nothing of theirs is overwritten unseen; saving again is a decision."""
    contact = book.add("Anna", email="a@example.org")
    tab.open()
    with book.client() as client:
        client.patch(f"contacts/{contact.id}", json={"email": "theirs@example.org"})
    tab.edit(contact, "email", "mine@example.org")
    alert = tab.cell(contact, "email").get_by_role("alert")
    expect(alert).to_contain_text("E-mail is now theirs@example.org")
    assert book.get(contact)["email"] == "theirs@example.org"
    tab.page.keyboard.press("Enter")
    expect(tab.cell(contact, "email").locator("form")).to_have_count(0)
    assert book.get(contact)["email"] == "mine@example.org"


def test_ones_own_status_change_makes_no_edit_stale(tab: Tab, book: Book) -> None:
    """The edit waits for the status that is on its way; then both are stored."""
    contact = book.add("Anna")
    tab.open()
    held = Held(tab.page, "PUT", "**/status")
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}")
    tab.choose(contact, "Active")
    held.until(1)
    tab.edit(contact, "email", "anna@example.org")
    expect(tab.cell(contact, "email").locator("form.busy")).to_be_visible()
    assert wire.tries == []
    held.release()
    expect(tab.cell(contact, "email").locator("form")).to_have_count(0)
    found = book.get(contact)
    assert (found["lead_status"], found["email"]) == ("active", "anna@example.org")
    assert [one.if_match for one in wire.tries] == ['"2"']


def test_a_contact_is_added_on_top(tab: Tab, book: Book) -> None:
    """`n` opens the form; what was filled in is stored; the focus goes to its row."""
    book.fill(2)
    tab.open()
    tab.page.keyboard.press("n")
    form = tab.page.get_by_role("dialog", name="Add contact")
    form.get_by_label("Name").fill("Zoë Neu")
    form.get_by_label("Phone").fill("+49 1512 3456789")
    for tag in ("family", "vip"):
        form.get_by_label("Tags").fill(tag)
        form.get_by_label("Tags").press("Enter")
    form.get_by_label("Score").fill("64")
    form.get_by_label("Status").select_option("active")
    form.get_by_role("button", name="Add contact").click()
    expect(tab.toast()).to_contain_text("Zoë Neu was added.")
    top = tab.page.locator("tr[data-contact-id]").first
    expect(top.locator(".name")).to_have_text("Zoë Neu")
    expect(top.locator(".name")).to_be_focused()
    expect(tab.page.locator("#count")).to_have_text("3 contacts")
    made = book.stored()[str(top.get_attribute("data-contact-id"))]
    assert made["phone"] == "+4915123456789"
    assert (made["tags"], made["lead_score"]) == (["family", "vip"], 64)
    assert made["lead_status"] == "active"


@pytest.mark.parametrize(
    ("label", "value"), [("Phone", "01512 3456789"), ("E-mail", "ANNA@example.org")]
)
def test_a_duplicate_leads_to_the_contact_that_has_it(
    tab: Tab, book: Book, label: str, value: str
) -> None:
    """409: the sentence stands at the field, with the way to the other contact, even if
    that one is on no page that was loaded."""
    anna = book.add("Anna", phone="+4915123456789", email="anna@example.org")
    book.fill(60)
    with book.client() as client:
        client.patch("", json={"phone_region": "DE"})
    tab.open()
    expect(tab.row(anna)).to_have_count(0)
    tab.page.keyboard.press("n")
    form = tab.page.get_by_role("dialog", name="Add contact")
    form.get_by_label("Name").fill("Another Anna")
    form.get_by_label(label).fill(value)
    form.get_by_role("button", name="Add contact").click()
    expect(form).to_contain_text("Another contact of this workspace has this")
    expect(form.get_by_label(label)).to_be_focused()
    form.get_by_role("button", name="Open the existing contact").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Anna")
    assert len(book.stored()) == 61


def test_every_bad_field_is_told_at_once(tab: Tab, book: Book) -> None:
    """Each at its own field; the first has the focus."""
    tab.open()
    tab.page.keyboard.press("n")
    form = tab.page.get_by_role("dialog", name="Add contact")
    form.get_by_label("Phone").fill("123")
    form.get_by_label("E-mail").fill("nonsense")
    form.get_by_role("button", name="Add contact").click()
    expect(form.locator("#add-phone-fault")).to_contain_text("valid phone number")
    expect(form.locator("#add-email-fault")).to_contain_text("valid e-mail address")
    expect(form.get_by_label("Phone")).to_be_focused()
    assert book.stored() == {}


def test_a_contact_that_is_gone_leaves_the_page(tab: Tab, book: Book) -> None:
    """Deleted by somebody else: the row goes when it is touched, with the reason."""
    contact, other = book.fill(2)
    tab.open()
    with book.client() as client:
        client.delete(f"contacts/{contact.id}")
    tab.choose(contact, "Active")
    expect(tab.toast()).to_contain_text("There is no such contact")
    expect(tab.row(contact)).to_have_count(0)
    assert set(tab.rows()) == {other.id}


def test_a_viewer_reads_and_is_offered_nothing_else(tab: Tab, book: Book) -> None:
    """The server refuses a viewer's writes; the page does not even ask."""
    contact = book.add("Anna")
    with book.client() as client:
        client.post("members", json={"user_id": "reader", "role": "viewer"})
    token = book.site.token("reader")
    tab.page.goto(f"{book.site.base}/#token={token}&workspace={book.slug}")
    tab.settled()
    expect(tab.page.locator("#add")).to_be_hidden()
    tab.cell(contact, "more").locator("button").click()
    expect(tab.item("Open")).to_be_visible()
    expect(tab.item("Delete…")).to_have_count(0)
