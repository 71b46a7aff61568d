"""How long a piece of work may take. Long work is bounded and says where it stopped."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

TRIES = 10  # of one write that meets other writes; about 1.5 s of waiting in all
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


def waits(endless: bool = False) -> Iterator[float]:
    """Capped exponential backoff with full jitter (AWS Architecture Blog, 2015)."""
    for turn in itertools.count() if endless else range(TRIES):
        yield random.uniform(0, min(WAIT_MOST, WAIT_SECONDS * 2 ** min(turn, 16)))
