"""The refusals that a description cannot foresee, each by its code. Whatever else
schemathesis holds against an answer is a failure."""

from typing import Any

from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import RejectedPositiveData

Json = dict[str, Any]

# What lies in the store decides: the description knows no version and no setting.
BY_WHAT_IS_STORED = {"version_mismatch", "if_match_required", "workspace_required"}
# What the parser is stricter in than JSON Schema can be.
BY_THE_VALUE = {
    "invalid_phone",  # a number that no country has
    "invalid_id_token",  # not signed by the issuer
    "invalid_user_id",  # not printable, or reserved
    "unknown_member",
    "control_character",
    "invisible",
}
# Of these fields alone.
BY_THE_FIELD = {
    ("cursor", "invalid_id"),  # of another list
    ("cursor", "invalid_parameter"),
    ("since", "invalid_parameter"),  # too long ago, or no day of any year
    ("user_id", "invalid_parameter"),  # as invalid_user_id, in the path
    ("lead_status", "unknown_value"),  # of another workspace
    ("lead_statuses", "duplicate"),  # two with the same key
    ("lead_statuses", "too_large"),  # counted in bytes
}


def excuse(failure: Failure, response: Response) -> str | None:
    """Why this is no failure: a code, or two; None if it is one."""
    told = _json(response)
    if isinstance(failure, RejectedPositiveData):
        return _of_good(told)
    if isinstance(failure, AcceptedNegativeData):
        return _of_bad(told)
    return None


def _of_good(told: Json) -> str | None:
    """What looks good by the description and was refused."""
    code = str(told.get("code"))
    if code in BY_WHAT_IS_STORED:
        return code
    errors = told.get("errors") or []
    if code not in ("invalid_fields", "invalid_request") or not errors:
        return None
    if "more" in told or not all(_is_excused(error) for error in errors):
        return None
    return " ".join(sorted({error["code"] for error in errors}))


def _of_bad(told: Json) -> str | None:
    """What is bad, and was refused otherwise than by a 400 or 422: a tag that is none
    matches nothing, and of many messages each has its own outcome."""
    if told.get("code") == "version_mismatch":
        return "version_mismatch"
    outcomes = told.get("results") or []
    return "one of many" if any("error" in one for one in outcomes) else None


def _is_excused(error: Json) -> bool:
    named = (error["field"], error["code"])
    return error["code"] in BY_THE_VALUE or named in BY_THE_FIELD


def _json(response: Response) -> Json:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
