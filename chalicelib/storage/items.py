"""How a word of the model lies in an item of the table, and back. An id is never stored
twice: it is the sort key, and read from there. What is None is not stored at all."""

import json
import unicodedata
from dataclasses import replace
from typing import Any

from chalicelib.model.words import (
    CHILDREN,
    Contact,
    Deletion,
    Member,
    Membership,
    Status,
    Workspace,
)
from chalicelib.storage import keys

Item = dict[str, Any]


def fold(value: str) -> str:
    """For search: without case and accents, so that "muller" finds "Müller"."""
    parts = unicodedata.normalize("NFKD", value.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


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
        **settings_attributes(
            {
                "name": workspace.name,
                "lead_statuses": workspace.lead_statuses,
                "phone_region": workspace.phone_region,
                "updated_at": workspace.updated_at,
            }
        ),
    }


def settings_attributes(changes: dict[str, Any]) -> Item:
    """Settings as attributes; None means: not stored."""
    found = dict(changes)
    if "lead_statuses" in found:
        statuses = found["lead_statuses"]
        found["lead_statuses"] = [[one.key, one.label, one.color] for one in statuses]
    return found


def workspace(item: Item) -> Workspace:
    return Workspace(
        id=item["workspace_id"],
        slug=item["slug"],
        name=item["name"],
        lead_statuses=tuple(Status(*parts) for parts in item["lead_statuses"]),
        phone_region=item.get("phone_region"),
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
    user_id = item["sk"].removeprefix("member#")
    return Membership(user_id, item["role"], item["created_at"])


# --- contacts


def contact_item(member: Member, contact: Contact) -> Item:
    given = {
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "lead_status": contact.lead_status,
        "lead_score": contact.lead_score,
        "tags": contact.tags,
        "assigned_to": contact.assigned_to,
        "source": contact.source,
        "metadata": contact.metadata,
    }
    kept = {
        "note_count": contact.note_count,
        "conversation_count": contact.conversation_count,
        "message_count": contact.message_count,
        "version": contact.version,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
        "updated_by": contact.updated_by,
    }
    key = keys.contact(member, contact.id)._asdict()
    return key | contact_attributes(member, contact.id, given) | kept


def contact_attributes(member: Member, contact_id: str, changes: Item) -> Item:
    """Changed fields as attributes, with those that follow from them: the folded texts
    for search and the place in the status list. None means: not stored."""
    found = dict(changes)
    for name in ("name", "email"):
        if name in found:
            value = found[name]
            found[f"search_{name}"] = None if value is None else fold(value)
    if "lead_status" in found:
        status = found["lead_status"]
        found |= keys.listed_by_status(member, status, contact_id)
    if "metadata" in found:
        # As text: comes back to the letter, whatever its numbers and depth.
        found["metadata"] = json.dumps(
            found["metadata"], ensure_ascii=False, separators=(",", ":")
        )
    return found


def contact(item: Item) -> Contact:
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
        metadata=json.loads(item["metadata"]),
        note_count=int(item["note_count"]),
        conversation_count=int(item["conversation_count"]),
        message_count=int(item["message_count"]),
        last_activity_at=item.get("last_activity_at"),
        version=int(item["version"]),
        created_at=item["created_at"],
        updated_at=item["updated_at"],
        updated_by=item["updated_by"],
    )


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
    )


def finished(deletion: Deletion, time: str) -> Deletion:
    return replace(deletion, status="done", finished_at=time)


def receipt_item(member: Member, deletion: Deletion, expires_at: int) -> Item:
    return {
        **keys.deletion(member, deletion.id)._asdict(),
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
    )
