"""Editing in cells, and what is said about it."""

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.wire import Wire

# The last key of a word that is composed with an input method (UI Events, 3.8.5).
COMPOSED = """(node) => node.dispatchEvent(new KeyboardEvent("keydown",
  { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""


def test_tab_goes_from_cell_to_cell(tab: Tab, book: Book) -> None:
    """It saves what was typed and edits the next cell of the row; with Shift, the one
    before. Name and phone are two fields of one cell."""
    contact = book.add("Anna", phone="+49 1512 3456789")
    tab.open()
    tab.row(contact).locator(".name").focus()
    tab.page.keyboard.press("F2")
    name = tab.cell(contact, "name").locator("input")
    expect(name.first).to_be_focused()
    tab.page.keyboard.type("Hanna")
    tab.page.keyboard.press("Tab")
    expect(name.last).to_be_focused()
    tab.page.keyboard.press("Tab")
    email = tab.cell(contact, "email").locator("input")
    expect(email).to_be_focused()
    expect(tab.row(contact).locator(".name")).to_have_text("Hanna")
    tab.page.keyboard.type("hanna@example.org")
    tab.page.keyboard.press("Shift+Tab")
    expect(name.last).to_be_focused()
    expect(tab.cell(contact, "email")).to_have_text("hanna@example.org")
    found = book.get(contact)
    assert (found["name"], found["email"]) == ("Hanna", "hanna@example.org")


def test_enter_while_composing_saves_nothing(tab: Tab, book: Book) -> None:
    """It picks a word of the input method; the form stays, and nothing is sent."""
    contact = book.add("Anna")
    tab.open()
    wire = Wire(tab.page, "PATCH", "**/contacts/*")
    tab.row(contact).locator(".name").focus()
    tab.page.keyboard.press("F2")
    field = tab.cell(contact, "name").locator("input").first
    expect(field).to_be_focused()
    field.fill("あんな")
    field.evaluate(COMPOSED)
    expect(field).to_be_focused()
    assert wire.tries == []
    tab.page.keyboard.press("Enter")
    expect(tab.row(contact).locator(".name")).to_have_text("あんな")
    assert len(wire.tries) == 1


@pytest.mark.parametrize("typed", ["1e", "100.5", "101", "-1", "many"])
def test_what_is_no_score_is_refused_and_nothing_is_lost(
    tab: Tab, book: Book, typed: str
) -> None:
    """In the cell, in a sentence for people; the score stays what it was."""
    contact = book.add("Anna", lead_score=100)
    tab.open()
    tab.edit(contact, "score", typed)
    cell = tab.cell(contact, "score")
    expect(cell).to_contain_text("Score must be a whole number from 0 to 100.")
    expect(cell.locator("input")).to_have_value(typed)
    assert book.get(contact)["lead_score"] == 100


def test_the_wheel_changes_no_score(tab: Tab, book: Book) -> None:
    """Who scrolls over a field that is being edited scrolls."""
    contact = book.add("Anna", lead_score=50)
    tab.open()
    tab.cell(contact, "score").click()
    field = tab.cell(contact, "score").locator("input")
    expect(field).to_be_focused()
    field.hover()
    tab.page.mouse.wheel(0, -300)
    tab.page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(field).to_have_value("50")


def test_a_tag_with_a_comma_stays_one_tag(tab: Tab, book: Book) -> None:
    """Tags are chips in the cell, too; adding one leaves the others as they are."""
    contact = book.add("Anna", tags=["Berlin, Mitte"])
    tab.open()
    tab.cell(contact, "tags").click()
    field = tab.cell(contact, "tags").locator("input")
    expect(field).to_be_focused()
    tab.page.keyboard.type("vip")
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Enter")
    expect(tab.cell(contact, "tags").locator("form")).to_have_count(0)
    assert book.get(contact)["tags"] == ["Berlin, Mitte", "vip"]


def test_a_message_with_an_action_leaves_too(timed_tab: Tab, book: Book) -> None:
    """After ten seconds, but not under the pointer."""
    book.fill(1)
    timed_tab.open("&status=active")
    timed_tab.page.click("#add")
    timed_tab.page.get_by_label("Name").fill("Anna")
    timed_tab.page.get_by_label("Status", exact=True).select_option("lost")
    timed_tab.page.get_by_role("dialog").get_by_role(
        "button", name="Add contact"
    ).click()
    toast = timed_tab.page.locator(".toast")
    expect(toast.get_by_role("button", name="Show all contacts")).to_be_visible()
    toast.hover()
    timed_tab.stop_the_clock()
    timed_tab.page.clock.run_for(15_000)
    expect(toast).to_be_visible()
    timed_tab.page.mouse.move(1, 1)
    timed_tab.page.clock.run_for(11_000)
    expect(toast).to_have_count(0)


def test_a_viewer_sees_nothing_that_looks_like_an_offer(tab: Tab, book: Book) -> None:
    """No menu behind the status, no frame around cells, no form by click or key."""
    contact = book.add("Anna", email="anna@example.org", lead_status="active")
    with book.site.client("page-owner") as client:
        body = {"user_id": "only-looks", "role": "viewer"}
        client.post(f"/workspaces/{book.slug}/members", json=body)
    token = book.site.token("only-looks")
    tab.page.goto(f"{book.site.base}/#token={token}&workspace={book.slug}")
    tab.settled()
    for column in ("email", "tags", "score", "status"):
        tab.cell(contact, column).click()
        cursor = tab.cell(contact, column).evaluate(
            "(node) => getComputedStyle(node.querySelector('.pill') ?? node).cursor"
        )
        assert cursor in ("auto", "default")
    tab.cell(contact, "email").hover()
    frame = tab.cell(contact, "email").evaluate(
        "(node) => getComputedStyle(node, '::after').content"
    )
    assert frame == "none"
    expect(tab.page.locator("form")).to_have_count(0)
    expect(tab.page.locator("#menu")).to_be_hidden()
    expect(tab.page.locator("#add")).to_be_hidden()
    tab.cell(contact, "more").locator("button").click()
    expect(tab.item("Open")).to_be_visible()
    expect(tab.item("Delete…")).to_have_count(0)


def test_tab_leaves_the_tags_for_the_next_cell(tab: Tab, book: Book) -> None:
    """The input of the tags is inside another element; the focus is never lost."""
    contact = book.add("Anna", tags=["vip"], lead_score=7)
    tab.open()
    tab.cell(contact, "tags").click()
    expect(tab.cell(contact, "tags").locator("input")).to_be_focused()
    tab.page.keyboard.press("Tab")
    expect(tab.cell(contact, "score").locator("input")).to_be_focused()
    tab.page.keyboard.press("Shift+Tab")
    expect(tab.cell(contact, "tags").locator("input")).to_be_focused()
    assert book.get(contact)["tags"] == ["vip"]


def test_back_asks_before_it_loses_what_was_typed(tab: Tab, book: Book) -> None:
    """The browser's own question; who stays finds it as it was."""
    book.fill(1)
    tab.open()
    tab.page.click("#add")
    field = tab.page.get_by_role("dialog").get_by_label("Name")
    field.fill("Half typed")
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.type)
        question.dismiss()

    tab.page.on("dialog", stay)
    tab.page.evaluate("() => { location.href = '/docs'; }")
    expect(field).to_have_value("Half typed")
    assert asked == ["beforeunload"]


def test_a_message_that_is_closed_by_key_leaves_the_focus_on_the_page(
    tab: Tab, book: Book
) -> None:
    """On the table, or in the panel that is open; never nowhere."""
    contact = book.add("Anna")
    tab.open()
    tab.act(contact, "Copy id")
    close = tab.toast().get_by_role("button", name="Close this message")
    close.focus()
    tab.page.keyboard.press("Enter")
    expect(tab.row(contact).locator("*:focus")).to_have_count(1)
