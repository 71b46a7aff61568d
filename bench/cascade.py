"""How fast the children of a contact go, against other ways, on the same engine with
5 ms added to each storage call.

python -m bench.cascade [MESSAGES] [ROUNDS]
"""

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import boto3
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.base.budget import Budget
from chalicelib.jobs import partition
from chalicelib.model.ids import new_id
from chalicelib.model.words import Member
from chalicelib.storage import keys
from chalicelib.storage.expressions import packed
from chalicelib.storage.table import BATCH_WRITE, Table
from chalicelib.verbs import access, contacts, workspaces
from local import engine

DELAY = 0.005
NAME = "contactbook-bench"
ONE_BY_ONE = 200  # of these the speed is known; all would take too long
BARE = {
    "X-Amz-Target": "DynamoDB_20120810.BatchWriteItem",
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/"
    "aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
}
BEST = "best possible"
Way = Callable[[], int]


def _emptied(table: Table, run: keys.Range) -> bool:
    return partition.empty(table, run, Budget(600), lambda gone: True)[0]


class World:
    """A contact with many messages, behind the delay."""

    def __init__(self, direct: str, delayed: str, messages: int) -> None:
        self.delayed, self.messages = delayed, messages
        self.fast = Table(engine.client(direct), NAME)
        self.slow = Table(engine.client(delayed), NAME)
        engine.create_table(engine.client(direct), NAME)
        now = _now()
        workspaces.create(self.fast, "amy", {"name": "E", "slug": "eagle"}, now=now)
        self.member: Member = access.enter(self.fast, "eagle", "amy")
        ada = {"name": "Ada"}
        self.contact = contacts.create(self.fast, self.member, ada, now=now).id

    @property
    def run(self) -> keys.Range:
        return keys.children(self.member, self.contact)

    def fill(self) -> None:
        conversation = new_id("conv", _now())
        for first in range(0, self.messages, BATCH_WRITE):
            requests = [
                {"PutRequest": {"Item": packed(self._message(conversation))}}
                for _ in range(first, min(first + BATCH_WRITE, self.messages))
            ]
            self.fast._client.batch_write_item(RequestItems={NAME: requests})

    def _message(self, conversation: str) -> dict[str, str]:
        key = keys.message(
            self.member, self.contact, conversation, new_id("msg", _now())
        )
        return {**key._asdict(), "content": "x" * 200}

    def found(self) -> Iterator[keys.Key]:
        for batch in self.batches():
            yield from batch

    def batches(self) -> Iterator[list[keys.Key]]:
        with ThreadPoolExecutor(1) as thread:
            yield from partition._batches(thread, self.slow, self.run)


def ways(world: World) -> dict[str, Way]:
    resource = boto3.resource("dynamodb", **_client_settings(world.delayed))
    table: Any = resource.Table(NAME)

    class Child(Model):
        class Meta:
            table_name = NAME
            host = world.delayed
            region = "us-east-1"
            aws_access_key_id = aws_secret_access_key = "local"

        pk = UnicodeAttribute(hash_key=True)
        sk = UnicodeAttribute(range_key=True)

    def one_by_one() -> int:
        for number, key in enumerate(world.found()):
            if number == ONE_BY_ONE:
                break
            table.delete_item(Key=key._asdict())
        return ONE_BY_ONE

    def batch_writer() -> int:
        with table.batch_writer() as batch:
            for key in world.found():
                batch.delete_item(Key=key._asdict())
        return world.messages

    def pynamodb() -> int:
        with Child.batch_write() as batch:
            for key in world.found():
                batch.delete(Child(key.pk, key.sk))
        return world.messages

    def ours() -> int:
        assert _emptied(world.slow, world.run)
        return world.messages

    return {
        "one by one": one_by_one,
        "PynamoDB batch": pynamodb,
        "boto3 batch_writer": batch_writer,
        "contactbook": ours,
    }


def best_possible(world: World) -> float:
    """Items a second of as many bare connections as we have batches in flight, sending
    requests made beforehand: no SDK, no queries, nothing to retry."""
    requests = [
        json.dumps(
            {
                "RequestItems": {
                    NAME: [{"DeleteRequest": {"Key": packed(k)}} for k in keys_]
                }
            }
        )
        for keys_ in world.batches()
    ]
    address = world.delayed.removeprefix("http://")

    def send(share: list[str]) -> None:
        connection = http.client.HTTPConnection(address)
        for body in share:
            connection.request("POST", "/", body, BARE)
            assert b"UnprocessedItems" in connection.getresponse().read()

    shares = [requests[n :: partition.IN_FLIGHT] for n in range(partition.IN_FLIGHT)]
    with ThreadPoolExecutor(partition.IN_FLIGHT) as threads:
        began = time.perf_counter()
        list(threads.map(send, shares))
    return world.messages / (time.perf_counter() - began)


def main(messages: int, rounds: int) -> None:
    with engine.running(None) as direct, delayed(direct) as slow:
        world = World(direct, slow, messages)
        speeds: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, way in ways(world).items():
                world.fill()
                began = time.perf_counter()
                count = way()
                speed = count / (time.perf_counter() - began)
                speeds.setdefault(name, []).append(speed)
                _emptied(world.fast, world.run)
            world.fill()
            speeds.setdefault(BEST, []).append(best_possible(world))
    _report({name: statistics.median(all_) for name, all_ in speeds.items()})


def _report(medians: dict[str, float]) -> None:
    writer = medians["boto3 batch_writer"]
    print(f"{'':22}items/s   x batch_writer")
    for name, speed in medians.items():
        print(f"{name:20}{speed:9.0f}   {speed / writer:6.2f}")
    share = medians["contactbook"] / medians[BEST]
    print(f"{partition.IN_FLIGHT} batches in flight; we reach {share:.0%} of the best")


@contextmanager
def delayed(direct: str) -> Iterator[str]:
    port, target = engine.free_port(), direct.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "bench.delay", str(port), target, str(DELAY)]
    with subprocess.Popen(command) as proxy:
        time.sleep(0.5)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            proxy.terminate()


def _client_settings(endpoint: str) -> dict[str, str]:
    return {
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
    }


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    main(*(arguments + [5000, 3][len(arguments) :]))
