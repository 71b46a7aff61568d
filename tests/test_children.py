"""Notes, conversations and messages, on both engines: counted exactly, never
orphaned."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.model.errors import (
    ContactNotFound,
    ConversationNotFound,
    Forbidden,
    InvalidFields,
    NoteNotFound,
)
from chalicelib.model.ids import new_id
from chalicelib.model.words import Contact, Conversation, Member, Message, Note
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, conversations, members, messages, notes
from tests import conftest
from tests.conftest import NOW, add, delete, everything

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ada(table: Table, eagle: Member) -> Contact:
    return add(table, eagle)


def noted(table: Table, who: Member, contact_id: str, content: str = "x") -> Note:
    return notes.add(table, who, contact_id, body={"content": content}, now=LATER)


def talk(table: Table, who: Member, contact_id: str) -> Conversation:
    body = {"channel": "whatsapp"}
    return conversations.start(table, who, contact_id, body=body, now=LATER)


def say(
    table: Table, who: Member, contact_id: str, conversation_id: str, **body: object
) -> tuple[Message, bool]:
    full = {"direction": "inbound", "content": "hi", **body}
    return conftest.say(table, who, contact_id, conversation_id, full, now=LATER)


def counts(table: Table, who: Member, contact_id: str) -> tuple[int, int, int, int]:
    found = contacts.get(table, who, contact_id)
    return (
        found.conversation_count,
        found.message_count,
        found.note_count,
        found.version,
    )


def test_every_child_is_counted_and_no_version_moves(
    table: Table, eagle: Member, ada: Contact
) -> None:
    """Counters are exact, activity is noted, a person's edit does not become stale."""
    note = noted(table, eagle, ada.id)
    noted(table, eagle, ada.id)
    chat = talk(table, eagle, ada.id)
    for _ in range(3):
        say(table, eagle, ada.id, chat.id)
    assert counts(table, eagle, ada.id) == (1, 3, 2, 1)
    notes.remove(table, eagle, ada.id, note.id, now=LATER)
    assert counts(table, eagle, ada.id) == (1, 3, 1, 1)
    assert contacts.get(table, eagle, ada.id).last_activity_at == (
        "2026-01-02T04:04:05.678Z"
    )
    (stored,), _ = conversations.page(table, eagle, ada.id, limit=5, cursor=None)
    assert (stored.message_count, stored.last_message_at) == (
        3,
        "2026-01-02T04:04:05.678Z",
    )


def test_a_message_comes_once(table: Table, eagle: Member, ada: Contact) -> None:
    """The same external id again is the first message; nothing is added."""
    chat, other = talk(table, eagle, ada.id), talk(table, eagle, ada.id)
    first = say(table, eagle, ada.id, chat.id, external_id="wamid.1")
    again = say(table, eagle, ada.id, chat.id, external_id="wamid.1", content="else")
    assert first[1] is True
    assert again == (first[0], False)
    assert say(table, eagle, ada.id, other.id, external_id="wamid.1")[1] is True
    assert counts(table, eagle, ada.id) == (2, 2, 0, 1)


def test_children_are_listed_newest_first_page_by_page(
    table: Table, eagle: Member, ada: Contact
) -> None:
    """Every one once, each list its own kind only."""
    made = [
        notes.add(
            table,
            eagle,
            ada.id,
            body={"content": str(number)},
            now=NOW + timedelta(seconds=number),
        )
        for number in range(5)
    ]
    chat = talk(table, eagle, ada.id)
    sent = [
        conftest.say(
            table,
            eagle,
            ada.id,
            chat.id,
            {"direction": "outbound", "content": str(number)},
            now=NOW + timedelta(seconds=number),
        )[0]
        for number in range(5)
    ]
    first, cursor = notes.page(table, eagle, ada.id, limit=3, cursor=None)
    rest, end = notes.page(table, eagle, ada.id, limit=3, cursor=cursor)
    assert ([*first, *rest], end) == (made[::-1], None)
    place = messages.Place(table, eagle, ada.id, chat.id)
    newest, cursor = messages.page(place, limit=3, cursor=None)
    older, end = messages.page(place, limit=3, cursor=cursor)
    assert ([*newest, *older], end) == (sent[::-1], None)


def test_a_note_changes(table: Table, eagle: Member, ada: Contact) -> None:
    """Who changed it and when is kept; the text is kept to the letter."""
    note = noted(table, eagle, ada.id, " two\nlines \t")
    assert note.content == " two\nlines \t"
    members.add(table, eagle, {"user_id": "bob", "role": "member"}, now=NOW)
    bob = access.enter(table, "eagle", "bob")
    changed = notes.change(
        table, bob, ada.id, note.id, body={"content": "new"}, now=LATER
    )
    assert (changed.content, changed.created_by, changed.updated_by) == (
        *("new", "amy", "bob"),
    )
    assert notes.page(table, eagle, ada.id, limit=9, cursor=None) == ([changed], None)


