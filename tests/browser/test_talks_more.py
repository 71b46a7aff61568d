"""Conversations that others see, too: who only reads, who comes later, and many."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.talking import (
    as_viewer,
    look,
    note_area,
    open_panel,
    open_talk,
    say,
    talk,
)
from tests.browser.test_talks import lines, log
from tests.browser.wire import Held, Loss, Wire, answered, shorten, unheard, unsent


def now() -> datetime:
    return datetime.now(UTC)


def test_a_viewer_reads_notes_and_conversations(tab: Tab, book: Book) -> None:
    """And is offered nothing that he cannot do."""
    contact = book.add("Anna")
    one = talk(book, contact)
    say(book, one, ["Are you open?"], now())
    with book.client() as client:
        client.post(f"contacts/{contact.id}/notes", json={"content": "Called"})
        place = f"contacts/{contact.id}/conversations/{one.id}"
        client.patch(place, json={"assigned_to": "page-owner"})
    as_viewer(tab, book)
    panel = open_panel(tab, contact)
    item = open_talk(tab, one)
    expect(lines(item)).to_have_text("Are you open?")
    expect(item).to_contain_text("Assigned to page-owner")
    expect(panel.locator(".note-item")).to_contain_text("Called")
    for tag in ("textarea", "form", ".note-item button", ".deeds button"):
        expect(panel.locator(tag)).to_have_count(0)
    expect(item.locator("select")).to_have_count(0)
    expect(panel.get_by_role("button", name="Start a conversation")).to_have_count(0)
    look(tab, "viewer")


def test_what_another_tab_has_logged_is_there_at_the_next_open(
    tab: Tab, book: Book
) -> None:
    """Of the conversation, whose count follows; and of the contact."""
    contact = book.add("Anna")
    one = talk(book, contact)
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, one)
    log(tab, item, "Ours")
    say(book, one, ["Theirs"], now())
    another = talk(book, contact, "email")
    head = item.get_by_role("button").first
    head.click()
    expect(item.locator(".thread")).to_have_count(0)
    head.click()
    expect(lines(item)).to_have_text(["Ours", "Theirs"])
    expect(head).to_contain_text("2 messages")
    tab.page.keyboard.press("Escape")
    panel = open_panel(tab, contact)
    listed = panel.locator("[data-conversation-id]")
    expect(listed).to_have_count(2)
    expect(listed.first).to_contain_text("E-mail")
    expect(panel.locator("[data-tally=conversations]")).to_have_text("2")
    expect(open_talk(tab, another)).to_contain_text("No messages yet.")


def test_the_count_is_right_while_older_messages_are_not_here(
    tab: Tab, book: Book
) -> None:
    """One more is one more; and the contact's own counter says so."""
    contact = book.add("Anna")
    one = talk(book, contact)
    say(book, one, [f"message {number}" for number in range(30)], now())
    tab.open()
    panel = open_panel(tab, contact)
    item = open_talk(tab, one)
    expect(lines(item)).to_have_count(25)
    log(tab, item, "One more")
    expect(item.locator(".talk")).to_contain_text("31 messages · just now")
    expect(panel.locator(".facts")).to_contain_text("31 messages")
    item.get_by_role("button", name="Older messages").click()
    expect(lines(item)).to_have_count(31)
    expect(lines(item).last).to_have_text("One more")
    expect(item.locator(".talk")).to_contain_text("31 messages")


def test_what_is_logged_before_the_list_has_come_is_there_once(
    tab: Tab, book: Book
) -> None:
    """The list that comes later has it, too."""
    contact = book.add("Anna")
    one = talk(book, contact)
    say(book, one, ["First"], now())
    tab.open()
    open_panel(tab, contact)
    held = Held(tab.page, "GET", "**/messages*")
    item = tab.page.locator("[data-conversation-id]")
    item.get_by_role("button").first.click()
    log(tab, item, "Second")
    held.until(1)
    held.release()
    expect(lines(item)).to_have_text(["First", "Second"])
    expect(item.locator(".talk")).to_contain_text("2 messages")


