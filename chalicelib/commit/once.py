"""An effect that is asked for twice is had once: the record of an Idempotency-Key is a
step of the effect's own transaction, so there is one exactly if there is the effect.

The record holds ids. What was answered lies in the contact's partition, so that a purge
takes it along; what belongs to no contact is kept in the record. A refusal is not kept:
nothing happened, so it may be tried again. The same mechanism serves a row of a job.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from chalicelib.model.errors import (
    Busy,
    ContactNotFound,
    IdempotencyKeyReused,
    Refusal,
)
from chalicelib.model.words import Member
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import Put, Step
from chalicelib.storage.table import Refused, Table

T = TypeVar("T")

KEPT = timedelta(hours=48)
STEP = "once"  # the first of its transaction: its refusal is told before any other


@dataclass(frozen=True, slots=True)
class Once:
    """A caller's intention, by his key; the request tells it from another intention."""

    user_id: str
    digest: str
    fingerprint: str
    now: datetime

    def place(self, member: Member | None) -> keys.Key:
        """Where the record lies: in the workspace, or with the user."""
        if member:
            return keys.once(member, self.digest)
        return keys.once_outside(self.user_id, self.digest)


class Answered(Exception):
    """Another request with this key was faster; its answer is the one."""


class Said(NamedTuple):
    """What was answered, as JSON; an answer may be None."""

    answer: Any


def of(user_id: str, key: str, request: object, now: datetime) -> Once:
    """The intention behind a key; `request` is what a retry must repeat."""
    # The key is in both, and is kept nowhere: nobody can guess a body by its digest.
    return Once(user_id, _digest([user_id, key]), _digest([key, request]), now)


def only(
    table: Table,
    member: Member | None,
    once: Once | None,
    write: Callable[[], T],
    again: Callable[[Any], T],
) -> T:
    """What `write` gives, or, when it has been done with this key, what it gave then.
    Raises IdempotencyKeyReused when the key stands for another request."""
    if once is None:
        return write()
    said = recall(table, member, once)
    if said is None:
        try:
            return write()
        except Answered:
            said = recall(table, member, once)
        except Refusal as refusal:
            # It may have met its own effect: another with this key was faster.
            said = None if isinstance(refusal, Busy) else recall(table, member, once)
            if said is None:
                raise
    assert said is not None  # a record outlives the request by days
    return again(said.answer)


def recall(table: Table, member: Member | None, once: Once) -> Said | None:
    """What was answered to this key; None when nothing was. It is found before any
    condition of the request could refuse."""
    (record,) = table.get_many([once.place(member)])
    # DynamoDB removes what has expired late, the local engine never.
    if record is None or record["expires_at"] <= once.now.timestamp():
        return None
    if record["fingerprint"] != once.fingerprint:
        raise IdempotencyKeyReused
    if "contact_id" not in record or member is None:
        return Said(json.loads(record["answer"]))
    said = table.get(keys.said(member, record["contact_id"], once.digest))
    if said is None:  # gone with its contact
        raise ContactNotFound
    return Said(json.loads(said["answer"]))


def steps(
    member: Member | None, once: Once | None, answer: Any, contact_id: str | None = None
) -> dict[str, Step]:
    """The steps that keep an answer; without a key there is nothing to keep."""
    if once is None:
        return {}
    kept = {
        "answer": items.as_text(answer),
        "expires_at": int((once.now + KEPT).timestamp()),
    }
    record = {**once.place(member)._asdict(), "fingerprint": once.fingerprint}
    free = conditions.absent_or_expired(int(once.now.timestamp()))
    if contact_id is None or member is None:
        return {STEP: Put(record | kept, free)}
    named = {"contact_id": contact_id, "expires_at": kept["expires_at"]}
    said = keys.said(member, contact_id, once.digest)._asdict() | kept
    return {STEP: Put(record | named, free), "said": Put(said)}


def send(table: Table, steps: Mapping[str, Step]) -> None:
    """Sends a transaction; raises Answered, or Refused with the step."""
    try:
        table.transact(steps)
    except Refused as refused:
        if refused.step == STEP:
            raise Answered from refused
        raise


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
