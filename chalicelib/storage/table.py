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
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from botocore.session import get_session

from chalicelib.base import cost, settings
from chalicelib.base.budget import waits
from chalicelib.model.errors import Busy, ReadOnly
from chalicelib.storage.conditions import Condition
from chalicelib.storage.expressions import (
    Change,
    Item,
    Step,
    Update,
    packed,
    query,
    request,
    unpacked,
)
from chalicelib.storage.guard import Guard
from chalicelib.storage.shapes import Key, Page, Range

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


class Table:
    """The table, as verbs see it: plain items, keys and named conditions.

    A table given to a verb is bound to its workspace (`inside`): the guard looks at
    each of its requests. What was read ahead for it is handed out once, uncalled. One
    that is `read_only` refuses every write, whoever asks for it."""

    def __init__(
        self,
        client: Any,
        name: str,
        guard: Guard | None = None,
        ahead: Mapping[Key, Item | None] | None = None,
        read_only: bool = False,
    ) -> None:
        self._client = client
        self._name = name
        self._guard = guard
        self._ahead = dict(ahead or {})
        self._read_only = read_only

    def inside(
        self, guard: Guard, ahead: Mapping[Key, Item | None] | None = None
    ) -> "Table":
        """The same table, bound to one workspace."""
        return Table(self._client, self._name, guard, ahead, self._read_only)

    def get(self, key: Key) -> Item | None:
        """One item, read consistently."""
        answer = self._patiently(
            "get_item", TableName=self._name, Key=packed(key), ConsistentRead=True
        )
        return unpacked(answer["Item"]) if "Item" in answer else None

    def get_many(self, wanted: Sequence[Key]) -> list[Item | None]:
        """Items in the order of their keys, None for what is not there; consistent.
        One call for each 100 keys that were not read ahead."""
        found = {key: self._ahead.pop(key) for key in wanted if key in self._ahead}
        asked = [key for key in dict.fromkeys(wanted) if key not in found]
        for start in range(0, len(asked), BATCH_GET):
            for item in self._get_batch(asked[start : start + BATCH_GET]):
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
        asked = query(run, self._name, where) | {
            "ScanIndexForward": not newest_first,
            "Limit": limit,
        }
        if keys_only:  # spares the answer, not the capacity
            asked["ProjectionExpression"] = "pk, sk"
        if start:
            asked["ExclusiveStartKey"] = packed(start)
        answer = self._patiently("query", **asked)
        last = answer.get("LastEvaluatedKey")
        found = [unpacked(item) for item in answer["Items"]]
        took = answer["ConsumedCapacity"]["CapacityUnits"]
        return Page(found, unpacked(last) if last else None, took)

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
        """The item after ONE conditional update; else Refused, with the item before.
        Only for what may be done twice: a try whose answer was lost is done again."""
        asked = request(Update(key, change, where), self._name)
        answer = self._patiently("update_item", **asked, ReturnValues="ALL_NEW")
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
        if self._read_only and operation not in READS:
            raise ReadOnly
        if self._guard:
            self._guard.check(operation, asked)
        cost.count_call()
        call: Callable[..., Any] = getattr(self._client, operation)
        try:
            answer = call(ReturnConsumedCapacity="TOTAL", **asked)
        except (ConnectionError, HTTPClientError) as error:
            raise Busy("The store did not answer in time. Try again.") from error
        cost.count_capacity(operation in READS, answer.get("ConsumedCapacity", []))
        if self._guard:
            self._guard.check_answer(operation, answer)
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
    chosen = settings.current()
    return Table(client, chosen.table_name, read_only=chosen.read_only)


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
