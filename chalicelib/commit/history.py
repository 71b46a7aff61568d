"""One row for each version of a contact, written in the transaction of the change, so
that there is one exactly if there is the version. It goes with the contact."""

import json
from datetime import datetime, timedelta
from typing import Any

from chalicelib.base import log
from chalicelib.model.words import Contact, Event, Member
from chalicelib.storage import items
from chalicelib.storage.expressions import Put, Step

KEPT = timedelta(days=400)
TOLD = (
    *("name", "phone", "email", "lead_status", "lead_score"),
    *("tags", "assigned_to", "source"),
)


def step(
    member: Member, before: Contact | None, after: Contact, action: str
) -> dict[str, Step]:
    """The step that tells how this version came about."""
    event = Event(
        contact_id=after.id,
        version=after.version,
        at=after.updated_at,
        by=after.updated_by,
        action=action,
        via=log.request_id(),
        changes=changes(before, after),
        undoes=None,
    )
    made = datetime.fromisoformat(after.updated_at)
    expires_at = int((made + KEPT).timestamp())
    return {"history": Put(items.event_item(member, event, expires_at))}


def changes(before: Contact | None, after: Contact) -> dict[str, Any]:
    """Each field that differs, from and to; of metadata, the same key by key, where
    what is missing was not there."""
    found: dict[str, Any] = {}
    for name in TOLD:
        old, new = (getattr(side, name, None) for side in (before, after))
        if old != new:
            found[name] = {"from": old, "to": new}
    old, new = before.metadata if before else {}, after.metadata
    moved = {key: _move(old, new, key) for key in [*old, *(new.keys() - old.keys())]}
    moved = {key: move for key, move in moved.items() if move}
    return found | ({"metadata": moved} if moved else {})


def _move(old: dict[str, Any], new: dict[str, Any], key: str) -> dict[str, Any]:
    both = key in old and key in new
    if both and json.dumps(old[key]) == json.dumps(new[key]):  # 1, 1.0 and True differ
        return {}
    return ({"from": old[key]} if key in old else {}) | (
        {"to": new[key]} if key in new else {}
    )
