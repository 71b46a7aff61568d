"""What the tests over HTTP share: a contact, and the look at a problem."""

import re
from typing import Any

import httpx

CONTACTS = "/workspaces/eagle-overseas/contacts"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def made(http: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = http.post(CONTACTS, json={"name": "Ada", **body})
    assert answer.status_code == 201, answer.text
    contact: dict[str, Any] = answer.json()["contact"]
    return contact


def challenge(answer: httpx.Response) -> str:
    """WWW-Authenticate, under the name that it has arrived with."""
    named = {"www-authenticate", "x-amzn-remapped-www-authenticate"}
    (name,) = named & set(answer.headers)
    return answer.headers[name]


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem in an answer, checked to be one (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    expected = ["type", "title", "status", "detail", "code", "request_id", "errors"]
    assert list(problem)[:7] == expected
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem
