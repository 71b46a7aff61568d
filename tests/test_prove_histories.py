"""However many are at one contact at once, what they were told fits one order."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Server, start_server
from tests.prove.histories import ByHttp, ByVerbs
from tests.prove.linear import Op, order, stuck
from tests.prove.machine import GONE, Answer, Machine, state_of

CONTACT: dict[str, Any] = {
    "id": "con_1",
    "name": "Ada",
    "phone": None,
    "email": None,
    "lead_status": "new",
    "version": 1,
    "updated_at": "1",
    "updated_by": "amy",
}
FIRST = state_of(CONTACT)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("bare"), DEMO="0")
    yield running
    running.stop(signal.SIGTERM)


def patched(who: str, start: float, end: float, told: Any, **body: Any) -> Op:
    """A patch that was told a contact, or refused with a code."""
    answer = Answer(told) if isinstance(told, str) else Answer("ok", CONTACT | told)
    return Op(who, "patch", {"body": body}, start, end, answer)


def seen(start: float, end: float, **told: Any) -> Op:
    """A look at the contact."""
    answer = Answer("ok", CONTACT | told) if told else Answer("contact_not_found")
    return Op("bob", "get", {}, start, end, answer)


def deleted(start: float, end: float) -> Op:
    return Op("bob", "delete", {}, start, end, Answer("ok"))


ADA2 = {"name": "Ada 2", "version": 2, "updated_at": "2"}
ADA3 = {"name": "Ada 3", "version": 3, "updated_at": "3"}


@pytest.mark.parametrize(
    "ops",
    [
        # two at once, in either order
        [
            patched("amy", 0, 9, ADA2, name="Ada 2"),
            patched("amy", 0, 9, ADA3, name="Ada 3"),
        ],
        # a look meanwhile sees the old or the new
        [
            patched("amy", 0, 9, ADA2, name="Ada 2"),
            seen(1, 2, **CONTACT),
            seen(3, 4, **ADA2),
        ],
        # what changes nothing keeps the version
        [patched("bob", 0, 1, {}, name="Ada")],
        # refused after it is gone; two who delete at once
        [
            deleted(0, 3),
            deleted(1, 4),
            patched("amy", 1, 2, "contact_not_found", name="X"),
        ],
        # the last way in is kept; busy means that nothing has happened
        [patched("amy", 0, 1, "invalid_fields", name=None)],
        [patched("amy", 0, 1, "busy", name="X"), seen(2, 3, **CONTACT)],
    ],
)
def test_a_history_that_fits_has_an_order(ops: list[Op]) -> None:
    """The judge lets pass what is right."""
    assert order(ops, FIRST, Machine().step)
    assert stuck(ops, FIRST, Machine().step) == []


@pytest.mark.parametrize(
    "ops",
    [
        # somebody else's state as one's own answer
        [
            patched("amy", 0, 9, ADA3, name="Ada 2"),
            patched("amy", 0, 9, ADA3, name="Ada 3"),
        ],
        # a version for two, a lost update, a version left out
        [
            patched("amy", 0, 9, ADA2, name="Ada 2"),
            patched("amy", 0, 9, ADA2 | {"name": "Ada 3"}, name="Ada 3"),
        ],
        [patched("amy", 0, 9, ADA3, name="Ada 3")],
        # a look that is late, or early, or sees what nobody wrote
        [patched("amy", 0, 1, ADA2, name="Ada 2"), seen(2, 3, **CONTACT)],
        [seen(0, 1, **ADA2), patched("amy", 2, 3, ADA2, name="Ada 2")],
        [seen(0, 1, **CONTACT | {"phone": "+1"})],
        # nothing changes, and yet it is told as a change
        [patched("bob", 0, 1, {"version": 2}, name="Ada")],
        [patched("bob", 0, 1, {"version": 2, "updated_by": "bob"}, name="Ada")],
        # alive after it was gone; refused before
        [deleted(0, 1), seen(2, 3, **CONTACT)],
        [seen(0, 1), deleted(2, 3)],
        # refused, and it happened all the same
        [patched("amy", 0, 1, "busy", name="Ada 2"), seen(2, 3, **ADA2)],
        # the time of a change is told in two ways
        [
            patched("amy", 0, 1, ADA2, name="Ada 2"),
            seen(2, 3, **ADA2 | {"updated_at": "9"}),
        ],
    ],
)
def test_a_history_that_does_not_fit_has_none(ops: list[Op]) -> None:
    """The judge sees what is wrong, and where it began."""
    assert order(ops, FIRST, Machine().step) is None
    assert stuck(ops, FIRST, Machine().step)


def test_a_contact_that_is_gone_stays_gone() -> None:
    assert list(Machine().step(GONE, seen(0, 1))) == [GONE]
    assert list(Machine().step(GONE, patched("amy", 0, 1, ADA2, name="Ada 2"))) == []


def test_two_hundred_histories_through_the_verbs(endpoint: str) -> None:
    """Four members, each with a client of its own, five operations each: every answer's
    version and fields are those of one order, and the table holds its end."""
    by_verbs = ByVerbs(endpoint)
    for seed in range(200):
        by_verbs.prove(seed)


def test_twenty_histories_over_http(bare: Server) -> None:
    """The same over sockets, to the last byte of the bodies."""
    with ByHttp(bare) as by_http:
        for seed in range(20):
            by_http.prove(seed)
