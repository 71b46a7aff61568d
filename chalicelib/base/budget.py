"""How long a piece of work may take. Long work is bounded and says where it stopped."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

PATIENCE_SECONDS = 15.0  # how long a write that meets others is tried, if nobody says
WAIT_SECONDS = 0.02  # the first wait's most; it doubles up to WAIT_MOST
WAIT_MOST = 0.4


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds from its making."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    began: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "began", self.clock())

    def spent(self) -> float:
        return self.clock() - self.began

    def left(self) -> float:
        return self.seconds - self.spent()


_patience: ContextVar[Budget | None] = ContextVar("patience", default=None)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Inside, all waits together end with this time: a request has one, not each of its
    calls. Within another it ends with that one, if not before."""
    outer = _patience.get()
    least = min(seconds, outer.left()) if outer else seconds
    token = _patience.set(Budget(least))
    try:
        yield
    finally:
        _patience.reset(token)


def waits(endless: bool = False) -> Iterator[float]:
    """Capped exponential backoff with full jitter (AWS Architecture Blog, 2015), while
    there is patience; at least one."""
    budget = _patience.get() or Budget(PATIENCE_SECONDS)
    for turn in itertools.count():
        if turn and not endless and budget.left() <= 0:
            return
        yield random.uniform(0, min(WAIT_MOST, WAIT_SECONDS * 2 ** min(turn, 16)))
