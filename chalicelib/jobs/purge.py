"""The delete: fence > children in batches > parent last.

(a) The fence is one conditional update that marks the contact as being deleted: from
then on every read says 404 and every write of it or of a child is refused. (b) The
children go in batches, several in flight, until a consistent query finds none. (c) The
contact, its claims and the receipt go and come in one last transaction.

It is bounded by a budget and can stop between any two storage calls; whoever runs it
again, from anywhere, also two at once, goes on with what is left. The counts of the
receipt are those of the fenced contact, so they are exact however often it stopped.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from chalicelib.base.budget import Budget
from chalicelib.commit import claims
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import (
    Busy,
    ContactNotFound,
    DeletionNotFound,
    VersionMismatch,
)
from chalicelib.model.ids import contact_of, deletion_id
from chalicelib.model.words import Deletion, Member
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import Change, Delete, Put
from chalicelib.storage.table import BATCH_WRITE, Page, Refused, Table
from chalicelib.verbs import access

T = TypeVar("T")

RECEIPT_KEPT = timedelta(days=90)
IN_FLIGHT = 16  # batches at a time: bench/cascade.py says why
LISTED = 1000  # keys a query: what is in memory at once


def delete(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    now: datetime,
    budget: Budget,
    versions: tuple[int, ...] | None = None,
) -> Deletion:
    """The receipt, "done", or "running" when the budget was spent before the end:
    asking again goes on. Raises ContactNotFound, VersionMismatch."""
    access.allow(member, "write")
    fenced = _fence(table, member, contact_id, now, versions)
    return _go_on(table, member, fenced, now, budget)


def resume(table: Table, *, now: datetime, budget: Budget) -> dict[str, int]:
    """Goes on with every deletion that is open, the oldest first; says how many were
    finished and how many are still running. One that breaks does not stop the others:
    its error is raised at the end."""
    counted = {"done": 0, "running": 0}
    broken: list[Exception] = []
    start, more = None, True
    while more:
        page = table.query(keys.DELETING, limit=100, start=start)
        for entry in page.items:
            try:
                status = _resume_one(table, entry, now, budget)
            except Exception as error:
                broken.append(error)
                continue
            if status:
                counted[status] += 1
        start, more = page.start, page.start is not None
    if broken:
        raise broken[0]
    return counted


def oldest_open_seconds(table: Table, *, now: datetime) -> float:
    """How long the oldest open deletion has been waiting; 0 when none is open."""
    for entry in table.query(keys.DELETING, limit=1).items:
        fenced = table.get(keys.Key(entry["pk"], entry["sk"]))
        if fenced:  # the index may be a moment behind
            began = datetime.fromisoformat(items.running_deletion(fenced).started_at)
            return (now - began).total_seconds()
    return 0.0


def receipt(table: Table, member: Member, wanted: str, *, now: datetime) -> Deletion:
    """A deletion, running or done; raises DeletionNotFound."""
    access.allow(member, "read")
    contact_id = contact_of(wanted)
    done, contact = table.get_many(
        [keys.deletion(member, wanted), keys.contact(member, contact_id)]
    )
    # DynamoDB removes what has expired only within about two days.
    if done and done["expires_at"] > now.timestamp():
        return items.receipt(done)
    if contact and "deletion_id" in contact:
        return items.running_deletion(contact)
    raise DeletionNotFound


def _fence(
    table: Table,
    member: Member,
    contact_id: str,
    now: datetime,
    versions: tuple[int, ...] | None,
) -> items.Item:
    where = conditions.ALIVE
    if versions is not None:
        where &= conditions.version_among(versions)
    marks = {
        "deletion_id": deletion_id(contact_id),
        "deletion_started_at": timestamp(now),
        "deletion_requested_by": member.user_id,
        **keys.listed_as_deleting(contact_id, timestamp(now)),
    }
    try:
        return table.update(keys.contact(member, contact_id), Change(set=marks), where)
    except Refused as refused:
        if refused.item is None:
            raise ContactNotFound from refused
        if "deletion_id" in refused.item:  # somebody has asked before: go on with it
            return refused.item
        raise VersionMismatch(current=items.contact(refused.item)) from refused


def _go_on(
    table: Table, member: Member, fenced: items.Item, now: datetime, budget: Budget
) -> Deletion:
    running = items.running_deletion(fenced)
    run = keys.children(member, running.contact_id)
    try:
        if not _remove_children(table, run, budget):
            return running
        finished_at = timestamp(now + timedelta(seconds=budget.spent()))
        return _finish(table, member, fenced, items.finished(running, finished_at), now)
    except Busy:  # it has begun, and whoever asks again goes on
        return running


def _remove_children(table: Table, run: keys.Range, budget: Budget) -> bool:
    """Whether nothing is left: a walk that found something is followed by another."""
    with ThreadPoolExecutor(IN_FLIGHT + 1) as threads:
        while budget.left() > 0:
            sent = 0
            flying: set[Future[bool]] = set()
            for batch in _batches(threads, table, run):
                sent += 1
                gone = partial(table.delete_batch, batch, budget.left)
                flying.add(_submit(threads, gone))
                flying = _land(flying, IN_FLIGHT)
                if budget.left() <= 0:
                    break
            _land(flying, 1)
            if not sent:
                return True
    return False


def _batches(
    threads: ThreadPoolExecutor, table: Table, run: keys.Range
) -> Iterator[list[keys.Key]]:
    """The keys of a run in batches; the next page is read while this one is deleted."""

    def read(start: dict[str, str] | None) -> "Future[Page]":
        ask = partial(table.query, run, limit=LISTED, start=start, keys_only=True)
        return _submit(threads, ask)

    coming: Future[Page] | None = read(None)
    while coming:
        page = coming.result()
        coming = read(page.start) if page.start else None
        found = [keys.Key(item["pk"], item["sk"]) for item in page.items]
        for first in range(0, len(found), BATCH_WRITE):
            yield found[first : first + BATCH_WRITE]


def _submit(threads: ThreadPoolExecutor, call: Callable[[], T]) -> "Future[T]":
    # The copied context carries the request's cost meter into the thread.
    return threads.submit(copy_context().run, call)


def _land(flying: "set[Future[bool]]", fewer_than: int) -> "set[Future[bool]]":
    """Waits until fewer are in flight; raises what one of them raised."""
    while len(flying) >= fewer_than:
        landed, flying = wait(flying, return_when=FIRST_COMPLETED)
        for one in landed:
            one.result()
    return flying


def _finish(
    table: Table, member: Member, fenced: items.Item, deletion: Deletion, now: datetime
) -> Deletion:
    contact_id = deletion.contact_id
    own = {name: fenced.get(name) for name in claims.KEY_OF}
    contact = keys.contact(member, contact_id)
    expires_at = int((now + RECEIPT_KEPT).timestamp())
    steps = {
        "contact": Delete(contact, conditions.being_deleted_as(deletion.id)),
        **claims.moved(member, contact_id, own, dict.fromkeys(own)),
        "receipt": Put(items.receipt_item(member, deletion, expires_at)),
    }
    try:
        table.transact(steps)
    except Refused:  # another worker was faster; its receipt is the one
        return receipt(table, member, deletion.id, now=now)
    return deletion


def _resume_one(
    table: Table, entry: items.Item, now: datetime, budget: Budget
) -> str | None:
    """How a listed deletion stands afterwards; None when it had ended meanwhile."""
    if budget.left() <= 0:
        return "running"
    fenced = table.get(keys.Key(entry["pk"], entry["sk"]))
    if fenced is None:  # the index may be a moment behind
        return None
    member = access.operator(table, entry["pk"])
    return _go_on(table, member, fenced, now, budget).status
