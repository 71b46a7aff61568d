"""A deletion from its fence to the second look: what is being deleted is as if it were
gone, and what came late is found."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import due, purge
from chalicelib.model.errors import ContactNotFound
from chalicelib.model.ids import new_id
from chalicelib.model.words import Contact, Member, Note
from chalicelib.storage import child_items, keys
from chalicelib.storage.expressions import Put
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, notes
from tests.conftest import (
    LATE,
    NOW,
    add,
    delete,
    everything,
    resume,
    say,
    while_another,
)
from tests.door_world import Lines
from tests.faults import through
from tests.purge_world import FULL, fill, pour

TIME = "2026-01-02T03:04:05.678Z"


def orphan(table: Table, who: Member, contact_id: str) -> keys.Key:
    """A note that no contact counts, as a transaction under way would leave it."""
    note = Note(new_id("note", NOW), contact_id, "late", TIME, "amy", TIME, "amy")
    table.transact({"note": Put(child_items.note_item(who, note))})
    return keys.child(who, contact_id, note.id)


def test_an_orphan_is_removed_and_reported_a_minute_later(
    real_table: Table, amy: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is touched, and the receipt stays; the look is not repeated."""
    other, contact = add(real_table, amy, **FULL), add(real_table, amy)
    fill(real_table, amy, other.id, talks=1, says=2, noted=1)
    receipt = delete(real_table, amy, contact.id)
    before = everything(real_table)
    orphan(real_table, amy, contact.id)
    lines = Lines(monkeypatch)
    soon, then = (NOW + timedelta(seconds=seconds) for seconds in (58, 62))
    assert resume(real_table, soon, kind="second_looks") == {"done": 0, "running": 0}
    assert resume(real_table, then, kind="second_looks") == {"done": 1, "running": 0}
    (line,) = lines.named("orphans")
    assert (line["level"], line["deletion"]) == ("ERROR", receipt.id)
    place = keys.deletion(amy, receipt.id)
    after = everything(real_table)
    assert after.pop(place).keys() == before.pop(place).keys() - {"duepk", "duesk"}
    assert after == before
    assert purge.receipt(real_table, amy, receipt.id, now=then) == receipt
    assert resume(real_table, LATE, kind="second_looks") == {"done": 0, "running": 0}


