"""What is asked for twice under one Idempotency-Key is had once: the same answer again,
whatever came between, and nothing personal left where a purge does not reach."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.commit import once
from chalicelib.model.errors import (
    IdempotencyKeyReused,
    PhoneTaken,
    StatusChanged,
    VersionMismatch,
)
from chalicelib.model.words import Contact, Member
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, notes, search
from tests.conftest import NOW, add, everything, while_another
from tests.once_world import FULL, another, create, key, patch, status


def test_a_retry_writes_nothing(real_table: Table, amy: Member) -> None:
    """The phone that the first try took is no conflict for the second."""
    first = create(real_table, amy, key())
    before = everything(real_table)
    assert create(real_table, amy, key()) == first
    assert everything(real_table) == before
    with pytest.raises(PhoneTaken):
        create(real_table, amy, key("another"))


def test_of_twenty_at_once_one_has_the_effect(real_table: Table, amy: Member) -> None:
    """All are told the one contact, and one note."""
    with ThreadPoolExecutor(20) as threads:
        made = list(threads.map(lambda _: create(real_table, amy, key()), range(20)))
        asked = {"body": {"content": "x"}, "now": NOW, "intent": key("note")}
        where = (real_table, amy, made[0].id)
        noted = list(threads.map(lambda _: notes.add(*where, **asked), range(20)))
    assert Counter(one.id for one in made) == {made[0].id: 20}
    assert Counter(one.id for one in noted) == {noted[0].id: 20}
    assert contacts.get(real_table, amy, made[0].id).note_count == 1


def test_who_is_overtaken_is_answered_by_the_faster(
    real_table: Table, amy: Member
) -> None:
    """Both had read that there is no record; the second to write tells the first's."""
    told: list[Contact] = []
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: told.append(create(real_table, amy, key())),
    )
    assert [create(slow, amy, key())] == told
    assert search.contacts(real_table, amy, search.Wanted(9)) == (told, None)


def test_a_write_between_is_not_undone_by_a_retry(
    real_table: Table, amy: Member
) -> None:
    """Amy sets lost, her answer is lost; Bob sets qualified. Her retry gives her first
    answer, also where `from` or a version would refuse it, and Bob's state stays."""
    bob = another(real_table, amy, "bob")
    contact = add(real_table, amy)
    first = status(real_table, amy, "lost", key(), **{"from": "new"})
    second = status(real_table, bob, "qualified", None)
    assert (first.lead_status, first.version) == ("lost", 2)
    assert (second.lead_status, second.version) == ("qualified", 3)
    assert status(real_table, amy, "lost", key(), **{"from": "new"}) == first
    assert contacts.get(real_table, amy, contact.id) == second
    with pytest.raises(StatusChanged):
        status(real_table, amy, "lost", key("another"), **{"from": "new"})


def test_a_retry_is_known_before_its_version_is_stale(
    real_table: Table, amy: Member
) -> None:
    """The version that it names is the one before its own effect."""
    contact = add(real_table, amy)
    asked: dict[str, Any] = {"body": {"source": "fair"}, "now": NOW, "versions": (1,)}
    where = (real_table, amy, contact.id)
    first = contacts.change(*where, **asked, intent=key())
    assert contacts.change(*where, **asked, intent=key()) == first
    with pytest.raises(VersionMismatch):
        contacts.change(*where, **asked, intent=key("another"))


def test_a_change_of_nothing_keeps_its_record(real_table: Table, amy: Member) -> None:
    """Else its lost retry would take effect later, over what somebody else wrote."""
    contact = add(real_table, amy, source="fair")
    assert patch(real_table, amy, contact, key(), source="fair") == contact
    later = patch(real_table, amy, contact, None, source="web")
    assert patch(real_table, amy, contact, key(), source="fair") == contact
    assert contacts.get(real_table, amy, contact.id) == later


def test_a_change_of_nothing_is_of_the_version_it_read(
    real_table: Table, amy: Member
) -> None:
    """When another comes between its read and its record, it changes something."""
    contact = add(real_table, amy, source="fair")
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: patch(real_table, amy, contact, None, source="web"),
    )
    changed = patch(slow, amy, contact, key(), source="fair")
    assert (changed.source, changed.version) == ("fair", 3)
    assert contacts.get(real_table, amy, contact.id) == changed


def test_a_key_stands_for_one_request(real_table: Table, amy: Member) -> None:
    """Another request under it is refused, and has no effect."""
    create(real_table, amy, key())
    before = everything(real_table)
    other = once.of("amy", "k", ["another request"], NOW)
    with pytest.raises(IdempotencyKeyReused):
        create(real_table, amy, other)
    assert everything(real_table) == before


def test_another_user_has_his_own_keys(real_table: Table, amy: Member) -> None:
    """The same key of another user is another intention."""
    bob = another(real_table, amy, "bob")
    body = {"name": "Ada"}
    pairs = [(amy, key()), (bob, key(who="bob")), (amy, key()), (bob, key(who="bob"))]
    made = [
        contacts.create(real_table, who, body, now=NOW, intent=intent)
        for who, intent in pairs
    ]
    assert made[0] == made[2] != made[1] == made[3]


def test_a_key_ends_after_48_hours(real_table: Table, amy: Member) -> None:
    """Whether the record has been swept or not: then it is a new intention."""
    contact = add(real_table, amy)
    where, body = (real_table, amy, contact.id), {"content": "x"}
    last, over = NOW + timedelta(hours=48, seconds=-1), NOW + timedelta(hours=48)
    moments = [NOW, last, over, over]
    made = [
        notes.add(*where, body=body, now=now, intent=key(now=now)) for now in moments
    ]
    assert made[0] == made[1] != made[2] == made[3]
    assert contacts.get(real_table, amy, contact.id).note_count == 2


def test_a_refusal_is_not_kept(real_table: Table, amy: Member) -> None:
    """Nothing happened: when what it met is gone, the same request goes through."""
    other = add(real_table, amy, phone=FULL["phone"])
    before = everything(real_table)
    with pytest.raises(PhoneTaken):
        create(real_table, amy, key())
    assert everything(real_table) == before
    patch(real_table, amy, other, None, phone=None)
    made = create(real_table, amy, key())
    assert create(real_table, amy, key()) == made
