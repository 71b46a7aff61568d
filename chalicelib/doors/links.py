"""Where an answer leads: from a thing that was made to all that can be done with it."""

from collections.abc import Sequence
from typing import Any

from chalicelib.doors.bodies import Answer
from chalicelib.doors.declared import Operation
from chalicelib.doors.shapes import name_of
from chalicelib.model.people import Membership
from chalicelib.model.words import Workspace

MADE = "POST"


def of(
    one: Operation, answer: Answer, known: Sequence[Operation]
) -> dict[str, dict[str, Any]]:
    """The links of one answer, by the name of the operation that they lead to."""
    if answer.thing is None:
        return {}
    own, address = _address(answer.thing)
    if own in one.in_path or (one.method != MADE and own not in _names_of(known)):
        return {}
    have = {name: f"$request.path.{name}" for name in one.in_path} | {own: address}
    return {
        other.name: {
            "operationId": other.name,
            "parameters": {
                name: have[name] for name in [*other.in_path, *_named(other, have)]
            },
        }
        for other in known
        if own in other.in_path and have.keys() >= set(other.in_path)
    }


def _address(thing: type) -> tuple[str, str]:
    """The parameter that names a thing, and where in the answer it stands."""
    name = name_of(thing)
    if thing is Workspace:
        return "workspace", "$response.body#/workspace/id"
    if thing is Membership:
        return "user_id", "$response.body#/member/user_id"
    return f"{name}_id", f"$response.body#/{name}/id"


def _names_of(known: Sequence[Operation]) -> set[str]:
    return {name for one in known for name in one.in_path}


def _named(other: Operation, have: dict[str, str]) -> list[str]:
    """What the short forms take in their query instead of the path."""
    return [name for name in other.query if name in have and name == "workspace"]
