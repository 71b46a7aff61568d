"""Which thing has which fields. One refusal names every bad one. What needs the store
to be judged (a member, a taken phone) does not belong here."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.model.errors import FieldError, InvalidFields, InvalidRequest
from chalicelib.model.parsers import (
    Bad,
    Parser,
    a_list,
    boolean,
    either,
    email,
    integer,
    metadata,
    optional,
    phone,
    region,
    required,
    slug,
    tags,
    text,
)
from chalicelib.model.statuses import status_key, statuses
from chalicelib.model.words import DEFAULT_STATUS, Workspace

READ_ONLY = frozenset(
    [
        "id",
        "workspace_id",
        "phone_display",
        "note_count",
        "conversation_count",
        "message_count",
        "last_activity_at",
        "version",
        "created_at",
        "updated_at",
        "updated_by",
    ]
)


def parse(
    body: Mapping[str, Any], parsers: Mapping[str, Parser], also_required: str = ""
) -> dict[str, Any]:
    """The parsed fields of a new thing's body; raises InvalidFields with every bad,
    unknown, read-only or missing one."""
    needed = [name for name, parser in parsers.items() if parser.required]
    return _parsed(body, parsers, [*needed, *also_required.split()])


def _parsed(
    body: Mapping[str, Any], parsers: Mapping[str, Parser], needed: Sequence[str] = ()
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name in dict.fromkeys([*body, *needed]):
        try:
            kept[name] = _one(name, body, parsers)
        except Bad as bad:
            errors.append(FieldError.about(name, bad.code, bad.reason))
    if errors:
        raise InvalidFields(errors)
    return kept


def _one(name: str, body: Mapping[str, Any], parsers: Mapping[str, Parser]) -> Any:
    if name in parsers and name in body:
        return parsers[name](body[name])
    if name in parsers:
        raise Bad("required", "is required")
    if name in READ_ONLY:
        raise Bad("read_only", "cannot be set")
    raise Bad("unknown_field", "is not a field here")


def patch(body: Mapping[str, Any], parsers: Mapping[str, Parser]) -> dict[str, Any]:
    """As `parse`, for a change; an empty one is InvalidRequest, since it asks for
    nothing."""
    if not body:
        raise InvalidRequest("The patch is empty: name at least one field.")
    return _parsed(body, parsers)


def together(body: Mapping[str, Any], name: str, most: int) -> list[Any]:
    """The bodies of a request that may hold one, or many under this name."""
    if name not in body:
        return [body]
    accepted = {name: a_list(most)}
    found: list[Any] = parse(body, accepted)[name]
    return found


def parse_query(
    query: Mapping[str, str], parsers: Mapping[str, Parser]
) -> dict[str, str]:
    """As `parse`, for the parameters of a URL: a bad one is InvalidRequest."""
    try:
        return _parsed(query, parsers)
    except InvalidFields as invalid:
        raise InvalidRequest(invalid.detail, invalid.errors, **invalid.extra) from None


def contact(workspace: Workspace, assignee: Parser) -> dict[str, Parser]:
    """What a contact takes in this workspace. None means: without it (RFC 7396)."""
    return {
        "name": optional(text(100, examples=["Ada Lovelace"])),
        "phone": optional(phone(workspace.phone_region)),
        "email": optional(email),
        "lead_status": either(DEFAULT_STATUS, status_key(workspace.open_statuses)),
        "lead_score": either(0, integer(0, 100)),
        "tags": either((), tags),
        "assigned_to": assignee,
        "source": optional(text(50, examples=["fair"])),
        "metadata": optional(metadata),
    }


def status(workspace: Workspace) -> dict[str, Parser]:
    """What setting the status takes; `from`: only if it is still that."""
    key = status_key(workspace.open_statuses)
    return {"lead_status": required(key), "from": text(30, examples=["new"])}


def new_workspace() -> dict[str, Parser]:
    name = text(100, examples=["Eagle Overseas"])
    return {"name": required(name), "slug": required(slug)}


def settings() -> dict[str, Parser]:
    """What the settings of a workspace take."""
    return {
        "name": text(100, examples=["Eagle Overseas"]),
        "lead_statuses": statuses,
        "phone_region": optional(region),
        "require_if_match": boolean,
    }
