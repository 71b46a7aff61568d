"""Random verbs against plain dicts; after them the table holds what these predict, kind
by kind, and nothing else."""

from typing import Any

import pytest

from tests.prove.expected import expected_terms
from tests.prove.look import (
    Sorted,
    children_agree,
    history_tells_all,
    items_agree,
    lists_agree,
)
from tests.prove.model import Walk, prove
from tests.prove.predicted import KINDS

EMPTY: dict[str, Any] = {
    "name": None,
    "email": None,
    "phone": None,
    "tags": [],
    "assigned_to": None,
}


@pytest.fixture(scope="module")
def walk(real_client: Any) -> Walk:
    """One walk of 300 steps, looked at from every side."""
    walked = Walk(real_client, seed=8)
    for _ in range(300):
        walked.step()
    return walked


def test_every_answer_is_the_model_s(real_client: Any) -> None:
    """Hundreds of steps, the whole looked over on the way."""
    assert prove(real_client, seed=1, steps=300) == 300


def test_every_list_is_the_model_s(walk: Walk) -> None:
    lists_agree(walk.table, walk.member, walk.book, walk.random)
    children_agree(walk.table, walk.member, walk.book, walk.random)


@pytest.mark.parametrize("kind", KINDS)
def test_every_item_is_the_model_s(walk: Walk, kind: str) -> None:
    """None is missing, none is too many, each is whole: attributes of indexes, too."""
    items_agree(walk.table, walk.book, kind)


def test_the_history_replayed_gives_the_contact(walk: Walk) -> None:
    """From nothing, change by change: each begins where the one before has ended."""
    history_tells_all(walk.table, walk.book)


def test_no_item_is_of_no_kind(walk: Walk) -> None:
    assert Sorted(walk.table, walk.book).kinds.keys() <= KINDS.keys()


@pytest.mark.parametrize(
    ("contact", "terms"),
    [
        ({"name": "Ada Lovelace"}, {"w:ada", "w:lov", "w:lovel"}),
        ({"name": "Ö"}, {"w:o"}),
        (
            {"name": "José MÜLLER-Lüdenscheid"},
            {*["w:jos", "w:jose", "w:mul", "w:mulle", "w:lud", "w:luden"]},
        ),
        ({"phone": "+1234"}, {"p:1234"}),
        (
            {"phone": "+447400123456"},
            {f"p:{'447400123456'[at : at + 4]}" for at in range(9)},
        ),
        (
            {"phone": "+999123456789012"},
            {f"p:{'123456789012'[n : n + 4]}" for n in range(9)},
        ),
        (
            {"email": "a.b.c@mail.example.org"},
            {"w:a", "w:b", "w:exa", "w:examp"},
        ),
        ({"email": "a.b@ab.cd.org"}, {"w:a", "w:b", "w:cd"}),
        ({"name": "李小"}, {"w:李", "w:李小", "w:小"}),
        ({"tags": ["VIP", "Família"]}, {"t:vip", "t:familia"}),
        ({"assigned_to": "amy"}, {"a:amy"}),
        ({"name": "one two three four five six seven eight"}, None),
    ],
)
def test_the_terms_are_those_of_the_contract(
    contact: dict[str, Any], terms: set[str] | None
) -> None:
    """First 3 and first 5 letters of 7 words, 4 digits in a row of the last 12, each
    tag, the assignee; 44 at most."""
    found = expected_terms(EMPTY | contact)
    assert set(found) == terms if terms else "w:eig" not in found
    assert len(found) <= 44


def test_a_term_holds_what_a_query_is_compared_with() -> None:
    """All the words under a word, those of the name first; all the digits under four of
    them; nothing under a tag."""
    contact = EMPTY | {"name": "Ada King", "email": "ada@mail.example.org"}
    found = expected_terms(contact | {"phone": "+12025", "tags": ["x"]})
    assert found["w:kin"] == " king ada example"
    assert (found["p:2025"], found["t:x"]) == ("12025", "")
