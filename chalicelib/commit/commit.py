"""How a contact changes: one read, one transaction. Read the contact; compute it after
the change, purely; send ONE transaction: the contact on the version that was read, its
places, its metadata, its history, the idempotency record.

The answer is what was computed, never a second read: version and fields are what the
condition has proved, the counters are those of the read. When nothing changes, nothing
is written. When the version has moved, it is read again and computed anew, so a change
that was asked for on a certain version or status says itself what then."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.base.budget import waits
from chalicelib.commit import history, once, places, whole
from chalicelib.commit.once import Once
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import Busy, FieldError, InvalidFields
from chalicelib.model.words import Contact, Member, as_json
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import (
    Change,
    ConditionCheck,
    Delete,
    Put,
    Step,
    Update,
)
from chalicelib.storage.table import Refused, Table


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wants of a contact: `apply` gives it changed, or refuses."""

    action: str
    apply: Callable[[Contact], Contact]
    now: datetime
    intent: Once | None = None


def create(
    table: Table, member: Member, made: Contact, *, intent: Once | None = None
) -> Contact:
    """The new contact; raises PhoneTaken, EmailTaken, and Answered."""
    try:
        once.send(table, steps(member, None, made, "created", intent))
    except Refused as refused:
        raise _told(refused) or refused from refused
    return made


def change(table: Table, member: Member, contact_id: str, edit: Edit) -> Contact:
    """The contact as it is after the edit; raises ContactNotFound, Busy, what the edit
    refuses, and Answered."""
    for wait in waits():
        before = whole.living(table, member, contact_id)
        after = _stamped(member, before, edit)
        try:
            if wanted := steps(member, before, after, edit.action, edit.intent):
                once.send(table, wanted)
        except Refused as refused:
            if told := _told(refused):
                raise told from refused
            time.sleep(wait)  # it has moved, or gone: the next read says which
            continue
        return after
    raise Busy


def steps(
    member: Member,
    before: Contact | None,
    after: Contact,
    action: str,
    intent: Once | None,
) -> dict[str, Step]:
    """The whole transaction, by the names of its steps; none when nothing changes. The
    record comes first: its refusal is told before any other."""
    kept = once.steps(member, intent, as_json(after), after.id)
    if before and before.version == after.version:
        return kept | _unmoved(member, before) if kept else {}
    return {
        **kept,
        **_contact(member, before, after),
        **places.moved(member, before, after),
        **_assignee(member, before, after),
        **_metadata(member, before, after),
        **history.step(member, before, after, action),
    }


def _stamped(member: Member, before: Contact, edit: Edit) -> Contact:
    """The contact after the edit, as a new version; the same one when nothing moved.
    Times grow with versions, whatever the clocks say."""
    after = edit.apply(before)
    if not history.changes(before, after):
        return before
    least = datetime.fromisoformat(before.updated_at) + timedelta(milliseconds=1)
    return replace(
        after,
        version=before.version + 1,
        updated_at=timestamp(max(edit.now, least)),
        updated_by=member.user_id,
    )


def _contact(member: Member, before: Contact | None, after: Contact) -> dict[str, Step]:
    key = keys.contact(member, after.id)
    new = items.contact_attributes(member, after) | _version_of_metadata(before, after)
    if before is None:
        item = items.contact_item(member, after) | new
        return {"contact": Put(item, conditions.NEW)}
    old = items.contact_attributes(member, before)
    moved = {name: value for name, value in new.items() if old.get(name, ...) != value}
    where = conditions.ALIVE & conditions.version_is(before.version)
    change = Change(set=moved | {"version": after.version})
    return {"contact": Update(key, change, where)}


def _unmoved(member: Member, before: Contact) -> dict[str, Step]:
    where = conditions.ALIVE & conditions.version_is(before.version)
    return {"contact": ConditionCheck(keys.contact(member, before.id), where)}


def _metadata_moves(before: Contact | None, after: Contact) -> bool:
    old = before.metadata if before else {}
    return items.as_text(old) != items.as_text(after.metadata)


def _version_of_metadata(before: Contact | None, after: Contact) -> items.Item:
    if not _metadata_moves(before, after):
        return {}
    return {"metadata_version": after.version if after.metadata else None}


def _metadata(
    member: Member, before: Contact | None, after: Contact
) -> dict[str, Step]:
    if not _metadata_moves(before, after):
        return {}
    if after.metadata:
        return {"metadata": Put(items.metadata_item(member, after))}
    return {"metadata": Delete(keys.metadata(member, after.id))}


def _assignee(
    member: Member, before: Contact | None, after: Contact
) -> dict[str, Step]:
    """Who is assigned is a member in the moment of the change."""
    if not after.assigned_to or (before and before.assigned_to == after.assigned_to):
        return {}
    place = keys.membership(member.workspace.id, after.assigned_to)
    return {"assignee": ConditionCheck(place, conditions.ENTERED)}


def _told(refused: Refused) -> Exception | None:
    """The refusal that a step means by itself; None for the contact's own."""
    if refused.step == "assignee":
        reason = "assigned_to must be a member of the workspace."
        return InvalidFields([FieldError("assigned_to", "unknown_member", reason)])
    return places.taken(refused)
