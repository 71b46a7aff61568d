"""If-Match and If-None-Match (RFC 9110, 13.1): which versions a write accepts, and
whether a read would only repeat what the caller has."""

import re
from typing import NamedTuple

from chalicelib.model.errors import FieldError, InvalidRequest

MOST_TAGS = 50  # in If-Match: each becomes a value of the write's condition
# RFC 9110, 8.8.3: a comma and a backslash are characters of a tag like any other.
TAG = re.compile(r'(W/)?("[^\x00-\x20"\x7f]*")[ \t]*(?:,[ \t,]*|\Z)')
OURS = re.compile(r'"([1-9][0-9]{0,8})(?:-[0-9a-f]+)?"')


class Tag(NamedTuple):
    """An entity tag: `opaque` with its quotes."""

    weak: bool
    opaque: str


def tags(header: str) -> list[Tag]:
    """The entity tags that a header lists; none when any of it is something else."""
    found: list[Tag] = []
    place = len(header) - len(header.lstrip(" \t,"))
    while place < len(header):
        one = TAG.match(header, place)
        if one is None:
            return []
        found.append(Tag(bool(one[1]), one[2]))
        place = one.end()
    return found


def versions(if_match: str | None, if_none_match: str | None) -> tuple[int, ...] | None:
    """The versions that a write accepts; None: any, (): nothing that exists.

    A tag that is weak or not ours matches none (RFC 9110, 13.1.1). Raises
    InvalidRequest for what could not be held to: more tags than a condition takes, and
    tags in If-None-Match, whose digests no condition knows.
    """
    if if_none_match is not None:
        if if_none_match.strip() != "*":
            raise _unusable("If-None-Match", "takes nothing but * in a write")
        return ()
    if if_match is None or if_match.strip() == "*":
        return None
    listed = tags(if_match)
    if len(listed) > MOST_TAGS:
        raise _unusable("If-Match", f"takes {MOST_TAGS} tags at most")
    strong = (OURS.fullmatch(tag.opaque) for tag in listed if not tag.weak)
    return tuple(dict.fromkeys(int(one[1]) for one in strong if one))


def names(if_none_match: str, tag: str) -> bool:
    """Whether a read's If-None-Match names this tag, compared weakly (13.1.2)."""
    every = if_none_match.strip() == "*"
    return every or any(tag == one.opaque for one in tags(if_none_match))


def _unusable(header: str, reason: str) -> InvalidRequest:
    error = FieldError.about(header, "invalid_header", reason)
    return InvalidRequest(errors=[error])
