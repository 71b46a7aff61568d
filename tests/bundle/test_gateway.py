"""API Gateway's double does what is documented of the real one, and the packaged
function holds behind it: renamed headers, addresses that are none, the stage's own
address without its slash, what is too large, what takes too long.

What it would do without the template's own part is shown here, too: it is why that part
is there.
"""

import copy
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright

from local.engine import ROOT
from tests.browser.conftest import QUIET, chromium_path
from tests.bundle import packaged
from tests.bundle.conftest import Function
from tests.bundle.gateway import MOST_BYTES, SECONDS, Gateway
from tests.bundle.packaged import Bundle
from tests.bundle.runtime import Outcome
from tests.conftest import Server

STAGE = "/api"
BEARER = {"Authorization": "Bearer x.y.z"}
SAID = {"statusCode": 200, "headers": {}, "multiValueHeaders": {}, "body": "{}"}


class Behind:
    """A function that keeps what it was asked, and answers what it is told to."""

    def __init__(self, answer: Any = SAID) -> None:
        self.asked: list[Any] = []
        self.answer = answer

    def invoke(self, event: Any) -> Outcome:
        self.asked.append(event)
        return Outcome(self.answer, False)


class Held(Behind):
    """One that answers when it is let go, and not before."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def invoke(self, event: Any) -> Outcome:
        self.free.wait()
        return super().invoke(event)


def without(template: dict[str, Any], path: str) -> dict[str, Any]:
    left = copy.deepcopy(template)
    del left["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"][path]
    return left


def problem(answer: dict[str, Any]) -> tuple[int, str]:
    told = json.loads(answer["body"])
    assert told["status"] == answer["statusCode"]
    return told["status"], told["code"]


@pytest.fixture(scope="module")
def host(bundle: Bundle, start: Function) -> Iterator[str]:
    """As after a first deployment: at execute-api's address, behind the stage's
    name."""
    with packaged.door(bundle, [start("app")], STAGE) as base:
        yield base


def test_the_challenge_is_renamed(server: Server) -> None:
    """A client of a 401 finds WWW-Authenticate under API Gateway's name for it, and a
    page of another origin may read that name (docs/api.md)."""
    with server.client(None) as http:
        answer = http.get("/me")
    assert answer.status_code == 401
    assert "www-authenticate" not in answer.headers
    name = "x-amzn-Remapped-WWW-Authenticate"
    assert answer.headers[name] == 'Bearer realm="contactbook"'
    exposed = answer.headers["access-control-expose-headers"]
    assert name in exposed.split(",")
    assert name in (ROOT / "docs/api.md").read_text()


def test_other_headers_come_as_they_are_sent(bundle: Bundle) -> None:
    """Lists of values, too; what is API Gateway's own to say is renamed."""
    said = {
        **SAID,
        "headers": {"ETag": '"1"', "Date": "never", "server": "ours"},
        "multiValueHeaders": {"Set-Cookie": ["a", "b"], "WWW-Authenticate": ["c"]},
    }
    answer = Gateway(bundle.template, [Behind(said)]).handle_request(
        "GET", "/me", {}, None
    )
    assert answer["headers"] == {
        "ETag": '"1"',
        "x-amzn-Remapped-Date": "never",
        "x-amzn-Remapped-server": "ours",
    }
    assert answer["multiValueHeaders"] == {
        "Set-Cookie": ["a", "b"],
        "x-amzn-Remapped-WWW-Authenticate": ["c"],
    }


