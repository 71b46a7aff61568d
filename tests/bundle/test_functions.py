"""Every function of the packaged zip, invoked as the AWS console, the schedule and API
Gateway do it."""

import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest

from local.engine import ROOT
from tests.bundle.conftest import Function
from tests.bundle.gateway import proxy_event
from tests.bundle.packaged import Bundle
from tests.conftest import Server
from tests.test_console import FUNCTIONS
from tests.test_http_isolation import every_route

SCHEDULE = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-01-02T03:04:05Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:123456789012:rule/contactbook"],
    "detail": {},
}


def event(name: str, **change: Any) -> dict[str, Any]:
    given: dict[str, Any] = json.loads((ROOT / f"events/{name}.json").read_text())
    return given | change


@pytest.fixture
def contact_id(server: Server) -> str:
    with server.client("eagle-owner") as http:
        made = http.post("/workspaces/eagle-overseas/contacts", json={"name": "Ada"})
    contact_id: str = made.json()["contact"]["id"]
    return contact_id


def test_a_contact_is_fixed_and_deleted_from_the_console(
    function: Function, contact_id: str
) -> None:
    """The ready events, with a contact that is there: the objects of the routes."""
    fixed = function("update_contact").invoke(
        event("update_contact", contact_id=contact_id)
    )
    contact = fixed.payload["contact"]
    assert (contact["name"], contact["updated_by"]) == ("Corrected Name", "console")
    status = function("update_contact_status").invoke(
        event("update_contact_status", contact_id=contact_id)
    )
    assert status.payload["contact"]["lead_status"] == "qualified"
    gone = function("delete_contact").invoke(
        event("delete_contact", contact_id=contact_id)
    )
    assert gone.payload["deletion"]["status"] == "done"
    left = function("check_leftovers").invoke(
        event("check_leftovers", contact_id=contact_id)
    )
    assert left.payload["total"] == 0
    assert left.payload["deletion"] == gone.payload["deletion"]


def test_a_workspace_and_a_member_are_made_from_the_console(
    function: Function,
) -> None:
    """Once; the second time it is refused by name."""
    for name, kind, refusal in (
        ("create_workspace", "workspace", "SlugTaken"),
        ("add_member", "member", "MemberExists"),
    ):
        made, again = (function(name).invoke(event(name)) for _ in range(2))
        assert not made.is_error
        assert list(made.payload) == [kind]
        assert (again.is_error, again.payload["errorType"]) == (True, refusal)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_ready_event_gets_an_answer_or_a_refusal(
    function: Function, name: str
) -> None:
    """Whatever stands in events/ works as it is: the example id is of nobody, and
    the invocation fails with the refusal's name and the contract's code."""
    outcome = function(name).invoke(event(name))
    if name in ("update_contact", "update_contact_status", "delete_contact"):
        assert outcome.is_error
        assert outcome.payload["errorType"] == "ContactNotFound"
        assert outcome.payload["errorMessage"].startswith("contact_not_found: ")
    elif outcome.is_error:
        assert outcome.payload["errorType"] in ("SlugTaken", "MemberExists")
    else:
        assert outcome.payload


@pytest.mark.parametrize("given", [None, [], "x", 7, {}])
def test_whatever_the_test_button_sends_is_refused_by_name(
    function: Function, given: Any
) -> None:
    """Never a crash: InvalidRequest, with the contract's code."""
    outcome = function("update_contact").invoke(given)
    assert (outcome.is_error, outcome.payload["errorType"]) == (True, "InvalidRequest")
    assert outcome.payload["errorMessage"].startswith("invalid_request: ")


def test_the_schedule_and_its_twin_run(function: Function, log: Any) -> None:
    """The schedule's event, and {} by hand; the line that the alarm reads is
    written."""
    by_schedule = function("resume_deletions_on_schedule").invoke(SCHEDULE)
    by_hand = function("resume_deletions").invoke({})
    for outcome in (by_schedule, by_hand):
        assert not outcome.is_error, outcome.payload
        assert set(outcome.payload["deletions"]) == {"done", "running"}
    lines = [
        one for one in log.read_text().splitlines() if "oldest_open_seconds" in one
    ]
    assert json.loads(lines[-1])["oldest_open_seconds"] >= 0


class TestTheApiFromTheConsole:
    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({}, 400),
            (None, 400),
            ([], 400),
            ("x", 400),
            ({"key1": "value1"}, 400),
            ({"requestContext": None}, 400),
            ("api-gateway-test-button", 401),
            ({"requestContext": {"resourcePath": "/me"}}, 400),
            ({"version": "2.0", "routeKey": "GET /me", "rawPath": "/me"}, 400),
            ("apigateway-http-api-v2", 400),
            ("apigateway-aws-proxy", 404),
        ],
    )
    def test_a_strange_event_gets_a_problem(
        self, function: Function, given: Any, status: int
    ) -> None:
        """The console's test button on the API's function: an answer, not a crash."""
        samples = {
            "apigateway-http-api-v2": http_api_event(),
            "apigateway-aws-proxy": console_sample(),
            "api-gateway-test-button": proxy_event("GET", "/me", "/me", {}, {}, None)
            | {"headers": None, "multiValueHeaders": None},
        }
        if isinstance(given, str):
            given = samples.get(given, given)
        outcome = function("app").invoke(given)
        assert not outcome.is_error, outcome.payload
        assert outcome.payload["statusCode"] == status
        kind = outcome.payload["headers"]["Content-Type"]
        assert kind == "application/problem+json"
        assert json.loads(outcome.payload["body"])["status"] == status


