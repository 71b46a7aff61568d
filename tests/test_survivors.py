"""What could be broken by hand without a test that saw it: each has its rule here."""

from datetime import timedelta

import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import due, purge
from chalicelib.model.errors import DeletionNotFound
from chalicelib.model.words import Member
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Change
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, workspaces
from tests.conftest import LATE, NOW, add, delete, everything, resume

DAY = timedelta(days=1)


def test_conversations_come_newest_first_page_by_page(
    table: Table, eagle: Member
) -> None:
    """All of them once; the cursor is null on the last page only."""
    one = add(table, eagle)
    made = [
        conversations.start(
            table,
            eagle,
            one.id,
            body={"channel": "sms"},
            now=NOW + timedelta(seconds=number),
        ).id
        for number in range(5)
    ]
    seen, cursor, pages = [], None, 0
    while True:
        found, cursor = conversations.page(table, eagle, one.id, limit=2, cursor=cursor)
        seen += [chat.id for chat in found]
        pages += 1
        if cursor is None:
            break
    assert (seen, pages) == (made[::-1], 3)


def test_a_change_of_a_conversation_moves_its_time(table: Table, eagle: Member) -> None:
    """When it was changed is told, and stored; what changes nothing moves nothing."""
    one = add(table, eagle)
    chat = conversations.start(table, eagle, one.id, body={"channel": "sms"}, now=NOW)
    place = (table, eagle, one.id, chat.id)
    same = conversations.change(*place, body={"status": "open"}, now=LATE)
    assert same == chat
    closed = conversations.change(*place, body={"status": "closed"}, now=LATE)
    assert closed.updated_at == "2026-01-02T03:06:05.678Z"
    found, _ = conversations.page(table, eagle, one.id, limit=9, cursor=None)
    assert found == [closed]


def test_a_change_of_settings_moves_their_time_and_version(
    table: Table, eagle: Member
) -> None:
    """A page that looks again can tell that there is something new."""
    changed = workspaces.change(table, eagle, {"name": "Eagles"}, now=LATE)
    assert (changed.updated_at, changed.version) == ("2026-01-02T03:06:05.678Z", 2)
    assert changed.created_at == eagle.workspace.created_at


def test_a_receipt_says_who_and_when_and_is_kept_ninety_days(
    table: Table, eagle: Member
) -> None:
    """Asked for by whom, begun and finished when; not a day less."""
    one = add(table, eagle)
    running = delete(table, eagle, one.id, seconds=0)
    done = delete(table, eagle, one.id, now=LATE)
    assert (done.requested_by, done.started_at) == ("amy", running.started_at)
    assert running.started_at == "2026-01-02T03:04:05.678Z"
    assert (done.finished_at or "") >= "2026-01-02T03:06:05.678Z"
    kept = purge.receipt(table, eagle, done.id, now=LATE + 89 * DAY)
    assert kept == done
    with pytest.raises(DeletionNotFound):
        purge.receipt(table, eagle, done.id, now=LATE + 91 * DAY)


def test_what_is_due_is_walked_beyond_its_first_page(
    table: Table, eagle: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every deletion is gone on with, and the oldest is seen, however many there are
    in a shard."""
    monkeypatch.setattr(keys, "SHARDS", 1)
    monkeypatch.setattr(due, "LISTED", 2)
    for number in range(7):
        now = NOW - timedelta(minutes=number)
        delete(table, eagle, add(table, eagle).id, seconds=0, now=now)
    waited = due.oldest_open_seconds(table, now=NOW)
    assert waited == 360
    assert resume(table) == {"done": 7, "running": 0}
    assert due.oldest_open_seconds(table, now=NOW) == 0


def test_an_entry_that_leads_nowhere_makes_nothing(
    real_table: Table, amy: Member
) -> None:
    """The index may be a moment behind: a lease is never taken of what is gone, and no
    item comes into being by it."""
    one = add(real_table, amy)
    before = everything(real_table)
    gone = keys.contact(amy, one.id[:-4] + "0000")
    work = purge.lease.work_on(gone, NOW, Budget(9))
    assert purge.go_on(real_table, amy, work) is None
    alive = purge.lease.work_on(keys.contact(amy, one.id), NOW, Budget(9))
    assert purge.go_on(real_table, amy, alive) is None
    assert everything(real_table) == before
    assert contacts.get(real_table, amy, one.id) == one


def test_a_lease_that_was_lost_stops_its_worker(real_table: Table, amy: Member) -> None:
    """Another has it by now: the first neither checks in nor ends the work."""
    one = add(real_table, amy)
    delete(real_table, amy, one.id, seconds=0)
    place = keys.contact(amy, one.id)
    slow = purge.lease.work_on(place, LATE, Budget(9))
    quick = purge.lease.work_on(place, LATE + timedelta(minutes=2), Budget(9))
    assert purge.lease.take(real_table, slow)[0]
    assert purge.lease.take(real_table, quick)[0]
    assert not purge.lease.take(real_table, slow)[0]
    assert not purge.lease.keep(real_table, slow, {"gone": 1})
    assert not purge.lease.give_back(real_table, slow)
    assert purge.lease.keep(real_table, quick, {"gone": 1})
    stored = real_table.get(place) or {}
    assert stored["gone"] == 1
    real_table.update(place, Change(set={"lease": None}), conditions.EXISTS)
