"""A member leaves, or is removed: the membership is closed at once, so that nobody can
be let in or assigned by it; what was assigned to him is handed over, to another member
or to nobody; then it goes.

The contacts are those that the search term of the assignee lists, in chunks. When none
is listed any more a minute has to pass since the closing, and the list is read again:
an assignment that was under way may show late (purge.py says why). The closed
membership says who has asked, who gets it, and which job tells how far it is: so
whoever comes goes on in the same way."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.base.budget import PATIENCE_SECONDS, Budget, patience
from chalicelib.commit import commit, once
from chalicelib.commit.commit import Edit
from chalicelib.commit.membership import Going
from chalicelib.commit.once import Once
from chalicelib.jobs import lease
from chalicelib.jobs.lease import Work
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import ContactNotFound, InvalidFields, JobNotFound
from chalicelib.model.ids import new_id
from chalicelib.model.words import Contact, Job, Member
from chalicelib.storage import conditions, job_items, keys
from chalicelib.storage.expressions import Change, Delete, Step
from chalicelib.storage.items import Item
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access, assignments, members

CHUNK = 25  # contacts, then a checkpoint
AT_ONCE = 50  # contacts; more are a job
MOST_COUNTED = 20_000  # contacts; a job of more finds out on its way
LOOKED_AGAIN = timedelta(seconds=60)  # after the closing; no request takes as long


def remove(
    table: Table,
    member: Member,
    user_id: str,
    *,
    now: datetime,
    budget: Budget,
    assign_to: str | None = None,
    intent: Once | None = None,
) -> Job | None:
    """The member is out at once, and what was assigned to him is handed over, or will
    be soon; the job that tells how far it is, where it is much. Raises MemberNotFound,
    LastOwner, Forbidden, and InvalidRequest that names `assign_to`."""
    if member.role == access.GUEST and intent:  # he has left, and asks again
        said = once.recall(table, member, intent)
        return _found(table, member, said.answer, now) if said and said.answer else None
    going = Going(assign_to, _asked_for(table, member, user_id, now))
    job_id = members.close(table, member, user_id, now=now, going=going, intent=intent)
    place = keys.membership(member.workspace.id, user_id)
    go_on(table, member, lease.work_on(place, now, budget))
    return job(table, member, job_id, now=now) if job_id else None


def go_on(table: Table, member: Member, work: Work) -> bool:
    """Goes on with the handing over; whether it has come to its end."""
    taken, membership = lease.take(table, work)
    if not taken or membership is None:
        return False
    if "closed_at" not in membership:  # added again meanwhile
        return lease.finish(table, work)
    # Told as done by who has asked, whoever comes.
    asked_by = access.acting_as(member, membership.get("closed_by", member.user_id))
    if not _hand_over(table, asked_by, work, membership):
        lease.give_back(table, work)
        return False
    return _end(table, member, work, datetime.fromisoformat(membership["closed_at"]))


def job(table: Table, member: Member, job_id: str, *, now: datetime) -> Job:
    """How far a handing over is; raises JobNotFound."""
    access.allow(member, "read")
    return _found(table, member, job_id, now)


def _found(table: Table, member: Member, job_id: str, now: datetime) -> Job:
    item = table.get(keys.job(member, job_id))
    # DynamoDB removes what has expired only within about two days.
    if item is None or item["expires_at"] <= now.timestamp():
        raise JobNotFound
    found = job_items.job(item)
    if found.state != "running":
        return found
    membership = table.get(keys.membership(member.workspace.id, item["about"]))
    if membership and membership.get("job_id") == job_id:
        return found
    # It goes when all is handed over: that may have been between the two reads.
    found = job_items.job(table.get(keys.job(member, job_id)) or item)
    if found.state != "running":
        return found
    # Added again before the end: what was left has stayed with him.
    ended = (membership or {}).get("created_at", found.started_at)
    return replace(found, state="cancelled", finished_at=ended)


def _asked_for(table: Table, member: Member, user_id: str, now: datetime) -> Job | None:
    """The job of what is too much to be done at once."""
    found = assignments.count(table, member, user_id, most=MOST_COUNTED)
    if found.contacts <= AT_ONCE:
        return None
    return Job(
        id=new_id("job", now),
        kind="handover",
        state="running",
        total=found.contacts,
        done=0,
        counts={},
        requested_by=member.user_id,
        created_at=timestamp(now),
        started_at=timestamp(now),
        finished_at=None,
    )


def _hand_over(
    table: Table, member: Member, work: Work, closed: Mapping[str, Any]
) -> bool:
    """Whether nothing is left that was assigned to him."""
    user_id, heir = keys.user_of(work.key.sk), _heir(table, member, closed)
    run = keys.found_by(member, f"a:{user_id}")
    while work.budget.left() > 0:
        listed = table.query(run, limit=CHUNK, keys_only=True).items
        if not listed:
            _told(table, member, closed, work, None)
            return True
        for entry in listed:
            give = partial(_give, table, member, entry["sk"], user_id, work.now)
            try:
                give(heir)
            except InvalidFields:  # the heir has left meanwhile: to nobody
                heir = None
                give(heir)
        _told(table, member, closed, work, len(listed))
        if not lease.keep(table, work, {}):
            return False
    return False


def _heir(table: Table, member: Member, closed: Mapping[str, Any]) -> str | None:
    """Who gets it: one who has left meanwhile does not, though he came again."""
    user_id = closed.get("assign_to")
    if user_id is None:
        return None
    item = table.get(keys.membership(member.workspace.id, user_id))
    if item is None or "closed_at" in item:
        return None
    return None if item["created_at"] > closed["closed_at"] else str(user_id)


def _give(
    table: Table,
    member: Member,
    contact_id: str,
    user_id: str,
    now: datetime,
    heir: str | None,
) -> None:
    # By its own time, and soon: verbs/changes.py tells by it.
    move = Edit("changed", partial(_moved, user_id=user_id, heir=heir), now)
    # Deleted meanwhile, it has nothing left to give, and is listed no more.
    with patience(PATIENCE_SECONDS), suppress(ContactNotFound):
        commit.change(table, member, contact_id, move)


def _moved(contact: Contact, *, user_id: str, heir: str | None) -> Contact:
    mine = contact.assigned_to == user_id
    return replace(contact, assigned_to=heir) if mine else contact


def _told(
    table: Table,
    member: Member,
    closed: Mapping[str, Any],
    work: Work,
    more: int | None,
) -> None:
    """Tells in the job, if there is one, how far it is; None more: it is done."""
    if "job_id" not in closed:
        return
    place = keys.job(member, closed["job_id"])
    item = table.get(place)
    if item is None or item["state"] != "running":
        return
    total, done = int(item["total"]), int(item["done"]) + (more or 0)
    told: Item = {"done": done, "total": max(total, done)}
    if more is None:  # also what was deleted meanwhile, or counted by one who died
        told = {"done": total, "state": "done", "finished_at": timestamp(work.now)}
    with suppress(Refused):
        table.update(place, Change(set=told), conditions.STILL_RUNNING)


def _end(table: Table, member: Member, work: Work, closed_at: datetime) -> bool:
    if work.now < closed_at + LOOKED_AGAIN:
        lease.give_back(table, work, closed_at + LOOKED_AGAIN)
        return False
    user_id = keys.user_of(work.key.sk)
    steps: dict[str, Step] = {
        door: Delete(keys.membership(door, user_id), conditions.LEFT)
        for door in keys.doors(member.workspace)
    }
    try:
        table.transact(steps)
    except Refused:  # added again in this moment
        return lease.finish(table, work)
    return True
