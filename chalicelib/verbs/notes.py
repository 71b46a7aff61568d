"""The verbs of a contact's notes: list, add, change, remove."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.commit import children, once
from chalicelib.commit.once import Once
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import NoteNotFound
from chalicelib.model.ids import new_id
from chalicelib.model.words import Member, Note, as_json, from_json
from chalicelib.storage import child_items, conditions, keys
from chalicelib.storage.expressions import Delete, Put, Step
from chalicelib.storage.items import Item
from chalicelib.storage.table import Table
from chalicelib.verbs import access

CONTENT = {
    "content": parsers.required(parsers.prose(10_000, examples=["Called back."]))
}


def page(
    table: Table, member: Member, contact_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Note], str | None]:
    """Notes, newest first, and the cursor of the next page; raises ContactNotFound."""
    access.allow(member, "read")
    children.require_contact(table.get(keys.contact(member, contact_id)))
    start = keys.child(member, contact_id, cursor) if cursor else None
    run = keys.children_of_kind(member, contact_id, "note")
    found, after = children.page(table, run, limit=limit, start=start)
    return [child_items.note(item) for item in found], after


def add(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    body: Mapping[str, Any],
    now: datetime,
    intent: Once | None = None,
) -> Note:
    """The new note; raises InvalidFields, ContactNotFound."""
    access.allow(member, "write")
    given = fields.parse(body, CONTENT)
    time, who = timestamp(now), member.user_id
    note = Note(new_id("note", now), contact_id, given["content"], time, who, time, who)

    def write() -> Note:
        put = Put(child_items.note_item(member, note), conditions.NEW)
        counted = children.counted(member, contact_id, {"note": 1}, now)
        kept = once.steps(member, intent, as_json(note), contact_id)
        children.write(table, {**kept, **counted, "note": put}, NoteNotFound)
        return note

    return once.only(table, member, intent, write, partial(from_json, Note))


def change(
    table: Table,
    member: Member,
    contact_id: str,
    note_id: str,
    *,
    body: Mapping[str, Any],
    now: datetime,
    intent: Once | None = None,
) -> Note:
    """The note as it is now; raises InvalidFields, ContactNotFound, NoteNotFound."""
    access.allow(member, "write")
    given = fields.patch(body, CONTENT)
    stamp = {"updated_at": timestamp(now), "updated_by": member.user_id}

    def apply(before: Item) -> Item:
        same = before["content"] == given["content"]
        return {} if same else given | stamp

    edit = children.Edit(child_items.note, apply, NoteNotFound, intent)
    write = partial(children.change, table, member, contact_id, note_id, edit)
    note: Note = once.only(table, member, intent, write, partial(from_json, Note))
    return note


def remove(
    table: Table,
    member: Member,
    contact_id: str,
    note_id: str,
    *,
    now: datetime,
    intent: Once | None = None,
) -> None:
    """The note is gone and no longer counted; raises ContactNotFound, NoteNotFound."""
    access.allow(member, "write")

    def write() -> None:
        gone = Delete(keys.child(member, contact_id, note_id), conditions.EXISTS)
        steps: dict[str, Step] = {
            **once.steps(member, intent, None, contact_id),
            **children.counted(member, contact_id, {"note": -1}, now),
            "note": gone,
        }
        children.write(table, steps, NoteNotFound)

    once.only(table, member, intent, write, lambda answer: answer)
