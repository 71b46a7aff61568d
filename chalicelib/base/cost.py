"""What was spent: storage calls, and the capacity units that DynamoDB reports."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any


@dataclass(slots=True)
class Cost:
    """Calls, read units, write units. DynamoDB reports none for a refused write."""

    calls: int = 0
    rcu: float = 0.0
    wcu: float = 0.0


_cost: ContextVar[Cost | None] = ContextVar("cost", default=None)
_lock = Lock()  # a cascade counts from several threads


@contextmanager
def metered() -> Iterator[Cost]:
    """Counts the calls made inside, in this context and in copies of it."""
    counted = Cost()
    token = _cost.set(counted)
    try:
        yield counted
    finally:
        _cost.reset(token)


def count_call() -> None:
    if cost := _cost.get():
        with _lock:
            cost.calls += 1


def count_capacity(is_read: bool, consumed: Any) -> None:
    """Adds a ConsumedCapacity: one, or a list of them. A transaction that is asked for
    again under its token writes nothing, and reports that it read."""
    cost = _cost.get()
    if cost is None:
        return
    for one in consumed if isinstance(consumed, list) else [consumed]:
        replayed = "WriteCapacityUnits" not in one and "ReadCapacityUnits" in one
        with _lock:
            if is_read or replayed:
                cost.rcu += one["CapacityUnits"]
            else:
                cost.wcu += one["CapacityUnits"]
