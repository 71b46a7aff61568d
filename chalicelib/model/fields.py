"""Which thing has which fields. One refusal names every bad one. What needs the store
to be judged (a member, a taken phone) does not belong here."""

from collections.abc import Mapping
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
    one_of,
    optional,
    phone,
    region,
    slug,
    statuses,
    tags,
    text,
)
from chalicelib.model.words import DEFAULT_STATUS, Workspace

READ_ONLY = frozenset(
    [
        "id",
        "workspace_id",
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
    body: Mapping[str, Any], parsers: Mapping[str, Parser], required: str = ""
) -> dict[str, Any]:
    """The parsed fields of a body; raises InvalidFields with every bad, unknown,
    read-only or missing one."""
    kept: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name in [*body, *(n for n in required.split() if n not in body)]:
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
    return parse(body, parsers)


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
        return parse(query, parsers)
    except InvalidFields as invalid:
        raise InvalidRequest(invalid.detail, invalid.errors, **invalid.extra) from None


def contact(workspace: Workspace, assignee: Parser) -> dict[str, Parser]:
    """What a contact takes in this workspace. None means: without it (RFC 7396)."""
    return {
        "name": optional(text(100)),
        "phone": optional(phone(workspace.phone_region)),
        "email": optional(email),
        "lead_status": either(DEFAULT_STATUS, one_of(workspace.open_statuses)),
        "lead_score": either(0, integer(0, 100)),
        "tags": either((), tags),
        "assigned_to": assignee,
        "source": optional(text(50)),
        "metadata": optional(metadata),
    }


def new_workspace() -> dict[str, Parser]:
    return {"name": text(100), "slug": slug}


def settings() -> dict[str, Parser]:
    """What the settings of a workspace take."""
    return {
        "name": text(100),
        "lead_statuses": statuses,
        "phone_region": optional(region),
        "require_if_match": boolean,
    }