def test_conversations_come_in_pages(tab: Tab, book: Book) -> None:
    """Forty of them; older ones are offered until there are none, and the focus goes to
    the first of those that came."""
    contact = book.add("Anna")
    made = [talk(book, contact) for _ in range(40)]
    tab.open()
    panel = open_panel(tab, contact)
    listed = panel.locator("[data-conversation-id]")
    expect(listed).to_have_count(25)
    older = panel.get_by_role("button", name="Older conversations")
    older.press("Enter")
    expect(listed).to_have_count(40)
    expect(older).to_have_count(0)
    expect(listed.nth(25)).to_be_focused()
    ids = [one.get_attribute("data-conversation-id") for one in listed.all()]
    assert sorted(map(str, ids)) == sorted(one.id for one in made)


def test_older_messages_that_did_not_come_can_be_asked_for_again(
    tab: Tab, book: Book
) -> None:
    """What is here stays, and is not taken for all there is."""
    contact = book.add("Anna")
    one = talk(book, contact)
    for number in range(4):
        say(book, one, [f"message {number}"], now())
    shorten(tab.page, "**/messages*", 2)
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, one)
    expect(lines(item)).to_have_text(["message 2", "message 3"])
    Wire(tab.page, "GET", "**/messages?*cursor=*", [answered(500)])
    item.get_by_role("button", name="Older messages").click()
    expect(item.locator(".pager [role=alert]")).to_contain_text("Answered in between.")
    expect(item.locator(".talk")).to_contain_text("4 messages")
    item.get_by_role("button", name="Try again").click()
    expect(lines(item)).to_have_text([f"message {number}" for number in range(4)])


@pytest.mark.parametrize("loss", [unsent, unheard])
def test_a_message_whose_answer_was_lost_is_logged_once(
    tab: Tab, book: Book, loss: Loss
) -> None:
    """The page asks again with the same key."""
    contact = book.add("Anna")
    one = talk(book, contact)
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, one)
    wire = Wire(tab.page, "POST", "**/messages", [loss])
    log(tab, item, "Once")
    expect(item.locator(".talk")).to_contain_text("1 message ·")
    assert len(wire.tries) == 2
    assert len(set(wire.keys)) == 1
    tab.reload()
    expect(lines(open_talk(tab, one))).to_have_text("Once")


def test_a_conversation_that_could_not_be_started_says_why(
    tab: Tab, book: Book
) -> None:
    """Beside its button; the next try makes one."""
    contact = book.add("Anna")
    tab.open()
    panel = open_panel(tab, contact)
    Wire(tab.page, "POST", "**/conversations", [answered(500)])
    start = panel.get_by_role("button", name="Start a conversation")
    start.click()
    look(tab, "channels")
    tab.item("SMS").click()
    expect(panel.locator(".starter .fault")).to_have_text("Answered in between.")
    start.click()
    tab.item("Phone").click()
    expect(panel.locator("[data-conversation-id]")).to_contain_text("Phone")
    expect(panel.locator(".starter .fault")).to_be_empty()
    expect(panel.locator("[data-tally=conversations]")).to_have_text("1")


def test_on_touch_everything_is_large_enough(chromium: Browser, book: Book) -> None:
    """44 px, and nothing runs out of the panel on a small phone."""
    contact = book.add("Anna")
    one = talk(book, contact)
    say(book, one, ["w" * 300], now())
    size: ViewportSize = {"width": 320, "height": 640}
    with chromium.new_context(viewport=size, has_touch=True, is_mobile=True) as phone:
        tab = Tab(phone.new_page(), book).open()
        panel = open_panel(tab, contact)
        note_area(tab).fill("x" * 200)
        note_area(tab).press("Control+Enter")
        panel.get_by_role("button", name="Delete this note").click()
        item = open_talk(tab, one)
        item.get_by_label("Message", exact=True).fill("Typed")
        sections = panel.locator("section:is(:has(form), :has(.starter))")
        for target in sections.locator("button, select, label").all():
            box = target.bounding_box()
            assert box
            assert round(box["height"]) >= 44, target.text_content()
        body = tab.page.locator(".panel-body")
        assert body.evaluate("(node) => node.scrollWidth <= node.clientWidth")
