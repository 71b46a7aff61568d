"""Every refusal as the API's description tells it: by status, with its codes."""

from collections.abc import Sequence
from typing import Any

from chalicelib.doors import answers
from chalicelib.doors.examples import CONTACT, WORKSPACE
from chalicelib.doors.parameters import EXAMPLE_ULID, id_schema
from chalicelib.doors.shapes import ERROR, closed, reference
from chalicelib.model import errors
from chalicelib.model.parsers import Schema

Json = dict[str, Any]

REQUEST_ID = "6f1c9f0e-3a52-4f0b-8b0e-2f6d1c9a7b11"
TEXT: Schema = {"type": "string"}
# What it says, its schema, and whether an answer that may have it always has it.
HEADERS: dict[str, tuple[str, Schema, bool]] = {
    "X-Request-Id": ("Names this request in the log.", TEXT, True),
    "X-Storage-Calls": (
        "How many calls to the store it took.",
        {"type": "integer", "minimum": 0},
        True,
    ),
    "X-Capacity": (
        "What the store counted: units of reading and of writing.",
        {"type": "string", "pattern": r"^rcu=[0-9.]+, wcu=[0-9.]+$"},
        True,
    ),
    "ETag": (
        "The version, and a digest of the whole.",
        {"type": "string", "pattern": '^"[^"]+"$'},
        True,
    ),
    "Location": ("Where it is.", {"type": "string", "format": "uri-reference"}, True),
    "Retry-After": ("Seconds.", {"type": "integer", "minimum": 0}, True),
    "WWW-Authenticate": (
        "RFC 9110, 11.6.1. On AWS it comes as x-amzn-Remapped-WWW-Authenticate.",
        TEXT,
        False,
    ),
    "Allow": ("The methods of this address.", TEXT, True),
}
ALWAYS = ("X-Request-Id", "X-Storage-Calls", "X-Capacity")
WITH: dict[type[errors.Refusal], tuple[str, ...]] = {
    errors.Busy: ("Retry-After",),
    errors.ReadOnly: ("Retry-After",),
    errors.Unauthenticated: ("WWW-Authenticate",),
    errors.MethodNotAllowed: ("Allow",),
}
CARRIED: dict[str, tuple[Schema, Any]] = {
    "contact_id": (id_schema("con"), f"con_{EXAMPLE_ULID}"),
    "invitation_id": (id_schema("inv"), f"inv_{EXAMPLE_ULID}"),
    "current": (
        {"anyOf": [reference(type(CONTACT)), reference(type(WORKSPACE))]},
        CONTACT,
    ),
}


def kinds() -> list[type[errors.Refusal]]:
    """Every refusal that is told to somebody; NotFound and Conflict are families."""
    found: list[type[errors.Refusal]] = []
    waiting = [errors.Refusal]
    while waiting:
        children = waiting.pop(0).__subclasses__()
        waiting += children
        found += [
            one for one in children if one not in (errors.NotFound, errors.Conflict)
        ]
    return found


def ref(place: str, name: str) -> Json:
    return {"$ref": f"#/components/{place}/{name}"}


def headers(*names: str) -> Json:
    return {name: ref("headers", name) for name in (*ALWAYS, *names)}


def schema() -> Schema:
    """RFC 9457, with what is ours: `code`, `request_id`, `errors`."""
    told = closed(
        {
            "type": {"const": "about:blank"},
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "code": {"enum": [kind.code for kind in kinds()]},
            "request_id": TEXT,
            "errors": {"type": "array", "items": ERROR, "maxItems": errors.MOST_NAMED},
        },
        description="RFC 9457.",
    )
    told["properties"] |= {name: carried for name, (carried, _) in CARRIED.items()}
    told["properties"]["more"] = {
        "type": "integer",
        "minimum": 1,
        "description": "How many are wrong beside those in `errors`.",
    }
    return told


def of(refusals: Sequence[type[errors.Refusal]]) -> dict[str, Json]:
    """The answers of one operation that are problems, by status."""
    grouped: dict[int, list[type[errors.Refusal]]] = {}
    for refusal in refusals:
        grouped.setdefault(answers.status_of(refusal), []).append(refusal)
    return {
        str(status): ref("responses", alike[0].__name__)
        if len(alike) == 1
        else _response(alike)
        for status, alike in sorted(grouped.items())
    }


def responses() -> Json:
    return {kind.__name__: _response([kind]) for kind in kinds()}


def examples() -> Json:
    return {kind.code: {"value": _example(kind)} for kind in kinds()}


def table() -> str:
    """All codes, for people."""
    rows = [
        f"| `{kind.code}` | {answers.status_of(kind)} | {kind.sentence} |"
        for kind in sorted(
            kinds(), key=lambda kind: (answers.status_of(kind), kind.code)
        )
    ]
    return "\n".join(["| code | status | |", "|---|---|---|", *rows])


def _response(alike: Sequence[type[errors.Refusal]]) -> Json:
    codes = [kind.code for kind in alike]
    narrowed = {
        "properties": {
            "status": {"const": answers.status_of(alike[0])},
            "code": {"enum": codes},
        }
    }
    more = [name for kind in alike for name in WITH.get(kind, ())]
    media = {
        "schema": {"allOf": [ref("schemas", "Problem"), narrowed]},
        "examples": {code: ref("examples", code) for code in codes},
    }
    return {
        "description": " ".join(kind.sentence for kind in alike),
        "headers": headers(*more),
        "content": {"application/problem+json": media},
    }


def _example(kind: type[errors.Refusal]) -> Json:
    found = [errors.FieldError("name", "required", "name is required.")]
    carried = {kind.carries: CARRIED[kind.carries][1]} if kind.carries else {}
    refusal = (
        errors.InvalidFields(found) if kind is errors.InvalidFields else kind(**carried)
    )
    return answers.problem_body(refusal, REQUEST_ID, WORKSPACE)
