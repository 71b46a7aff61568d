"""A request's body: strict JSON, or a refusal that says what is wrong with it.

Python's own reader takes NaN, keeps the last of two equal names and gives up on deep
nesting; each of these ends here (RFC 8259, RFC 7493).
"""

import json
from typing import Any

from chalicelib.model.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType

MOST_BYTES = 256 * 1024
MOST_DEPTH = 32
JSON = frozenset({"", "application/json", "application/merge-patch+json"})
# What `curl -d` says unless told otherwise; a JSON object is not a form by accident.
CURL_DEFAULT = "application/x-www-form-urlencoded"


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
    kind, _, parameters = content_type.partition(";")
    curl = kind.strip() == CURL_DEFAULT and raw.lstrip()[:1] == b"{"
    charset = parameters.partition("charset=")[2].strip('" ').replace("-", "")
    utf8 = charset in ("", "utf8")
    plain = content_encoding in ("", "identity")
    if not ((kind.strip() in JSON or curl) and utf8 and plain):
        raise UnsupportedMediaType


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_object)
    except RecursionError:
        raise InvalidRequest("The body is nested too deeply.") from None
    except UnicodeError:
        raise InvalidRequest("The body is not UTF-8.") from None
    except ValueError:
        raise InvalidRequest("The body is not JSON.") from None


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
