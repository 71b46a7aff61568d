"""Gone means gone: complete, exact, bounded."""

import itertools
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import due, leftovers, purge
from chalicelib.model.errors import ContactNotFound
from chalicelib.model.ids import KINDS
from chalicelib.model.words import CHILDREN, Contact, Member
from chalicelib.storage import keys
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, search
from tests.conftest import NOW, add, delete, everything, resume
from tests.purge_world import FULL, assert_gone, fill, pour


def test_the_whole_history_goes_and_the_receipt_is_exact(
    table: Table, eagle: Member
) -> None:
    """3 conversations, 40 messages, 12 notes: exactly these, and nothing else is left
    or touched; phone and e-mail can be used again at once."""
    other = add(table, eagle)
    fill(table, eagle, other.id, talks=1, says=3, noted=2)
    others = everything(table)
    contact = add(table, eagle, **FULL)
    counts = fill(table, eagle, contact.id, talks=3, says=40, noted=12)
    assert leftovers.check(table, eagle, contact.id, now=NOW) == {
        "leftovers": {
            "contact": 1,
            "claims": 2,
            "terms": 13,
            "index_entries": 1,
            "chg": 1,
            "conv": 3,
            "msg": 40,
            "note": 12,
            "ext": 20,
        },
        "total": 93,
        "deletion": None,
    }
    receipt = delete(table, eagle, contact.id)
    assert (receipt.status, receipt.deleted) == ("done", counts)
    assert_gone(table, eagle, contact.id, counts)
    left = everything(table)
    assert {key: left[key] for key in others} == others
    assert len(left) == len(others) + 1
    receipt_item = repr(left[keys.deletion(eagle, receipt.id)])
    for personal in ("447400123456", "example.org", "Ada", "vip", "wamid"):
        assert personal not in receipt_item
    assert add(table, eagle, **FULL).phone == FULL["phone"]


def test_every_kind_that_belongs_to_a_contact_has_its_rule() -> None:
    """A new kind of id without a counter and a place in the receipt fails the build."""
    of_a_workspace = {"ws", "con", "del", "inv", "key", "job"}
    assert set(KINDS) - of_a_workspace == set(CHILDREN)
    contact_fields = set(Contact.__slots__)
    assert {child.counter for child in CHILDREN.values()} <= contact_fields


def test_a_spent_budget_says_where_it_stands(table: Table, eagle: Member) -> None:
    """Running at first, from the fence on invisible; asking again ends it."""
    contact = add(table, eagle, **FULL)
    counts = fill(table, eagle, contact.id, talks=1, says=4, noted=2)
    running = delete(table, eagle, contact.id, seconds=0)
    assert (running.status, running.deleted) == ("running", counts)
    assert running.finished_at is None
    assert purge.receipt(table, eagle, running.id, now=NOW) == running
    with pytest.raises(ContactNotFound):
        contacts.get(table, eagle, contact.id)
    assert search.contacts(table, eagle, search.Wanted(9)) == ([], None)
    outcome = resume(table, seconds=0)
    assert outcome == {"done": 0, "running": 1}
    done = delete(table, eagle, contact.id)
    assert done.started_at == running.started_at
    assert purge.receipt(table, eagle, running.id, now=NOW) == done
    outcome = resume(table)
    assert outcome == {"done": 0, "running": 0}


def test_every_open_deletion_is_resumed(table: Table, eagle: Member) -> None:
    """Of every workspace, in one run."""
    ids = [add(table, eagle).id for _ in range(3)]
    for contact_id in ids:
        fill(table, eagle, contact_id, talks=1, says=2, noted=1)
        delete(table, eagle, contact_id, seconds=0)
    outcome = resume(table)
    assert outcome == {"done": 3, "running": 0}
    for contact_id in ids:
        counts = {"conversations": 1, "messages": 2, "notes": 1}
        assert_gone(table, eagle, contact_id, counts)


def test_an_expired_receipt_is_not_shown(table: Table, eagle: Member) -> None:
    """DynamoDB's TTL lags by up to two days; the 90 days hold all the same."""
    contact = add(table, eagle)
    receipt = delete(table, eagle, contact.id)
    late = NOW + purge.RECEIPT_KEPT
    with pytest.raises(purge.DeletionNotFound):
        purge.receipt(table, eagle, receipt.id, now=late)


def test_a_large_history_goes_in_steps(real_table: Table, amy: Member) -> None:
    """When the time is spent the answer says running, with a part of it gone; others
    are answered while the rest goes."""
    contact, other = add(real_table, amy), add(real_table, amy)
    counts = pour(real_table, amy, contact, 8000)
    ticks = itertools.count()  # a clock that moves when it is looked at
    spent = Budget(1, clock=lambda: next(ticks) / 200)
    asked = {"now": NOW, "budget": spent}
    assert purge.delete(real_table, amy, contact.id, **asked).status == "running"
    left = leftovers.check(real_table, amy, contact.id, now=NOW)["leftovers"]["msg"]
    assert 0 < left < 8000
    with ThreadPoolExecutor(1) as threads:
        finishing = threads.submit(resume, real_table, seconds=120)
        while not finishing.done():
            assert contacts.get(real_table, amy, other.id) == other
    assert finishing.result() == {"done": 1, "running": 0}
    assert_gone(real_table, amy, contact.id, counts)


def test_what_is_in_memory_does_not_grow_with_the_history(
    real_table: Table, amy: Member
) -> None:
    """Of 12,000 messages no more is held at a time than of 3,000: a list of all their
    keys would be 2 MB."""
    peaks = [_peak_of_a_delete(real_table, amy, many) for many in (3000, 3000, 12_000)]
    assert peaks[2] - peaks[1] < 1_000_000, peaks


def _peak_of_a_delete(table: Table, who: Member, many: int) -> int:
    """The most bytes that Python holds for it at a time."""
    contact = add(table, who)
    pour(table, who, contact, many)
    tracemalloc.start()
    try:
        assert delete(table, who, contact.id, seconds=600).status == "done"
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_oldest_open_deletion_is_known_by_its_age(
    table: Table, eagle: Member
) -> None:
    """What the alarm reads: 0 when none is open, else the seconds since its fence."""
    later = NOW + timedelta(hours=2)
    assert due.oldest_open_seconds(table, now=later) == 0
    one = add(table, eagle)
    delete(table, eagle, one.id, seconds=0)
    assert due.oldest_open_seconds(table, now=later) == 7200
    due.go_on(table, now=later, budget=Budget(20))
    assert due.oldest_open_seconds(table, now=later) == 0
