"""The cascade when things break: killed, throttled, lied to, interrupted."""

import random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.base import budget
from chalicelib.model.words import Member
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Change
from chalicelib.storage.table import Table
from chalicelib.verbs import notes
from tests.conftest import LATE, NOW, add, delete, resume
from tests.faults import Killed, Mortal
from tests.purge_world import FULL, assert_gone, fill, pour


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_every_step_it_converges(
    real_table: Table, amy: Member, after: bool
) -> None:
    """For every k: die at the k-th storage call of the deletion of a contact with 120
    children, then resume: nothing left, exact counts, one receipt."""
    steps = 0
    while True:
        steps += 1
        contact = add(real_table, amy)
        counts = pour(real_table, amy, contact, 115)
        for _ in range(5):
            body = {"content": "x"}
            notes.add(real_table, amy, contact.id, body=body, now=NOW)
        counts["notes"] = 5
        mortal = Mortal(real_table._client, steps, after)
        try:
            delete(Table(mortal, real_table._name), amy, contact.id)
        except Killed:
            left = real_table.get(keys.contact(amy, contact.id))
            if left and "deletion_id" not in left:  # died before the fence was up
                assert steps <= 2
                delete(real_table, amy, contact.id)
            resume(real_table)
            assert_gone(real_table, amy, contact.id, counts)
        else:
            assert_gone(real_table, amy, contact.id, counts)
            break
    assert steps > 8  # fence, queries, five batches, the end


class Throttled:
    """The real client; 30 % of the calls are throttled, of each batch half comes
    back."""

    def __init__(self, client: Any) -> None:
        self._client, self._random, self.throttled = client, random.Random(7), 0

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            if self._random.random() < 0.3:
                self.throttled += 1
                code = "ProvisionedThroughputExceededException"
                raise ClientError({"Error": {"Code": code, "Message": ""}}, operation)
            if operation != "batch_write_item":
                return getattr(self._client, operation)(**asked)
            ((name, requests),) = asked["RequestItems"].items()
            half = len(requests) // 2
            asked["RequestItems"] = {name: requests[half:]}
            answer = self._client.batch_write_item(**asked)
            back = {name: requests[:half]} if half else {}
            return answer | {"UnprocessedItems": back}

        return call


def test_throttled_it_finishes_with_nothing_left(
    real_table: Table, amy: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Throttling and unprocessed items cost time, never an item. (A throttled read is
    Busy for one request; asking again goes on.)"""
    monkeypatch.setattr(budget, "WAIT_SECONDS", 0.001)
    monkeypatch.setattr(budget, "WAIT_MOST", 0.005)
    contact = add(real_table, amy, **FULL)
    counts = fill(real_table, amy, contact.id, talks=3, says=200, noted=50)
    client = Throttled(real_table._client)
    cascade_table = Table(client, real_table._name)
    receipt = delete(cascade_table, amy, contact.id)
    assert receipt.deleted == counts
    assert client.throttled > 10
    assert_gone(real_table, amy, contact.id, counts)


class Liar:
    """The real client; it says of its first batches that they are done, and does
    nothing."""

    def __init__(self, client: Any) -> None:
        self._client, self._lies = client, 3

    def __getattr__(self, operation: str) -> Any:
        if operation == "batch_write_item" and self._lies:
            self._lies -= 1
            return lambda **_: {"UnprocessedItems": {}, "ConsumedCapacity": []}
        return getattr(self._client, operation)


def test_the_parent_goes_when_a_query_finds_no_child(
    real_table: Table, amy: Member
) -> None:
    """Not what was sent counts, but what is there: the last step follows a consistent
    query that found nothing."""
    contact = add(real_table, amy)
    counts = pour(real_table, amy, contact, 100)
    liar = Table(Liar(real_table._client), real_table._name)
    assert delete(liar, amy, contact.id).status == "done"
    assert_gone(real_table, amy, contact.id, counts)


def test_a_store_that_is_busy_after_the_fence_is_a_running_deletion(
    table: Table, eagle: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has begun: the answer is not that it was refused."""
    monkeypatch.setattr(budget, "WAIT_SECONDS", 0)
    contact = add(table, eagle)

    class NoQueries:
        def query(self, **_: Any) -> Any:
            code = "ThrottlingException"
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "Query")

        def __getattr__(self, operation: str) -> Any:
            return getattr(table._client, operation)

    busy = Table(NoQueries(), table._name)
    with budget.patience(0):
        assert delete(busy, eagle, contact.id).status == "running"
    assert delete(table, eagle, contact.id, now=LATE).status == "done"


def test_one_that_breaks_does_not_stop_the_others(table: Table, eagle: Member) -> None:
    """The oldest cannot be read: the younger ones are finished, and its error is
    told."""
    ids = [add(table, eagle).id for _ in range(3)]
    for contact_id in ids:
        delete(table, eagle, contact_id, seconds=0)
    counters = Change(set={"note_count": None})
    broken = keys.contact(eagle, min(ids))
    table.update(broken, counters, conditions.EXISTS)
    with pytest.raises(KeyError, match="note_count"):
        resume(table)
    stored = table.get_many([keys.contact(eagle, contact_id) for contact_id in ids])
    assert [item["sk"] for item in stored if item] == [min(ids)]
