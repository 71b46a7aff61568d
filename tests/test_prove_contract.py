"""The API keeps to its own description, whatever is sent."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import RejectedPositiveData

from tests.conftest import Server
from tests.described import Described
from tests.prove.contract import attack
from tests.prove.doors import over_http
from tests.prove.excused import excuse

REFUSED = RejectedPositiveData(
    operation="", message="", status_code=422, allowed_statuses=[]
)
TAKEN = AcceptedNegativeData(
    operation="", message="", status_code=200, expected_statuses=[]
)
OTHER = Failure(operation="", title="", message="")


@pytest.fixture(scope="module")
def victim() -> Iterator[Server]:
    """A server of its own, with the demo data: nothing there is as it was."""
    with over_http() as server:
        yield server


def test_no_answer_differs_from_what_is_promised(victim: Server) -> None:
    """No 5xx, no dropped connection, no status, header or body that is not described;
    what is allowed is taken, what is forbidden refused."""
    found = attack(victim, seed=1, cases=300)
    assert (found.failures, found.told) == ({}, [])
    assert found.cases >= 300
    assert (
        {200, 201, 400, 401, 404, 409, 422} <= found.statuses.keys() <= set(range(500))
    )
    assert found.statuses[200] + found.statuses[201] > found.cases / 5


def test_a_broken_promise_is_seen(victim: Server) -> None:
    """The proof can fail: a description with less in it, before the same answers."""
    told = copy.deepcopy(victim.described.document)
    note = told["components"]["schemas"]["Note"]
    note["properties"].pop("content")
    note["required"].remove("content")
    del told["paths"]["/workspaces/{workspace}/members"]["get"]["responses"]["404"]
    other = Server(victim.process, victim.base, victim.data_dir, victim.log)
    other.described = Described(told)
    checks = {kind.partition(":")[0] for kind in attack(other, 1, 60).failures}
    assert checks >= {"response_schema_conformance", "status_code_conformance"}


def problem(code: str, *errors: tuple[str, str], **more: Any) -> dict[str, Any]:
    named = [{"field": field, "code": name, "message": ""} for field, name in errors]
    return {"code": code, "errors": named, **more}


@pytest.mark.parametrize(
    ("failure", "body", "why"),
    [
        (REFUSED, problem("version_mismatch"), "version_mismatch"),
        (REFUSED, problem("workspace_required"), "workspace_required"),
        (REFUSED, problem("if_match_required"), "if_match_required"),
        (
            REFUSED,
            problem("invalid_fields", ("phone", "invalid_phone")),
            "invalid_phone",
        ),
        (REFUSED, problem("invalid_request", ("cursor", "invalid_id")), "invalid_id"),
        (TAKEN, problem("version_mismatch"), "version_mismatch"),
        (TAKEN, {"results": [{"status": 422, "error": {}}]}, "one of many"),
        # And nothing else.
        (OTHER, problem("version_mismatch"), None),
        (REFUSED, problem("contact_not_found"), None),
        (REFUSED, problem("invalid_fields"), None),
        (REFUSED, problem("invalid_fields", ("name", "wrong_length")), None),
        (REFUSED, problem("invalid_request", ("id", "invalid_id")), None),
        (
            REFUSED,
            problem("invalid_fields", ("phone", "invalid_phone"), ("tags", "required")),
            None,
        ),
        (
            REFUSED,
            problem("invalid_fields", ("name", "control_character"), more=1),
            None,
        ),
        (TAKEN, problem("invalid_fields", ("phone", "invalid_phone")), None),
        (TAKEN, {"results": [{"status": 201, "message": {}}]}, None),
        (TAKEN, [], None),
    ],
)
def test_only_what_cannot_be_described_is_excused(
    failure: Failure, body: Any, why: str | None
) -> None:
    """By its code, and with several bad fields only if all of them are."""
    assert excuse(failure, _answer(body)) == why


def _answer(body: Any) -> Response:
    class Answer(Response):
        def __init__(self) -> None:
            pass

        def json(self, encoding: str | None = None) -> Any:
            return body

    return Answer()
