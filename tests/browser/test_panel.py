"""The panel: one contact whole, with what belongs to it."""

from playwright.sync_api import expect

from chalicelib.model.words import Contact
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.wire import shorten


def open_panel(tab: Tab, contact: Contact) -> None:
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_be_focused()


def test_the_panel_edits_every_field(tab: Tab, book: Book) -> None:
    """Each saves when it is left; the row follows; other rows do not."""
    contact, other = book.add("Anna"), book.add("Ben")
    tab.open()
    before = tab.rows()[other.id]
    open_panel(tab, contact)
    panel = tab.page.locator("#panel")
    typed = {
        "Name": "Anna Müller",
        "Phone": "+49 1512 3456789",
        "E-mail": "anna@example.org",
        "Score": "64",
        "Source": "website",
    }
    for label, text in typed.items():
        panel.get_by_label(label, exact=True).fill(text)
        panel.get_by_label(label, exact=True).press("Enter")
    for tag in ("vip", "family", ""):  # and once more, to save them
        panel.get_by_label("Tags", exact=True).press_sequentially(tag)
        panel.get_by_label("Tags", exact=True).press("Enter")
    panel.get_by_label("Assigned to").select_option("page-owner")
    panel.locator(".pill").click()
    tab.item("Active").click()
    tab.saved(contact)
    expect(panel.get_by_label("Phone")).to_have_value("+49 1512 3456789")
    expect(tab.cell(contact, "email")).to_have_text("anna@example.org")
    expect(tab.cell(contact, "score")).to_have_text("64")
    found = book.get(contact)
    wanted = {
        "name": "Anna Müller",
        "phone": "+4915123456789",
        "email": "anna@example.org",
        "lead_score": 64,
        "tags": ["vip", "family"],
        "source": "website",
        "assigned_to": "page-owner",
        "lead_status": "active",
    }
    assert {name: found[name] for name in wanted} == wanted
    assert tab.rows()[other.id] == before


def test_the_panel_says_what_is_wrong_at_the_field(tab: Tab, book: Book) -> None:
    """A taken e-mail leads to the contact that has it; Esc gives the edit up, and once
    more closes the panel."""
    contact, other = book.add("Anna"), book.add("Ben", email="ben@example.org")
    tab.open()
    open_panel(tab, contact)
    field = tab.page.locator("#panel").get_by_label("E-mail")
    field.fill("BEN@example.org")
    field.press("Enter")
    alert = tab.page.locator("#panel").get_by_role("alert").filter(has_text="e-mail")
    expect(alert).to_contain_text("Another contact of this workspace has this e-mail.")
    field.focus()
    field.press("Escape")
    expect(field).to_have_value("")
    field.fill("BEN@example.org")
    field.press("Enter")
    alert.get_by_role("button", name="Open the existing contact").click()
    expect(tab.page.locator("#panel h2")).to_have_text(other.name or "")


def test_the_id_can_be_copied(tab: Tab, book: Book) -> None:
    """The one thing that names a contact; it is said that it was."""
    contact = book.add("Anna")
    tab.open()
    open_panel(tab, contact)
    tab.page.get_by_title("Copy the id").click()
    expect(tab.page.get_by_title("Copy the id")).to_contain_text("Copied")
    assert tab.page.evaluate("navigator.clipboard.readText()") == contact.id


def test_notes_are_added_edited_and_deleted(tab: Tab, book: Book) -> None:
    """And counted: the contact's own counter moves."""
    contact = book.add("Anna")
    tab.open()
    open_panel(tab, contact)
    panel = tab.page.locator("#panel")
    expect(panel).to_contain_text("No notes yet.")
    for text in ("First call\nwent well", "<b>Second</b>"):
        panel.get_by_label("Note", exact=True).fill(text)
        panel.get_by_role("button", name="Add note").click()
        expect(panel.locator(".note-item .content").first).to_have_text(text)
    expect(panel.locator("[data-tally=notes]")).to_have_text("2")
    first = panel.locator(".note-item").last
    first.get_by_role("button", name="Edit this note").click()
    first.get_by_label("Note", exact=True).fill("Changed")
    first.get_by_role("button", name="Save").click()
    expect(first.locator(".content")).to_have_text("Changed")
    first.get_by_role("button", name="Delete this note").click()
    first.get_by_role("button", name="Delete", exact=True).click()
    expect(panel.locator(".note-item")).to_have_count(1)
    expect(panel.locator("[data-tally=notes]")).to_have_text("1")
    with book.client() as client:
        notes = client.get(f"contacts/{contact.id}/notes").json()["notes"]
    assert [note["content"] for note in notes] == ["<b>Second</b>"]


def test_a_short_page_of_notes_is_not_taken_for_the_last(tab: Tab, book: Book) -> None:
    """Older ones are offered for as long as next_cursor is not null."""
    contact = book.add("Anna")
    with book.client() as client:
        for number in range(3):
            body = {"content": f"note {number}"}
            client.post(f"contacts/{contact.id}/notes", json=body)
    shorten(tab.page, "**/notes*", 2)
    tab.open()
    open_panel(tab, contact)
    notes = tab.page.locator(".note-item")
    expect(notes).to_have_count(2)
    older = tab.page.get_by_role("button", name="Older notes")
    older.click()
    expect(notes).to_have_count(3)
    expect(older).to_have_count(0)


def test_a_contact_can_be_assigned_to_every_member(tab: Tab, book: Book) -> None:
    """In however many pages they come."""
    contact = book.add("Anna")
    users = [f"user-{number}" for number in range(4)]
    with book.client() as client:
        for user in users:
            client.post("members", json={"user_id": user, "role": "member"})
    shorten(tab.page, "**/members*", 2)
    tab.open()
    open_panel(tab, contact)
    options = tab.page.get_by_label("Assigned to").locator("option")
    expect(options).to_have_count(6)
    assert options.all_inner_texts() == ["Nobody", "page-owner", *users]


def test_the_panel_closes_and_gives_the_focus_back(tab: Tab, book: Book) -> None:
    """Esc; and a link with the contact in it opens it again."""
    contact, _ = book.fill(2)
    tab.open()
    open_panel(tab, contact)
    assert contact.id in tab.page.url
    tab.reload()
    expect(tab.page.locator("#panel h2")).to_have_text("Person 0000")
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#panel")).to_be_hidden()
    expect(tab.row(contact).locator(".name")).to_be_focused()
    assert contact.id not in tab.page.url
