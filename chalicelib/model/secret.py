"""The secret of a machine's token: how it is spelled, and what is kept of it.

`cb_`, the workspace's ULID, the token's ULID, `_`, 43 digits of base 62 that nobody can
guess, and 6 that are a checksum of all before them: what was cut off or mistyped is
known at once, and so is one that somebody has published by mistake."""

import hashlib
import os
import re
import string
from typing import NamedTuple
from zlib import crc32

from chalicelib.model.ids import ULID

MARK = "cb_"
DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_BYTES = 32  # 256 bits: no slow hash is needed for what nobody can guess
RANDOM, CHECK = 43, 6  # digits: 62^43 > 2^256, 62^6 > 2^32
# How secret scanners find one; docs/api.md has the same expression.
PATTERN = f"{MARK}({ULID})({ULID})_[0-9A-Za-z]{{{RANDOM}}}([0-9A-Za-z]{{{CHECK}}})"
SPELLED = re.compile(PATTERN)


class Secret(NamedTuple):
    """What somebody holds up: whose it says to be, and its hash. Not the text itself,
    which is kept nowhere."""

    workspace_id: str
    token_id: str
    digest: str


def new(workspace_id: str, token_id: str) -> str:
    """A new secret, as it is told once."""
    ulids = workspace_id.removeprefix("ws_") + token_id.removeprefix("key_")
    number = int.from_bytes(os.urandom(RANDOM_BYTES))
    text = f"{MARK}{ulids}_{_base62(number, RANDOM)}"
    return text + checksum(text)


def read(text: str) -> Secret | None:
    """What a text says to be; None when it cannot be one of ours."""
    found = SPELLED.fullmatch(text)
    if found is None or checksum(text[:-CHECK]) != found[3]:
        return None
    return Secret(f"ws_{found[1]}", f"key_{found[2]}", digest(text))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def checksum(text: str) -> str:
    return _base62(crc32(text.encode()), CHECK)


def _base62(number: int, length: int) -> str:
    found = ""
    for _ in range(length):
        number, digit = divmod(number, len(DIGITS))
        found = DIGITS[digit] + found
    return found
