"""Gone means gone: complete, exact and unstoppable."""

import random
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import (
    budget,
    cascade,
    contacts,
    conversations,
    items,
    keys,
    leftovers,
    notes,
    search,
)
from chalicelib.budget import Budget
from chalicelib.errors import ContactNotFound, PhoneTaken
from chalicelib.expressions import Change, packed
from chalicelib.model import CHILDREN, KINDS, Contact, Member, new_id
from chalicelib.table import Table
from tests.conftest import NOW, add, delete, everything, found, while_another

FULL = {"phone": "+447400123456", "email": "ada@example.org", "tags": ["vip"]}
Counts = dict[str, int]


@pytest.fixture
def amy(real_table: Table) -> Member:
    return found(real_table, "eagle", "amy")


def fill(
    table: Table, who: Member, contact_id: str, *, talks: int, says: int, noted: int
) -> Counts:
    """Children of every kind, through the verbs; half of the messages are claimed."""
    for number in range(noted):
        body = {"content": f"note {number} about {contact_id}"}
        notes.add(table, who, contact_id, body=body, now=NOW)
    chats = [
        conversations.start(
            table, who, contact_id, body={"channel": "whatsapp"}, now=NOW
        )
        for _ in range(talks)
    ]
    for number in range(says):
        body = {"direction": "inbound", "content": f"message {number}"}
        if number % 2:
            body["external_id"] = f"wamid.{number}"
        chat = chats[number % talks].id
        conversations.receive(table, who, contact_id, chat, body=body, now=NOW)
    return {"conversations": talks, "messages": says, "notes": noted}


def pour(table: Table, who: Member, contact: Contact, count: int) -> Counts:
    """Many messages, written past the verbs for speed, and counted as verbs count."""
    conversation = new_id("conv", NOW)

    def put(numbers: range) -> None:
        requests = []
        for _ in numbers:
            key = keys.message(who, contact.id, conversation, new_id("msg", NOW))
            item = {**key._asdict(), "content": "x" * 100}
            requests.append({"PutRequest": {"Item": packed(item)}})
        table._client.batch_write_item(RequestItems={table._name: requests})

    with ThreadPoolExecutor(8) as threads:
        starts = range(0, count, 25)
        list(threads.map(put, [range(n, min(n + 25, count)) for n in starts]))
    change = Change(add={"message_count": count})
    table.update(keys.contact(who, contact.id), change, keys.ALIVE)
    return {"conversations": 0, "messages": count, "notes": 0}


def mentions(table: Table, contact_id: str, *words: str) -> list[tuple[str, str]]:
    """Every item of the whole table that mentions the contact, by id or by word."""
    wanted = (contact_id, contact_id.removeprefix("con_"), *words)
    found_items = everything(table).items()
    return [key for key, item in found_items if any(w in repr(item) for w in wanted)]


def assert_gone(table: Table, who: Member, contact_id: str, counts: Counts) -> None:
    """Nothing in table or index but one receipt, with these counts."""
    checked = leftovers.check(table, who, contact_id, now=NOW)
    assert checked["total"] == 0, checked
    assert checked["deletion"]["deleted"] == counts
    assert checked["deletion"]["status"] == "done"
    receipt_key = keys.deletion(who, checked["deletion"]["id"])
    assert mentions(table, contact_id) == [receipt_key]


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
            "index_entries": 1,
            "conv": 3,
            "msg": 40,
            "note": 12,
            "ext": 20,
        },
        "total": 79,
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
    of_a_workspace = {"ws", "con", "del"}
    assert set(KINDS) - of_a_workspace == set(CHILDREN)
    contact_fields = set(Contact.__slots__)
    assert {child.counter for child in CHILDREN.values()} <= contact_fields


class Killed(Exception):
    """The worker died."""


