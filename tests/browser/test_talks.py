"""Conversations: read from top to bottom, and kept by hand."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, expect

from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.talking import (
    look,
    note_area,
    noted,
    open_panel,
    open_talk,
    said,
    say,
    talk,
    talks,
)
from tests.browser.wire import Held, shorten

NOON = datetime(2025, 1, 2, 12, tzinfo=UTC)
AT_END = "(box) => box.scrollHeight - box.scrollTop - box.clientHeight < 2"


def lines(item: Locator) -> Locator:
    return item.locator("[data-message-id] .content")


def log(tab: Tab, item: Locator, text: str) -> None:
    item.get_by_label("Message", exact=True).fill(text)
    item.get_by_role("button", name="Log message").click()
    expect(lines(item).last).to_have_text(text)


def test_a_call_is_written_down_with_the_keyboard_alone(tab: Tab, book: Book) -> None:
    """A note; a conversation that is started, two messages, closed, opened again."""
    contact = book.add("Anna")
    tab.open()
    press, type_in = tab.page.keyboard.press, tab.page.keyboard.type
    tab.row(contact).locator(".name").press("Enter")
    panel = tab.page.locator("#panel")
    expect(panel.locator("h2")).to_be_focused()
    while not note_area(tab).evaluate("(node) => node === document.activeElement"):
        press("Tab")
    type_in("Wants an offer")
    press("Control+Enter")
    expect(panel.locator(".note-item")).to_have_count(1)
    start = panel.get_by_role("button", name="Start a conversation")
    while not start.evaluate("(node) => node === document.activeElement"):
        press("Tab")
    press("Enter")
    expect(tab.item("WhatsApp")).to_be_focused()
    press("Enter")
    item = panel.locator("[data-conversation-id]")
    expect(item.get_by_label("Message", exact=True)).to_be_focused()
    type_in("Good morning!\nHere is the offer.")
    press("Control+Enter")
    expect(lines(item)).to_have_count(1)
    type_in("Thank you!")
    press("Tab")
    press("ArrowRight")
    expect(item.get_by_label("They wrote")).to_be_checked()
    press("Tab")
    press("Enter")
    expect(lines(item)).to_have_count(2)
    expect(item.get_by_label("Message", exact=True)).to_be_focused()
    expect(item.locator(".talk")).to_contain_text("WhatsApp")
    expect(item.locator(".talk")).to_contain_text("2 messages")
    for label, badge in (("Close", "Closed"), ("Reopen", "Open")):
        button = item.get_by_role("button", name=f"{label} this conversation")
        while not button.evaluate("(node) => node === document.activeElement"):
            press("Shift+Tab")
        press("Enter")
        expect(item.locator(".badge")).to_have_text(badge)
    expect(item.get_by_role("button", name="Close this")).to_be_focused()
    expect(panel.locator("[data-tally=conversations]")).to_have_text("1")
    expect(panel.locator(".facts")).to_contain_text("2 messages")
    (stored,) = talks(book, contact)
    assert (stored["channel"], stored["status"]) == ("whatsapp", "open")
    assert said(book, stored) == [
        ("outbound", "Good morning!\nHere is the offer."),
        ("inbound", "Thank you!"),
    ]
    assert noted(book, contact) == ["Wants an offer"]


def test_messages_are_read_from_top_to_bottom(tab: Tab, book: Book) -> None:
    """120 of them: the newest below and in sight; older ones come in above, and what is
    being read stays where it is."""
    contact = book.add("Anna")
    one = talk(book, contact)
    for number in range(120):
        now = NOON + timedelta(minutes=number)
        say(book, one, [f"message {number}"], now)
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, one)
    box, older = item.locator(".thread"), item.get_by_role("button", name="Older")
    expect(lines(item)).to_have_text([f"message {n}" for n in range(95, 120)])
    assert box.evaluate(AT_END)
    for first in (95, 70, 45):
        older.focus()
        before = lines(item).first.bounding_box()
        older.press("Enter")
        expect(lines(item).first).to_have_text(f"message {first - 25}")
        assert lines(item).nth(25).bounding_box() == before
        expect(older).to_be_focused()
    older.press("Enter")
    expect(lines(item)).to_have_text([f"message {n}" for n in range(120)])
    expect(older).to_have_count(0)
    expect(item.locator("[data-message-id]").nth(19)).to_be_focused()


def test_forty_at_once_and_none_at_all(tab: Tab, book: Book) -> None:
    """What came in one array is all there, each once; an empty one says so."""
    contact = book.add("Anna")
    one, empty = talk(book, contact), talk(book, contact, "sms")
    texts = [f"message {number}" for number in range(40)]
    say(book, one, texts, NOON)
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, one)
    item.get_by_role("button", name="Older messages").click()
    expect(lines(item)).to_have_count(40)
    assert sorted(lines(item).all_inner_texts()) == sorted(texts)
    nothing = open_talk(tab, empty)
    expect(nothing).to_contain_text("No messages yet.")
    log(tab, nothing, "The first")
    expect(nothing).not_to_contain_text("No messages yet.")
    expect(nothing.locator(".talk")).to_contain_text("1 message ·")


def test_days_and_directions_are_told(tab: Tab, book: Book) -> None:
    """A line before each day, across pages, too; a word for who cannot see the side."""
    contact = book.add("Anna")
    one = talk(book, contact)
    say(book, one, ["Early"], NOON)
    say(book, one, ["Late"], NOON + timedelta(minutes=5), direction="outbound")
    say(book, one, ["Next day"], NOON + timedelta(days=1))
    shorten(tab.page, "**/messages*", 2)
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, one)
    expect(item.locator(".day")).to_have_count(2)
    item.get_by_role("button", name="Older messages").click()
    every = item.locator(".thread li")
    expect(every).to_have_count(5)
    told = [" ".join(text.split()) for text in every.all_text_contents()]
    assert "2 January 2025" in told[0]
    assert told[1].startswith("They wrote: Early")
    assert told[2].startswith("We wrote: Latepage-owner · ")
    assert "3 January 2025" in told[3]
    box, sides = item.locator(".thread").bounding_box(), item.locator(".message")
    early, late = sides.nth(0).bounding_box(), sides.nth(1).bounding_box()
    assert box
    assert early
    assert late
    assert early["x"] - box["x"] < 20
    assert box["x"] + box["width"] - late["x"] - late["width"] < 30
    look(tab, "conversation")


def test_a_conversation_is_snoozed_closed_and_assigned(tab: Tab, book: Book) -> None:
    """Each is offered where it leads somewhere; what is refused is shown as it is."""
    contact = book.add("Anna")
    one = talk(book, contact)
    with book.client() as client:
        client.post("members", json={"user_id": "colleague", "role": "member"})
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, one)
    ways = item.locator(".deeds button")
    for label, badge, then in (
        ("Snooze", "Snoozed", ["Reopen", "Close"]),
        ("Close", "Closed", ["Reopen"]),
        ("Reopen", "Open", ["Close", "Snooze"]),
    ):
        item.get_by_role("button", name=f"{label} this conversation").click()
        expect(item.locator(".badge")).to_have_text(badge)
        expect(ways).to_have_text(then)
    choice = item.get_by_label("Assigned to")
    expect(choice.locator("option")).to_have_text(["Nobody", "colleague", "page-owner"])
    choice.select_option("colleague")
    expect(item.locator("[role=status]")).to_have_text("Assigned.")
    assert talks(book, contact)[0]["assigned_to"] == "colleague"
    with book.client() as client:
        client.delete("members/colleague")
    choice.select_option("Nobody")
    expect(item.locator("[role=status]")).to_have_text("Assigned.")
    choice.select_option("colleague")
    expect(item.locator(".talk-body > .fault")).to_contain_text("The assignee")
    expect(choice).to_have_value("")
    tab.refuse("**/conversations/*", 500, "Something went wrong here.")
    item.get_by_role("button", name="Close this conversation").click()
    expect(item.locator(".talk-body > .fault")).to_contain_text("Something went wrong")
    expect(item.locator(".badge")).to_have_text("Open")
    expect(tab.page.locator(".toast")).to_have_count(0)


def test_a_message_that_is_refused_stays_in_its_form(tab: Tab, book: Book) -> None:
    """With the server's sentence; one on its way is not sent again."""
    contact = book.add("Anna")
    one = talk(book, contact)
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, one)
    area = item.get_by_label("Message", exact=True)
    area.fill("x" * 10_001)
    area.press("Control+Enter")
    fault = item.locator("form .fault")
    expect(fault).to_have_text("Message must have 1 to 10000 characters.")
    expect(area).to_have_value("x" * 10_001)
    held = Held(tab.page, "POST", "**/messages")
    area.fill("Once")
    for _ in range(3):
        area.press("Control+Enter")
    held.until(1)
    held.release()
    expect(lines(item)).to_have_text("Once")
    assert said(book, talks(book, contact)[0]) == [("outbound", "Once")]
