"""What a request carries beside its body: ids in its path, a query, headers. Here is
how each is described, and how an id is read: before storage is touched."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from chalicelib.doors.asked import MOST_LISTED, user_id_of
from chalicelib.model import errors, parsers, statuses
from chalicelib.model.clock import TIME
from chalicelib.model.ids import KINDS, SLUG, ULID, parse_id, parse_reference
from chalicelib.model.parsers import Schema
from chalicelib.model.people_errors import InvitationNotFound, TokenNotFound

Refusals = tuple[type[errors.Refusal], ...]

EXAMPLE_ULID = "01KDZ3A6XJ8V4T2M5N7P9Q0RST"


class Parameter(NamedTuple):
    """One thing that a request may carry, and what it may be refused with for it."""

    schema: Schema
    says: str
    refuses: Refusals = ()
    read: Callable[[str], str] = str


def id_schema(kind: str) -> Schema:
    example = f"{kind}_{EXAMPLE_ULID}"
    return {"type": "string", "pattern": f"^{kind}_{ULID}$", "examples": [example]}


def _id(kind: str, missing: type[errors.Refusal]) -> Parameter:
    says = f"The id of a {KINDS[kind]}."
    return Parameter(id_schema(kind), says, (missing,), partial(parse_id, kind))


_WORKSPACE: Schema = {
    "type": "string",
    "pattern": f"^(?:{SLUG.pattern}|ws_{ULID})$",
    "format": "workspace",
    "examples": ["eagle-overseas"],
}

# Every id in a path is read here, before storage is touched: a route cannot forget it.
IN_PATH: dict[str, Parameter] = {
    "workspace": Parameter(
        _WORKSPACE,
        "The id or the slug of a workspace that the caller is a member of.",
        (errors.WorkspaceNotFound,),
        parse_reference,
    ),
    "user_id": Parameter(
        parsers.user_id.schema,
        "The user id of a member; `me` is the caller.",
        (errors.MemberNotFound,),
        user_id_of,
    ),
    "invitation_id": _id("inv", InvitationNotFound),
    "contact_id": _id("con", errors.ContactNotFound),
    "deletion_id": _id("del", errors.DeletionNotFound),
    "token_id": _id("key", TokenNotFound),
    "job_id": _id("job", errors.JobNotFound),
    "note_id": _id("note", errors.NoteNotFound),
    "conversation_id": _id("conv", errors.ConversationNotFound),
}

_LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_LISTED}

IN_QUERY: dict[str, Parameter] = {
    "limit": Parameter(_LIMIT | {"default": 25}, "The most that a page may have."),
    "cursor": Parameter(
        {"type": "string", "format": "cursor"},
        "`next_cursor` of the page before; left out for the first page.",
    ),
    "since": Parameter(
        {
            "type": "string",
            "format": "date-time",
            "pattern": f"^{TIME}$",
            "examples": ["2026-01-02T03:04:05.678Z"],
        },
        "Since when, at most 7 days back: the `until` of the answer before, the same "
        "from page to page; left out to learn where to begin.",
    ),
    "lead_status": Parameter(statuses.STATUS_KEY, "Only contacts with this status."),
    "phone": Parameter(parsers.phone(None).schema, "Only the contact with this phone."),
    "q": Parameter(
        parsers.text(100, examples=["ada"]).schema | {"minLength": 0},
        "Only contacts whose name, e-mail or phone contains this.",
    ),
    "assign_to": Parameter(
        parsers.user_id.schema,
        "Who gets what was assigned to him: another member; `none`, or left out: "
        "nobody; `me`: the caller.",
    ),
    "id": _id("con", errors.ContactNotFound),
    "workspace": Parameter(
        _WORKSPACE,
        "The id or the slug of the workspace; needed by those who are in several.",
        (errors.WorkspaceRequired, errors.WorkspaceNotFound),
    ),
}
REQUIRED_IN_QUERY = frozenset({"id"})

# What is no tag matches nothing, so any text is taken. What stands behind a dot tells
# two uses of one header apart; it is no part of its name.
IN_WRITES = ".write"
IN_HEADER: dict[str, Parameter] = {
    "If-Match": Parameter(
        {"type": "string", "examples": ["*"]},
        "Only if it still has one of these ETags (RFC 9110, 13.1.1).",
        (errors.VersionMismatch,),
    ),
    "If-None-Match": Parameter(
        {"type": "string", "examples": ['"1-0123456789ab"']},
        "304 when the ETag is still one of these (RFC 9110, 13.1.2).",
    ),
    "If-None-Match" + IN_WRITES: Parameter(
        {"type": "string", "enum": ["*"], "examples": ["*"]},
        "Only if there is nothing yet, so it never is (RFC 9110, 13.1.2).",
        (errors.VersionMismatch,),
    ),
    "Idempotency-Key": Parameter(
        {"type": "string", "pattern": "^[!-~]{1,255}$", "examples": ["8e03978e-40d5"]},
        "The same key and request again: the same answer, and one effect in all.",
        (errors.IdempotencyKeyReused,),
    ),
}
