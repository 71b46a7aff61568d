"""When something breaks behind the door: what the caller is told, what the log."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from chalice.app import Response

from chalicelib.base import budget
from chalicelib.doors import answers, call, http
from chalicelib.doors.identity import Keys
from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import access
from tests.conftest import add
from tests.door_world import REQUEST_ID, Lines, Told, ask, only, the_app
from tests.test_identity import jwks, token  # noqa: F401

CONTACTS = "/workspaces/eagle/contacts"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    return Lines(monkeypatch)


def authorized() -> dict[str, str]:
    """Signed when it is needed: a token of the collection would be over by now."""
    return {"Authorization": f"Bearer {token(iss='i', aud='a')}"}


def assert_internal(told: Told, lines: Lines, secret: str) -> None:
    """A 500 that says nothing of the inside, dressed as every answer; the traceback is
    in the log, under the same request id."""
    assert json.loads(told.body) == {
        "type": "about:blank",
        "title": "Internal",
        "status": 500,
        "detail": "Something went wrong on our side.",
        "code": "internal",
        "request_id": REQUEST_ID,
        "errors": [],
    }
    assert (told.status, told.headers["x-request-id"]) == (500, REQUEST_ID)
    assert told.headers["content-type"] == "application/problem+json"
    assert told.headers["access-control-allow-origin"] == "*"
    assert secret not in repr(told.headers)
    (line,) = lines.named("unexpected")
    assert (line["level"], line["request_id"]) == ("ERROR", REQUEST_ID)
    assert secret in line["exception"]


def test_a_fault_in_a_view_is_logged_and_tells_nothing(lines: Lines) -> None:
    """500 for the caller, the traceback for us."""

    def view(_: call.Call) -> Response:
        raise KeyError("secret inside")

    assert_internal(ask(only(view), "GET", "/view"), lines, "secret inside")
    assert [line["status"] for line in lines.named("request")] == [500]


def test_a_fault_in_making_the_answer_is_logged_and_tells_nothing(
    lines: Lines,
) -> None:
    """What is no JSON was found in a view's own words."""

    def view(_: call.Call) -> Response:
        return answers.ok({"secret": object()})

    assert_internal(ask(only(view), "GET", "/view"), lines, "not JSON serializable")


def test_a_fault_in_writing_the_answer_is_logged_and_tells_nothing(
    lines: Lines,
) -> None:
    """Chalice writes what a view gave it raw, after all our code has run."""

    def view(_: call.Call) -> Response:
        return Response({"secret": {1}}, {}, 200)

    assert_internal(ask(only(view), "GET", "/view"), lines, "not JSON serializable")


def test_a_fault_before_the_view_is_logged_and_tells_nothing(lines: Lines) -> None:
    """An event without what its path captures, as a hand-made one may be."""
    told = ask(the_app(), "GET", "/workspaces/eagle", pathParameters=None)
    assert_internal(told, lines, "TypeError")
    told = ask(the_app(), "GET", "/workspaces/eagle", pathParameters={"secret": "x"})
    assert told.status == 500
    assert "secret" not in told.body


def read_timeout() -> Exception:
    return ReadTimeoutError(endpoint_url="https://secret.example")


def connect_timeout() -> Exception:
    return ConnectTimeoutError(endpoint_url="https://secret.example")


def no_connection() -> Exception:
    return EndpointConnectionError(endpoint_url="https://secret.example")


def throttled() -> Exception:
    told: Any = {"Error": {"Code": "ThrottlingException", "Message": "secret"}}
    return ClientError(told, "Query")


def denied() -> Exception:
    told: Any = {"Error": {"Code": "AccessDeniedException", "Message": "secret"}}
    return ClientError(told, "Query")


class Failing:
    """The real client; from its n-th call on it fails."""

    def __init__(self, client: Any, fault: Callable[[], Exception], calls: int) -> None:
        self._client, self._fault, self._left = client, fault, calls

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            if self._left <= 0:
                raise self._fault()
            self._left -= 1
            return getattr(self._client, operation)(**asked)

        return call


