"""The cascade's bounds: how much is in flight and in memory, when it stops, and that no
batch is lost without a word."""

import threading
import time
from typing import Any

import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import partition, purge
from chalicelib.model.words import Member
from chalicelib.storage.table import BATCH_WRITE, Table
from tests.conftest import LATE, NOW, add, delete
from tests.purge_world import assert_gone, pour

PAGES = 30
POOL = 64  # connections of the client: more at once would only wait for one


class Crowded:
    """The real client, with 30 pages of children that are not there; counts the batches
    that run at once, and the keys that were given out and are not yet deleted."""

    def __init__(self, client: Any) -> None:
        self._client, self._lock = client, threading.Lock()
        self.pages = self.running = self.most_running = 0
        self.waiting = self.most_waiting = self.deleted = 0

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)

    def query(self, **asked: Any) -> Any:
        run = asked["ExpressionAttributeValues"][":run"]
        if not run["S"].startswith("ws_") or "#" not in run["S"]:
            return self._client.query(**asked)  # not a contact's children
        with self._lock:
            self.most_waiting = max(self.most_waiting, self.waiting)
            self.pages += 1
            count = asked["Limit"] if self.pages <= PAGES else 0
            self.waiting += count
        listed = [
            {"pk": run, "sk": {"S": f"note_{self.pages:05}{number:021}"}}
            for number in range(count)
        ]
        more = {"LastEvaluatedKey": listed[-1]} if self.pages < PAGES else {}
        return {"Items": listed, "ConsumedCapacity": {"CapacityUnits": 1.0}, **more}

    def batch_write_item(self, RequestItems: Any, **_: Any) -> Any:
        ((_, requests),) = RequestItems.items()
        with self._lock:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        time.sleep(0.003)  # a store is slower than a loop over keys
        with self._lock:
            self.running -= 1
            self.waiting -= len(requests)
            self.deleted += len(requests)
        return {"UnprocessedItems": {}, "ConsumedCapacity": []}


def test_what_is_in_flight_and_in_memory_is_bounded(
    real_table: Table, amy: Member
) -> None:
    """However many children there are: IN_FLIGHT batches at once, and read ahead is
    one page beyond the one that is being deleted."""
    client = Crowded(real_table._client)
    contact_id = add(real_table, amy).id
    delete(Table(client, real_table._name), amy, contact_id, seconds=60)
    assert client.deleted == PAGES * partition.LISTED
    assert client.most_running <= partition.IN_FLIGHT <= POOL
    assert client.most_running > 1
    in_flight = partition.IN_FLIGHT * BATCH_WRITE
    assert client.most_waiting <= partition.LISTED + in_flight <= 5_000


class Broken(Exception):
    """What no one expects of a store."""


class Breaking:
    """The real client; one of its batches of deletes breaks and is not done."""

    def __init__(self, client: Any, at: int) -> None:
        self._client, self._left, self._lock = client, at, threading.Lock()

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)

    def batch_write_item(self, **asked: Any) -> Any:
        with self._lock:
            self._left -= 1
            breaks = self._left == 0
        if breaks:
            raise Broken
        return self._client.batch_write_item(**asked)


@pytest.mark.parametrize("at", [1, 3, 20])
def test_the_error_of_a_batch_is_raised(
    real_table: Table, amy: Member, at: int
) -> None:
    """The first, one in the midst, the last: it is told, and asking again goes on."""
    contact = add(real_table, amy)
    counts = pour(real_table, amy, contact, 500)
    breaking = Table(Breaking(real_table._client, at), real_table._name)
    with pytest.raises(Broken):
        delete(breaking, amy, contact.id)
    assert delete(real_table, amy, contact.id, now=LATE).status == "done"
    assert_gone(real_table, amy, contact.id, counts)


class Late:
    """The real client and a clock: with the first call of an operation the time is up.
    Counts what is begun after that."""

    def __init__(self, client: Any, operation: str) -> None:
        self._client, self._operation = client, operation
        self.now = 0.0
        self.after: list[str] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            if self.now:
                self.after.append(operation)
            elif operation == self._operation:
                self.now = 100.0
            return getattr(self._client, operation)(**asked)

        return call


@pytest.mark.parametrize("operation", ["get_item", "query", "batch_write_item"])
def test_a_spent_budget_begins_nothing_more(
    real_table: Table, amy: Member, operation: str
) -> None:
    """After the time is up only what was in flight still ends: no further walk, no
    last transaction; and asking again finishes."""
    contact = add(real_table, amy)
    counts = pour(real_table, amy, contact, 3_000)
    late = Late(real_table._client, operation)
    running = purge.delete(
        Table(late, real_table._name),
        amy,
        contact.id,
        now=NOW,
        budget=Budget(20, clock=lambda: late.now),
    )
    assert running.status == "running"
    assert "transact_write_items" not in late.after
    assert late.after.count("query") <= 1  # the page that was read ahead
    assert late.after.count("batch_write_item") < partition.IN_FLIGHT
    assert delete(real_table, amy, contact.id).status == "done"
    assert_gone(real_table, amy, contact.id, counts)