class Mortal:
    """The real client; it dies at its k-th call, before or after the call took effect,
    and every call after that dies too, as a dead worker's would."""

    def __init__(self, client: Any, at: int, after: bool) -> None:
        self._client, self._at, self._after = client, at, after
        self._lock, self.calls = threading.Lock(), 0

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            with self._lock:
                self.calls += 1
                number = self.calls
            if number < self._at:
                return getattr(self._client, operation)(**asked)
            if number == self._at and self._after:
                getattr(self._client, operation)(**asked)
            raise Killed

        return call


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_every_step_it_converges(
    real_table: Table, amy: Member, after: bool
) -> None:
    """For every k: die at the k-th storage call of the deletion of a contact with 120
    children, then resume: nothing left, exact counts, one receipt."""
    steps = 0
    while True:
        steps += 1
        contact = add(real_table, amy)
        counts = pour(real_table, amy, contact, 115)
        for _ in range(5):
            body = {"content": "x"}
            notes.add(real_table, amy, contact.id, body=body, now=NOW)
        counts["notes"] = 5
        mortal = Mortal(real_table._client, steps, after)
        try:
            delete(Table(mortal, real_table._name), amy, contact.id)
        except Killed:
            began = "deletion_id" in (
                real_table.get(keys.contact(amy, contact.id)) or {}
            )
            if not began and not after and steps == 1:
                delete(real_table, amy, contact.id)
            cascade.resume(real_table, now=NOW, budget=Budget(20))
            assert_gone(real_table, amy, contact.id, counts)
        else:
            assert_gone(real_table, amy, contact.id, counts)
            break
    assert steps > 8  # fence, queries, five batches, the end


def test_two_workers_on_one_deletion_are_harmless(
    real_table: Table, amy: Member
) -> None:
    """The console, the schedule and a request may all go on with it at once."""
    for _ in range(10):
        contact = add(real_table, amy, **FULL)
        counts = fill(real_table, amy, contact.id, talks=1, says=40, noted=5)
        delete(real_table, amy, contact.id, seconds=0)
        workers: list[Callable[[], Any]] = [
            lambda it=contact.id: delete(real_table, amy, it),
            lambda it=contact.id: delete(real_table, amy, it),
            lambda: cascade.resume(real_table, now=NOW, budget=Budget(20)),
        ]
        with ThreadPoolExecutor(3) as threads:
            outcomes = [threads.submit(worker) for worker in workers]
        for outcome in outcomes:
            error = outcome.exception()
            assert error is None or isinstance(error, ContactNotFound)
        assert_gone(real_table, amy, contact.id, counts)


def test_no_write_slips_past_the_fence(real_table: Table, amy: Member) -> None:
    """2,000 writes of children, patches and status changes race 250 deletions: each
    that succeeded came before the fence and is in the receipt, each later one got
    404."""

    def note(contact_id: str, _: str) -> str:
        body = {"content": "x"}
        notes.add(real_table, amy, contact_id, body=body, now=NOW)
        return "notes"

    def start(contact_id: str, _: str) -> str:
        body = {"channel": "sms"}
        conversations.start(real_table, amy, contact_id, body=body, now=NOW)
        return "conversations"

    def message(contact_id: str, chat: str) -> str:
        body = {
            "direction": "inbound",
            "content": "x",
            "external_id": str(random.random()),
        }
        conversations.receive(real_table, amy, contact_id, chat, body=body, now=NOW)
        return "messages"

    def patch(contact_id: str, _: str) -> str:
        body = {"phone": f"+49151{random.randrange(10**7, 10**8)}"}
        contacts.change(real_table, amy, contact_id, body=body, now=NOW)
        return ""

    def status(contact_id: str, _: str) -> str:
        body = {"lead_status": "lost"}
        contacts.set_status(real_table, amy, contact_id, body=body, now=NOW)
        return ""

    def attempt(write: Callable[[str, str], str], contact_id: str, chat: str) -> str:
        time.sleep(random.uniform(0, 0.02))
        try:
            return write(contact_id, chat)
        except ContactNotFound:
            return "refused"

    def late_delete(contact_id: str) -> Any:
        time.sleep(random.uniform(0, 0.02))
        return delete(real_table, amy, contact_id)

    outcomes: list[str] = []
    writes = (note, start, message, patch, status, note, message, message)
    with ThreadPoolExecutor(len(writes) + 1) as threads:
        for _ in range(250):
            contact = add(
                real_table, amy, phone=f"+49151{random.randrange(10**7, 10**8)}"
            )
            chat = conversations.start(
                real_table, amy, contact.id, body={"channel": "sms"}, now=NOW
            ).id
            done = threads.submit(late_delete, contact.id)
            raced = list(
                threads.map(lambda w: attempt(w, contact.id, chat), writes)  # noqa: B023
            )
            outcomes += raced
            expected = {
                name: raced.count(name)
                for name in ("conversations", "messages", "notes")
            }
            expected["conversations"] += 1
            assert done.result().deleted == expected
            assert mentions_of(real_table, amy, contact.id) == 1
    assert len(outcomes) == 2000
    assert min(outcomes.count("refused"), 2000 - outcomes.count("refused")) > 100


