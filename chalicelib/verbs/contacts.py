"""The verbs of a contact: create, get, change, set the status. Lists are search.py's,
deleting is cascade.py's.

A change is ONE conditional update that returns what was stored; when it is refused, the
storage answers with what lies there, and that tells why. Only what depends on the value
before (a phone or e-mail to free, metadata to merge into) is read first, and then
written on condition that it is still the version that was read."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.base.budget import waits
from chalicelib.commit import claims
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import (
    Busy,
    ContactNotFound,
    FieldError,
    InvalidFields,
    Refusal,
    StatusChanged,
    VersionMismatch,
)
from chalicelib.model.ids import new_id
from chalicelib.model.strict_json import merge
from chalicelib.model.words import DEFAULT_STATUS, Contact, Member
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import Change, Put, Update
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

Body = Mapping[str, Any]
Versions = tuple[int, ...] | None  # those that the caller accepts (If-Match); None: any

REACHABLE_BY = ("name", "phone", "email")
NEEDS_VALUE_BEFORE = frozenset({"phone", "email", "metadata"})


def create(table: Table, member: Member, body: Body, *, now: datetime) -> Contact:
    """The new contact; raises InvalidFields, PhoneTaken, EmailTaken."""
    access.allow(member, "write")
    accepted = fields.contact(member.workspace, access.assignee(table, member))
    named = any(name in body for name in REACHABLE_BY)
    given = fields.parse(body, accepted, "" if named else "name")
    contact = _new(member, given, now)
    _require_reachable(contact)
    steps = claims.moved(member, contact.id, {}, given)
    try:
        table.transact(
            {
                "contact": Put(items.contact_item(member, contact), conditions.NEW),
                **steps,
            }
        )
    except Refused as refused:
        raise claims.taken(refused) or refused from refused
    return contact


def get(table: Table, member: Member, contact_id: str) -> Contact:
    """The contact as stored; raises ContactNotFound."""
    access.allow(member, "read")
    return _living(table.get(keys.contact(member, contact_id)))


def change(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    body: Body,
    now: datetime,
    versions: Versions = None,
) -> Contact:
    """The contact as stored after a merge patch (RFC 7396: null clears).

    Raises InvalidFields, ContactNotFound, VersionMismatch, PhoneTaken, EmailTaken.
    """
    access.allow(member, "write")
    accepted = fields.contact(member.workspace, access.assignee(table, member))
    # What is merged into metadata may be as large as a body; the result may not.
    accepted["metadata"] = parsers.optional(parsers.an_object)
    changes = fields.patch(body, accepted)
    edit = _Edit(member, contact_id, changes, versions, now)
    if NEEDS_VALUE_BEFORE & changes.keys():
        return _change_upon_value_before(table, edit)
    where = conditions.ALIVE
    if "name" in changes and changes["name"] is None:
        where &= conditions.HAS_NUMBER_OR_ADDRESS
    return _update(table, edit, where)


def set_status(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    body: Body,
    now: datetime,
    versions: Versions = None,
) -> Contact:
    """This contact, and no other, with the status; raises InvalidFields,
    ContactNotFound, VersionMismatch, or StatusChanged when it is no longer `from`."""
    access.allow(member, "write")
    given = fields.parse(body, fields.status(member.workspace))
    changes = {"lead_status": given["lead_status"]}
    where = conditions.ALIVE
    if "from" in given:
        where &= conditions.status_is(given["from"])
    return _update(table, _Edit(member, contact_id, changes, versions, now), where)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change that a person asks for: of what, to what, upon which versions."""

    member: Member
    contact_id: str
    changes: dict[str, Any]
    versions: Versions
    now: datetime

    @property
    def key(self) -> keys.Key:
        return keys.contact(self.member, self.contact_id)

    @property
    def stamp(self) -> dict[str, Any]:
        return {"updated_at": timestamp(self.now), "updated_by": self.member.user_id}

    def stored(self) -> Change:
        changed = items.contact_attributes(self.member, self.contact_id, self.changes)
        return Change(set=changed | self.stamp, add={"version": 1})


def _update(table: Table, edit: _Edit, where: conditions.Condition) -> Contact:
    if edit.versions is not None:
        where &= conditions.version_among(edit.versions)
    try:
        return items.contact(table.update(edit.key, edit.stored(), where))
    except Refused as refused:
        raise _why(refused.item, edit) from refused


def _why(item: items.Item | None, edit: _Edit) -> Refusal:
    """Which clause refused, told from what lies there: no second call."""
    try:
        current = _living(item)
    except ContactNotFound as missing:
        return missing
    if edit.versions is not None and current.version not in edit.versions:
        return VersionMismatch(current=current)
    if "lead_status" in edit.changes and "name" not in edit.changes:
        return StatusChanged(f"The status is {current.lead_status}.", current=current)
    return _unreachable()


def _change_upon_value_before(table: Table, edit: _Edit) -> Contact:
    for wait in waits():
        before = _living(table.get(edit.key))
        if edit.versions is not None and before.version not in edit.versions:
            raise VersionMismatch(current=before)
        merged = replace(edit, changes=edit.changes | _metadata(before, edit.changes))
        after = replace(before, **merged.changes, **edit.stamp)
        _require_reachable(after)
        written = _write_upon(table, merged, before)
        if written:
            return written
        time.sleep(wait)
    raise Busy


def _write_upon(table: Table, edit: _Edit, before: Contact) -> Contact | None:
    """The contact as stored, or None when it is no longer the version that was read."""
    where = conditions.ALIVE & conditions.version_among((before.version,))
    old = {name: getattr(before, name) for name in claims.KEY_OF}
    steps = claims.moved(edit.member, before.id, old, edit.changes)
    try:
        if not steps:
            return items.contact(table.update(edit.key, edit.stored(), where))
        table.transact({"contact": Update(edit.key, edit.stored(), where), **steps})
    except Refused as refused:
        if taken := claims.taken(refused):
            raise taken from refused
        return None
    stored = table.get(edit.key)  # a transaction returns nothing
    return items.contact(stored) if stored else None


def _metadata(before: Contact, changes: Mapping[str, Any]) -> dict[str, Any]:
    if "metadata" not in changes:
        return {}
    if changes["metadata"] is None:
        return {"metadata": {}}
    merged = {"metadata": merge(before.metadata, changes["metadata"])}
    return fields.parse(merged, {"metadata": parsers.metadata})


def _new(member: Member, given: Mapping[str, Any], now: datetime) -> Contact:
    time = timestamp(now)
    return Contact(
        id=new_id("con", now),
        workspace_id=member.workspace.id,
        name=given.get("name"),
        phone=given.get("phone"),
        email=given.get("email"),
        lead_status=given.get("lead_status", DEFAULT_STATUS),
        lead_score=given.get("lead_score", 0),
        tags=given.get("tags", ()),
        assigned_to=given.get("assigned_to"),
        source=given.get("source"),
        metadata=given.get("metadata") or {},
        note_count=0,
        conversation_count=0,
        message_count=0,
        last_activity_at=None,
        version=1,
        created_at=time,
        updated_at=time,
        updated_by=member.user_id,
    )


def _living(item: items.Item | None) -> Contact:
    if item is None or "deletion_id" in item:
        raise ContactNotFound
    return items.contact(item)


def _require_reachable(contact: Contact) -> None:
    if not any(getattr(contact, name) for name in REACHABLE_BY):
        raise _unreachable()


def _unreachable() -> InvalidFields:
    reason = "A contact has a name, a phone or an e-mail."
    return InvalidFields([FieldError("name", "required", reason)])
