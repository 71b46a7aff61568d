"""A member leaves, or is removed: the membership is closed at once, so that nobody can
be let in or assigned by it; what was assigned to him is handed over; then it goes.

The contacts are those that the search term of the assignee lists, in chunks. When none
is listed any more a minute has to pass since the closing, and the list is read again:
an assignment that was under way may show late (purge.py says why)."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from chalicelib.base.budget import PATIENCE_SECONDS, Budget, patience
from chalicelib.commit import commit
from chalicelib.commit.commit import Edit
from chalicelib.commit.once import Once
from chalicelib.jobs import lease
from chalicelib.jobs.lease import Work
from chalicelib.model.errors import ContactNotFound
from chalicelib.model.words import Contact, Member
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Delete, Step
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import members

CHUNK = 25  # contacts, then a checkpoint
LOOKED_AGAIN = timedelta(seconds=60)  # after the closing; no request takes as long


def remove(
    table: Table,
    member: Member,
    user_id: str,
    *,
    now: datetime,
    budget: Budget,
    intent: Once | None = None,
) -> None:
    """The member is out at once, and what was assigned to him is assigned to nobody, or
    will be soon. Raises MemberNotFound, LastOwner, Forbidden."""
    members.close(table, member, user_id, now=now, intent=intent)
    place = keys.membership(member.workspace.id, user_id)
    go_on(table, member, lease.work_on(place, now, budget))


def go_on(table: Table, member: Member, work: Work) -> bool:
    """Goes on with the handing over; whether it has come to its end."""
    taken, membership = lease.take(table, work)
    if not taken or membership is None:
        return False
    if "closed_at" not in membership:  # added again meanwhile
        return lease.finish(table, work)
    if not _hand_over(table, member, work):
        lease.give_back(table, work)
        return False
    return _end(table, member, work, datetime.fromisoformat(membership["closed_at"]))


def _hand_over(table: Table, member: Member, work: Work) -> bool:
    user_id = keys.user_of(work.key.sk)
    run = keys.found_by(member, f"a:{user_id}")
    while work.budget.left() > 0:
        listed = table.query(run, limit=CHUNK, keys_only=True).items
        if not listed:
            return True
        for entry in listed:
            # By its own time, and soon: verbs/changes.py tells by it.
            clear = Edit("changed", partial(_cleared, user_id=user_id), work.now)
            try:
                with patience(PATIENCE_SECONDS):
                    commit.change(table, member, entry["sk"], clear)
            except ContactNotFound:  # deleted meanwhile, and its terms with it
                continue
        if not lease.keep(table, work, {}):
            return False
    return False


def _cleared(contact: Contact, *, user_id: str) -> Contact:
    mine = contact.assigned_to == user_id
    return replace(contact, assigned_to=None) if mine else contact


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
