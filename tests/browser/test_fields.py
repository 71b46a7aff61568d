"""The fields of the panel: each saves what was meant, or says why not."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from chalicelib.model.words import Contact
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.wire import Held, Wire

SCORE = "Score must be a whole number from 0 to 100."
COMPOSING = """(node) => node.dispatchEvent(new KeyboardEvent("keydown",
  {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
PASTE = """(node, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text", text);
  const init = {clipboardData, bubbles: true, cancelable: true};
  node.dispatchEvent(new ClipboardEvent("paste", init));
}"""


def panel_of(tab: Tab, contact: Contact) -> Locator:
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_be_focused()
    return tab.page.locator("#panel")


def row(panel: Locator, label: str) -> Locator:
    return panel.locator(".row").filter(has=panel.page.get_by_label(label, exact=True))


@pytest.mark.parametrize("typed", ["1e", "", "1.5", "101", "-3", "many"])
def test_a_score_that_is_none_is_told_and_not_sent(
    tab: Tab, book: Book, typed: str
) -> None:
    """Half a number is not 0; what was typed is still there."""
    contact = book.add("Anna", lead_score=100)
    tab.open()
    panel = panel_of(tab, contact)
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}")
    score = panel.get_by_label("Score")
    score.fill(typed)
    score.press("Enter")
    expect(row(panel, "Score").get_by_role("alert")).to_have_text(SCORE)
    expect(score).to_have_value(typed)
    assert wire.tries == []
    assert book.get(contact)["lead_score"] == 100
    score.press("Escape")
    expect(score).to_have_value("100")
    expect(row(panel, "Score").get_by_role("alert")).to_be_empty()


def test_the_wheel_changes_no_score(tab: Tab, book: Book) -> None:
    """Who scrolls over a field that has the focus means the page."""
    contact = book.add("Anna", lead_score=50)
    tab.open()
    score = panel_of(tab, contact).get_by_label("Score")
    score.click()
    score.hover()
    tab.page.mouse.wheel(0, -300)
    score.press("Enter")
    expect(score).to_have_value("50")
    assert book.get(contact)["version"] == 1


def test_saved_is_told_beside_each_field(tab: Tab, book: Book) -> None:
    """For what is typed, chosen, and for the status; it covers nothing."""
    contact = book.add("Anna")
    tab.open()
    panel = panel_of(tab, contact)
    panel.get_by_label("Source").fill("fair")
    panel.get_by_label("Source").press("Enter")
    told = row(panel, "Source").get_by_role("status")
    expect(told).to_have_text("Saved")
    beside, value = told.bounding_box(), panel.get_by_label("Source").bounding_box()
    assert beside
    assert value
    assert beside["x"] >= value["x"] + value["width"]
    panel.get_by_label("Assigned to").select_option("page-owner")
    expect(row(panel, "Assigned to").get_by_role("status")).to_have_text("Saved")
    held = Held(tab.page, "PUT", "**/status")
    panel.locator(".pill").click()
    tab.item("Active").click()
    held.until(1)
    status = panel.locator(".row").filter(has=tab.page.locator(".pill"))
    expect(status.get_by_role("status")).to_be_empty()
    held.release()
    expect(status.get_by_role("status")).to_have_text("Saved")
    assert book.get(contact)["assigned_to"] == "page-owner"


def test_enter_that_ends_a_composition_saves_nothing(tab: Tab, book: Book) -> None:
    """An IME takes Enter for itself; the next one saves."""
    contact = book.add("Anna")
    tab.open()
    panel = panel_of(tab, contact)
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}")
    name, tags = panel.get_by_label("Name", exact=True), panel.get_by_label("Tags")
    name.fill("田中")
    name.evaluate(COMPOSING)
    assert wire.tries == []
    name.press("Enter")
    expect(tab.row(contact).locator(".name")).to_have_text("田中")
    assert len(wire.tries) == 1
    tags.fill("家族")
    tags.evaluate(COMPOSING)
    expect(panel.locator("tags-input li")).to_have_count(0)
    tags.press("Enter")
    expect(panel.locator("tags-input li")).to_have_text(["家族"])


def test_two_edits_of_one_field_in_a_row_are_both_stored(tab: Tab, book: Book) -> None:
    """The second waits for the first, and is no stranger's change to it."""
    contact = book.add("Anna")
    tab.open()
    panel = panel_of(tab, contact)
    held = Held(tab.page, "PATCH", f"**/contacts/{contact.id}")
    source = panel.get_by_label("Source")
    source.fill("fair")
    source.press("Enter")
    held.until(1)
    source.fill("website")
    source.press("Tab")
    expect(source).to_have_value("website")
    with tab.page.expect_response(
        lambda one: one.request.post_data == '{"source":"website"}'
    ) as second:
        held.release()
    assert second.value.status == 200
    expect(source).to_have_value("website")
    assert book.get(contact)["source"] == "website"


def test_tags_are_chips(tab: Tab, book: Book) -> None:
    """Enter adds one, a comma is a sign in it, Backspace removes the last, arrows go to
    those before, and a chip's button removes that one; leaving saves."""
    contact = book.add("Anna", tags=["old", "vip"])
    tab.open()
    panel = panel_of(tab, contact)
    keyboard, tags = tab.page.keyboard, panel.get_by_label("Tags", exact=True)
    chips = panel.locator("tags-input li")
    tags.click()
    keyboard.type("Berlin, Mitte")
    keyboard.press("Enter")
    expect(chips).to_have_text(["old", "vip", "Berlin, Mitte"])
    keyboard.press("Backspace")
    expect(chips).to_have_text(["old", "vip"])
    keyboard.press("ArrowLeft")
    keyboard.press("ArrowLeft")
    expect(panel.get_by_role("button", name="Remove old")).to_be_focused()
    keyboard.press("Delete")
    expect(panel.get_by_role("button", name="Remove vip")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(tags).to_be_focused()
    tags.evaluate(PASTE, "two\nthree, four\n\nfive")
    expect(chips).to_have_text(["vip", "two", "three, four", "five"])
    keyboard.type("six")
    with tab.page.expect_response(f"**/contacts/{contact.id}"):
        keyboard.press("Tab")
    expect(chips).to_have_text(["vip", "two", "three, four", "five", "six"])
    stored = book.get(contact)["tags"]
    assert stored == ["vip", "two", "three, four", "five", "six"]


def test_a_tag_that_cannot_be_is_told(tab: Tab, book: Book) -> None:
    """A second time the same, too long, or one too many: it stays to be corrected, and
    nothing is sent."""
    contact = book.add("Anna", tags=[f"tag {n}" for n in range(19)])
    tab.open()
    panel = panel_of(tab, contact)
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}")
    tags, alert = panel.get_by_label("Tags", exact=True), panel.get_by_role("alert")
    tags.fill("tag 3")
    tags.press("Enter")
    expect(alert.filter(has_text="“tag 3” is already there.")).to_have_count(1)
    expect(tags).to_have_value("tag 3")
    tags.press("Tab")  # one failure, one message
    expect(alert.filter(has_text="“tag 3” is already there.")).to_have_count(1)
    tags.fill("x" * 51)
    tags.press("Enter")
    expect(
        alert.filter(has_text="at most 50 characters; this one has 51")
    ).to_be_visible()
    tags.fill("the twentieth")
    tags.press("Enter")
    tags.fill("one more")
    tags.press("Enter")
    expect(alert.filter(has_text="A contact has at most 20 tags.")).to_be_visible()
    assert wire.tries == []


def test_a_viewer_sees_text_and_nothing_to_press(tab: Tab, book: Book) -> None:
    """No inputs, no selects, no pill that opens nothing; a dash for what is empty."""
    contact = book.add("Anna", tags=["vip"], metadata={"budget": 5})
    with book.client() as client:
        client.post("members", json={"user_id": "reader", "role": "viewer"})
    token = book.site.token("reader")
    tab.page.goto(f"{book.site.base}/#token={token}&workspace={book.slug}")
    tab.settled()
    panel = panel_of(tab, contact)
    fields = panel.locator(".rows").first
    expect(fields.locator("input, select, button")).to_have_count(0)
    expect(fields.locator(".row").filter(has_text="Tags")).to_contain_text("vip")
    expect(fields.locator(".row").filter(has_text="Phone")).to_have_text(
        re.compile("–")
    )
    expect(panel.get_by_text("budget")).to_be_visible()
    expect(panel.locator("header button")).to_have_count(1)  # that which closes
    assert panel.locator("[placeholder]").count() == 0


def test_what_the_page_asks_for_once_fails_once(tab: Tab, book: Book) -> None:
    """The contact cannot be fetched, nor its notes, nor its talks: one message, with
    the way to try again."""
    contact = book.add("Anna")
    tab.open()

    def lost(route: Any) -> None:
        route.abort("connectionrefused")

    tab.page.route(f"**/contacts/{contact.id}**", lost)
    panel = panel_of(tab, contact)
    said = tab.page.get_by_text("The server cannot be reached")
    expect(said).to_have_count(1)
    tab.page.unroute(f"**/contacts/{contact.id}**")
    panel.get_by_role("button", name="Try again").click()
    expect(panel).to_contain_text("No notes yet.")
    expect(said).to_have_count(0)
