"""The verbs of a contact's conversations and their messages.

A message comes exactly once: its id at the channel (`external_id`) is claimed in the
transaction that stores it, so that a channel may deliver it as often as it likes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.commit import children
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import ContactNotFound, ConversationNotFound
from chalicelib.model.ids import new_id
from chalicelib.model.words import Conversation, Member, Message
from chalicelib.storage import child_items, conditions, keys
from chalicelib.storage.expressions import Change, Put, Update
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

Body = Mapping[str, Any]

CHANNELS = ("whatsapp", "email", "phone", "sms", "other")
CHANNEL = {"channel": parsers.required(parsers.one_of(CHANNELS))}
STATUS = {
    "status": parsers.one_of(("open", "closed", "snoozed")),
    "assigned_to": parsers.optional(parsers.user_id),
}
MESSAGE: dict[str, parsers.Parser] = {
    "direction": parsers.required(parsers.one_of(("inbound", "outbound"))),
    "content": parsers.required(parsers.prose(10_000, examples=["Are you open?"])),
    "external_id": parsers.optional(parsers.text(200, examples=["wamid.HBg1"])),
}


def page(
    table: Table, member: Member, contact_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Conversation], str | None]:
    """Conversations, newest first, and the next cursor; raises ContactNotFound."""
    access.allow(member, "read")
    children.require_contact(table.get(keys.contact(member, contact_id)))
    start = keys.child(member, contact_id, cursor)._asdict() if cursor else None
    run = keys.children_of_kind(member, contact_id, "conv")
    found = table.query(run, limit=limit + 1, start=start, newest_first=True).items
    shown = [child_items.conversation(item) for item in found[:limit]]
    return shown, shown[-1].id if len(found) > limit else None


def start(
    table: Table, member: Member, contact_id: str, *, body: Body, now: datetime
) -> Conversation:
    """The new, open conversation; raises InvalidFields, ContactNotFound."""
    access.allow(member, "write")
    given = fields.parse(body, CHANNEL)
    conversation = Conversation(
        id=new_id("conv", now),
        contact_id=contact_id,
        channel=given["channel"],
        status="open",
        assigned_to=None,
        message_count=0,
        last_message_at=None,
        created_at=timestamp(now),
        updated_at=timestamp(now),
    )
    key = keys.child(member, contact_id, conversation.id)
    steps = children.counted(member, contact_id, "conv", 1, now)
    steps["conversation"] = Put(
        child_items.conversation_item(key, conversation), conditions.NEW
    )
    children.write(table, steps, ConversationNotFound)
    return conversation


def change(
    table: Table,
    member: Member,
    contact_id: str,
    conversation_id: str,
    *,
    body: Body,
    now: datetime,
) -> Conversation:
    """The conversation as stored; raises InvalidFields, ContactNotFound,
    ConversationNotFound."""
    access.allow(member, "write")
    accepted = STATUS | {"assigned_to": access.assignee(table, member)}
    changes = fields.patch(body, accepted) | {"updated_at": timestamp(now)}
    key = keys.child(member, contact_id, conversation_id)
    steps = children.alive(member, contact_id)
    steps["conversation"] = Update(key, Change(set=changes), conditions.EXISTS)
    children.write(table, steps, ConversationNotFound)
    stored = table.get(key)  # a transaction returns nothing
    if stored is None:
        raise ConversationNotFound
    return child_items.conversation(stored)


def messages(
    table: Table,
    member: Member,
    contact_id: str,
    conversation_id: str,
    *,
    limit: int,
    cursor: str | None,
) -> tuple[list[Message], str | None]:
    """Messages, newest first, and the next cursor; raises ContactNotFound,
    ConversationNotFound."""
    access.allow(member, "read")
    contact, conversation = table.get_many(
        [
            keys.contact(member, contact_id),
            keys.child(member, contact_id, conversation_id),
        ]
    )
    children.require_contact(contact)
    if conversation is None:
        raise ConversationNotFound
    place = (member, contact_id, conversation_id)
    start = keys.message(*place, cursor)._asdict() if cursor else None
    run = keys.messages(*place)
    found = table.query(run, limit=limit + 1, start=start, newest_first=True).items
    shown = [child_items.message(item) for item in found[:limit]]
    return shown, shown[-1].id if len(found) > limit else None


def receive(
    table: Table,
    member: Member,
    contact_id: str,
    conversation_id: str,
    *,
    body: Body,
    now: datetime,
) -> tuple[Message, bool]:
    """The message, and whether it is new: the same `external_id` again gives the first
    one. Raises InvalidFields, ContactNotFound, ConversationNotFound."""
    access.allow(member, "write")
    given = fields.parse(body, MESSAGE)
    message = Message(
        id=new_id("msg", now),
        conversation_id=conversation_id,
        direction=given["direction"],
        content=given["content"],
        external_id=given.get("external_id"),
        created_at=timestamp(now),
        created_by=member.user_id,
    )
    try:
        _store(table, member, contact_id, message, now)
    except Refused as refused:
        return _first(table, member, contact_id, refused, conversation_id), False
    return message, True


def _store(
    table: Table, member: Member, contact_id: str, message: Message, now: datetime
) -> None:
    place = (member, contact_id, message.conversation_id)
    steps = children.counted(member, contact_id, "msg", 1, now)
    counted = Change(set={"last_message_at": timestamp(now)}, add={"message_count": 1})
    steps["conversation"] = Update(keys.child(*place), counted, conditions.EXISTS)
    if message.external_id:
        claim = keys.external(*place, message.external_id)._asdict()
        steps["external"] = Put(claim | {"message_id": message.id}, conditions.NEW)
    key = keys.message(*place, message.id)
    steps["message"] = Put(child_items.message_item(key, message), conditions.NEW)
    table.transact(steps)


def _first(
    table: Table, member: Member, contact_id: str, refused: Refused, conversation: str
) -> Message:
    """The message that came before with the same external id."""
    if refused.step == children.CONTACT:
        raise ContactNotFound from refused
    if refused.step != "external":
        raise ConversationNotFound from refused
    message_id = (refused.item or {})["message_id"]
    stored = table.get(keys.message(member, contact_id, conversation, message_id))
    if stored is None:  # it is going with its contact
        raise ContactNotFound from refused
    return child_items.message(stored)
