"""The guard: no request of a workspace names a key of another, no answer brings one.

It looks at the request as DynamoDB gets it, just before it is sent, and at the
partition of each item that comes back. So even broken code (a swapped Member, a wrong
key) cannot cross, and it holds on a developer's machine as on AWS. The same rule as an
IAM policy is in .chalice/policy-tenant.json, switched off: docs/decisions/guard.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.base import log
from chalicelib.model.words import Workspace
from chalicelib.storage.entry import INVITED
from chalicelib.storage.keys import DUE, USER, doors
from chalicelib.storage.shapes import INDEXES

Typed = Mapping[str, Any]

PARTITIONS = {key.pk for key in INDEXES.values()}  # each attribute that is a partition
SHARED = (
    USER,
    DUE,
    INVITED,
)  # lists of an index that are nobody's own; written, not read


class Foreign(Exception):
    """A key of another workspace was about to be used: our fault, not the caller's."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What one workspace may touch."""

    workspace_id: str
    slug_door: str

    @classmethod
    def of(cls, workspace: Workspace) -> "Guard":
        return cls(*doors(workspace))

    def check(self, operation: str, asked: Mapping[str, Any]) -> None:
        """Raises Foreign, with an alarm, unless every key of the request is the
        workspace's own; then nothing has been sent."""
        for name, partition in _asked_for(operation, asked):
            if not self._own(partition) and not _shared(name, partition):
                self._alarm(operation)

    def check_answer(self, operation: str, answer: Mapping[str, Any]) -> None:
        """Raises Foreign, with an alarm, if an item came back that is not its own."""
        for item in _items(answer):
            if "pk" in item and not self._own(item["pk"]["S"]):
                self._alarm(operation)

    def _own(self, partition: str) -> bool:
        # Ids have 26 fixed characters, so WS# cannot begin another's id.
        return partition in (self.workspace_id, self.slug_door) or (
            partition.startswith(f"{self.workspace_id}#")
        )

    def _alarm(self, operation: str) -> None:
        # An alarm reads this line. Not the key: it may hold a phone or an e-mail.
        log.error("foreign_key", workspace=self.workspace_id, operation=operation)
        raise Foreign(f"{operation} outside of {self.workspace_id}")


def _shared(name: str, partition: str) -> bool:
    """An own item may be listed under a user or an e-mail, or as due; no such list may
    be read."""
    return name in ("gsi1pk", "duepk") and partition.startswith(SHARED)


def _asked_for(operation: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every partition that a request names, with the attribute that it is one of."""
    if operation == "query":
        yield "queried", asked["ExpressionAttributeValues"][":run"]["S"]
        start = asked.get("ExclusiveStartKey", {})
        yield from ((f"{name} of the start", part) for name, part in _partitions(start))
    for step in _steps(operation, asked):
        yield from _partitions(step.get("Key", {}))
        yield from _partitions(step.get("Item", {}))
        values = step.get("ExpressionAttributeValues", {})
        yield from _partitions({name.lstrip(":"): v for name, v in values.items()})


def _steps(operation: str, asked: Mapping[str, Any]) -> Iterator[Typed]:
    if operation == "transact_write_items":
        yield from (step for one in asked["TransactItems"] for step in one.values())
    elif operation == "batch_write_item":
        for requests in asked["RequestItems"].values():
            yield from (step for one in requests for step in one.values())
    elif operation == "batch_get_item":
        for wanted in asked["RequestItems"].values():
            yield from ({"Key": key} for key in wanted["Keys"])
    else:
        yield asked


def _partitions(typed: Typed) -> Iterator[tuple[str, str]]:
    for name in PARTITIONS & typed.keys():
        yield name, typed[name].get("S", "")


def _items(answer: Mapping[str, Any]) -> Iterator[Typed]:
    yield from answer.get("Items", ())
    yield from (answer[name] for name in ("Item", "Attributes") if name in answer)
    for found in answer.get("Responses", {}).values():
        yield from found
    for reason in answer.get("CancellationReasons", ()):
        yield reason.get("Item") or {}
