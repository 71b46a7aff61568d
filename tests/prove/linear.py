"""Whether a history is linearizable: whether its operations can be put into one order
that keeps what came after what, and in which each answer makes sense.

The search is Wing's and Gong's ("Testing and verifying concurrent objects", 1993), with
Lowe's memory of what was tried ("Testing for linearizability", 2017): a set of done
operations with the same state is not looked at twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, TypeVar

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Op:
    """One operation of a history: who asked what, from when to when, and the answer."""

    who: str
    what: str
    asked: dict[str, Any]
    start: float
    end: float
    answer: Any


Step = Callable[[S, Op], Iterable[S]]


def order(
    ops: Sequence[Op], first: S, step: Step[S], ended: float = inf
) -> list[Op] | None:
    """An order in which every answer makes sense, or None. `step` gives the states that
    are possible after an operation with its answer: none if it makes no sense. What was
    not answered when it `ended` may have taken effect by then, or not."""
    must = sum(1 << number for number, op in enumerate(ops) if op.end <= ended)
    tried: set[tuple[int, S]] = set()
    done: list[int] = []
    paths = [_next(ops, 0, first, step)]
    while must & ~_mask(done):
        number, state = next(paths[-1], (None, first))
        if number is None:  # no way from here: one step back
            paths.pop()
            if not paths:
                return None
            done.pop()
        elif (mask := _mask([*done, number]), state) not in tried:
            tried.add((mask, state))
            done.append(number)
            paths.append(_next(ops, mask, state, step))
    return [ops[number] for number in done]


def _mask(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)


def _next(
    ops: Sequence[Op], mask: int, state: S, step: Step[S]
) -> Iterator[tuple[int, S]]:
    """What may come next: an operation that began before any that is left ended."""
    left = [number for number in range(len(ops)) if not mask >> number & 1]
    first_end = min((ops[number].end for number in left), default=inf)
    for number in left:
        if ops[number].start <= first_end:
            for after in step(state, ops[number]):
                yield number, after


def stuck(ops: Sequence[Op], first: S, step: Step[S]) -> list[Op]:
    """Of a history without an order the beginning up to the answer that spoiled it:
    what to look at."""
    for last in sorted(ops, key=lambda op: op.end):
        begun = [op for op in ops if op.start <= last.end]
        if order(begun, first, step, last.end) is None:
            return sorted(begun, key=lambda op: op.end)
    return []
