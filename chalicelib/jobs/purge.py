"""The delete: fence > children in batches > parent last > a second look.

(a) The fence is one transaction that marks the contact as being deleted and takes it
out of every place where it could be found, into the list of what has gone: from then on
every read says 404, every write of it or of a child is refused, and its phone and
e-mail are free. (b) The children go in batches, several in flight, until a consistent
query finds none. (c) The contact goes and the receipt comes in one last transaction.
(d) A minute later somebody looks at the partition once more: a query is only
read-committed against a transaction under way (AWS Developer Guide), so a child that
was committed just before the fence may show a moment after the last walk.

It is bounded by a budget and can stop between any two storage calls; whoever comes
next goes on with what is left. The counts of the receipt are those of the fenced
contact, so they are exact however often it stopped.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from time import sleep
from typing import Any

from chalicelib.base import log
from chalicelib.base.budget import Budget, waits
from chalicelib.commit import once, places, whole
from chalicelib.commit.once import Once
from chalicelib.jobs import lease, partition
from chalicelib.jobs.lease import Work
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import (
    Busy,
    ContactNotFound,
    DeletionNotFound,
    VersionMismatch,
)
from chalicelib.model.ids import contact_of, deletion_id
from chalicelib.model.words import Contact, Deletion, Member
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import (
    Change,
    ConditionCheck,
    Delete,
    Put,
    Step,
    Update,
)
from chalicelib.storage.items import Item
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

Versions = tuple[int, ...] | None

RECEIPT_KEPT = timedelta(days=90)
SECOND_LOOK = timedelta(seconds=60)  # after the end; longer than any transaction takes


def delete(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    now: datetime,
    budget: Budget,
    versions: Versions = None,
    intent: Once | None = None,
) -> Deletion:
    """The receipt, "done", or "running" when the budget was spent before the end, or
    somebody else is at it: asking again goes on. Raises ContactNotFound,
    VersionMismatch."""
    access.allow(member, "write")
    work = lease.work_on(keys.contact(member, contact_id), now, budget)

    def write() -> Deletion:
        if _fence(table, member, work, versions, intent):
            return _go_on(table, member, work)
        return go_on(table, member, work) or receipt_of(table, member, work)

    def again(answer: Any) -> Deletion:  # as it stands now
        go_on(table, member, work)
        return receipt(table, member, answer["deletion"], now=now)

    return once.only(table, member, intent, write, again)


def go_on(table: Table, member: Member, work: Work) -> Deletion | None:
    """Goes on with a deletion that has begun; None when there is none, or somebody else
    is at it."""
    taken, item = lease.take(table, work)
    return _go_on(table, member, work) if taken and item else None


def receipt_of(table: Table, member: Member, work: Work) -> Deletion:
    """How the deletion of a contact stands; raises DeletionNotFound."""
    wanted = deletion_id(work.key.sk)
    return receipt(table, member, wanted, now=work.now)


def receipt(table: Table, member: Member, wanted: str, *, now: datetime) -> Deletion:
    """A deletion, running or done; raises DeletionNotFound."""
    access.allow(member, "read")
    places = [
        keys.deletion(member, wanted),
        keys.contact(member, contact_of(wanted)),
    ]
    # A BatchGetItem is no snapshot: it may see neither the end nor what was before it.
    # The receipt outlives the contact, so the second look finds it.
    for _ in range(2):
        done, contact = table.get_many(places)
        # DynamoDB removes what has expired only within about two days.
        if done and done["expires_at"] > now.timestamp():
            return items.receipt(done)
        if contact and "deletion_id" in contact:
            return items.running_deletion(contact)
    raise DeletionNotFound


def look_again(table: Table, member: Member, work: Work) -> bool:
    """The second look at the partition of a contact that has gone: what is there is
    removed and reported. Whether it has come to its end."""
    taken, _ = lease.take(table, work)
    if not taken:
        return False
    run = keys.children(member, contact_of(work.key.sk))
    if late := table.query(run, limit=1, keys_only=True).items:
        log.error("orphans", deletion=work.key.sk, workspace=member.workspace.id)
    ended = not late or partition.empty(table, run, work.budget, lambda _: True)[0]
    if ended:
        return lease.finish(table, work)
    lease.give_back(table, work)
    return False


def _fence(
    table: Table, member: Member, work: Work, versions: Versions, intent: Once | None
) -> bool:
    """Whether this worker has put up the fence, and with it has the lease; False when
    somebody had asked before. Raises ContactNotFound, VersionMismatch."""
    for wait in waits():
        (item,) = table.get_many([work.key])
        if item is None:
            raise ContactNotFound
        fenced = "deletion_id" in item
        if not fenced:
            _require_version(table, member, item, versions)
        answer = {"deletion": deletion_id(work.key.sk)}
        kept = once.steps(member, intent, answer)
        try:
            if fenced and kept:
                once.send(table, kept | _stays_fenced(work))
            elif not fenced:
                once.send(table, kept | _put_up(member, work, item))
            return not fenced
        except Refused:
            sleep(wait)  # it has moved, or gone: the next read says which
    raise Busy


def _put_up(member: Member, work: Work, item: Item) -> dict[str, Step]:
    contact = items.contact(item, None)
    at = timestamp(work.began)
    marks = {
        "deletion_id": deletion_id(contact.id),
        "deletion_started_at": at,
        "deletion_requested_by": member.user_id,
        "gone": 0,
        **items.unlisted(member, contact.id, at),
        **work.held(),
    }
    where = conditions.ALIVE & conditions.version_is(contact.version)
    fence: dict[str, Step] = {"contact": Update(work.key, Change(set=marks), where)}
    return fence | places.moved(member, contact, None)


def _stays_fenced(work: Work) -> dict[str, Step]:
    where = conditions.being_deleted_as(deletion_id(work.key.sk))
    return {"contact": ConditionCheck(work.key, where)}


def _require_version(
    table: Table, member: Member, item: Item, versions: Versions
) -> None:
    if versions is not None and int(item["version"]) not in versions:
        current: Contact = whole.living(table, member, item["sk"])
        raise VersionMismatch(current=current)


def _go_on(table: Table, member: Member, work: Work) -> Deletion:
    """With the lease: the children, then the contact itself."""
    fenced = table.get(work.key)  # counters as they were fenced: no child came since
    if fenced is None or "deletion_id" not in fenced:
        return receipt_of(table, member, work)
    running = items.running_deletion(fenced)
    run = keys.children(member, running.contact_id)
    before = running.progress or 0

    def checkpoint(more: int) -> bool:
        nonlocal before
        before += more
        return lease.keep(table, work, {"gone": more})

    try:
        empty, gone = partition.empty(table, run, work.budget, checkpoint)
        if empty:
            return _finish(table, member, work, running)
        lease.give_back(table, work, add={"gone": gone})
    except Busy:  # it has begun, and whoever comes next goes on
        return running
    return replace(running, progress=before + gone)


def _finish(table: Table, member: Member, work: Work, running: Deletion) -> Deletion:
    done = items.finished(running, timestamp(work.now))
    mine = conditions.being_deleted_as(done.id) & conditions.lease_of(work.worker)
    expires_at = int((work.now + RECEIPT_KEPT).timestamp())
    due = keys.listed_as_due(timestamp(work.now + SECOND_LOOK), done.id)
    item = items.receipt_item(member, done, expires_at) | due
    try:
        table.transact({"contact": Delete(work.key, mine), "receipt": Put(item)})
    except Refused:  # another worker was faster; its receipt is the one
        return receipt_of(table, member, work)
    return done
