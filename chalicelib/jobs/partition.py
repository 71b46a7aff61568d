"""Empties a partition: in batches, several in flight, until a consistent query finds
nothing. Bounded by a budget and by what is held in memory; what it had no time for is
still there."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from chalicelib.base.budget import Budget
from chalicelib.storage import keys
from chalicelib.storage.shapes import Page
from chalicelib.storage.table import BATCH_WRITE, Table

T = TypeVar("T")
Flying = set["Future[int]"]

IN_FLIGHT = 16  # batches at a time: bench/cascade.py says why
LISTED = 1000  # keys a query, and a checkpoint: what is in memory at once


def empty(
    table: Table, run: keys.Range, budget: Budget, checkpoint: Callable[[int], bool]
) -> tuple[bool, int]:
    """Whether nothing is left, and how many items are gone since the last checkpoint,
    which is asked after each thousand whether to go on. A walk that found something is
    followed by another: not what was sent counts, but what is there."""
    gone = 0
    with ThreadPoolExecutor(IN_FLIGHT + 1) as threads:
        while budget.left() > 0:
            flying: Flying = set()
            sent = 0
            for batch in _batches(threads, table, run):
                sent += 1
                flying.add(_submit(threads, partial(_delete, table, batch, budget)))
                gone += _land(flying, IN_FLIGHT)
                if gone >= LISTED:
                    if not checkpoint(gone):
                        return False, 0
                    gone = 0
                if budget.left() <= 0:
                    break
            gone += _land(flying, 1)
            if not sent:
                return True, gone
    return False, gone


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


def _delete(table: Table, batch: list[keys.Key], budget: Budget) -> int:
    return len(batch) if table.delete_batch(batch, budget.left) else 0


def _submit(threads: ThreadPoolExecutor, call: Callable[[], T]) -> "Future[T]":
    # The copied context carries the request's cost meter into the thread.
    return threads.submit(copy_context().run, call)


def _land(flying: Flying, fewer_than: int) -> int:
    """Waits until fewer are in flight; how many items those that landed have removed.
    Raises what one of them raised."""
    gone = 0
    while len(flying) >= fewer_than:
        landed, _ = wait(flying, return_when=FIRST_COMPLETED)
        flying -= landed
        gone += sum(one.result() for one in landed)
    return gone