@pytest.mark.parametrize("headers", [{}, BEARER, {"authorization": "Basic YTpi"}])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/nowhere", "/workspaces/x/y/z", "/page", "/me/x"])
def test_an_address_that_is_none_is_404(
    server: Server, method: str, path: str, headers: dict[str, str]
) -> None:
    """Whoever asks and however, with CORS, so that a page can read it."""
    with server.client(None) as http:
        answer = http.request(method, path, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (404, "route_not_found")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert told["request_id"] == answer.headers["x-request-id"]


def test_a_question_whether_to_ask_there_is_404_too(
    bundle: Bundle, function: Function
) -> None:
    """An address that is none has no preflight: it goes to the function."""
    gateway = Gateway(bundle.template, [function("app")])
    answer = gateway.handle_request("OPTIONS", "/nowhere", {}, None)
    assert problem(answer) == (404, "route_not_found")
    assert answer["headers"]["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [({}, "MISSING_AUTHENTICATION_TOKEN"), (BEARER, "INVALID_SIGNATURE")],
)
def test_without_the_catch_all_a_token_makes_another_answer(
    bundle: Bundle, headers: dict[str, str], kind: str
) -> None:
    """API Gateway reads Authorization as a signature there. That is told as 404, too;
    else it would be what the default says: 400."""
    template = without(bundle.template, "/{proxy+}")
    gateway = Gateway(template, [])
    answer = gateway.handle_request("GET", "/nowhere", headers, None)
    assert problem(answer) == (404, "route_not_found")
    del gateway.refusals[kind]
    answer = gateway.handle_request("GET", "/nowhere", headers, None)
    assert problem(answer) == (400, "invalid_request")


def test_a_method_that_a_path_lacks_stays_with_the_path(server: Server) -> None:
    """405 with Allow, and not the catch-all's 404."""
    with server.client(None) as http:
        answer = http.delete("/me", headers=BEARER)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_stage_without_its_slash_leads_to_the_page(host: str, method: str) -> None:
    """Relative addresses of its files would miss the stage."""
    with httpx.Client(base_url=host) as http:
        there = http.request(method, STAGE)
        assert (there.status_code, there.headers["location"]) == (307, f"{STAGE}/")
        assert there.content == b""
        page = http.request(method, f"{STAGE}/")
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_the_description_with_a_slash_leads_back(host: str) -> None:
    """The other way round: its files lie beside it, not below it."""
    with httpx.Client(base_url=host) as http:
        there = http.get(f"{STAGE}/docs/")
        assert (there.status_code, there.headers["location"]) == (307, f"{STAGE}/docs")
        assert http.get(f"{STAGE}/docs").status_code == 200


@pytest.mark.parametrize("asked", ["//evil.example", "/a b", "/a\r\nX: y", "", "//"])
def test_no_address_leads_to_another_host(
    function: Function, asked: str, bundle: Bundle
) -> None:
    """Whatever the context says was asked: what is no plain path is left alone."""
    gateway = Gateway(bundle.template, [behind := Behind()])
    gateway.handle_request("GET", "/", {}, None)
    (event,) = behind.asked
    event["requestContext"]["path"] = asked
    answer = function("app").invoke(event).payload
    assert answer["statusCode"] == 200
    assert "Location" not in answer["headers"]


def test_the_page_works_from_the_stages_bare_address(host: str) -> None:
    """In a browser: every file of the page comes, and it asks who is there."""
    with ThreadPoolExecutor(1) as thread:  # another browser may be open in this one
        address, missing = thread.submit(visited, host + STAGE).result()
    assert (address, missing) == (f"{host}{STAGE}/", [])


def visited(address: str) -> tuple[str, list[str]]:
    """Where a browser is when the page is there, and what it could not get."""
    missing = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        )
        page = browser.new_page()
        page.on("response", lambda one: one.status < 400 or missing.append(one.url))
        page.goto(address)
        page.locator("#signin").wait_for()
        there = page.url
        browser.close()
    return there, missing


def test_beside_the_stage_there_is_nothing_of_ours(host: str) -> None:
    """API Gateway's own 403: where the page's files were looked for before."""
    with httpx.Client(base_url=host) as http:
        for path in ("/page/x/shell/app.js", "/apis", "/"):
            answer = http.get(path)
            assert (answer.status_code, answer.json()) == (
                403,
                {"message": "Forbidden"},
            )


def test_ten_megabytes_pass_and_one_byte_more_does_not(bundle: Bundle) -> None:
    """413 in our words; the function never sees it."""
    behind = Behind()
    gateway = Gateway(bundle.template, [behind])
    for size, status in ((MOST_BYTES, 200), (MOST_BYTES + 1, 413)):
        answer = gateway.handle_request("POST", "/workspaces", {}, b"x" * size)
        assert answer["statusCode"] == status
    assert problem(answer) == (413, "body_too_large")
    assert len(behind.asked) == 1


def test_who_waits_too_long_is_told_to_come_again(bundle: Bundle) -> None:
    """503 with Retry-After after 29 s, here at once. The function goes on, and its
    environment takes nothing else before it has ended."""
    assert SECONDS == 29
    held = Held()
    gateway = Gateway(bundle.template, [held], seconds=0)
    answer = gateway.handle_request("GET", "/me", {}, None)
    assert problem(answer) == (503, "busy")
    assert "Retry-After" in answer["headers"]
    assert (held.asked, gateway.idle.qsize()) == ([], 0)
    held.free.set()
    gateway.seconds = 29
    answer = gateway.handle_request("GET", "/health", {}, None)
    assert answer["statusCode"] == 200
    assert [one["path"] for one in held.asked] == ["/me", "/health"]


def test_a_function_that_fails_or_says_nothing_useful_is_busy(bundle: Bundle) -> None:
    """Not its own words, whatever they are."""
    for answer in ({"errorMessage": "inside"}, {"statusCode": "200"}, {}):
        gateway = Gateway(bundle.template, [Behind(answer)])
        told = gateway.handle_request("GET", "/me", {}, None)
        assert problem(told) == (503, "busy")
        assert "inside" not in told["body"]