def mentions_of(table: Table, who: Member, contact_id: str) -> int:
    """What is left of a contact, without walking the whole table: its receipt is 1."""
    checked = leftovers.check(table, who, contact_id, now=NOW)
    return int(checked["total"]) + (checked["deletion"]["status"] == "done")


class Throttled:
    """The real client; 30 % of the calls are throttled, of each batch half comes
    back."""

    def __init__(self, client: Any) -> None:
        self._client, self._random, self.throttled = client, random.Random(7), 0

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            if self._random.random() < 0.3:
                self.throttled += 1
                code = "ProvisionedThroughputExceededException"
                raise ClientError({"Error": {"Code": code, "Message": ""}}, operation)
            if operation != "batch_write_item":
                return getattr(self._client, operation)(**asked)
            ((name, requests),) = asked["RequestItems"].items()
            half = len(requests) // 2
            asked["RequestItems"] = {name: requests[half:]}
            answer = self._client.batch_write_item(**asked)
            back = {name: requests[:half]} if half else {}
            return answer | {"UnprocessedItems": back}

        return call


def test_throttled_it_finishes_with_nothing_left(
    real_table: Table, amy: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Throttling and unprocessed items cost time, never an item. (A throttled read is
    Busy for one request; asking again goes on.)"""
    monkeypatch.setattr(budget, "WAIT_SECONDS", 0.001)
    monkeypatch.setattr(budget, "WAIT_MOST", 0.005)
    contact = add(real_table, amy, **FULL)
    counts = fill(real_table, amy, contact.id, talks=3, says=200, noted=50)
    client = Throttled(real_table._client)
    cascade_table = Table(client, real_table._name)
    receipt = delete(cascade_table, amy, contact.id)
    assert receipt.deleted == counts
    assert client.throttled > 10
    assert_gone(real_table, amy, contact.id, counts)


@pytest.mark.parametrize("body", [{}, FULL])
def test_a_late_worker_changes_nothing(
    table: Table, eagle: Member, body: dict[str, Any]
) -> None:
    """Who comes to the last step after another has done it answers with the receipt
    that is there, and writes none of its own."""
    contact = add(table, eagle, **body)

    def faster() -> None:
        delete(table, eagle, contact.id)
        again.append(add(table, eagle, **FULL))  # the phone is in use again at once

    again: list[Contact] = []
    slow = while_another(table, "transact_write_items", faster)
    late = cascade.delete(
        slow, eagle, contact.id, now=NOW + timedelta(hours=1), budget=Budget(20)
    )
    assert late == cascade.receipt(table, eagle, late.id, now=NOW)
    assert late.finished_at is not None
    assert late.finished_at < "2026-01-02T03:05"
    assert contacts.get(table, eagle, again[0].id) == again[0]
    with pytest.raises(PhoneTaken):
        add(table, eagle, **FULL)


class Liar:
    """The real client; it says of its first batches that they are done, and does
    nothing."""

    def __init__(self, client: Any) -> None:
        self._client, self._lies = client, 3

    def __getattr__(self, operation: str) -> Any:
        if operation == "batch_write_item" and self._lies:
            self._lies -= 1
            return lambda **_: {"UnprocessedItems": {}, "ConsumedCapacity": []}
        return getattr(self._client, operation)


def test_the_parent_goes_when_a_query_finds_no_child(
    real_table: Table, amy: Member
) -> None:
    """Not what was sent counts, but what is there: the last step follows a consistent
    query that found nothing."""
    contact = add(real_table, amy)
    counts = pour(real_table, amy, contact, 100)
    liar = Table(Liar(real_table._client), real_table._name)
    assert delete(liar, amy, contact.id).status == "done"
    assert_gone(real_table, amy, contact.id, counts)


def test_a_spent_budget_says_where_it_stands(table: Table, eagle: Member) -> None:
    """Running at first, from the fence on invisible; asking again ends it."""
    contact = add(table, eagle, **FULL)
    counts = fill(table, eagle, contact.id, talks=1, says=4, noted=2)
    running = delete(table, eagle, contact.id, seconds=0)
    assert (running.status, running.deleted) == ("running", counts)
    assert running.finished_at is None
    assert cascade.receipt(table, eagle, running.id, now=NOW) == running
    with pytest.raises(ContactNotFound):
        contacts.get(table, eagle, contact.id)
    assert search.contacts(table, eagle, search.Wanted(9)) == ([], None)
    outcome = cascade.resume(table, now=NOW, budget=Budget(0))
    assert outcome == {"done": 0, "running": 1}
    done = delete(table, eagle, contact.id)
    assert done.started_at == running.started_at
    assert cascade.receipt(table, eagle, running.id, now=NOW) == done
    outcome = cascade.resume(table, now=NOW, budget=Budget(20))
    assert outcome == {"done": 0, "running": 0}


def test_a_store_that_is_busy_after_the_fence_is_a_running_deletion(
    table: Table, eagle: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has begun: the answer is not that it was refused."""
    monkeypatch.setattr(budget, "WAIT_SECONDS", 0)
    contact = add(table, eagle)

    class NoQueries:
        def query(self, **_: Any) -> Any:
            code = "ThrottlingException"
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "Query")

        def __getattr__(self, operation: str) -> Any:
            return getattr(table._client, operation)

    busy = Table(NoQueries(), table._name)
    assert delete(busy, eagle, contact.id).status == "running"
    assert delete(table, eagle, contact.id).status == "done"


