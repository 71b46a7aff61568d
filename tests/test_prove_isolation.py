"""No other workspace can ever see, change or count theirs, whatever is sent."""

import signal
from collections.abc import Iterator

import pytest

from tests.conftest import Server, start_server
from tests.prove import going
from tests.prove.isolation import SHOWN, Seen, prove
from tests.prove.tenants import twin

CODES = {
    "200",
    "201",
    "contact_not_found",
    "conversation_not_found",
    "deletion_not_found",
    "forbidden",
    "invalid_fields",
    "invalid_request",
    "member_not_found",
    "note_not_found",
    "workspace_not_found",
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("bare"), DEMO="0")
    yield running
    running.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def seen(bare: Server) -> Seen:
    """1,000 sequences of requests, judged on the way."""
    return prove(bare, seed=1, sequences=1000)


def test_what_is_foreign_looks_like_what_is_missing(seen: Seen) -> None:
    """Every route, every parameter, ids and cursors of three workspaces mixed: the same
    status, body, headers, calls and capacity; others are unchanged, none is told."""
    assert seen.requests > 2000
    assert seen.codes.keys() >= CODES  # all of these were met


def test_what_is_not_found_shows_one_cost(seen: Seen) -> None:
    """Whatever it has taken: who may not enter, and who names what is not there or is
    another's, sees the cost of one look. (The log has the true one.)"""
    assert seen.costs_of_missing() == {SHOWN}


@pytest.fixture(scope="module")
def pairs(bare: Server) -> list[going.Pair]:
    """Every route of a contact whose deletion has begun, with every kind of change."""
    return going.answered(bare)


def test_what_is_being_deleted_cannot_be_read_or_changed(
    pairs: list[going.Pair],
) -> None:
    """From the fence on no route lets anybody through, nor to what belongs to it."""
    assert len(pairs) > 15
    assert going.let_through(pairs) == []


def test_what_is_being_deleted_looks_like_what_is_missing(
    pairs: list[going.Pair],
) -> None:
    """Not by a byte, a call or a unit of capacity can it be told apart."""
    assert going.told_apart(pairs) == []


def test_what_is_being_deleted_has_let_go_of_its_phone_and_e_mail(bare: Server) -> None:
    """From the fence on another contact may have them."""
    assert going.taken_meanwhile(bare) == [201, 201]


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("con_01ARZ3NDEKTSV4RRFFQ69G5FAV", "con_01ARZ3NDEKTSV4RRFFQ69G5FAT"),
        ("con_01ARZ3NDEKTSV4RRFFQ69G5FA0", "con_01ARZ3NDEKTSV4RRFFQ69G5FA1"),
        ("+447400002345", "+447400006789"),
        ("user-harbor", "user-harbox"),
    ],
)
def test_a_twin_is_of_the_same_kind_and_length(value: str, other: str) -> None:
    """So that only its being nowhere can make a difference."""
    assert twin(value) == other
    assert len(other) == len(value)
