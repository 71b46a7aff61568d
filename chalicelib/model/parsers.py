"""One untrusted value in, one trusted value out, or `Bad`. Which thing has which fields
is fields.py's."""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import phonenumbers

from chalicelib.model.ids import SLUG, is_user_id
from chalicelib.model.words import DEFAULT_STATUS, Status

Parser = Callable[[Any], Any]

METADATA_BYTES = 16 * 1024
STATUSES = 20
STATUSES_BYTES = 3000  # keeps a workspace below 4 KB: to enter costs the same anywhere
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
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
        if any(unicodedata.category(sign) == "Cc" or sign in BIDI for sign in kept):
            raise Bad("control_character", "must not have control characters")
        if all(unicodedata.category(sign)[0] in "CZ" for sign in kept):
            raise Bad("invisible", "must have a visible character")
        return kept

    return parser


def prose(longest: int) -> Parser:
    """Any text of up to `longest` characters that is not blank, kept as it is."""

    def parser(value: Any) -> str:
        if not isinstance(value, str):
            raise Bad("wrong_type", "must be a text")
        if not value.strip() or len(value) > longest:
            raise Bad("wrong_length", f"must have 1 to {longest} characters")
        controls = {sign for sign in value if unicodedata.category(sign) == "Cc"}
        if controls - set("\n\r\t"):
            raise Bad("control_character", "must not have control characters")
        return value

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


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Bad("wrong_type", "must be true or false")
    return value


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


def a_list(most: int) -> Parser:
    def parser(value: Any) -> list[Any]:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise Bad("wrong_type", f"must be a list of 1 to {most}")
        return value

    return parser


def an_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Bad("wrong_type", "must be an object")
    return value


def metadata(value: Any) -> dict[str, Any]:
    found = an_object(value)
    compact = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    if len(compact.encode()) > METADATA_BYTES:
        raise Bad("too_large", "must be at most 16 KB as JSON")
    return found


def slug(value: Any) -> str:
    if not isinstance(value, str) or not SLUG.fullmatch(value):
        raise Bad("invalid_slug", "must be 3 to 40 of a-z, 0-9 and inner dashes")
    return value


def statuses(value: Any) -> tuple[Status, ...]:
    """Up to 20 statuses with unique keys, `new` among them: it is the default."""
    if not isinstance(value, list) or not 1 <= len(value) <= STATUSES:
        raise Bad("wrong_type", "must be a list of 1 to 20 {key, label, color}")
    kept = tuple(_status(one) for one in value)
    keys = [status.key for status in kept]
    if len(set(keys)) < len(keys):
        raise Bad("duplicate", "must not have the same key twice")
    if DEFAULT_STATUS not in [status.key for status in kept if not status.closed]:
        raise Bad("required", f"must keep {DEFAULT_STATUS}, the default")
    return bounded(kept)


def bounded(kept: Sequence[Status]) -> tuple[Status, ...]:
    """The statuses, if they are few and small enough for every request to read."""
    texts = sum(len(f"{one.key}{one.label}{one.color}".encode()) for one in kept)
    if len(kept) > STATUSES or texts > STATUSES_BYTES:
        reason = f"must be at most {STATUSES}, of 3,000 bytes; closed ones count"
        raise Bad("too_large", reason)
    return tuple(kept)


def _status(value: Any) -> Status:
    names = set(value) - {"closed"} if isinstance(value, dict) else set()
    if names != {"key", "label", "color"}:
        raise Bad("wrong_type", "must be objects of key, label and color")
    key, color, closed = value["key"], value["color"], value.get("closed", False)
    if not isinstance(key, str) or not re.fullmatch(r"[a-z0-9_]{1,30}", key):
        raise Bad("invalid_key", "must have keys of 1 to 30 of a-z, 0-9 and _")
    if not isinstance(color, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise Bad("invalid_color", "must have colors such as #3b82f6")
    return Status(key, text(40)(value["label"]), color.lower(), boolean(closed))
