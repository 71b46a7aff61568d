"""The verbs of a contact's notes: list, add, change, remove."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.commit import children
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import NoteNotFound
from chalicelib.model.ids import new_id
from chalicelib.model.words import Member, Note
from chalicelib.storage import child_items, conditions, keys
from chalicelib.storage.expressions import Change, Delete, Put, Update
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
    start = keys.child(member, contact_id, cursor)._asdict() if cursor else None
    found = table.query(
        keys.children_of_kind(member, contact_id, "note"),
        limit=limit + 1,
        start=start,
        newest_first=True,
    ).items
    shown = [child_items.note(item) for item in found[:limit]]
    return shown, shown[-1].id if len(found) > limit else None


def add(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    body: Mapping[str, Any],
    now: datetime,
) -> Note:
    """The new note; raises InvalidFields, ContactNotFound."""
    access.allow(member, "write")
    given = fields.parse(body, CONTENT)
    time, who = timestamp(now), member.user_id
    note = Note(new_id("note", now), contact_id, given["content"], time, who, time, who)
    key = keys.child(member, contact_id, note.id)
    steps = children.counted(member, contact_id, "note", 1, now)
    steps["note"] = Put(child_items.note_item(key, note), conditions.NEW)
    children.write(table, steps, NoteNotFound)
    return note


def change(
    table: Table,
    member: Member,
    contact_id: str,
    note_id: str,
    *,
    body: Mapping[str, Any],
    now: datetime,
) -> Note:
    """The note as stored; raises InvalidFields, ContactNotFound, NoteNotFound."""
    access.allow(member, "write")
    changes = fields.patch(body, CONTENT)
    stamp = {"updated_at": timestamp(now), "updated_by": member.user_id}
    key = keys.child(member, contact_id, note_id)
    steps = children.alive(member, contact_id)
    steps["note"] = Update(key, Change(set=changes | stamp), conditions.EXISTS)
    children.write(table, steps, NoteNotFound)
    stored = table.get(key)  # a transaction returns nothing
    if stored is None:
        raise NoteNotFound
    return child_items.note(stored)


def remove(
    table: Table, member: Member, contact_id: str, note_id: str, *, now: datetime
) -> None:
    """The note is gone and no longer counted; raises ContactNotFound, NoteNotFound."""
    access.allow(member, "write")
    steps = children.counted(member, contact_id, "note", -1, now)
    steps["note"] = Delete(keys.child(member, contact_id, note_id), conditions.EXISTS)
    children.write(table, steps, NoteNotFound)
