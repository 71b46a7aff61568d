"""The only file that calls DynamoDB; its errors stop here. What is written where, and on
what condition, does not belong here (keys.py).

Every call is counted, with the capacity that DynamoDB says it took. Conflicts with
another transaction and throttling are waited out with full jitter, within a bound; then
Busy. The client is boto3's: on a developer's machine it talks to an engine on loopback.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from chalicelib import settings
from chalicelib.errors import Busy
from chalicelib.keys import INDEX, Condition, Key, Range

Item = dict[str, Any]

TRIES = 10  # of one write that meets other writes; about 1.5 s of waiting in all
WAIT_SECONDS = 0.02  # the first wait's most; it doubles up to WAIT_MOST
WAIT_MOST = 0.4
BATCH_GET = 100  # keys a BatchGetItem, an AWS limit

PASSING = frozenset(
    "TransactionConflictException TransactionInProgressException ThrottlingException "
    "ProvisionedThroughputExceededException RequestLimitExceeded InternalServerError "
    "TransactionConflict ThrottlingError ProvisionedThroughputExceeded".split()
)
READS = frozenset({"get_item", "batch_get_item", "query"})


class Refused(Exception):
    """A condition did not hold. `step` is the step of the transaction that refused
    ("" for a single write), `item` what lies there now, or None."""

    def __init__(self, step: str, item: Item | None) -> None:
        self.step, self.item = step, item
        super().__init__(step)


@dataclass(slots=True)
class Cost:
    """What was spent: storage calls, and the read and write units DynamoDB reports."""

    calls: int = 0
    rcu: float = 0.0
    wcu: float = 0.0


_cost: ContextVar[Cost | None] = ContextVar("cost", default=None)


@contextmanager
def metered() -> Iterator[Cost]:
    """Counts the calls made inside, in this context."""
    token = _cost.set(Cost())
    try:
        yield _cost.get() or Cost()
    finally:
        _cost.reset(token)


@dataclass(frozen=True, slots=True)
class Change:
    """An update: attributes to set (None removes), numbers to add."""

    set: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Item]
    last: str | None  # the sort key in the table of the last item looked at, if more


@dataclass(frozen=True, slots=True)
class Put:
    item: Item
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Update:
    key: Key
    change: Change
    where: Condition


@dataclass(frozen=True, slots=True)
class Delete:
    key: Key
    where: Condition | None = None


Step = Put | Update | Delete


class Table:
    """The table, as verbs see it: plain items, keys and named conditions."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Key) -> Item | None:
        """One item, read consistently."""
        answer = self._call(
            "get_item", TableName=self._name, Key=_packed(key), ConsistentRead=True
        )
        return _unpacked(answer["Item"]) if "Item" in answer else None

    def get_many(self, wanted: Sequence[Key]) -> list[Item | None]:
        """Items in the order of their keys, None for what is not there; consistent.
        One call for each 100 keys."""
        found: dict[Key, Item] = {}
        for start in range(0, len(wanted), BATCH_GET):
            for item in self._get_batch(wanted[start : start + BATCH_GET]):
                found[Key(item["pk"], item["sk"])] = item
        return [found.get(key) for key in wanted]

    def _get_batch(self, batch: Sequence[Key]) -> list[Item]:
        found: list[Item] = []
        asked = {"Keys": [_packed(key) for key in batch], "ConsistentRead": True}
        for wait in _waits():
            answer = self._call("batch_get_item", RequestItems={self._name: asked})
            found += map(_unpacked, answer["Responses"].get(self._name, []))
            asked = answer["UnprocessedKeys"].get(self._name, {})
            if not asked:
                return found
            time.sleep(wait)
        raise Busy

    def query(
        self,
        run: Range,
        *,
        limit: int,
        start: Mapping[str, str] | None = None,
        newest_first: bool = False,
        where: Condition | None = None,
    ) -> Page:
        """Up to `limit` items are looked at (1 MB at most); `where` leaves out some."""
        partition, sort = ("gsi1pk", "gsi1sk") if run.indexed else ("pk", "sk")
        condition = Condition(f"#{partition} = :run", {"run": run.pk})
        if run.prefix:
            prefix = Condition(f"begins_with(#{sort}, :prefix)", {"prefix": run.prefix})
            condition &= prefix
        both = condition & where if where else condition
        request = {
            "TableName": self._name,
            "KeyConditionExpression": condition.text,
            "ScanIndexForward": not newest_first,
            "Limit": limit,
            **_expression(both.names, both.values),
        }
        # An index cannot be read consistently (an AWS limit).
        request |= {"IndexName": INDEX} if run.indexed else {"ConsistentRead": True}
        if where:
            request["FilterExpression"] = where.text
        if start:
            request["ExclusiveStartKey"] = _packed(start)
        answer = self._call("query", **request)
        last = answer.get("LastEvaluatedKey")
        return Page(
            [_unpacked(item) for item in answer["Items"]],
            _unpacked(last)["sk"] if last else None,
        )

    def update(self, key: Key, change: Change, where: Condition) -> Item:
        """The item after ONE conditional update; raises Refused with the item before."""
        step = self._step(Update(key, change, where))
        request = next(iter(step.values())) | {"ReturnValues": "ALL_NEW"}
        return _unpacked(self._patiently("update_item", **request)["Attributes"])

    def transact(self, steps: Mapping[str, Step]) -> None:
        """All the named steps or none; raises Refused with the first that refused."""
        self._patiently(
            "transact_write_items",
            list(steps),
            TransactItems=[self._step(step) for step in steps.values()],
            # One token for all tries: a write whose answer was lost is not done twice.
            ClientRequestToken=str(uuid.uuid4()),
        )

    def _step(self, step: Step) -> dict[str, dict[str, Any]]:
        """A step as TransactWriteItems takes it; the inside is UpdateItem's own form."""
        request: dict[str, Any] = {"TableName": self._name}
        names: set[str] = set()
        values: dict[str, Any] = {}
        if isinstance(step, Put):
            present = {k: v for k, v in step.item.items() if v is not None}
            request["Item"] = _packed(present)
        else:
            request["Key"] = _packed(step.key)
        if isinstance(step, Update):
            request["UpdateExpression"], names, values = _update(step.change)
        if step.where:
            request["ConditionExpression"] = step.where.text
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
            names, values = names | step.where.names, values | step.where.values
        return {type(step).__name__: request | _expression(names, values)}

    def _patiently(
        self, operation: str, steps: Sequence[str] = (), **request: Any
    ) -> Any:
        """Waits out what passes by itself; a condition that fails is final."""
        for wait in _waits():
            try:
                return self._call(operation, **request)
            except ClientError as error:
                _raise_refused(error, steps)
                if not _passing(error):
                    raise
                time.sleep(wait)
        raise Busy

    def _call(self, operation: str, **request: Any) -> Any:
        cost = _cost.get()
        if cost:
            cost.calls += 1
        call: Callable[..., Any] = getattr(self._client, operation)
        try:
            answer = call(ReturnConsumedCapacity="TOTAL", **request)
        except (ConnectionError, HTTPClientError) as error:
            raise Busy("The store did not answer in time. Try again.") from error
        except ClientError as error:
            if operation in READS and _passing(error):  # botocore has tried again
                raise Busy from error
            raise
        if cost:
            _count(cost, operation, answer.get("ConsumedCapacity", []))
        return answer


