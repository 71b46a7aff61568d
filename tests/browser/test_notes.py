"""Notes: written with two hands on the keyboard, and nothing of them is lost."""

from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Locator, expect

from chalicelib.model.words import Contact
from chalicelib.verbs import notes
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.talking import look, note_area, noted, open_panel
from tests.browser.wire import SETTLED, Held, Wire, answered

ASK = """async ([id, text]) => {
  const place = document.querySelector("script[type=module]").src;
  const { run } = await import(new URL("../core/commands.js", place));
  await run("note what was said", id, text);
}"""
COMPOSED = """(area) => area.dispatchEvent(new KeyboardEvent("keydown", {
  key: "Enter", ctrlKey: true, isComposing: true, bubbles: true, cancelable: true}))"""


def note(book: Book, contact: Contact, *texts: str) -> None:
    for text in texts:
        body: Any = {"content": text}
        who = book.member
        notes.add(book.store, who, contact.id, body=body, now=datetime.now(UTC))


def texts(tab: Tab) -> Locator:
    return tab.page.locator(".note-item .content")


def test_enter_makes_a_line_and_ctrl_enter_saves(tab: Tab, book: Book) -> None:
    """A key that still belongs to an input method does neither; and the focus stays for
    the next note."""
    contact = book.add("Anna")
    tab.open()
    panel = open_panel(tab, contact)
    expect(note_area(tab)).to_be_visible()
    expect(panel.get_by_text("Ctrl+Enter saves")).to_be_hidden()
    note_area(tab).focus()
    expect(panel.get_by_text("Ctrl+Enter saves")).to_be_visible()
    tab.page.keyboard.type("First line\nsecond line")
    posts = Wire(tab.page, "POST", "**/notes")
    note_area(tab).evaluate(COMPOSED)
    tab.page.evaluate(SETTLED)
    assert posts.tries == []
    tab.page.keyboard.press("Control+Enter")
    expect(texts(tab)).to_have_text("First line\nsecond line")
    expect(note_area(tab)).to_be_focused()
    expect(note_area(tab)).to_have_value("")
    tab.page.keyboard.type("شكرا")
    tab.page.keyboard.press("Control+Enter")
    expect(texts(tab)).to_have_text(["شكرا", "First line\nsecond line"])
    direction = "(node) => getComputedStyle(node).direction"
    assert texts(tab).first.evaluate(direction) == "rtl"
    assert len(posts.tries) == 2
    expect(panel.locator("[data-tally=notes]")).to_have_text("2")


def test_a_note_that_is_too_long_is_told_beside_it(tab: Tab, book: Book) -> None:
    """In the server's sentence, said once; the text stays until it fits."""
    contact = book.add("Anna")
    tab.open()
    panel = open_panel(tab, contact)
    note_area(tab).fill("x" * 10_001)
    panel.get_by_role("button", name="Add note").click()
    alert = panel.get_by_role("alert").filter(has_text="characters")
    expect(alert).to_have_text("Note must have 1 to 10000 characters.")
    expect(note_area(tab)).to_have_value("x" * 10_001)
    expect(note_area(tab)).to_be_focused()
    expect(tab.page.locator(".toast")).to_have_count(0)
    look(tab, "too long")
    tab.page.keyboard.press("Backspace")
    tab.page.keyboard.press("Control+Enter")
    expect(texts(tab)).to_have_count(1)
    expect(panel.get_by_text("must have 1 to")).to_have_count(0)
    assert noted(book, contact) == ["x" * 10_000]


def test_a_note_that_failed_can_be_saved_again(tab: Tab, book: Book) -> None:
    """The failure and its request stand beside the text; one note comes of it."""
    contact = book.add("Anna")
    tab.open()
    panel = open_panel(tab, contact)
    tab.refuse("**/notes", 500, "Something went wrong here.")
    note_area(tab).fill("Called back")
    note_area(tab).press("Control+Enter")
    fault = panel.locator("section > form .fault")
    expect(fault).to_contain_text("Something went wrong here.")
    expect(fault).to_contain_text("req-of-the-test")
    expect(tab.page.locator(".toast")).to_have_count(0)
    expect(note_area(tab)).to_have_value("Called back")
    tab.page.unroute_all()
    note_area(tab).press("Control+Enter")
    expect(texts(tab)).to_have_text("Called back")
    assert noted(book, contact) == ["Called back"]


def test_a_note_on_its_way_is_not_sent_again(tab: Tab, book: Book) -> None:
    """However often the keys are pressed."""
    contact = book.add("Anna")
    tab.open()
    open_panel(tab, contact)
    held = Held(tab.page, "POST", "**/notes")
    note_area(tab).fill("Once")
    for _ in range(3):
        note_area(tab).press("Control+Enter")
    held.until(1)
    held.release()
    expect(texts(tab)).to_have_text("Once")
    expect(note_area(tab)).to_have_value("")
    assert noted(book, contact) == ["Once"]


