"""The words of the business. How they are stored does not belong here
(storage/items.py), nor how untrusted values become them (fields.py)."""

from dataclasses import dataclass, fields
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


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
    closed: bool = False  # nobody can set it any more; it goes when no contact has it


DEFAULT_STATUS = "new"
# Told apart by everybody, also by who sees fewer colours (tests/test_palette.py).
DEFAULT_STATUSES = (
    Status("new", "New", "#2b50c6"),
    Status("contacted", "Contacted", "#cb76dc"),
    Status("active", "Active", "#40dfe6"),
    Status("qualified", "Qualified", "#f5c747"),
    Status("converted", "Converted", "#37ad2b"),
    Status("archived", "Archived", "#7e7e80"),
    Status("lost", "Lost", "#b31220"),
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tenant: everything belongs to exactly one."""

    id: str
    slug: str
    name: str
    lead_statuses: tuple[Status, ...]
    phone_region: str | None
    require_if_match: bool
    version: int
    created_at: str
    updated_at: str

    @property
    def status_keys(self) -> tuple[str, ...]:
        """Those that a contact may have, closed ones too."""
        return tuple(status.key for status in self.lead_statuses)

    @property
    def open_statuses(self) -> tuple[str, ...]:
        """Those that a contact can get."""
        return tuple(one.key for one in self.lead_statuses if not one.closed)


@dataclass(frozen=True, slots=True)
class Member:
    """The proof of entry that every verb asks for; only access.py makes one."""

    workspace: Workspace
    user_id: str
    role: str


@dataclass(frozen=True, slots=True)
class Job:
    """Long work that somebody has asked for, and how far it is."""

    id: str
    kind: str
    state: str
    total: int
    done: int
    counts: dict[str, int]
    requested_by: str
    created_at: str
    started_at: str | None
    finished_at: str | None


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
    progress: int | None  # items gone so far, while it runs


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a contact's history: the change that made this version."""

    contact_id: str
    version: int
    at: str
    by: str
    action: str
    via: str  # the request that did it
    changes: dict[str, Any]  # field: {"from", "to"}; of metadata, the same key by key
    undoes: int | None


def as_json(value: Any) -> dict[str, Any]:
    """A word of the model as a JSON object with the same names, in the same order."""
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def from_json(kind: type[T], plain: dict[str, Any]) -> T:
    """The word of the model that `as_json` made this of."""
    return kind(**{name: _hashable(value) for name, value in plain.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_status(one) if isinstance(one, Status) else one for one in value]
    return value


def _status(status: Status) -> dict[str, Any]:
    shown = as_json(status)
    return shown if status.closed else {k: v for k, v in shown.items() if k != "closed"}


def _hashable(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return tuple(Status(**one) if isinstance(one, dict) else one for one in value)