@pytest.fixture
def failing(
    real_table: Table,
    amy: Member,
    monkeypatch: pytest.MonkeyPatch,
    jwks: Path,  # noqa: F811
) -> Callable[[Callable[[], Exception], int], None]:
    """Puts a failing client behind the app; amy's token is good."""
    monkeypatch.setattr(budget, "WAIT_SECONDS", 0)
    keys = Keys(str(jwks))
    monkeypatch.setattr(call, "issuer_keys", lambda: keys)

    def put(fault: Callable[[], Exception], calls: int) -> None:
        client = Failing(real_table._client, fault, calls)
        behind = Table(client, real_table._name)
        monkeypatch.setattr(access, "connect", lambda: behind)
        monkeypatch.setattr(http, "PATIENCE_SECONDS", 0)

    return put


def every_request(contact_id: str) -> tuple[tuple[str, str, Any], ...]:
    path = f"{CONTACTS}/{contact_id}"
    return (
        ("GET", path, None),
        ("GET", CONTACTS, None),
        ("GET", f"{CONTACTS}?lead_status=new", None),
        ("GET", f"{CONTACTS}?q=ada", None),
        ("POST", CONTACTS, {"name": "B"}),
        ("PATCH", path, {"name": "B"}),
        ("PATCH", path, {"phone": "+447400123456"}),
        ("PUT", f"{path}/status", {"lead_status": "lost"}),
        ("DELETE", path, None),
        ("POST", f"{path}/notes", {"content": "x"}),
    )


@pytest.mark.parametrize("calls", [0, 1])
@pytest.mark.parametrize(
    "fault", [read_timeout, connect_timeout, no_connection, throttled]
)
def test_a_store_that_does_not_answer_is_a_503_that_says_when_to_come_back(
    real_table: Table,
    amy: Member,
    failing: Any,
    lines: Lines,
    fault: Callable[[], Exception],
    calls: int,
) -> None:
    """Silence and throttling are nobody's fault: Retry-After, not a 500, whether it
    begins at the entrance or behind it."""
    for method, path, body in every_request(add(real_table, amy).id):
        failing(fault, calls)
        told = ask(the_app(), method, path, body, authorized())
        assert (told.status, json.loads(told.body)["code"]) == (503, "busy"), path
        assert told.headers["retry-after"] == "1"
        assert "secret" not in told.body
    assert lines.named("unexpected") == []
    assert {line["status"] for line in lines.named("request")} == {503}


def test_a_store_that_refuses_us_is_our_fault(
    real_table: Table, amy: Member, failing: Any, lines: Lines
) -> None:
    """500, logged: to come back later would not help."""
    contact_id = add(real_table, amy).id
    failing(denied, 0)
    told = ask(the_app(), "GET", f"{CONTACTS}/{contact_id}", None, authorized())
    assert_internal(told, lines, "AccessDeniedException")
    assert "retry-after" not in told.headers


def test_every_answer_is_dressed(real_table: Table, amy: Member, failing: Any) -> None:
    """Private, asked for again, one origin's, with every header that a page may read:
    found, refused and broken alike."""
    contact_id = add(real_table, amy).id
    failing(denied, 2)
    for path, status in (
        (f"{CONTACTS}/{contact_id}", 200),
        (f"{CONTACTS}/undefined", 400),
        (CONTACTS, 500),
    ):
        told = ask(the_app(), "GET", path, None, authorized())
        assert told.status == status
        assert told.headers["cache-control"] == "private, no-cache"
        assert told.headers["vary"] == "Origin, Accept-Encoding"
        exposed = told.headers["access-control-expose-headers"].split(",")
        assert sorted(exposed) == sorted(http.EXPOSED.split())
        assert {"ETag", "Location", "Retry-After", "X-Request-Id"} <= set(exposed)
