"""A request's body: strict JSON, or a refusal that says what is wrong with it.

Python's own reader takes NaN, keeps the last of two equal names and gives up on deep
nesting; each of these ends here (RFC 8259, RFC 7493).
"""

import json
import math
import re
from typing import Any

from chalicelib.model.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType

MOST_BYTES = 256 * 1024
MOST_DEPTH = 32
UTF8 = frozenset({"utf-8", "utf8"})
JSON = frozenset({"", "application/json", "application/merge-patch+json"})
# What `curl -d` says unless told otherwise; a JSON object is not a form by accident.
CURL_DEFAULT = "application/x-www-form-urlencoded"
# RFC 9110, 5.6.6: each after its semicolon, in any order, the value quoted or not.
WORD = r"[!#$%&'*+.^_`|~0-9a-z-]+"
PARAMETER = re.compile(rf';[ \t]*(?:({WORD})=(?:({WORD})|"((?:[^"\\]|\\.)*)"))?[ \t]*')
MOST_DIGITS = 4300  # of an integer: Python refuses to read more, as slow as n squared


def read(raw: bytes, content_type: str, content_encoding: str = "") -> dict[str, Any]:
    """The JSON object in a body; raises BodyTooLarge, UnsupportedMediaType,
    InvalidRequest."""
    if len(raw) > MOST_BYTES:
        raise BodyTooLarge
    _check_type(raw, content_type.lower(), content_encoding.lower())
    return checked(_parsed(raw))


def checked(value: Any) -> dict[str, Any]:
    """The object itself, if it can be stored and written again; else InvalidRequest.
    An event of the console is checked like a body."""
    if not isinstance(value, dict):
        raise InvalidRequest("A JSON object is expected.")
    _check_depth(value)
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except UnicodeError:  # a lone surrogate can be read but never written again
        raise InvalidRequest("A text is not valid Unicode.") from None
    except ValueError:
        raise InvalidRequest("NaN and Infinity are not JSON.") from None
    return value


def _check_type(raw: bytes, content_type: str, content_encoding: str) -> None:
    kind, semicolon, rest = content_type.partition(";")
    curl = kind.strip() == CURL_DEFAULT and raw.lstrip()[:1] == b"{"
    charsets = {v for n, v in _parameters(semicolon + rest) if n == "charset"}
    plain = content_encoding in ("", "identity")
    if not ((kind.strip() in JSON or curl) and charsets <= UTF8 and plain):
        raise UnsupportedMediaType


def _parameters(text: str) -> list[tuple[str, str]]:
    """Names and values behind a media type; raises UnsupportedMediaType for what is
    none."""
    found, place = [], 0
    while place < len(text):
        one = PARAMETER.match(text, place)
        if one is None:
            raise UnsupportedMediaType
        if one[1]:
            value = one[2] if one[2] is not None else re.sub(r"\\(.)", r"\1", one[3])
            found.append((one[1], value))
        place = one.end()
    return found


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_fraction,
        )
    except RecursionError:
        raise InvalidRequest("The body is nested too deeply.") from None
    except UnicodeError:
        raise InvalidRequest("The body is not UTF-8.") from None
    except ValueError:
        raise InvalidRequest("The body is not JSON.") from None


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise InvalidRequest("A number has too many digits.")
    return int(text)


def _fraction(text: str) -> float:
    found = float(text)
    if math.isinf(found):
        raise InvalidRequest("A number is too large.")
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InvalidRequest("The body names a member twice.")
    return found


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise InvalidRequest(f"Nested deeper than {MOST_DEPTH} levels.")
        level = [child for parent in level for child in _children(parent)]


def _children(value: Any) -> list[Any]:
    members = value.values() if isinstance(value, dict) else value
    return [child for child in members if isinstance(child, (dict, list))]


def merge(target: Any, change: Any) -> Any:
    """RFC 7396, section 2: the JSON merge patch."""
    if not isinstance(change, dict):
        return change
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in change.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge(result.get(name), value)
    return result