@pytest.mark.parametrize(("method", "path"), every_route())
def test_every_route_takes_a_real_event(
    server: Server, function: Function, method: str, path: str
) -> None:
    """With the stage in the path, encoded parameters, several values and a body in
    base64, a stranger gets the refusal that the contract has, never a crash."""
    names = dict.fromkeys(("workspace", "user_id"), "a%7Cb")
    ids = {kind: f"{kind[:-3]}_{'0' * 26}" for kind in ("note_id",)}
    ids |= {"contact_id": "con_" + "0" * 26, "deletion_id": "del_" + "0" * 26}
    ids |= {"conversation_id": "conv_" + "0" * 26}
    ids |= {"token_id": "key_" + "0" * 26, "job_id": "job_" + "0" * 26}
    ids |= {"invitation_id": "inv_" + "0" * 26}
    ids |= {"room": "shell", "file": "page.css", "build": "x"}
    captured = {k: v for k, v in (names | ids).items() if "{" + k + "}" in path}
    headers = {"Authorization": f"Bearer {server.token('stranger')}"}
    given = proxy_event(
        method, path.format(**captured), path, captured, headers, b"\xff\xfe"
    )
    assert given["isBase64Encoded"]
    given["multiValueQueryStringParameters"] = {"limit": ["1", "2"]}
    outcome = function("app").invoke(given)
    assert not outcome.is_error, outcome.payload
    assert outcome.payload["statusCode"] in (200, 400, 404), outcome.payload


def test_an_address_carries_the_stage(server: Server, function: Function) -> None:
    """Location leads back to where the caller came from: through /api."""
    headers = {
        "Authorization": f"Bearer {server.token('eagle-owner')}",
        "Content-Type": "application/json",
    }
    path = "/workspaces/eagle-overseas/contacts"
    resource = "/workspaces/{workspace}/contacts"
    captured = {"workspace": "eagle-overseas"}
    body = json.dumps({"name": "Ünï"}).encode()
    made = function("app").invoke(
        proxy_event("POST", path, resource, captured, headers, body)
    )
    assert made.payload["statusCode"] == 201
    contact = json.loads(made.payload["body"])["contact"]
    assert contact["name"] == "Ünï"
    workspace = contact["workspace_id"]
    place = f"/api/workspaces/{workspace}/contacts/{contact['id']}"
    assert made.payload["headers"]["Location"] == place


def test_the_description_and_its_page_are_in_the_bundle(server: Server) -> None:
    """Both answer from the packaged function, and all that the page names is there."""
    with server.client(None) as http:
        described = http.get("/openapi.json")
        assert described.status_code == 200
        assert described.json()["openapi"].startswith("3.1.")
        page = http.get("/docs")
        assert page.headers["content-type"].startswith("text/html")
        named = re.findall(r'(?:href|src)="([^"#]*\.(?:css|js))"', page.text)
        assert len(named) >= 2
        for name in named:
            assert http.get(urljoin("/docs", name)).status_code == 200, name


def test_a_thousand_invocations_leave_memory_flat(
    server: Server, start: Function
) -> None:
    """One process, 1,000 times: less than 2 KB each, so a day's work is no risk."""
    environment = start("app")
    headers = {"Authorization": f"Bearer {server.token('eagle-owner')}"}
    path = "/workspaces/eagle-overseas/contacts"
    given = proxy_event(
        *("GET", path, "/workspaces/{workspace}/contacts"),
        *({"workspace": "eagle-overseas"}, headers, None),
    )
    for _ in range(200):
        assert environment.invoke(given).payload["statusCode"] == 200
    before = environment.memory()
    for _ in range(1000):
        environment.invoke(given)
    grown = environment.memory() - before
    assert grown < 2_000_000, f"{grown:,} bytes"


def test_a_start_that_fails_says_what_is_missing(bundle: Bundle, tmp_path: Any) -> None:
    """A stack without its parameters: the log names the variable."""
    from tests.bundle.runtime import Environment

    with (tmp_path / "log").open("w") as output:
        broken = Environment(
            bundle.task, bundle.client, "app.app", {"JWT_ISSUER": "i"}, output
        )
        broken.process.wait(timeout=20)
        broken.stop()
    assert "environment variables missing: TABLE_NAME" in (tmp_path / "log").read_text()


def http_api_event() -> dict[str, Any]:
    """The console's "apigateway-http-api-proxy" template, in short."""
    http = {"method": "GET", "path": "/me", "protocol": "HTTP/1.1"}
    context = {"accountId": "1", "apiId": "abc", "http": http, "stage": "$default"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/me",
        "rawQueryString": "",
        "headers": {"accept": "*/*"},
        "requestContext": context,
        "isBase64Encoded": False,
    }


def console_sample() -> dict[str, Any]:
    """The console's "apigateway-aws-proxy" template: a path that we do not have."""
    given = proxy_event(
        *("POST", "/path/to/resource", "/{proxy+}", {"proxy": "/path/to/resource"}),
        *({"Accept": "text/html"}, b"eyJ0ZXN0IjoiYm9keSJ9"),
    )
    return given | {"isBase64Encoded": True}
