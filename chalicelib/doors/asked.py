"""The parameters of a query, as each route reads them: limits, cursors, whose."""

import re

from chalicelib.model import errors
from chalicelib.model.ids import is_user_id, parse_id

MOST_LISTED = 100


def limit_of(query: dict[str, str]) -> int:
    text = query.get("limit", "25")
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_LISTED:
        raise bad_parameters(["limit"], f"must be 1 to {MOST_LISTED}")
    return int(text)


def cursor_of(query: dict[str, str], kind: str) -> str | None:
    return parse_id(kind, query["cursor"], "cursor") if "cursor" in query else None


def user_cursor_of(query: dict[str, str]) -> str | None:
    return user_id_of(query["cursor"], "cursor") if "cursor" in query else None


def user_id_of(text: str, field: str = "user_id") -> str:
    if not is_user_id(text) and text != "me":
        raise bad_parameters([field], "is not a user's id")
    return text


def bad_parameters(names: list[str], reason: str) -> errors.InvalidRequest:
    found = [
        errors.FieldError.about(name, "invalid_parameter", reason) for name in names
    ]
    return errors.InvalidRequest(errors=found)


def bad_header(name: str, reason: str) -> errors.InvalidRequest:
    found = errors.FieldError.about(name, "invalid_header", reason)
    return errors.InvalidRequest(errors=[found])