def test_one_that_breaks_does_not_stop_the_others(table: Table, eagle: Member) -> None:
    """The oldest cannot be read: the younger ones are finished, and its error is
    told."""
    ids = [add(table, eagle).id for _ in range(3)]
    for contact_id in ids:
        delete(table, eagle, contact_id, seconds=0)
    counters = Change(set={"note_count": None})
    broken = keys.contact(eagle, min(ids))
    table.update(broken, counters, keys.EXISTS)
    with pytest.raises(KeyError, match="note_count"):
        cascade.resume(table, now=NOW, budget=Budget(20))
    left = table.query(keys.DELETING, limit=9).items
    assert [item["sk"] for item in left] == [min(ids)]


def test_every_open_deletion_is_resumed(table: Table, eagle: Member) -> None:
    """Of every workspace, in one run."""
    ids = [add(table, eagle).id for _ in range(3)]
    for contact_id in ids:
        fill(table, eagle, contact_id, talks=1, says=2, noted=1)
        delete(table, eagle, contact_id, seconds=0)
    outcome = cascade.resume(table, now=NOW, budget=Budget(20))
    assert outcome == {"done": 3, "running": 0}
    for contact_id in ids:
        counts = {"conversations": 1, "messages": 2, "notes": 1}
        assert_gone(table, eagle, contact_id, counts)


def test_an_expired_receipt_is_not_shown(table: Table, eagle: Member) -> None:
    """DynamoDB's TTL lags by up to two days; the 90 days hold all the same."""
    contact = add(table, eagle)
    receipt = delete(table, eagle, contact.id)
    late = NOW + cascade.RECEIPT_KEPT
    with pytest.raises(cascade.DeletionNotFound):
        cascade.receipt(table, eagle, receipt.id, now=late)


def test_a_large_history_goes_in_steps_with_flat_memory(
    real_table: Table, amy: Member
) -> None:
    """50,000 messages: the first answer comes within the deadline and says running,
    others are answered meanwhile, memory grows by less than 20 MB."""
    contact, other = add(real_table, amy), add(real_table, amy)
    counts = pour(real_table, amy, contact, 50_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    status = delete(real_table, amy, contact.id, seconds=1).status
    assert status == "running"
    assert time.monotonic() - began < 3
    with ThreadPoolExecutor(1) as threads:
        finishing = threads.submit(
            cascade.resume, real_table, now=NOW, budget=Budget(120)
        )
        waited = []
        while not finishing.done():
            asked = time.monotonic()
            assert contacts.get(real_table, amy, other.id) == other
            waited.append(time.monotonic() - asked)
            time.sleep(0.05)
    assert finishing.result() == {"done": 1, "running": 0}
    assert max(waited) < 2
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20_000, f"{grown} KB"
    assert leftovers.check(real_table, amy, contact.id, now=NOW)["total"] == 0
    receipt = cascade.receipt(
        real_table, amy, items.keys.deletion(amy, "del_" + contact.id[4:]).sk, now=NOW
    )
    assert receipt.deleted == counts


def test_the_oldest_open_deletion_is_known_by_its_age(
    table: Table, eagle: Member
) -> None:
    """What the alarm reads: 0 when none is open, else the seconds since its fence."""
    later = NOW + timedelta(hours=2)
    assert cascade.oldest_open_seconds(table, now=later) == 0
    one = add(table, eagle)
    delete(table, eagle, one.id, seconds=0)
    assert cascade.oldest_open_seconds(table, now=later) == 7200
    cascade.resume(table, now=later, budget=Budget(20))
    assert cascade.oldest_open_seconds(table, now=later) == 0