def test_a_conversation_changes(table: Table, eagle: Member, ada: Contact) -> None:
    """Its status, and who it is assigned to: a member."""
    chat = talk(table, eagle, ada.id)
    body = {"status": "snoozed", "assigned_to": "amy"}
    place = (table, eagle, ada.id, chat.id)
    changed = conversations.change(*place, body=body, now=LATER)
    assert (changed.status, changed.assigned_to) == ("snoozed", "amy")
    bad = {"status": "gone", "assigned_to": "zed"}
    with pytest.raises(InvalidFields, match=r"status .* assigned_to"):
        conversations.change(*place, body=bad, now=LATER)
    cleared = conversations.change(*place, body={"assigned_to": None}, now=LATER)
    assert (cleared.status, cleared.assigned_to) == ("snoozed", None)


def attempts(table: Table, who: Member, contact_id: str, note: str, chat: str) -> Any:
    """Every verb of the children, by name."""
    text, where = {"content": "x"}, (table, who, contact_id)
    return {
        "list notes": lambda: notes.page(*where, limit=9, cursor=None),
        "add note": lambda: noted(*where),
        "change note": lambda: notes.change(*where, note, body=text, now=NOW),
        "remove note": lambda: notes.remove(*where, note, now=NOW),
        "list conversations": lambda: conversations.page(*where, limit=9, cursor=None),
        "start conversation": lambda: talk(*where),
        "change conversation": lambda: conversations.change(
            *where, chat, body={"status": "closed"}, now=NOW
        ),
        "list messages": lambda: messages.page(
            messages.Place(*where, chat), limit=9, cursor=None
        ),
        "receive": lambda: say(*where, chat),
        "receive again": lambda: say(*where, chat, external_id="one"),
    }


def test_children_of_no_living_contact_are_not_found(
    table: Table, eagle: Member, harbor: Member, ada: Contact
) -> None:
    """Missing, foreign, deleted, or being deleted: 404 everywhere, nothing written."""
    note, chat = noted(table, eagle, ada.id), talk(table, eagle, ada.id)
    say(table, eagle, ada.id, chat.id, external_id="one")
    fenced, gone = add(table, eagle), add(table, eagle)
    doomed, dying = noted(table, eagle, fenced.id), talk(table, eagle, fenced.id)
    say(table, eagle, fenced.id, dying.id, external_id="one")
    assert delete(table, eagle, fenced.id, seconds=0).status == "running"
    delete(table, eagle, gone.id)
    before = everything(table)
    for who, contact_id, note_id, chat_id in (
        (eagle, fenced.id, doomed.id, dying.id),
        (eagle, gone.id, note.id, chat.id),
        (eagle, new_id("con", NOW), note.id, chat.id),
        (harbor, ada.id, note.id, chat.id),
    ):
        for attempt in attempts(table, who, contact_id, note_id, chat_id).values():
            with pytest.raises(ContactNotFound):
                attempt()
    assert everything(table) == before


def test_a_missing_child_is_not_found(
    table: Table, eagle: Member, ada: Contact
) -> None:
    """Also one that belongs to another contact; nothing is counted."""
    other = add(table, eagle)
    note, chat = noted(table, eagle, other.id), talk(table, eagle, other.id)
    for name, attempt in attempts(table, eagle, ada.id, note.id, chat.id).items():
        if name.startswith(("change", "remove", "receive", "list messages")):
            kind = NoteNotFound if "note" in name else ConversationNotFound
            with pytest.raises(kind):
                attempt()
    assert counts(table, eagle, ada.id) == (0, 0, 0, 1)


def test_a_viewer_writes_no_child(table: Table, eagle: Member, ada: Contact) -> None:
    """Roles hold in the verbs."""
    note, chat = noted(table, eagle, ada.id), talk(table, eagle, ada.id)
    members.add(table, eagle, {"user_id": "vic", "role": "viewer"}, now=NOW)
    viewer = access.enter(table, "eagle", "vic")
    for name, attempt in attempts(table, viewer, ada.id, note.id, chat.id).items():
        if name.startswith("list"):
            attempt()
        else:
            with pytest.raises(Forbidden):
                attempt()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"direction": "sideways", "content": "x"},
        {"direction": "inbound", "content": ""},
        {"direction": "inbound", "content": " \n"},
        {"direction": "inbound", "content": "x" * 10_001},
        {"direction": "inbound", "content": "a\x00b"},
        {"direction": "inbound", "content": "x", "external_id": ""},
        {"direction": "inbound", "content": "x", "id": "msg_1"},
    ],
)
def test_a_bad_message_is_refused(
    table: Table, eagle: Member, ada: Contact, body: dict[str, object]
) -> None:
    """By field, before anything is counted."""
    chat = talk(table, eagle, ada.id)
    with pytest.raises(InvalidFields):
        conftest.say(table, eagle, ada.id, chat.id, body)
    assert counts(table, eagle, ada.id) == (1, 0, 0, 1)