@cache
def connect() -> Table:
    """The table of this process. Making the client takes most of a cold start."""
    config = Config(
        connect_timeout=1,
        read_timeout=4,
        max_pool_connections=64,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    client = boto3.client("dynamodb", config=config)
    return Table(client, settings.current().table_name)


def _raise_refused(error: ClientError, steps: Sequence[str]) -> None:
    answer: Any = error.response
    if answer["Error"]["Code"] == "ConditionalCheckFailedException":
        raise Refused("", _old(answer)) from None
    for step, reason in zip(steps, answer.get("CancellationReasons", ()), strict=False):
        if reason["Code"] == "ConditionalCheckFailed":
            raise Refused(step, _old(reason)) from None


def _passing(error: ClientError) -> bool:
    answer: Any = error.response
    reasons = {reason["Code"] for reason in answer.get("CancellationReasons", ())}
    return bool(PASSING & (reasons | {answer["Error"]["Code"]}))


def _old(reason: Mapping[str, Any]) -> Item | None:
    return _unpacked(reason["Item"]) if reason.get("Item") else None


def _waits() -> Iterator[float]:
    """Capped exponential backoff with full jitter (AWS Architecture Blog, 2015)."""
    for turn in range(TRIES):
        yield random.uniform(0, min(WAIT_MOST, WAIT_SECONDS * 2**turn))


def _count(cost: Cost, operation: str, consumed: Any) -> None:
    for one in consumed if isinstance(consumed, list) else [consumed]:
        if operation in READS:
            cost.rcu += one["CapacityUnits"]
        else:
            cost.wcu += one["CapacityUnits"]


_pack = TypeSerializer().serialize
_unpack = TypeDeserializer().deserialize


def _packed(item: Mapping[str, Any] | Key) -> dict[str, Any]:
    plain = item._asdict() if isinstance(item, Key) else item
    return {name: _pack(_listed(value)) for name, value in plain.items()}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _unpacked(item: Mapping[str, Any]) -> Item:
    return {name: _unpack(value) for name, value in item.items()}


def _expression(names: set[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Every name goes through a placeholder: `name` and `status` are reserved words."""
    found: dict[str, Any] = {"ExpressionAttributeNames": {f"#{n}": n for n in names}}
    if values:
        placed = {f":{name}": value for name, value in values.items()}
        found["ExpressionAttributeValues"] = _packed(placed)
    return {part: content for part, content in found.items() if content}


def _update(change: Change) -> tuple[str, set[str], dict[str, Any]]:
    present = {k: v for k, v in change.set.items() if v is not None}
    parts = {
        "SET": [f"#{name} = :{name}" for name in present],
        "REMOVE": [f"#{name}" for name in change.set if name not in present],
        "ADD": [f"#{name} :{name}" for name in change.add],
    }
    text = " ".join(f"{verb} {', '.join(p)}" for verb, p in parts.items() if p)
    return text, {*change.set, *change.add}, {**present, **change.add}
