"""Bounds: whatever the store answers, a request's calls, waits and memory end."""

import itertools
from contextvars import ContextVar
from typing import Any

import pytest

from chalicelib.base import budget
from chalicelib.base.budget import waits
from chalicelib.base.cost import metered
from chalicelib.doors import http
from chalicelib.model.words import Member
from chalicelib.storage import keys
from chalicelib.storage.expressions import packed
from chalicelib.storage.table import Table
from chalicelib.verbs import search
from chalicelib.verbs.search import Wanted
from tests.conftest import add, delete, resume

GATEWAY_SECONDS = 29


def test_every_wait_is_bounded_and_so_are_they_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At their longest they grow to a cap, and end with the time of the request, which
    leaves time to answer; endless ones never grow beyond the cap."""
    clock = itertools.count()  # each look at it takes a second
    monkeypatch.setattr(budget.random, "uniform", lambda _, most: most)
    for seconds in (budget.PATIENCE_SECONDS, http.PATIENCE_SECONDS):
        ticking = budget.Budget(seconds, lambda: float(next(clock)))
        monkeypatch.setattr(budget, "_patience", ContextVar("t", default=ticking))
        longest = list(waits())
        assert longest == sorted(longest)
        assert (longest[0], longest[-1]) == (budget.WAIT_SECONDS, budget.WAIT_MOST)
        assert len(longest) <= seconds < GATEWAY_SECONDS - 4
    endless = itertools.islice(waits(endless=True), 5000)
    assert max(endless) == budget.WAIT_MOST <= 1


def test_no_two_clients_wait_alike() -> None:
    """Full jitter: from nothing to the cap, or they would collide again."""
    found = [max(itertools.islice(waits(), 10)) for _ in range(20)]
    assert len(set(found)) > 10
    assert 0 <= min(found) <= max(found) <= budget.WAIT_MOST


def test_patience_within_patience_adds_nothing() -> None:
    """What a request begins ends with the request's own patience, not after it."""
    with budget.patience(0), budget.patience(60):
        assert len(list(waits())) == 1
    with budget.patience(60), budget.patience(0):
        assert len(list(waits())) == 1


class Counting:
    """The real client; remembers what was asked."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: list[tuple[str, Any]] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            self.asked.append((operation, asked))
            return getattr(self._client, operation)(**asked)

        return call

    @property
    def operations(self) -> list[str]:
        return [operation for operation, _ in self.asked]


def test_many_keys_are_asked_for_by_hundreds(real_table: Table, amy: Member) -> None:
    """More than 100 in one call are refused by DynamoDB; each comes at its place."""
    ids = [add(real_table, amy).id for _ in range(205)]
    wanted = [keys.contact(amy, one) for one in [*ids[:150], "con_none", *ids[150:]]]
    client = Counting(real_table._client)
    found = Table(client, real_table._name).get_many(wanted)
    expected = [*ids[:150], None, *ids[150:]]
    assert [item and item["sk"] for item in found] == expected
    asked = [one["RequestItems"][real_table._name]["Keys"] for _, one in client.asked]
    assert [len(batch) for batch in asked] == [100, 100, 6]


class Endless:
    """A store whose every page is empty and says that there is more."""

    def __init__(self, member: Member) -> None:
        key = {"pk": member.workspace.id, "sk": f"con_{'1' * 26}"}
        self.page = {
            "Items": [],
            "LastEvaluatedKey": packed(key),
            "ConsumedCapacity": {"CapacityUnits": 1.0},
        }
        self.calls = 0

    def query(self, **_: Any) -> Any:
        self.calls += 1
        assert self.calls <= 50, "it never ends"
        return self.page


@pytest.mark.parametrize(
    "wanted",
    [Wanted(25), Wanted(25, text="zz"), Wanted(25, text="zz", status="new")],
)
def test_a_page_of_a_search_makes_five_calls_at_most(
    amy: Member, wanted: Wanted
) -> None:
    """What is not found by then is found on the next page: the cursor goes on."""
    client = Endless(amy)
    with metered() as cost:
        found, cursor = search.contacts(Table(client, "t"), amy, wanted)
    assert (found, cursor) == ([], f"con_{'1' * 26}")
    assert cost.calls == client.calls <= 5


def test_case_is_folded_as_unicode_folds_it(table: Table, eagle: Member) -> None:
    """ "STRASSE" finds "Straße", and the other way round: lower() would not."""
    one = add(table, eagle, name="Anna Straße")
    other = add(table, eagle, name="BERTA STRASSE")
    for text in ("STRASSE", "straße", "Strasse"):
        found, _ = search.contacts(table, eagle, Wanted(9, text=text))
        assert {hit.id for hit in found} == {one.id, other.id}, text


def test_a_resume_whose_budget_is_spent_only_looks(
    real_table: Table, amy: Member
) -> None:
    """It counts what is open, and begins nothing."""
    for _ in range(3):
        delete(real_table, amy, add(real_table, amy).id, seconds=0)
    client = Counting(real_table._client)
    store = Table(client, real_table._name)
    outcome = resume(store, seconds=0)
    assert outcome == {"done": 0, "running": 3}
    assert set(client.operations) == {"query"}
