"""How a word of the model lies in an item of the table, and back. An id is never stored
twice: it is the sort key, and read from there. What is None is not stored at all."""

import json
from dataclasses import replace
from typing import Any

from chalicelib.model.people import Membership
from chalicelib.model.terms import fold
from chalicelib.model.words import (
    CHILDREN,
    Contact,
    Deletion,
    Event,
    Member,
    Status,
    Workspace,
)
from chalicelib.storage import feed, keys

Item = dict[str, Any]


# --- workspaces, members


def workspace_item(workspace: Workspace, partition: str) -> Item:
    # The count is kept, and its condition decided, in one of the two copies only.
    owners = {"owner_count": 1} if partition == workspace.id else {}
    return {
        **keys.workspace(partition)._asdict(),
        **owners,
        "workspace_id": workspace.id,
        "slug": workspace.slug,
        "created_at": workspace.created_at,
        **settings_attributes(workspace),
    }


def settings_attributes(workspace: Workspace) -> Item:
    """All that can change of a workspace; None means: not stored."""
    statuses = [[one.key, one.label, one.color] for one in workspace.lead_statuses]
    closed = [one.key for one in workspace.lead_statuses if one.closed]
    return {
        "name": workspace.name,
        "lead_statuses": statuses,
        "closed_statuses": closed or None,
        "phone_region": workspace.phone_region,
        "require_if_match": workspace.require_if_match or None,
        "version": workspace.version,
        "updated_at": workspace.updated_at,
    }


def workspace(item: Item) -> Workspace:
    return Workspace(
        id=item["workspace_id"],
        slug=item["slug"],
        name=item["name"],
        lead_statuses=tuple(
            Status(key, label, color, key in item.get("closed_statuses", ()))
            for key, label, color in item["lead_statuses"]
        ),
        phone_region=item.get("phone_region"),
        require_if_match=item.get("require_if_match", False),
        version=int(item["version"]),
        created_at=item["created_at"],
        updated_at=item["updated_at"],
    )


def member_item(workspace: Workspace, who: Membership, partition: str) -> Item:
    item = {
        **keys.membership(partition, who.user_id)._asdict(),
        "role": who.role,
        "created_at": who.created_at,
    }
    if partition == workspace.id:  # the copy behind the slug is not listed again
        item |= keys.listed_under_user(workspace.id, who.user_id)
    return item


def membership(item: Item) -> Membership:
    return Membership(
        user_id=keys.user_of(item["sk"]),
        role=item["role"],
        created_at=item["created_at"],
        name=item.get("name"),
        email=item.get("email"),
    )


# --- contacts


def contact_item(member: Member, contact: Contact) -> Item:
    """A new contact; its metadata is an item of its own, so that this one, which every
    list reads and every message rewrites, stays small."""
    counters = {kind.counter: 0 for kind in CHILDREN.values()}
    key = keys.contact(member, contact.id)._asdict()
    created = {"created_at": contact.created_at, "version": contact.version}
    return key | counters | created | contact_attributes(member, contact)


def contact_attributes(member: Member, contact: Contact) -> Item:
    """All that a change of a contact may set, with its places in the indexes. None
    means: not stored."""
    return {
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "lead_status": contact.lead_status,
        "lead_score": contact.lead_score,
        "tags": contact.tags,
        "assigned_to": contact.assigned_to,
        "source": contact.source,
        "updated_at": contact.updated_at,
        "updated_by": contact.updated_by,
        "touched_at": contact.updated_at,
        "listed": member.workspace.id,
        "sort_name": sort_name(contact),
        **keys.listed_by_status(member, contact.lead_status, contact.id),
    }


SORTED_BY = 100  # characters; a sort key of an index has at most 1,024 bytes


def unlisted(member: Member, contact_id: str, at: str) -> Item:
    """What takes a contact that is being deleted out of every list it stood in, and
    into that of what has gone."""
    return {"listed": None, **feed.listed_as_gone(member, at, contact_id)}


def sort_name(contact: Contact) -> str:
    """By what a list of names sorts the contact: never empty."""
    shown = (contact.name or "", contact.email or "", contact.phone or "")
    return next((f[:SORTED_BY] for text in shown if (f := fold(text))), contact.id)


def metadata_item(member: Member, contact: Contact) -> Item:
    key = keys.metadata(member, contact.id)._asdict()
    return key | {"metadata": as_text(contact.metadata), "version": contact.version}


def as_text(value: Any) -> str:
    """JSON as text: comes back to the letter, whatever its numbers and depth."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def agree(item: Item, metadata: Item | None) -> bool:
    """Whether a contact and its metadata, two items, were read in one state: a
    BatchGetItem is no snapshot."""
    return bool(item.get("metadata_version", 0) == (metadata or NONE)["version"])


NONE: Item = {"metadata": "{}", "version": 0}


def contact(item: Item, metadata: Item | None) -> Contact:
    return Contact(
        id=item["sk"],
        workspace_id=item["pk"],
        name=item.get("name"),
        phone=item.get("phone"),
        email=item.get("email"),
        lead_status=item["lead_status"],
        lead_score=int(item["lead_score"]),
        tags=tuple(item["tags"]),
        assigned_to=item.get("assigned_to"),
        source=item.get("source"),
        metadata=json.loads((metadata or NONE)["metadata"]),
        note_count=int(item["note_count"]),
        conversation_count=int(item["conversation_count"]),
        message_count=int(item["message_count"]),
        last_activity_at=item.get("last_activity_at"),
        version=int(item["version"]),
        created_at=item["created_at"],
        updated_at=item["updated_at"],
        updated_by=item["updated_by"],
    )


def event_item(member: Member, event: Event, expires_at: int) -> Item:
    return {
        **keys.event(member, event.contact_id, event.version)._asdict(),
        **keys.logged(member, event.contact_id, event.version, event.at),
        "at": event.at,
        "by": event.by,
        "action": event.action,
        "via": event.via,
        "changes": as_text(event.changes),
        "undoes": event.undoes,
        "expires_at": expires_at,
    }


# --- deletions


def running_deletion(item: Item) -> Deletion:
    return Deletion(
        id=item["deletion_id"],
        contact_id=item["sk"],
        status="running",
        deleted={kind.plural: int(item[kind.counter]) for kind in CHILDREN.values()},
        requested_by=item["deletion_requested_by"],
        started_at=item["deletion_started_at"],
        finished_at=None,
        progress=int(item.get("gone", 0)),
    )


def finished(deletion: Deletion, time: str) -> Deletion:
    return replace(deletion, status="done", finished_at=time, progress=None)


def receipt_item(member: Member, deletion: Deletion, expires_at: int) -> Item:
    ended = deletion.finished_at or deletion.started_at
    return {
        **keys.deletion(member, deletion.id)._asdict(),
        **feed.listed_as_gone(member, ended, deletion.contact_id),
        "contact_id": deletion.contact_id,
        "deleted": deletion.deleted,
        "requested_by": deletion.requested_by,
        "started_at": deletion.started_at,
        "finished_at": deletion.finished_at,
        "expires_at": expires_at,
    }


def receipt(item: Item) -> Deletion:
    return Deletion(
        id=item["sk"],
        contact_id=item["contact_id"],
        status="done",
        deleted={
            kind.plural: int(item["deleted"][kind.plural]) for kind in CHILDREN.values()
        },
        requested_by=item["requested_by"],
        started_at=item["started_at"],
        finished_at=item["finished_at"],
        progress=None,
    )
