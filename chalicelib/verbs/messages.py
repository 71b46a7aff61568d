"""The verbs of a conversation's messages: list, receive.

A message comes exactly once: its id at the channel (`external_id`) is claimed in the
transaction that stores it, so that a channel may deliver it as often as it likes. Many
that come together are one transaction, and one step of their contact's counter.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.base.budget import waits
from chalicelib.commit import children, once
from chalicelib.commit.once import Once
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import (
    Busy,
    ContactNotFound,
    ConversationNotFound,
    FieldError,
    InvalidFields,
    Refusal,
)
from chalicelib.model.ids import new_id
from chalicelib.model.words import Member, Message, as_json, from_json
from chalicelib.storage import child_items, conditions, keys
from chalicelib.storage.expressions import Change, ConditionCheck, Put, Step, Update
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

Body = Mapping[str, Any]

TOGETHER = 40  # messages a request; two steps each, and a transaction has 100 (AWS)
MESSAGE: dict[str, parsers.Parser] = {
    "direction": parsers.required(parsers.one_of(("inbound", "outbound"))),
    "content": parsers.required(parsers.prose(10_000, examples=["Are you open?"])),
    "external_id": parsers.optional(parsers.text(200, examples=["wamid.HBg1"])),
}


@dataclass(frozen=True, slots=True)
class Place:
    """The conversation that messages come into."""

    table: Table
    member: Member
    contact_id: str
    conversation_id: str

    @property
    def parts(self) -> tuple[Member, str, str]:
        return self.member, self.contact_id, self.conversation_id


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one message: it is new, or has come before, or was refused."""

    message: Message | None
    is_new: bool
    refusal: Refusal | None = None


def page(
    place: Place, *, limit: int, cursor: str | None
) -> tuple[list[Message], str | None]:
    """Messages, newest first, and the next cursor; raises ContactNotFound,
    ConversationNotFound."""
    access.allow(place.member, "read")
    contact, conversation = place.table.get_many(
        [
            keys.contact(place.member, place.contact_id),
            keys.child(*place.parts),
        ]
    )
    children.require_contact(contact)
    if conversation is None:
        raise ConversationNotFound
    start = keys.message(*place.parts, cursor) if cursor else None
    run = keys.messages(*place.parts)
    found, after = children.page(place.table, run, limit=limit, start=start)
    shown = [child_items.message(item) for item in found]
    return shown, after and after.removeprefix(run.prefix)


def receive(
    place: Place, bodies: Sequence[Any], *, now: datetime, intent: Once | None = None
) -> list[Received]:
    """What became of each, in order: all that are good are stored together. The same
    `external_id` again gives the first one. Raises ContactNotFound,
    ConversationNotFound."""
    access.allow(place.member, "write")
    read = [_read(place, body, now) for body in bodies]
    good = [one.message for one in read if one.message]

    def write() -> list[Received]:
        return _store(place, good, now, intent)

    def again(answer: Any) -> list[Received]:
        return [Received(from_json(Message, one[0]), one[1]) for one in answer]

    stored = iter(once.only(place.table, place.member, intent, write, again))
    return [next(stored) if one.message else one for one in read]


def _read(place: Place, body: Any, now: datetime) -> Received:
    try:
        given = fields.parse(parsers.an_object(body), MESSAGE)
    except InvalidFields as refusal:
        return Received(None, False, refusal)
    except parsers.Bad as bad:  # it has no fields at all
        found = FieldError.about("message", bad.code, bad.reason)
        return Received(None, False, InvalidFields([found]))
    message = Message(
        id=new_id("msg", now),
        conversation_id=place.conversation_id,
        direction=given["direction"],
        content=given["content"],
        external_id=given.get("external_id"),
        created_at=timestamp(now),
        created_by=place.member.user_id,
    )
    return Received(message, True)


def _store(
    place: Place, good: list[Message], now: datetime, intent: Once | None
) -> list[Received]:
    known: dict[str, Message] = {}  # by external id: those that have come before
    for wait in waits():
        outcome = _outcome(good, known)
        new = [one.message for one in outcome if one.is_new and one.message]
        try:
            if wanted := _steps(place, new, outcome, now, intent):
                once.send(place.table, wanted)
            return outcome
        except Refused as refused:
            if refused.step == children.CONTACT:
                raise ContactNotFound from refused
            if refused.step == "conversation":
                raise ConversationNotFound from refused
            known = _first_ones(place, good)
            time.sleep(wait)
    raise Busy


def _outcome(good: list[Message], known: Mapping[str, Message]) -> list[Received]:
    first = dict(known)
    outcome = []
    for message in good:
        name = message.external_id
        earlier = first.get(name) if name else None
        outcome.append(Received(earlier or message, earlier is None))
        if name and not earlier:
            first[name] = message
    return outcome


def _first_ones(place: Place, good: list[Message]) -> dict[str, Message]:
    """The messages that came before with the external ids of these."""
    names = [message.external_id for message in good if message.external_id]
    claims = place.table.get_many([keys.external(*place.parts, n) for n in names])
    wanted = {n: c["message_id"] for n, c in zip(names, claims, strict=True) if c}
    found = place.table.get_many(
        [keys.message(*place.parts, message_id) for message_id in wanted.values()]
    )
    if not all(found):  # they are going with their contact
        raise ContactNotFound
    pairs = zip(wanted, found, strict=True)
    return {name: child_items.message(item) for name, item in pairs if item}


def _steps(
    place: Place,
    new: list[Message],
    outcome: list[Received],
    now: datetime,
    intent: Once | None,
) -> dict[str, Step]:
    told = [[as_json(one.message), one.is_new] for one in outcome]
    kept = once.steps(place.member, intent, told, place.contact_id)
    if not new:
        return {**kept, **_there(place)} if kept or not outcome else {}
    counted = Change(
        set={"last_message_at": timestamp(now)}, add={"message_count": len(new)}
    )
    steps: dict[str, Step] = {
        **kept,
        **children.counted(place.member, place.contact_id, {"msg": len(new)}, now),
        "conversation": Update(keys.child(*place.parts), counted, conditions.EXISTS),
    }
    for number, message in enumerate(new):
        if message.external_id:
            claim = keys.external(*place.parts, message.external_id)._asdict()
            put = Put(claim | {"message_id": message.id}, conditions.NEW)
            steps[f"external {number}"] = put
        item = child_items.message_item(place.member, place.contact_id, message)
        steps[f"message {number}"] = Put(item, conditions.NEW)
    return steps


def _there(place: Place) -> dict[str, Step]:
    stays = ConditionCheck(keys.child(*place.parts), conditions.EXISTS)
    return children.alive(place.member, place.contact_id) | {"conversation": stays}
