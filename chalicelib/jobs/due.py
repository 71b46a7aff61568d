"""Walks the list of what somebody must look at, and goes on with each: deletions under
way, second looks, members who leave, statuses that close. The schedule does it, and the
operator; each entry names an item, and its kind says who goes on with it."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from chalicelib.base.budget import Budget
from chalicelib.jobs import handover, lease, purge, statuses
from chalicelib.jobs.lease import Work
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import WorkspaceNotFound
from chalicelib.model.words import Member
from chalicelib.storage import items, keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access

Job = Callable[[Table, Member, Work], object]
Outcome = dict[str, dict[str, int]]

# By what the sort key of the item begins with: what it is called, and who goes on.
KINDS: dict[str, tuple[str, Job]] = {
    "con_": ("deletions", lambda *work: _status(purge.go_on(*work))),
    "del_": ("second_looks", purge.look_again),
    keys.MEMBER: ("handovers", handover.go_on),
    "workspace": ("statuses", statuses.go_on),
}
LISTED = 100  # entries a query


def go_on(table: Table, *, now: datetime, budget: Budget) -> Outcome:
    """Goes on with all that is due; says of each kind how many came to their end and
    how many did not. One that breaks does not stop the others: its error is raised at
    the end."""
    outcome: Outcome = {name: {"done": 0, "running": 0} for name, _ in KINDS.values()}
    broken: list[Exception] = []
    for place in _listed(table, now):
        name, job = _kind(place)
        work = lease.work_on(place, now, budget)
        try:
            done = budget.left() > 0 and _one(table, job, work)
        except Exception as error:
            broken.append(error)
            continue
        outcome[name]["done" if done else "running"] += 1
    if broken:
        raise broken[0]
    return outcome


def oldest_open_seconds(table: Table, *, now: datetime) -> float:
    """How long the oldest deletion under way has been waiting; 0 when none is."""
    # Work that is going on stands in the list by the end of its lease.
    listed = _listed(table, now + 2 * lease.HELD)
    deletions = [place for place in listed if place.sk.startswith("con_")]
    fenced = [item for item in table.get_many(deletions) if item]
    began = [items.running_deletion(item).started_at for item in fenced]
    waited = [now - datetime.fromisoformat(time) for time in began]
    return max(waited, default=timedelta()).total_seconds()


def _one(table: Table, job: Job, work: Work) -> bool:
    try:
        # What a member has begun goes on in the workspace's name.
        member, inside = access.operator(table, work.key.pk)
    except WorkspaceNotFound:  # the index may be a moment behind
        return True
    return bool(job(inside, member, work))


def _status(deletion: object) -> bool:
    return getattr(deletion, "status", None) == "done"


def _kind(place: keys.Key) -> tuple[str, Job]:
    return next(kind for prefix, kind in KINDS.items() if place.sk.startswith(prefix))


def _listed(table: Table, until: datetime) -> Iterator[keys.Key]:
    """The places that are due, shard by shard; every worker in an order of its own, so
    that two of them do not follow each other."""
    for shard in random.sample(range(keys.SHARDS), keys.SHARDS):
        run, start, more = keys.due(shard, timestamp(until)), None, True
        while more:
            page = table.query(run, limit=LISTED, start=start)
            yield from (keys.Key(item["pk"], item["sk"]) for item in page.items)
            start, more = page.start, page.start is not None
