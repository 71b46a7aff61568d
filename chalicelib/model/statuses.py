"""The statuses of a workspace, and the status of a contact: one of them."""

import re
from collections.abc import Sequence
from typing import Any

from chalicelib.model.parsers import (
    Bad,
    Parser,
    Schema,
    boolean,
    one_of,
    takes,
    text,
)
from chalicelib.model.words import DEFAULT_STATUS, DEFAULT_STATUSES, Status

STATUSES = 20
STATUSES_BYTES = 3000  # keeps a workspace below 4 KB: to enter costs the same anywhere
KEY = "[a-z0-9_]{1,30}"
COLOR = "#[0-9a-fA-F]{6}"

STATUS_KEY: Schema = {
    "type": "string",
    "pattern": f"^{KEY}$",
    "format": "status-key",
    "description": "One of the keys of the workspace's `lead_statuses`.",
    "examples": ["qualified"],
}
STATUS: Schema = {
    "type": "object",
    "required": ["key", "label", "color"],
    "additionalProperties": False,
    "properties": {
        "key": {"type": "string", "pattern": f"^{KEY}$"},
        "label": text(40).schema,
        "color": {"type": "string", "pattern": f"^{COLOR}$"},
        "closed": boolean.schema,
    },
}


def status_key(keys: tuple[str, ...]) -> Parser:
    """One of the workspace's own. The schema is every workspace's, so it names none."""
    return one_of(keys)._replace(schema=STATUS_KEY)


@takes(
    "array",
    items=STATUS,
    minItems=1,
    maxItems=STATUSES,
    contains={
        "properties": {"key": {"const": DEFAULT_STATUS}, "closed": {"const": False}}
    },
    description=f"Keys differ, and {DEFAULT_STATUS} is among them: it is the default. "
    "A status that is left out, or `closed`, is set by nobody any more.",
    examples=[
        [
            {"key": one.key, "label": one.label, "color": one.color}
            for one in DEFAULT_STATUSES[:4]
        ]
    ],
)
def statuses(value: Any) -> tuple[Status, ...]:
    """Up to 20 statuses with unique keys, `new` among them: it is the default."""
    if not isinstance(value, list) or not 1 <= len(value) <= STATUSES:
        raise Bad("wrong_type", "must be a list of 1 to 20 {key, label, color}")
    kept = tuple(_status(one) for one in value)
    keys = [status.key for status in kept]
    if len(set(keys)) < len(keys):
        raise Bad("duplicate", "must not have the same key twice")
    bounded(kept)
    if DEFAULT_STATUS not in [status.key for status in kept if not status.closed]:
        raise Bad("required", f"must keep {DEFAULT_STATUS}, the default")
    return kept


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
    if not isinstance(key, str) or not re.fullmatch(KEY, key):
        raise Bad("invalid_key", "must have keys of 1 to 30 of a-z, 0-9 and _")
    if not isinstance(color, str) or not re.fullmatch(COLOR, color):
        raise Bad("invalid_color", "must have colors such as #2b50c6")
    return Status(key, text(40)(value["label"]), color.lower(), boolean(closed))
