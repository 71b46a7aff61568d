"""The verbs of a contact's conversations: list, start, change. Their messages are
messages.py's."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.commit import children, once
from chalicelib.commit.once import Once
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import ConversationNotFound
from chalicelib.model.ids import new_id
from chalicelib.model.words import Conversation, Member, as_json, from_json
from chalicelib.storage import child_items, conditions, keys
from chalicelib.storage.expressions import Put
from chalicelib.storage.items import Item
from chalicelib.storage.table import Table
from chalicelib.verbs import access

Body = Mapping[str, Any]

CHANNELS = ("whatsapp", "email", "phone", "sms", "other")
CHANNEL = {"channel": parsers.required(parsers.one_of(CHANNELS))}
STATUS = {
    "status": parsers.one_of(("open", "closed", "snoozed")),
    "assigned_to": parsers.optional(parsers.user_id),
}

again = partial(from_json, Conversation)


def page(
    table: Table, member: Member, contact_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Conversation], str | None]:
    """Conversations, newest first, and the next cursor; raises ContactNotFound."""
    access.allow(member, "read")
    children.require_contact(table.get(keys.contact(member, contact_id)))
    start = keys.child(member, contact_id, cursor) if cursor else None
    run = keys.children_of_kind(member, contact_id, "conv")
    found, after = children.page(table, run, limit=limit, start=start)
    return [child_items.conversation(item) for item in found], after


def start(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    body: Body,
    now: datetime,
    intent: Once | None = None,
) -> Conversation:
    """The new, open conversation; raises InvalidFields, ContactNotFound."""
    access.allow(member, "write")
    given = fields.parse(body, CHANNEL)
    made = Conversation(
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

    def write() -> Conversation:
        put = Put(child_items.conversation_item(member, made), conditions.NEW)
        counted = children.counted(member, contact_id, {"conv": 1}, now)
        kept = once.steps(member, intent, as_json(made), contact_id)
        steps = {**kept, **counted, "conversation": put}
        children.write(table, steps, ConversationNotFound)
        return made

    return once.only(table, member, intent, write, again)


def change(
    table: Table,
    member: Member,
    contact_id: str,
    conversation_id: str,
    *,
    body: Body,
    now: datetime,
    intent: Once | None = None,
) -> Conversation:
    """The conversation as it is now; raises InvalidFields, ContactNotFound,
    ConversationNotFound."""
    access.allow(member, "write")

    def write() -> Conversation:
        accepted = STATUS | {"assigned_to": access.assignee(table, member)}
        given = fields.patch(body, accepted)

        def apply(before: Item) -> Item:
            moves = any(before.get(name) != given[name] for name in given)
            return {**given, "updated_at": timestamp(now)} if moves else {}

        edit = children.Edit(
            child_items.conversation, apply, ConversationNotFound, intent
        )
        changed: Conversation = children.change(
            table, member, contact_id, conversation_id, edit
        )
        return changed

    return once.only(table, member, intent, write, again)
