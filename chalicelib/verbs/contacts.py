"""The verbs of a contact: create, get, change, set the status. Lists are search.py's,
deleting is jobs/purge.py's; how a change is written is commit/commit.py's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.commit import commit, once, whole
from chalicelib.commit.commit import Edit
from chalicelib.commit.once import Once
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import (
    FieldError,
    InvalidFields,
    StatusChanged,
    VersionMismatch,
)
from chalicelib.model.ids import new_id
from chalicelib.model.strict_json import merge
from chalicelib.model.words import DEFAULT_STATUS, Contact, Member, from_json
from chalicelib.storage.table import Table
from chalicelib.verbs import access

Body = Mapping[str, Any]
Versions = tuple[int, ...] | None  # those that the caller accepts (If-Match); None: any

REACHABLE_BY = ("name", "phone", "email")

again = partial(from_json, Contact)


def create(
    table: Table,
    member: Member,
    body: Body,
    *,
    now: datetime,
    intent: Once | None = None,
) -> Contact:
    """The new contact; raises InvalidFields, PhoneTaken, EmailTaken."""
    access.allow(member, "write")

    def write() -> Contact:
        accepted = fields.contact(member.workspace, access.assignee(table, member))
        named = any(name in body for name in REACHABLE_BY)
        given = fields.parse(body, accepted, "" if named else "name")
        made = _new(member, given, now)
        _require_reachable(made)
        return commit.create(table, member, made, intent=intent)

    return once.only(table, member, intent, write, again)


def get(table: Table, member: Member, contact_id: str) -> Contact:
    """The contact as stored; raises ContactNotFound."""
    access.allow(member, "read")
    return whole.living(table, member, contact_id)


def change(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    body: Body,
    now: datetime,
    versions: Versions = None,
    intent: Once | None = None,
) -> Contact:
    """The contact after a merge patch (RFC 7396: null clears).

    Raises InvalidFields, ContactNotFound, VersionMismatch, PhoneTaken, EmailTaken.
    """
    access.allow(member, "write")

    def write() -> Contact:
        accepted = fields.contact(member.workspace, access.assignee(table, member))
        # What is merged into metadata may be as large as a body; the result may not.
        accepted["metadata"] = parsers.optional(parsers.an_object)
        given = fields.patch(body, accepted)
        apply = partial(_patched, given=given, versions=versions)
        edit = Edit("changed", apply, now, intent)
        return commit.change(table, member, contact_id, edit)

    return once.only(table, member, intent, write, again)


def set_status(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    body: Body,
    now: datetime,
    versions: Versions = None,
    intent: Once | None = None,
) -> Contact:
    """This contact, and no other, with the status; raises InvalidFields,
    ContactNotFound, VersionMismatch, or StatusChanged when it is no longer `from`."""
    access.allow(member, "write")

    def write() -> Contact:
        given = fields.parse(body, fields.status(member.workspace))
        apply = partial(_with_status, given=given, versions=versions)
        edit = Edit("status", apply, now, intent)
        return commit.change(table, member, contact_id, edit)

    return once.only(table, member, intent, write, again)


def _patched(before: Contact, *, given: Body, versions: Versions) -> Contact:
    _require_version(before, versions)
    after = replace(before, **{**given, **_metadata(before, given)})
    _require_reachable(after)
    return after


def _with_status(before: Contact, *, given: Body, versions: Versions) -> Contact:
    _require_version(before, versions)
    if given.get("from", before.lead_status) != before.lead_status:
        sentence = f"The status is {before.lead_status}."
        raise StatusChanged(sentence, current=before)
    return replace(before, lead_status=given["lead_status"])


def _metadata(before: Contact, given: Body) -> dict[str, Any]:
    if "metadata" not in given:
        return {}
    if given["metadata"] is None:
        return {"metadata": {}}
    merged = {"metadata": merge(before.metadata, given["metadata"])}
    return fields.parse(merged, {"metadata": parsers.metadata})


def _new(member: Member, given: Body, now: datetime) -> Contact:
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


def _require_version(contact: Contact, versions: Versions) -> None:
    if versions is not None and contact.version not in versions:
        raise VersionMismatch(current=contact)


def _require_reachable(contact: Contact) -> None:
    if not any(getattr(contact, name) for name in REACHABLE_BY):
        reason = "A contact has a name, a phone or an e-mail."
        raise InvalidFields([FieldError("name", "required", reason)])