def test_a_second_look_that_finds_nothing_says_nothing(
    real_table: Table, amy: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alarm reads the line: it stands for something that should not be."""
    delete(real_table, amy, add(real_table, amy).id)
    lines = Lines(monkeypatch)
    assert resume(real_table, LATE, kind="second_looks") == {"done": 1, "running": 0}
    assert lines.named("orphans") == []


def test_a_second_look_without_time_is_taken_up_again(
    real_table: Table, amy: Member
) -> None:
    """What it could not remove stays due."""
    contact = add(real_table, amy)
    delete(real_table, amy, contact.id)
    place = orphan(real_table, amy, contact.id)
    assert resume(real_table, LATE, 0, "second_looks") == {"done": 0, "running": 1}
    assert real_table.get(place)
    assert resume(real_table, LATE, kind="second_looks") == {"done": 1, "running": 0}
    assert real_table.get(place) is None


def test_progress_grows_while_a_large_deletion_runs(
    real_table: Table, amy: Member
) -> None:
    """Over several budgets, each with time for a part; what is answered is stored."""
    contact = add(real_table, amy)
    pour(real_table, amy, contact, 3500)
    told: list[int] = []
    receipt = delete(real_table, amy, contact.id, seconds=0)
    while receipt.status == "running":
        assert purge.receipt(real_table, amy, receipt.id, now=NOW) == receipt
        assert receipt.progress is not None
        told.append(receipt.progress)
        ticks = itertools.count()  # a clock that moves when it is looked at
        spent = Budget(1, clock=lambda ticks=ticks: next(ticks) / 60)
        receipt = purge.delete(real_table, amy, contact.id, now=NOW, budget=spent)
    assert told == sorted(set(told))
    assert told[0] == 0
    assert len(told) > 2
    assert told[-1] <= 3500
    assert (receipt.progress, receipt.deleted["messages"]) == (None, 3500)


class Blind:
    """The real client; its first BatchGetItem sees nothing of what it was asked for."""

    def __init__(self, client: Any) -> None:
        self._client, self.looks = client, 0

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)

    def batch_get_item(self, **asked: Any) -> Any:
        answer = self._client.batch_get_item(**asked)
        self.looks += 1
        return answer if self.looks > 1 else answer | {"Responses": {}}


@pytest.mark.parametrize("seconds", [0, 20], ids=["running", "done"])
def test_a_deletion_is_never_missing_in_the_moment_it_ends(
    real_table: Table, amy: Member, seconds: float
) -> None:
    """A BatchGetItem is no snapshot: it may miss the contact and the receipt."""
    receipt = delete(real_table, amy, add(real_table, amy).id, seconds=seconds)
    client = Blind(real_table._client)
    seen = purge.receipt(through(real_table, client), amy, receipt.id, now=NOW)
    assert (seen, client.looks) == (receipt, 2)


def attempts(table: Table, who: Member, one: Contact, note: str, chat: str) -> Any:
    """Every verb that writes to a contact."""
    where = (table, who, one.id)
    text, open_ = {"content": "x"}, {"status": "open"}
    said = {"direction": "inbound", "content": "x"}
    asked: dict[str, Any] = {"now": NOW}
    return {
        "patch": lambda: contacts.change(*where, body={"name": "Eve"}, **asked),
        "same": lambda: contacts.change(*where, body={"name": "Ada"}, **asked),
        "status": lambda: contacts.set_status(
            *where, body={"lead_status": "lost"}, **asked
        ),
        "add note": lambda: notes.add(*where, body=text, **asked),
        "change note": lambda: notes.change(*where, note, body=text, **asked),
        "remove note": lambda: notes.remove(*where, note, **asked),
        "start": lambda: conversations.start(*where, body={"channel": "sms"}, **asked),
        "change chat": lambda: conversations.change(*where, chat, body=open_, **asked),
        "say": lambda: say(*where, chat, said),
        "say once": lambda: say(*where, chat, {**said, "external_id": "one"}),
    }


@pytest.fixture
def ada(real_table: Table, amy: Member) -> tuple[Contact, str, str]:
    """A contact with a note, and a closed conversation."""
    contact = add(real_table, amy, **FULL)
    where = (real_table, amy, contact.id)
    note = notes.add(*where, body={"content": "old"}, now=NOW)
    chat = conversations.start(*where, body={"channel": "sms"}, now=NOW)
    conversations.change(*where, chat.id, body={"status": "closed"}, now=NOW)
    return contact, note.id, chat.id


VERBS = [
    *("patch", "status", "add note", "change note", "remove note"),
    *("start", "change chat", "say", "say once"),
]


@pytest.mark.parametrize("verb", [*VERBS, "same"])
def test_what_is_being_deleted_is_changed_by_no_verb(
    real_table: Table, amy: Member, ada: tuple[Contact, str, str], verb: str
) -> None:
    """From the fence on it is not found, and nothing is written."""
    delete(real_table, amy, ada[0].id, seconds=0)
    before = everything(real_table)
    with pytest.raises(ContactNotFound):
        attempts(real_table, amy, *ada)[verb]()
    assert everything(real_table) == before


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_fenced_in_the_moment_of_a_write_is_not_changed(
    real_table: Table, amy: Member, ada: tuple[Contact, str, str], verb: str
) -> None:
    """The verb has read a living contact; the fence is up before its transaction."""
    fenced: list[Any] = []

    def fence() -> None:
        delete(real_table, amy, ada[0].id, seconds=0)
        fenced.append(everything(real_table))

    slow = while_another(real_table, "transact_write_items", fence)
    with pytest.raises(ContactNotFound):
        attempts(slow, amy, *ada)[verb]()
    assert everything(real_table) == fenced[0]
    due.go_on(real_table, now=LATE, budget=Budget(20))
    assert real_table.get(keys.contact(amy, ada[0].id)) is None


def test_phone_and_email_are_free_from_the_fence_on(
    real_table: Table, amy: Member
) -> None:
    """Another may have them while the deletion runs, and keeps them when it ends."""
    first = add(real_table, amy, **FULL)
    assert delete(real_table, amy, first.id, seconds=0).status == "running"
    second = add(real_table, amy, **FULL)
    assert delete(real_table, amy, first.id).status == "done"
    assert contacts.get(real_table, amy, second.id) == second
    assert real_table.get(keys.phone(amy, "+447400123456"))
