"""The words of the business, their ids and their time. How they are stored does not
belong here (items.py), nor how untrusted values become them (fields.py)."""

import os
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, NamedTuple

from chalicelib.errors import FieldError, InvalidRequest

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")

OPERATOR = "console"

KINDS = {
    "ws": "workspace",
    "con": "contact",
    "del": "deletion",
    "note": "note",
    "conv": "conversation",
    "msg": "message",
}


class Child(NamedTuple):
    """A kind of thing that belongs to a contact: what a receipt calls it, and the
    counter on the contact that tells how many there are."""

    plural: str
    counter: str


# Every kind that belongs to a contact and goes with it. A kind of id that is neither
# here nor a workspace's own fails the build (tests/test_cascade.py).
CHILDREN = {
    "conv": Child("conversations", "conversation_count"),
    "msg": Child("messages", "message_count"),
    "note": Child("notes", "note_count"),
}


@dataclass(frozen=True, slots=True)
class Status:
    """One of the lead statuses that a workspace has chosen."""

    key: str
    label: str
    color: str


DEFAULT_STATUS = "new"
DEFAULT_STATUSES = (
    Status("new", "New", "#3b82f6"),
    Status("contacted", "Contacted", "#8b5cf6"),
    Status("active", "Active", "#10b981"),
    Status("qualified", "Qualified", "#f59e0b"),
    Status("converted", "Converted", "#059669"),
    Status("archived", "Archived", "#6b7280"),
    Status("lost", "Lost", "#ef4444"),
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tenant: everything belongs to exactly one."""

    id: str
    slug: str
    name: str
    lead_statuses: tuple[Status, ...]
    phone_region: str | None
    created_at: str
    updated_at: str

    @property
    def status_keys(self) -> tuple[str, ...]:
        return tuple(status.key for status in self.lead_statuses)


@dataclass(frozen=True, slots=True)
class Member:
    """The proof of entry that every verb asks for; only access.py makes one."""

    workspace: Workspace
    user_id: str
    role: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A user's place in a workspace, as shown to others; opens no door."""

    user_id: str
    role: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or firm that a workspace deals with.

    `version` counts people's changes to the fields; the three counters and
    `last_activity_at` move without it.
    """

    id: str
    workspace_id: str
    name: str | None
    phone: str | None
    email: str | None
    lead_status: str
    lead_score: int
    tags: tuple[str, ...]
    assigned_to: str | None
    source: str | None
    metadata: dict[str, Any]
    note_count: int
    conversation_count: int
    message_count: int
    last_activity_at: str | None
    version: int
    created_at: str
    updated_at: str
    updated_by: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a member has written down about a contact."""

    id: str
    contact_id: str
    content: str
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """An exchange with a contact over one channel; its messages belong to it."""

    id: str
    contact_id: str
    channel: str
    status: str
    assigned_to: str | None
    message_count: int
    last_message_at: str | None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation; `external_id` is its id at the channel."""

    id: str
    conversation_id: str
    direction: str
    content: str
    external_id: str | None
    created_at: str
    created_by: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """The receipt of a delete: exact counts, no personal data, gone after 90 days."""

    id: str
    contact_id: str
    status: str
    deleted: dict[str, int]
    requested_by: str
    started_at: str
    finished_at: str | None


def as_json(value: Any) -> dict[str, Any]:
    """A word of the model as a JSON object with the same names, in the same order."""
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [as_json(one) if isinstance(one, Status) else one for one in value]
    return value


def new_id(kind: str, now: datetime) -> str:
    """`kind_` + ULID: sorts by creation time (ms), 80 random bits.

    Source: the ULID specification, github.com/ulid/spec.
    """
    number = int(now.timestamp() * 1000) << 80 | int.from_bytes(os.urandom(10))
    digits = (CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
    return f"{kind}_{''.join(digits)}"


def parse_id(kind: str, text: object, field: str = "") -> str:
    """The id itself, if it is one of that kind; else InvalidRequest, which names the
    field.

    Missing, empty, "undefined", "null" and ids of another kind all end here, before
    storage is touched.
    """
    if isinstance(text, str) and re.fullmatch(f"{kind}_{ULID}", text):
        return text
    field = field or f"{KINDS[kind]}_id"
    raise InvalidRequest(
        f"{field} is not a {KINDS[kind]}'s id.",
        [FieldError(field, "invalid_id", f"Expected {kind}_ and 26 characters.")],
    )


def parse_reference(text: object, field: str = "workspace") -> str:
    """A workspace's id or slug; else InvalidRequest."""
    if isinstance(text, str) and SLUG.fullmatch(text):
        return text
    return parse_id("ws", text, field)


def is_user_id(value: object) -> bool:
    """Whether it can be a token's `sub`: it is part of keys, URLs and the log."""
    return (
        isinstance(value, str)
        and value.isprintable()  # no surrogates either, so it can be encoded
        and 1 <= len(value.encode()) <= 255
        and " " not in value
        and value not in (OPERATOR, ".", "..")  # dots would end a URL's segment
    )


def deletion_id(contact_id: str) -> str:
    """A contact is deleted once, so its deletion carries the contact's own ULID."""
    return "del_" + contact_id.removeprefix("con_")


def contact_of(deletion: str) -> str:
    return "con_" + deletion.removeprefix("del_")


def timestamp(now: datetime) -> str:
    """RFC 3339, UTC, with milliseconds."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
