"""What API Gateway does on AWS with an answer that is not small, done here alike: gzip,
for who takes it. Chalice's setting says from how many bytes on, for both."""

import gzip
import json
import re

from local import engine

_CONFIG = json.loads((engine.ROOT / ".chalice/config.json").read_text())
LEAST: int = _CONFIG["minimum_compression_size"]
# A weight of zero says no (RFC 9110, 12.5.3).
TAKEN = re.compile(
    r"\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)[01](?:\.[0-9]{0,3})?\s*)?", re.I
)


def takes(accept_encoding: str) -> bool:
    """Whether a client that says this takes gzip; who says nothing is sent none."""
    return any(TAKEN.fullmatch(one) for one in accept_encoding.split(","))


def shortened(data: bytes) -> bytes | None:
    """The same bytes in gzip, and the same ones each time; None when they are few."""
    return gzip.compress(data, mtime=0) if len(data) >= LEAST else None
