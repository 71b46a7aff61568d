"""Ids carry their kind: `con_` + ULID. What is no id of the kind that is expected is
refused here, before storage is touched."""

import os
import re
from datetime import datetime

from chalicelib.model.errors import FieldError, InvalidRequest

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")

OPERATOR = "console"
OURS = ("key_",)  # what acts by itself has an id of ours, and no user has one like it

KINDS = {
    "ws": "workspace",
    "con": "contact",
    "del": "deletion",
    "note": "note",
    "conv": "conversation",
    "msg": "message",
    "inv": "invitation",
    "key": "token",
    "job": "job",
}


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
        and value not in (OPERATOR, "me", "none", ".", "..")  # dots end a URL's segment
        and not value.startswith(OURS)
    )


def deletion_id(contact_id: str) -> str:
    """A contact is deleted once, so its deletion carries the contact's own ULID."""
    return "del_" + contact_id.removeprefix("con_")


def contact_of(deletion: str) -> str:
    return "con_" + deletion.removeprefix("del_")
