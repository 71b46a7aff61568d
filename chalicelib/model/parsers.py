"""One untrusted value in, one trusted value out, or `Bad`; and the same said in JSON
Schema, beside the code that holds it. Which thing has which fields is fields.py's."""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

import phonenumbers

from chalicelib.model.ids import SLUG, is_user_id

Schema = dict[str, Any]

METADATA_BYTES = 16 * 1024
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


class Parser(NamedTuple):
    """Reads one value. `schema` says which it takes, as far as JSON Schema can say it:
    a phone that no country has passes the schema, never the parser."""

    read: Callable[[Any], Any]
    schema: Schema
    required: bool = False

    def __call__(self, value: Any) -> Any:
        return self.read(value)


def takes(kind: str, **schema: Any) -> Callable[[Callable[[Any], Any]], Parser]:
    """Makes a function a parser of values of that JSON type."""
    return lambda read: Parser(read, {"type": kind, **schema})


def required(parser: Parser) -> Parser:
    """Must be there when a thing is made; a change may leave it out."""
    return parser._replace(required=True)


def optional(parser: Parser) -> Parser:
    return either(None, parser)


def either(cleared: Any, parser: Parser) -> Parser:
    """null means: back to `cleared`."""
    schema = parser.schema | {"type": [parser.schema["type"], "null"]}
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return Parser(lambda value: cleared if value is None else parser(value), schema)


def text(longest: int, **schema: Any) -> Parser:
    """One line of 1 to `longest` characters, trimmed, in NFC, without controls."""

    @takes("string", minLength=1, maxLength=longest, format="line", **schema)
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


def prose(longest: int, **schema: Any) -> Parser:
    """Any text of up to `longest` characters that is not blank, kept as it is."""

    @takes("string", minLength=1, maxLength=longest, format="prose", **schema)
    def parser(value: Any) -> str:
        if not isinstance(value, str):
            raise Bad("wrong_type", "must be a text")
        if not value.strip() or len(value) > longest:
            raise Bad("wrong_length", f"must have 1 to {longest} characters")
        if any(unicodedata.category(s) == "Cc" and s not in "\n\r\t" for s in value):
            raise Bad("control_character", "must not have control characters")
        return value

    return parser


def integer(least: int, most: int) -> Parser:
    @takes("integer", minimum=least, maximum=most, examples=[(least + most) // 2])
    def parser(value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # JSON has one kind of number: 18.0 is 18
        # bool is an int to Python, but not to a person.
        if not isinstance(value, int) or isinstance(value, bool):
            raise Bad("wrong_type", f"must be an integer from {least} to {most}")
        if not least <= value <= most:
            raise Bad("out_of_range", f"must be an integer from {least} to {most}")
        return value

    return parser


@takes("boolean", examples=[False])
def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Bad("wrong_type", "must be true or false")
    return value


def one_of(choices: tuple[str, ...]) -> Parser:
    @takes("string", enum=list(choices), examples=[choices[0]])
    def parser(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Bad("unknown_value", f"must be one of {', '.join(choices)}")
        return value

    return parser


def phone(workspace_region: str | None) -> Parser:
    """Any spelling in, E.164 out; national spellings are read with the region."""
    plus = "" if workspace_region else ", with + and the country code"
    wrong = Bad("invalid_phone", f"must be a valid phone number{plus}")

    @takes(
        "string",
        format="phone",
        minLength=2,
        maxLength=250,
        description="In any spelling; a national one is read with `phone_region`.",
        examples=["+44 7400 123456"],
    )
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


@takes(
    "string",
    enum=sorted(phonenumbers.SUPPORTED_REGIONS),
    description="An ISO 3166 code: how national phone numbers are read.",
    examples=["GB"],
)
def region(value: Any) -> str:
    if not isinstance(value, str) or value not in phonenumbers.SUPPORTED_REGIONS:
        raise Bad("unknown_value", "must be an ISO 3166 code such as DE")
    return value


# No format "email": that is RFC 5321's, and refuses what browsers and people take.
@takes(
    "string",
    maxLength=255,
    pattern=f"^{EMAIL.pattern}$",
    description="As an HTML form takes it, with a dot in the domain.",
    examples=["ada@example.org"],
)
def email(value: Any) -> str:
    kept: str = text(255)(value)
    if not EMAIL.fullmatch(kept):
        raise Bad("invalid_email", "must be a valid e-mail address")
    return kept


@takes(
    "string",
    format="user-id",
    minLength=1,
    maxLength=255,
    description="A token's `sub`: up to 255 bytes, without spaces.",
    examples=["eagle-owner"],
)
def user_id(value: Any) -> str:
    if not is_user_id(value):
        raise Bad("invalid_user_id", "must be a user's id")
    return str(value)


@takes(
    "array", items=text(50).schema, maxItems=20, uniqueItems=True, examples=[["vip"]]
)
def tags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 20:
        raise Bad("wrong_type", "must be a list of up to 20 texts")
    kept = tuple(text(50)(tag) for tag in value)
    if len(set(kept)) < len(kept):
        raise Bad("duplicate", "must not have the same tag twice")
    return kept


def a_list(most: int, **schema: Any) -> Parser:
    @takes("array", minItems=1, maxItems=most, **schema)
    def parser(value: Any) -> list[Any]:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise Bad("wrong_type", f"must be a list of 1 to {most}")
        return value

    return parser


@takes("object")
def an_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Bad("wrong_type", "must be an object")
    return value


@takes(
    "object",
    description="Whatever belongs to the contact elsewhere: at most 16 KB as JSON.",
    examples=[{"crm": {"id": 4711}}],
)
def metadata(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = an_object(value)
    compact = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    if len(compact.encode()) > METADATA_BYTES:
        raise Bad("too_large", "must be at most 16 KB as JSON")
    return found


@takes("string", pattern=f"^{SLUG.pattern}$", examples=["eagle-overseas"])
def slug(value: Any) -> str:
    if not isinstance(value, str) or not SLUG.fullmatch(value):
        raise Bad("invalid_slug", "must be 3 to 40 of a-z, 0-9 and inner dashes")
    return value
