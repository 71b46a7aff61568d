"""The only file that calls DynamoDB; its errors stop here. What is written where, and
on what condition, does not belong here (keys.py).

Every call is counted, with the capacity that DynamoDB says it took. Conflicts with
another transaction and throttling are waited out with full jitter, within a bound; then
Busy. The client is botocore's, the very one that boto3.client() gives, without the rest
of boto3 in a cold start. On a developer's machine it talks to an engine on loopback.
"""

import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from botocore.session import get_session

from chalicelib.base import cost, settings
from chalicelib.base.budget import waits
from chalicelib.model.errors import Busy
from chalicelib.storage import conditions
from chalicelib.storage.conditions import Condition
from chalicelib.storage.expressions import (
    Change,
    Item,
    Step,
    Update,
    packed,
    placeholders,
    request,
    unpacked,
)
from chalicelib.storage.keys import INDEX, Key, Range

BATCH_GET = 100  # keys a BatchGetItem, an AWS limit
BATCH_WRITE = 25  # requests a BatchWriteItem, an AWS limit

PASSING = re.compile(  # by itself, so it is worth waiting
    "TransactionConflict|TransactionInProgress|Throttling|RequestLimitExceeded|"
    "ProvisionedThroughputExceeded|InternalServerError"
)
READS = frozenset({"get_item", "batch_get_item", "query"})


class Refused(Exception):
    """A condition did not hold. `step` is the step of the transaction that refused
    ("" for a single write), `item` what lies there now, or None."""

    def __init__(self, step: str, item: Item | None) -> None:
        self.step, self.item = step, item
        super().__init__(step)


@dataclass(frozen=True, slots=True)
class Page:
    """Items of a run, and where the next page starts; None after the last."""

    items: list[Item]
    start: dict[str, str] | None


class Table:
    """The table, as verbs see it: plain items, keys and named conditions."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Key) -> Item | None:
        """One item, read consistently."""
        answer = self._patiently(
            "get_item", TableName=self._name, Key=packed(key), ConsistentRead=True
        )
        return unpacked(answer["Item"]) if "Item" in answer else None

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
        asked = {"Keys": [packed(key) for key in batch], "ConsistentRead": True}
        for wait in waits():
            answer = self._patiently("batch_get_item", RequestItems={self._name: asked})
            found += map(unpacked, answer["Responses"].get(self._name, []))
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
        keys_only: bool = False,
    ) -> Page:
        """Up to `limit` items are looked at (1 MB at most); `where` leaves out some."""
        partition, sort = ("gsi1pk", "gsi1sk") if run.indexed else ("pk", "sk")
        condition = Condition(f"#{partition} = :run", {"run": run.pk})
        if run.prefix:
            prefix = Condition(f"begins_with(#{sort}, :prefix)", {"prefix": run.prefix})
            condition &= prefix
        both = condition & where if where else condition
        asked: dict[str, Any] = {
            "TableName": self._name,
            "KeyConditionExpression": condition.text,
            "ScanIndexForward": not newest_first,
            "Limit": limit,
            **placeholders(both.names, both.values),
        }
        # An index cannot be read consistently (an AWS limit).
        asked |= {"IndexName": INDEX} if run.indexed else {"ConsistentRead": True}
        if where:
            asked["FilterExpression"] = where.text
        if keys_only:  # spares the answer, not the capacity
            asked["ProjectionExpression"] = "pk, sk"
        if start:
            asked["ExclusiveStartKey"] = packed(start)
        answer = self._patiently("query", **asked)
        last = answer.get("LastEvaluatedKey")
        found = [unpacked(item) for item in answer["Items"]]
        return Page(found, unpacked(last) if last else None)

    def delete_batch(self, batch: Sequence[Key], left: Callable[[], float]) -> bool:
        """Deletes up to 25 items; what comes back unprocessed is asked for again, with
        growing waits, while time is `left` (seconds). Says whether all are gone."""
        asked = [{"DeleteRequest": {"Key": packed(key)}} for key in batch]
        for wait in waits(endless=True):
            asked = self._write_batch(asked)
            if not asked:
                return True
            if left() <= wait:
                return False
            time.sleep(wait)
        return False

    def _write_batch(self, asked: list[Any]) -> list[Any]:
        try:
            answer = self._call("batch_write_item", RequestItems={self._name: asked})
        except ClientError as error:
            if not _passing(error):
                raise
            return asked  # throttled as a whole
        unprocessed: list[Any] = answer["UnprocessedItems"].get(self._name, [])
        return unprocessed

    def update(self, key: Key, change: Change, where: Condition) -> Item:
        """The item after ONE conditional update; else Refused, with the item before."""
        token = uuid.uuid4().hex
        marked = Change({**change.set, "write_token": token}, change.add)
        once = where & conditions.not_written_as(token)
        asked = request(Update(key, marked, once), self._name)
        try:
            answer = self._patiently("update_item", **asked, ReturnValues="ALL_NEW")
        except Refused as refused:
            # A try whose answer was lost counts: the next finds its own token.
            if refused.item and refused.item.get("write_token") == token:
                return refused.item
            raise
        return unpacked(answer["Attributes"])

    def transact(self, steps: Mapping[str, Step]) -> None:
        """All the named steps or none; raises Refused with the first that refused."""
        self._patiently(
            "transact_write_items",
            list(steps),
            TransactItems=[
                {type(step).__name__: request(step, self._name)}
                for step in steps.values()
            ],
            # One token for all tries: a write whose answer was lost is not done twice.
            ClientRequestToken=str(uuid.uuid4()),
        )

    def _patiently(
        self, operation: str, steps: Sequence[str] = (), **asked: Any
    ) -> Any:
        """Waits out what passes by itself; a condition that fails is final."""
        for wait in waits():
            try:
                return self._call(operation, **asked)
            except ClientError as error:
                _raise_refused(error, steps)
                if not _passing(error):
                    raise
                time.sleep(wait)
        raise Busy

    def _call(self, operation: str, **asked: Any) -> Any:
        cost.count_call()
        call: Callable[..., Any] = getattr(self._client, operation)
        try:
            answer = call(ReturnConsumedCapacity="TOTAL", **asked)
        except (ConnectionError, HTTPClientError) as error:
            raise Busy("The store did not answer in time. Try again.") from error
        cost.count_capacity(operation in READS, answer.get("ConsumedCapacity", []))
        return answer


CLIENT = Config(
    connect_timeout=1,
    read_timeout=4,
    max_pool_connections=64,
    retries={"mode": "standard", "total_max_attempts": 3},
    # These two save a third of a call's CPU: every request here is made by our own
    # code, and botocore would otherwise put its user agent together twice a call.
    parameter_validation=False,
    user_agent="contactbook",
)


@cache
def connect() -> Table:
    """The table of this process. Making the client takes most of a cold start."""
    client = get_session().create_client("dynamodb", config=CLIENT)
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
    codes = [reason["Code"] for reason in answer.get("CancellationReasons", ())]
    return any(PASSING.match(code) for code in [answer["Error"]["Code"], *codes])


def _old(reason: Mapping[str, Any]) -> Item | None:
    return unpacked(reason["Item"]) if reason.get("Item") else None
