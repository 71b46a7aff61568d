"""The statuses of a workspace, and the status of a contact: one of them."""

import re
from dataclasses import asdict
from typing import Any

from chalicelib.model.parsers import Bad, Parser, Schema, one_of, takes, text
from chalicelib.model.words import DEFAULT_STATUS, DEFAULT_STATUSES, Status

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
    },
}


def status_key(keys: tuple[str, ...]) -> Parser:
    """One of the workspace's own. The schema is every workspace's, so it names none."""
    return one_of(keys)._replace(schema=STATUS_KEY)


@takes(
    "array",
    items=STATUS,
    minItems=1,
    maxItems=20,
    contains={"properties": {"key": {"const": DEFAULT_STATUS}}},
    description=f"Keys differ, and {DEFAULT_STATUS} is among them: it is the default.",
    examples=[[asdict(one) for one in DEFAULT_STATUSES[:4]]],
)
def statuses(value: Any) -> tuple[Status, ...]:
    """Up to 20 statuses with unique keys, `new` among them: it is the default."""
    if not isinstance(value, list) or not 1 <= len(value) <= 20:
        raise Bad("wrong_type", "must be a list of 1 to 20 {key, label, color}")
    kept = tuple(_status(one) for one in value)
    keys = [status.key for status in kept]
    if len(set(keys)) < len(keys):
        raise Bad("duplicate", "must not have the same key twice")
    if sum(len(f"{one.key}{one.label}{one.color}".encode()) for one in kept) > (
        STATUSES_BYTES
    ):
        raise Bad("too_large", "must have at most 3,000 bytes of texts")
    if DEFAULT_STATUS not in keys:
        raise Bad("required", f"must keep {DEFAULT_STATUS}, the default")
    return kept


def _status(value: Any) -> Status:
    if not isinstance(value, dict) or set(value) != {"key", "label", "color"}:
        raise Bad("wrong_type", "must be objects of key, label and color")
    key, color = value["key"], value["color"]
    if not isinstance(key, str) or not re.fullmatch(KEY, key):
        raise Bad("invalid_key", "must have keys of 1 to 30 of a-z, 0-9 and _")
    if not isinstance(color, str) or not re.fullmatch(COLOR, color):
        raise Bad("invalid_color", "must have colors such as #3b82f6")
    return Status(key, text(40)(value["label"]), color.lower())
