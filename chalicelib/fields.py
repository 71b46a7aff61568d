"""Untrusted values in, trusted values out. One refusal names every bad field.

A parser takes any JSON value and returns the value to keep, or raises `Bad`. What needs
the store to be judged (a member, a taken phone) does not belong here.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import phonenumbers

from chalicelib.errors import FieldError, InvalidFields, InvalidRequest
from chalicelib.model import DEFAULT_STATUS, SLUG, Status, Workspace, is_user_id

Parser = Callable[[Any], Any]

METADATA_BYTES = 16 * 1024
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
# The HTML Living Standard's "valid e-mail address", with a dot required in the domain.
EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+"
    r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
)


class Bad(Exception):
    """Why one value is refused: a code for programs, the rest of "FIELD ..."."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason


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
            errors.append(FieldError(name, bad.code, f"{name} {bad.reason}."))
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


def parse_query(
    query: Mapping[str, str], parsers: Mapping[str, Parser]
) -> dict[str, str]:
    """As `parse`, for the parameters of a URL: a bad one is InvalidRequest."""
    try:
        return parse(query, parsers)
    except InvalidFields as invalid:
        raise InvalidRequest(invalid.detail, invalid.errors) from None


def contact(workspace: Workspace) -> dict[str, Parser]:
    """What a contact takes in this workspace. None means: without it (RFC 7396)."""
    return {
        "name": optional(text(100)),
        "phone": optional(phone(workspace.phone_region)),
        "email": optional(email),
        "lead_status": either(DEFAULT_STATUS, one_of(workspace.status_keys)),
        "lead_score": either(0, integer(0, 100)),
        "tags": either((), tags),
        "assigned_to": optional(user_id),
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
    }


def optional(parser: Parser) -> Parser:
    return either(None, parser)


def either(cleared: Any, parser: Parser) -> Parser:
    """null means: back to `cleared`."""
    return lambda value: cleared if value is None else parser(value)


def text(longest: int) -> Parser:
    """One line of 1 to `longest` characters, trimmed, in NFC, without controls."""

    def parser(value: Any) -> str:
        if not isinstance(value, str):
            raise Bad("wrong_type", "must be a text")
        kept = unicodedata.normalize("NFC", value).strip()
        if not 1 <= len(kept) <= longest:
            raise Bad("wrong_length", f"must have 1 to {longest} characters")
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in kept):
            raise Bad("control_character", "must not have control characters")
        return kept

    return parser


def integer(least: int, most: int) -> Parser:
    def parser(value: Any) -> int:
        # bool is an int to Python, but not to a person.
        if not isinstance(value, int) or isinstance(value, bool):
            raise Bad("wrong_type", f"must be an integer from {least} to {most}")
        if not least <= value <= most:
            raise Bad("out_of_range", f"must be an integer from {least} to {most}")
        return value

    return parser


def one_of(choices: tuple[str, ...]) -> Parser:
    def parser(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Bad("unknown_value", f"must be one of {', '.join(choices)}")
        return value

    return parser


def phone(workspace_region: str | None) -> Parser:
    """Any spelling in, E.164 out; national spellings are read with the region."""
    plus = "" if workspace_region else ", with + and the country code"
    wrong = Bad("invalid_phone", f"must be a valid phone number{plus}")

    def parser(value: Any) -> str:
        if not isinstance(value, str):
            raise Bad("wrong_type", "must be a text")
        try:
            number = phonenumbers.parse(value, workspace_region)
        except phonenumbers.NumberParseException:
            raise wrong from None
        if number.extension or not phonenumbers.is_valid_number(number):
            raise wrong
        e164 = phonenumbers.PhoneNumberFormat.E164
        return phonenumbers.format_number(number, e164)

    return parser


def region(value: Any) -> str:
    if not isinstance(value, str) or value not in phonenumbers.SUPPORTED_REGIONS:
        raise Bad("unknown_value", "must be an ISO 3166 code such as DE")
    return value


def email(value: Any) -> str:
    kept: str = text(255)(value)
    if not EMAIL.fullmatch(kept):
        raise Bad("invalid_email", "must be a valid e-mail address")
    return kept


def user_id(value: Any) -> str:
    if not is_user_id(value):
        raise Bad("invalid_user_id", "must be a user's id")
    return str(value)


def tags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 20:
        raise Bad("wrong_type", "must be a list of up to 20 texts")
    kept = tuple(text(50)(tag) for tag in value)
    if len(set(kept)) < len(kept):
        raise Bad("duplicate", "must not have the same tag twice")
    return kept


def metadata(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Bad("wrong_type", "must be an object")
    if len(json.dumps(value, ensure_ascii=False).encode()) > METADATA_BYTES:
        raise Bad("too_large", "must be at most 16 KB as JSON")
    return value


def slug(value: Any) -> str:
    if not isinstance(value, str) or not SLUG.fullmatch(value):
        raise Bad("invalid_slug", "must be 3 to 40 of a-z, 0-9 and inner dashes")
    return value


def statuses(value: Any) -> tuple[Status, ...]:
    """Up to 20 statuses with unique keys, `new` among them: it is the default."""
    if not isinstance(value, list) or not 1 <= len(value) <= 20:
        raise Bad("wrong_type", "must be a list of 1 to 20 {key, label, color}")
    kept = tuple(_status(one) for one in value)
    keys = [status.key for status in kept]
    if len(set(keys)) < len(keys):
        raise Bad("duplicate", "must not have the same key twice")
    if DEFAULT_STATUS not in keys:
        raise Bad("required", f"must keep {DEFAULT_STATUS}, the default")
    return kept


def _status(value: Any) -> Status:
    if not isinstance(value, dict) or set(value) != {"key", "label", "color"}:
        raise Bad("wrong_type", "must be objects of key, label and color")
    key, color = value["key"], value["color"]
    if not isinstance(key, str) or not re.fullmatch(r"[a-z0-9_]{1,30}", key):
        raise Bad("invalid_key", "must have keys of 1 to 30 of a-z, 0-9 and _")
    if not isinstance(color, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise Bad("invalid_color", "must have colors such as #3b82f6")
    return Status(key, text(40)(value["label"]), color.lower())
