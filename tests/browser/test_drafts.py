"""What was typed and is not saved yet stays, on this device and for this user, until it
is saved or given up."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from chalicelib.model.words import Contact
from chalicelib.verbs import notes
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.talking import (
    device,
    look,
    note_area,
    noted,
    open_panel,
    open_talk,
    sign_in,
    sign_out,
    talk,
)

TYPED = "Asked for a price\nfor two"
KEPT = "Draft kept"
# The room's module, as if the page had only just begun.
FRESH = """async (given) => {
  const place = document.querySelector("script[type=module]").src;
  const drafts = await import(new URL("../core/drafts.js?fresh", place));
  return (%s)(drafts, given);
}"""


def fresh(tab: Tab, work: str, given: object = None) -> Any:
    return tab.page.evaluate(FRESH % work, given)


def leave_by_esc(tab: Tab, _: Contact) -> None:
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#panel")).to_be_hidden()


def leave_by_cross(tab: Tab, _: Contact) -> None:
    tab.page.get_by_role("button", name="Close the panel").click()
    expect(tab.page.locator("#panel")).to_be_hidden()


def leave_for_another(tab: Tab, other: Contact) -> None:
    open_panel(tab, other)
    expect(note_area(tab)).to_have_value("")
    expect(tab.page.locator("#panel")).not_to_contain_text(KEPT)


def leave_by_reload(tab: Tab, _: Contact) -> None:
    tab.reload()
    tab.page.get_by_role("button", name="Close the panel").click()


Leave = Callable[[Tab, Contact], None]
WAYS = [leave_by_esc, leave_by_cross, leave_for_another, leave_by_reload]


@pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
def test_a_note_that_was_not_saved_is_there_again(
    tab: Tab, book: Book, leave: Leave
) -> None:
    """However its contact was left; and no other contact shows it."""
    contact, other = book.add("Anna"), book.add("Ben")
    tab.open()
    panel = open_panel(tab, contact)
    expect(note_area(tab)).to_be_visible()
    note_area(tab).focus()
    tab.page.keyboard.type(TYPED)
    expect(panel).not_to_contain_text(KEPT)
    leave(tab, other)
    panel = open_panel(tab, contact)
    expect(note_area(tab)).to_have_value(TYPED)
    expect(panel.get_by_text(KEPT)).to_be_visible()
    panel.get_by_role("button", name="Add note").click()
    expect(panel.locator(".note-item .content")).to_have_text(TYPED)
    assert device(tab) == {}
    assert noted(book, contact) == [TYPED]


def test_a_draft_can_be_discarded(tab: Tab, book: Book) -> None:
    """Then it is gone for good, and the focus is where another can be typed."""
    contact = book.add("Anna")
    tab.open()
    open_panel(tab, contact)
    note_area(tab).fill(TYPED)
    tab.reload()
    panel = tab.page.locator("#panel")
    expect(panel.get_by_text(KEPT)).to_be_visible()
    look(tab, "draft")
    panel.get_by_role("button", name="Discard").click()
    expect(note_area(tab)).to_be_focused()
    expect(note_area(tab)).to_have_value("")
    expect(panel).not_to_contain_text(KEPT)
    assert device(tab) == {}


def test_a_draft_outlives_its_token(tab: Tab, book: Book) -> None:
    """The server no longer knows who asks: after the next sign-in the text is there."""
    contact = book.add("Anna")
    tab.open()
    open_panel(tab, contact)
    note_area(tab).fill(TYPED)
    tab.refuse("**/notes", 401, "The token has expired.")
    note_area(tab).press("Control+Enter")
    expect(tab.page.get_by_label("Token")).to_be_focused()
    tab.page.unroute_all()
    sign_in(tab, book.site.token("page-owner"))
    open_panel(tab, contact)
    expect(note_area(tab)).to_have_value(TYPED)


def test_who_signs_out_leaves_no_draft_behind(tab: Tab, book: Book) -> None:
    """Neither on the device nor for himself."""
    contact = book.add("Anna")
    tab.open()
    open_panel(tab, contact)
    note_area(tab).fill(TYPED)
    assert device(tab) == {"page-owner": [TYPED]}
    sign_out(tab)
    assert device(tab) == {}
    sign_in(tab, book.site.token("page-owner"))
    open_panel(tab, contact)
    expect(note_area(tab)).to_have_value("")


def test_nobody_sees_the_draft_of_another_user(tab: Tab, book: Book) -> None:
    """Of the same device and workspace; it waits for whom it belongs to."""
    contact = book.add("Anna")
    with book.client() as client:
        client.post("members", json={"user_id": "colleague", "role": "member"})
    tab.open()
    open_panel(tab, contact)
    note_area(tab).fill(TYPED)
    tab.page.goto("about:blank")
    token = book.site.token("colleague")
    tab.page.goto(f"{book.site.base}/#token={token}&workspace={book.slug}")
    tab.settled()
    panel = open_panel(tab, contact)
    expect(note_area(tab)).to_have_value("")
    expect(panel).not_to_contain_text(KEPT)
    note_area(tab).fill("Mine")
    assert device(tab) == {"page-owner": [TYPED], "colleague": ["Mine"]}
    sign_out(tab)
    assert device(tab) == {"page-owner": [TYPED]}


def editor(tab: Tab) -> Locator:
    return tab.page.locator(".note-item").get_by_label("Note", exact=True)


def test_an_edit_of_a_note_is_kept_too(tab: Tab, book: Book) -> None:
    """By note; it says when the note itself was changed since. Cancel gives it up."""
    contact = book.add("Anna")
    now, who, place = datetime.now(UTC), book.member, contact.id
    note = notes.add(book.store, who, place, body={"content": "Old"}, now=now)
    tab.open()
    panel = open_panel(tab, contact)
    panel.get_by_role("button", name="Edit this note").click()
    editor(tab).fill("New")
    leave_by_esc(tab, contact)
    open_panel(tab, contact)
    expect(editor(tab)).to_have_value("New")
    expect(panel.locator(".note-item .kept")).to_have_text("Draft kept Discard")
    body = {"content": "By another"}
    now = datetime.now(UTC)
    notes.change(book.store, who, place, note.id, body=body, now=now)
    tab.reload()
    expect(panel.locator(".note-item .kept")).to_contain_text("has been changed since")
    panel.get_by_role("button", name="Cancel").click()
    expect(panel.locator(".note-item .content")).to_have_text("By another")
    assert device(tab) == {}


def test_each_conversation_has_its_own_draft(tab: Tab, book: Book) -> None:
    """With who has written it; it is there again when the conversation is opened."""
    contact = book.add("Anna")
    first, second = talk(book, contact), talk(book, contact, "email")
    tab.open()
    open_panel(tab, contact)
    item = open_talk(tab, first)
    item.get_by_label("Message", exact=True).fill(TYPED)
    item.get_by_label("They wrote").check()
    leave_by_esc(tab, contact)
    open_panel(tab, contact)
    other = open_talk(tab, second).get_by_label("Message", exact=True)
    expect(other).to_have_value("")
    item = open_talk(tab, first)
    expect(item.get_by_label("Message", exact=True)).to_have_value(TYPED)
    expect(item.get_by_label("They wrote")).to_be_checked()


def test_drafts_are_bounded(tab: Tab, book: Book) -> None:
    """In number and in size: the oldest go first, and what is as large as all may be
    together is not kept at all. What is no draft is none."""
    tab.open()
    work = """(drafts, count) => {
      localStorage.setItem("contactbook.drafts.me", '{"not": "a list"}');
      drafts.own("me");
      for (let n = 0; n < count; n++) drafts.draft("con", `${n}`).keep(`text ${n}`);
      drafts.draft("large").keep("x".repeat(300_000));
      drafts.draft("half").keep("y".repeat(199_990));
    }"""
    fresh(tab, work, 60)
    texts = device(tab)["me"]
    assert [text[:9] for text in texts] == ["text 59", "y" * 9]
    fresh(tab, work.replace("199_990", "10"), 60)
    texts = device(tab)["me"]
    assert texts == [f"text {n}" for n in range(11, 60)] + ["y" * 10]


def test_nothing_is_kept_for_nobody(tab: Tab, book: Book) -> None:
    """Until it is known who is here; a form of one user never writes for the next."""
    tab.open()
    work = """(drafts) => {
      drafts.forget();
      drafts.draft("early").keep("nobody's");
      drafts.own("one");
      const form = drafts.draft("late");
      drafts.own("two");
      form.keep("of one");
      return form.read();
    }"""
    assert fresh(tab, work) is None
    assert device(tab) == {}


def test_the_drafts_of_a_contact_go_with_it(tab: Tab, book: Book) -> None:
    """Somebody has deleted it: one message, and nothing of it on the device."""
    contact, other = book.add("Anna"), book.add("Ben")
    tab.open()
    open_panel(tab, other)
    note_area(tab).fill("Of Ben")
    open_panel(tab, contact)
    note_area(tab).fill(TYPED)
    gone = {"status": 404, "code": "contact_not_found", "detail": "It is gone."}
    tab.page.route(
        "**/notes", lambda route: route.fulfill(status=404, body=json.dumps(gone))
    )
    note_area(tab).press("Control+Enter")
    expect(tab.toast()).to_contain_text("It is gone.")
    expect(tab.page.locator("#panel")).to_be_hidden()
    expect(tab.page.locator(".toast")).to_have_count(1)
    assert device(tab) == {"page-owner": ["Of Ben"]}