def test_a_note_can_be_asked_for_with_its_first_words(tab: Tab, book: Book) -> None:
    """Of a contact that is open, or is opened for it; the rest is typed at the end, and
    what was typed before stays above."""
    contact, other = book.add("Anna"), book.add("Ben")
    tab.open()
    tab.page.evaluate(ASK, [contact.id, "Called: "])
    expect(tab.page.locator("#panel h2")).to_have_text("Anna")
    expect(note_area(tab)).to_be_focused()
    tab.page.keyboard.type("no answer")
    expect(note_area(tab)).to_have_value("Called: no answer")
    tab.page.locator("#panel h2").focus()
    tab.page.evaluate(ASK, [contact.id, "Mailed: "])
    tab.page.keyboard.type("the offer")
    typed = "Called: no answer\nMailed: the offer"
    expect(note_area(tab)).to_have_value(typed)
    tab.page.evaluate(ASK, [other.id, "Called: "])
    expect(tab.page.locator("#panel h2")).to_have_text("Ben")
    expect(note_area(tab)).to_have_value("Called: ")
    open_panel(tab, contact)
    expect(note_area(tab)).to_have_value(typed)


def test_esc_leaves_an_edit_that_changes_nothing(tab: Tab, book: Book) -> None:
    """And a question; only then it closes the panel."""
    contact = book.add("Anna")
    note(book, contact, "As it was")
    tab.open()
    panel = open_panel(tab, contact)
    edit = panel.get_by_role("button", name="Edit this note")
    edit.press("Enter")
    expect(panel.locator(".note-item textarea")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    panel.get_by_role("button", name="Delete this note").press("Enter")
    expect(panel.get_by_role("button", name="Keep")).to_be_focused()
    look(tab, "question")
    tab.page.keyboard.press("Escape")
    expect(panel.get_by_role("button", name="Delete this note")).to_be_focused()
    expect(panel.get_by_text("Delete this note?")).to_have_count(0)
    tab.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert noted(book, contact) == ["As it was"]


def test_after_a_deletion_the_focus_is_at_the_next_note(tab: Tab, book: Book) -> None:
    """And at last where one is written; one that another has deleted is gone, too."""
    contact = book.add("Anna")
    note(book, contact, "One", "Two")
    tab.open()
    panel = open_panel(tab, contact)

    def delete_first() -> None:
        panel.get_by_role("button", name="Delete this note").first.press("Enter")
        panel.get_by_role("button", name="Delete", exact=True).press("Enter")

    delete_first()
    expect(texts(tab)).to_have_text(["One"])
    expect(panel.get_by_role("button", name="Edit this note")).to_be_focused()
    with book.client() as client:
        place = f"contacts/{contact.id}/notes"
        (left,) = client.get(place).json()["notes"]
        assert client.delete(f"{place}/{left['id']}").status_code == 204
    delete_first()
    expect(panel.get_by_text("No notes yet.")).to_be_visible()
    expect(note_area(tab)).to_be_focused()
    expect(panel.locator("[data-tally=notes]")).to_have_text("")


def test_a_deletion_that_failed_is_told_at_its_note(tab: Tab, book: Book) -> None:
    """The note stays, and so does the question."""
    contact = book.add("Anna")
    note(book, contact, "One")
    tab.open()
    panel = open_panel(tab, contact)
    Wire(tab.page, "DELETE", "**/notes/*", [answered(500)])
    panel.get_by_role("button", name="Delete this note").click()
    panel.get_by_role("button", name="Delete", exact=True).click()
    expect(panel.locator(".sure [role=alert]")).to_have_text("Answered in between.")
    panel.get_by_role("button", name="Delete", exact=True).click()
    expect(texts(tab)).to_have_count(0)


def test_a_click_below_the_writer_hits_what_was_seen(tab: Tab, book: Book) -> None:
    """Nothing moves when the empty writer is left."""
    contact = book.add("Anna")
    note(book, contact, "One", "Two")
    tab.open()
    panel = open_panel(tab, contact)
    note_area(tab).focus()
    before = texts(tab).first.bounding_box()
    panel.locator("h2").focus()
    assert texts(tab).first.bounding_box() == before


def test_the_note_of_another_is_there_at_the_next_open(tab: Tab, book: Book) -> None:
    """Newest first, with who has written it."""
    contact = book.add("Anna")
    note(book, contact, "First")
    tab.open()
    open_panel(tab, contact)
    expect(texts(tab)).to_have_text("First")
    note(book, contact, "Second")
    tab.page.keyboard.press("Escape")
    panel = open_panel(tab, contact)
    expect(texts(tab)).to_have_text(["Second", "First"])
    expect(panel.locator(".note-item .by").first).to_contain_text("page-owner")


def test_the_list_that_comes_late_leaves_an_edit_alone(tab: Tab, book: Book) -> None:
    """It has the note that was added meanwhile, too, as it was before."""
    contact = book.add("Anna")
    note(book, contact, "First")
    tab.open()
    held = Held(tab.page, "GET", "**/contacts/*/notes")
    panel = open_panel(tab, contact)
    note_area(tab).fill("Second")
    note_area(tab).press("Control+Enter")
    panel.get_by_role("button", name="Edit this note").press("Enter")
    tab.page.keyboard.type(", and more")
    held.until(1)
    held.release()
    expect(texts(tab)).to_have_text("First")
    expect(panel.locator(".note-item textarea")).to_be_focused()
    tab.page.keyboard.press("Control+Enter")
    expect(texts(tab)).to_have_text(["Second, and more", "First"])
