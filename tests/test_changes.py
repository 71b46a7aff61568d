"""Who keeps a copy and asks for what is new may be told something twice, and never
misses anything, whatever is written meanwhile, and however slowly."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.base.budget import Budget
from chalicelib.base.cost import metered
from chalicelib.jobs import handover
from chalicelib.model.clock import timestamp
from chalicelib.model.words import Contact, Member
from chalicelib.storage.guard import Guard
from chalicelib.storage.table import Table
from chalicelib.verbs import changes, contacts, conversations, members, notes
from chalicelib.verbs.changes import BEHIND, News, Walk
from tests.conftest import NOW, add, delete, found, say, while_another

MINUTE = timedelta(minutes=1)


def asked(since: datetime, began: datetime) -> Walk:
    return Walk(timestamp(since), timestamp(began))


def walked(table: Table, member: Member, walk: Walk) -> Iterator[News]:
    """Every page of a walk."""
    while not walk.is_over:
        page = changes.since(table, member, walk)
        yield page
        walk = page.walk


def told(
    table: Table, member: Member, since: datetime, began: datetime
) -> tuple[list[Contact], list[str]]:
    pages = list(walked(table, member, asked(since, began)))
    changed = [one for page in pages for one in page.changed]
    return changed, [one for page in pages for one in page.gone]


def made(table: Table, member: Member, count: int, now: datetime) -> list[Contact]:
    return [
        contacts.create(table, member, {"name": "Ada"}, now=now) for _ in range(count)
    ]


def patch(body: dict[str, Any]) -> Callable[[Table, Member, str, datetime], Any]:
    return lambda *who_and_when: contacts.change(
        *who_and_when[:3], body=body, now=who_and_when[3]
    )


WRITES: dict[str, Callable[[Table, Member, str, datetime], Any]] = {
    "a field": patch({"name": "Bea"}),
    "metadata": patch({"metadata": {"a": 1}}),
    "the status": lambda t, m, c, now: contacts.set_status(
        t, m, c, body={"lead_status": "lost"}, now=now
    ),
    "a note": lambda t, m, c, now: notes.add(t, m, c, body={"content": "x"}, now=now),
    "a conversation": lambda t, m, c, now: conversations.start(
        t, m, c, body={"channel": "sms"}, now=now
    ),
}


@pytest.mark.parametrize("what", WRITES)
def test_what_was_written_since_is_told_whole(
    table: Table, eagle: Member, what: str
) -> None:
    """As it is now, with metadata and counters, and nothing of what was before."""
    add(table, eagle)
    contact = add(table, eagle, metadata={"kept": True})
    WRITES[what](table, eagle, contact.id, NOW + MINUTE)
    now = contacts.get(table, eagle, contact.id)
    assert now != contact
    later = NOW + timedelta(seconds=1)
    assert told(table, eagle, later, NOW + 2 * MINUTE) == ([now], [])


def test_a_new_contact_and_a_message_are_told(table: Table, eagle: Member) -> None:
    """In the order of time; the bounds are told themselves."""
    first = add(table, eagle)
    talk = conversations.start(
        table, eagle, first.id, body={"channel": "sms"}, now=NOW
    ).id
    second = contacts.create(table, eagle, {"name": "Bea"}, now=NOW + MINUTE)
    body = {"direction": "inbound", "content": "Hello"}
    say(table, eagle, first.id, talk, body, now=NOW + 2 * MINUTE)
    first = contacts.get(table, eagle, first.id)
    assert first.message_count == 1
    span = (NOW + MINUTE, NOW + 2 * MINUTE)
    assert told(table, eagle, *span) == ([second, first], [])
    assert told(table, eagle, *itertools.repeat(NOW + 3 * MINUTE, 2)) == ([], [])


def test_what_goes_is_told_at_once_and_after_its_end(
    table: Table, eagle: Member
) -> None:
    """From the fence on, as gone and not as changed; and again by the time of its end,
    for who has looked while an index had neither."""
    contact = add(table, eagle)
    assert delete(table, eagle, contact.id, seconds=0).status == "running"
    assert told(table, eagle, NOW, NOW) == ([], [contact.id])
    assert told(table, eagle, NOW + MINUTE, NOW + 2 * MINUTE) == ([], [])
    ended = delete(table, eagle, contact.id, now=NOW + 2 * MINUTE)
    assert ended.status == "done"
    later = NOW + 3 * MINUTE
    assert told(table, eagle, NOW, later) == ([], [contact.id])
    assert told(table, eagle, NOW + MINUTE, later) == ([], [contact.id])
    assert told(table, eagle, later, later) == ([], [])


def test_what_goes_between_two_pages_is_told(real_table: Table, amy: Member) -> None:
    """Also when it moves in the list, from contact to receipt, behind where the walk is
    already: then by the next one."""
    ids = [one.id for one in made(real_table, amy, 130, NOW)]
    for contact_id in ids:
        delete(real_table, amy, contact_id, seconds=0)
    began = NOW + MINUTE
    pages = walked(real_table, amy, asked(NOW, began))
    first = next(pages)
    for contact_id in ids:
        delete(real_table, amy, contact_id, now=began + MINUTE)
    heard = {*first.gone, *(one for page in pages for one in page.gone)}
    assert len(first.gone) == 100
    until = began - BEHIND
    heard |= {*told(real_table, amy, until, began + 2 * MINUTE)[1]}
    assert heard == set(ids)


def test_a_page_ends_anywhere_among_equal_times(real_table: Table, amy: Member) -> None:
    """250 of one moment: each is told once, in pages of a fixed cost."""
    ids = {one.id for one in made(real_table, amy, 250, NOW)}
    pages, calls = [], []
    walk = asked(NOW, NOW)
    while not walk.is_over:
        with metered() as cost:
            pages.append(changes.since(real_table, amy, walk))
        calls.append(cost.calls)
        walk = pages[-1].walk
    found = [one.id for page in pages for one in page.changed]
    assert len(found) == len(ids)
    assert set(found) == ids
    assert [len(page.changed) for page in pages] == [100, 100, 50]
    assert max(calls) <= 4


def test_what_moves_during_a_walk_is_told_by_the_next(
    real_table: Table, amy: Member
) -> None:
    """The one at the border of a page, one behind it, one before it; nothing else is
    lost by that."""
    ids = [one.id for one in made(real_table, amy, 250, NOW)]
    began = NOW + MINUTE
    pages = walked(real_table, amy, asked(NOW, began))
    heard = [one.id for one in next(pages).changed]
    moved = [heard[0], heard[-1], next(one for one in ids if one not in heard)]
    for contact_id in moved:
        patch({"name": "Bea"})(real_table, amy, contact_id, began + MINUTE)
    heard += [one.id for page in pages for one in page.changed]
    assert {*ids} - {*heard} == {moved[2]}
    changed, _ = told(real_table, amy, began - BEHIND, began + 2 * MINUTE)
    assert {moved[0], moved[1], moved[2]} <= {one.id for one in changed}


def test_what_goes_between_index_and_contact_is_not_shown(
    real_table: Table, amy: Member
) -> None:
    """The index says where, the contact says what: one that is being deleted has gone,
    and one that was changed is shown as it is."""
    one, two = made(real_table, amy, 2, NOW)
    walk = asked(NOW, NOW + MINUTE)

    def meanwhile() -> None:
        delete(real_table, amy, one.id, seconds=0)
        patch({"name": "Bea"})(real_table, amy, two.id, NOW + 2 * MINUTE)

    slow = while_another(real_table, "batch_get_item", meanwhile)
    news = changes.since(slow, amy, walk)
    assert (news.changed, news.gone) == (
        [contacts.get(real_table, amy, two.id)],
        [one.id],
    )


def test_a_slow_write_is_told_after_all(real_table: Table, amy: Member) -> None:
    """It has the time of its request: what comes into the index as late as a write can
    is told to who has asked just before it came."""
    contact = add(real_table, amy)
    asking = NOW + timedelta(hours=1)
    walk = asked(asking - MINUTE, asking)
    assert [page.changed for page in walked(real_table, amy, walk)] == [[]]
    its_time = asking - timedelta(seconds=52)
    patch({"name": "Bea"})(real_table, amy, contact.id, its_time)
    now = contacts.get(real_table, amy, contact.id)
    until = datetime.fromisoformat(walk.until)
    assert told(real_table, amy, until, asking + MINUTE) == ([now], [])


def test_what_is_handed_over_has_its_own_time(real_table: Table, amy: Member) -> None:
    """Not that of the job, which may have begun minutes before."""
    members.add(real_table, amy, {"user_id": "bob", "role": "viewer"}, now=NOW)
    contact = add(real_table, amy, assigned_to="bob")
    ticks = itertools.count(0, 10)  # each look at the clock takes ten seconds
    budget = Budget(600, clock=lambda: float(next(ticks)))
    handover.remove(real_table, amy, "bob", now=NOW, budget=budget)
    late = NOW + timedelta(seconds=20)
    changed, _ = told(real_table, amy, late, NOW + 10 * MINUTE)
    assert [(one.id, one.assigned_to) for one in changed] == [(contact.id, None)]


def test_another_workspace_is_told_nothing(table: Table, eagle: Member) -> None:
    """Neither what changes nor what goes; and the guard lets these reads through for
    one's own alone."""
    harbor = found(table, "harbor", "zed")
    contact = add(table, eagle)
    delete(table, eagle, add(table, eagle).id)
    assert told(table, harbor, NOW, NOW + MINUTE) == ([], [])
    own = table.inside(Guard.of(eagle.workspace))
    changed, gone = told(own, eagle, NOW, NOW + MINUTE)
    assert ([one.id for one in changed], len(gone)) == ([contact.id], 1)


def test_who_begins_is_told_when(table: Table, eagle: Member) -> None:
    """Before reading a list: nothing yet, and a time as far back as any other, at no
    cost."""
    with metered() as cost:
        news = changes.beginning(replace(eagle, role="viewer"), NOW)
    assert (news.changed, news.gone, news.walk.is_over) == ([], [], True)
    assert news.walk.until == timestamp(NOW - BEHIND)
    assert cost.calls == 0
