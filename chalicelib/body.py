"""A request's body: strict JSON, or a refusal that says what is wrong with it.

Python's own reader takes NaN, keeps the last of two equal names and gives up on deep
nesting; each of these ends here (RFC 8259, RFC 7493).
"""

import json
from typing import Any

from chalicelib.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType

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
    value = _parsed(raw)
    if not isinstance(value, dict):
        raise InvalidRequest("The body must be a JSON object.")
    _check_depth(value)
    return value


def _check_type(raw: bytes, content_type: str, content_encoding: str) -> None:
    kind, _, parameters = content_type.partition(";")
    curl = kind.strip() == CURL_DEFAULT and raw.lstrip()[:1] == b"{"
    utf8 = "charset" not in parameters or "utf-8" in parameters
    plain = content_encoding in ("", "identity")
    if not ((kind.strip() in JSON or curl) and utf8 and plain):
        raise UnsupportedMediaType


def _parsed(raw: bytes) -> Any:
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        # A lone surrogate ("\ud800") can be read but never written again.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise InvalidRequest("The body is nested too deeply.") from None
    except UnicodeError:
        raise InvalidRequest("The body is not UTF-8.") from None
    except ValueError:
        raise InvalidRequest("The body is not JSON.") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InvalidRequest("The body names a member twice.")
    return found


def _no_constant(name: str) -> Any:
    raise InvalidRequest(f"The body has {name}, which is not JSON.")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise InvalidRequest("The body has a number that is too large.")
    return number


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise InvalidRequest(f"The body is nested deeper than {MOST_DEPTH} levels.")
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
