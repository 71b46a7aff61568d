"""What the tests of notes, conversations and drafts share: the panel of a contact, as
the person in front of it works with it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from chalicelib.model.words import Contact, Conversation
from chalicelib.verbs import conversations, messages
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.test_reach import AXE, axe

# Every draft that the device has, by user.
DEVICE = """() => Object.fromEntries(Object.entries(localStorage)
  .filter(([key]) => key.startsWith("contactbook.drafts."))
  .map(([key, text]) => [key.slice(19), JSON.parse(text).map((one) => one.text)]))"""


def open_panel(tab: Tab, contact: Contact) -> Locator:
    tab.row(contact).locator(".name").click()
    panel = tab.page.locator("#panel")
    expect(panel.locator("h2")).to_have_text(contact.name or "")
    expect(panel.locator("h2")).to_be_focused()
    return panel


def note_area(tab: Tab) -> Locator:
    """Where a new note is written."""
    return tab.page.locator("#panel section > form").get_by_label("Note", exact=True)


def noted(book: Book, contact: Contact) -> list[str]:
    """Its notes, as the API tells them, newest first."""
    with book.client() as client:
        found = client.get(f"contacts/{contact.id}/notes").json()["notes"]
    return [note["content"] for note in found]


def talk(book: Book, contact: Contact, channel: str = "whatsapp") -> Conversation:
    body, now = {"channel": channel}, datetime.now(UTC)
    return conversations.start(book.store, book.member, contact.id, body=body, now=now)


def say(
    book: Book, one: Conversation, texts: Iterable[str], now: datetime, **more: Any
) -> None:
    """Messages that come together."""
    place = messages.Place(book.store, book.member, one.contact_id, one.id)
    bodies = [{"direction": "inbound", "content": text, **more} for text in texts]
    received = messages.receive(place, bodies, now=now)
    assert [one.refusal for one in received] == [None] * len(bodies)


def said(book: Book, one: dict[str, Any]) -> list[tuple[str, str]]:
    """The messages of a conversation, as the API tells them, oldest first."""
    where = f"contacts/{one['contact_id']}/conversations/{one['id']}/messages"
    with book.client() as client:
        found = client.get(where).json()["messages"]
    return [(message["direction"], message["content"]) for message in found[::-1]]


def talks(book: Book, contact: Contact) -> list[dict[str, Any]]:
    with book.client() as client:
        answer = client.get(f"contacts/{contact.id}/conversations").json()
    found: list[dict[str, Any]] = answer["conversations"]
    return found


def open_talk(tab: Tab, one: Conversation | dict[str, Any]) -> Locator:
    """The conversation, opened in place."""
    id = one["id"] if isinstance(one, dict) else one.id
    item = tab.page.locator(f'[data-conversation-id="{id}"]')
    item.get_by_role("button").first.click()
    expect(item.locator(".thread .bone")).to_have_count(0)
    return item


def device(tab: Tab) -> Any:
    return tab.page.evaluate(DEVICE)


def sign_in(tab: Tab, token: str) -> None:
    tab.page.get_by_label("Token").fill(token)
    tab.page.keyboard.press("Enter")
    tab.settled()


def sign_out(tab: Tab) -> None:
    tab.page.keyboard.press("Escape")
    tab.page.click("#me")
    tab.item("Sign out").click()
    expect(tab.page.get_by_label("Token")).to_be_focused()


def as_viewer(tab: Tab, book: Book) -> None:
    """The page, as one sees it who only reads."""
    with book.client() as client:
        client.post("members", json={"user_id": "reader", "role": "viewer"})
    token = book.site.token("reader")
    tab.page.goto(f"{book.site.base}/#token={token}&workspace={book.slug}")
    tab.settled()


def look(tab: Tab, where: str) -> None:
    """What axe says, in both themes, on a large screen and on a phone."""
    tab.page.evaluate(Path(AXE).read_text())
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for width in (1440, 390):
            tab.page.set_viewport_size({"width": width, "height": 900})
            inert = "(phone) => document.querySelector('#main').inert === phone"
            tab.page.wait_for_function(inert, arg=width == 390)
            axe(tab, f"{where}, {scheme}, {width}")
    tab.page.set_viewport_size({"width": 1280, "height": 800})
