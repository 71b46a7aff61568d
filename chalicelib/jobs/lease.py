"""One worker at a time: whoever comes (the request, the schedule, the operator) takes
the lease of a piece of work and goes on from its last checkpoint.

A lease is three attributes of the item that the work is about. While it is held, the
item is due when the lease ends: a worker that dies is followed by another, from the
same list. Nothing here is needed for correctness, which conditions hold: two workers
at once do no harm, they only do things twice.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.base.budget import Budget
from chalicelib.model.clock import timestamp
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Change
from chalicelib.storage.items import Item
from chalicelib.storage.table import Refused, Table

HELD = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Work:
    """What is worked on, when it began, and how long it may take."""

    key: keys.Key
    began: datetime
    budget: Budget
    worker: str

    @property
    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.budget.spent())

    def held(self) -> Item:
        """The attributes of an item whose lease this worker holds."""
        until = timestamp(self.now + HELD)
        lease = {"lease": self.worker, "lease_until": until}
        return lease | keys.listed_as_due(until, self.key.sk)


def work_on(key: keys.Key, now: datetime, budget: Budget) -> Work:
    return Work(key, now, budget, uuid.uuid4().hex)


def take(table: Table, work: Work) -> tuple[bool, Item | None]:
    """Whether this worker has the lease now, and the item as it lies there."""
    free = conditions.lease_free(work.worker, timestamp(work.now))
    try:
        where = conditions.IS_DUE & free
        return True, table.update(work.key, Change(set=work.held()), where)
    except Refused as refused:
        return False, refused.item


def keep(table: Table, work: Work, add: Mapping[str, int]) -> bool:
    """A checkpoint: says how far the work is, and whether it is still this worker's."""
    return _write(table, work, Change(set=work.held(), add=add))


def give_back(
    table: Table,
    work: Work,
    due: datetime | None = None,
    add: Mapping[str, int] | None = None,
) -> bool:
    """Work that is not finished: the next one may take it, from this time on."""
    at = timestamp(due or work.now)
    free: dict[str, Any] = {"lease": None, "lease_until": None}
    change = Change(set=free | keys.listed_as_due(at, work.key.sk), add=add or {})
    return _write(table, work, change)


def finish(table: Table, work: Work) -> bool:
    """Nothing is due here any more; the item stays."""
    free: dict[str, Any] = {"lease": None, "lease_until": None, **keys.NOT_DUE}
    return _write(table, work, Change(set=free))


def _write(table: Table, work: Work, change: Change) -> bool:
    try:
        table.update(work.key, change, conditions.lease_of(work.worker))
    except Refused:
        return False
    return True
