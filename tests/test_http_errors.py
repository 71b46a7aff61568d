"""What cannot be read or accepted, over HTTP: told by name, nothing written."""

import httpx
import pytest

from tests.http_world import CONTACTS, made, refused


def test_every_bad_field_is_named(eagle_http: httpx.Client) -> None:
    """422 names each, also unknown ones and those that are read-only."""
    body = {"name": "", "lead_score": "9", "nickname": "x", "id": "con_1", "phone": "1"}
    for answer in (
        eagle_http.post(CONTACTS, json=body),
        eagle_http.patch(f"{CONTACTS}/{made(eagle_http)['id']}", json=body),
    ):
        problem = refused(answer, 422, "invalid_fields")
        assert {error["field"] for error in problem["errors"]} == set(body)


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"", "application/json", 400, "invalid_request"),
        (b"{", "application/json", 400, "invalid_request"),
        (b"[]", "application/json", 400, "invalid_request"),
        (b"{}", "application/json", 400, "invalid_request"),
        (b'{"name": NaN}', "application/json", 400, "invalid_request"),
        (b"[" * 100_000, "application/json", 400, "invalid_request"),
        (b'{"name": "\xff"}', "application/json", 400, "invalid_request"),
        (b'{"name": "\\ud800"}', "application/json", 400, "invalid_request"),
        (b"<a/>", "application/xml", 415, "unsupported_media_type"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"\x00" * 300_000, "application/json", 413, "body_too_large"),
        (b" " * 11_000_000, "application/json", 413, "body_too_large"),
    ],
)
def test_a_broken_body_is_told(
    eagle_http: httpx.Client, content: bytes, kind: str, status: int, code: str
) -> None:
    """Whatever it is: never a 500, never a dropped connection, nothing written."""
    path = f"{CONTACTS}/{made(eagle_http)['id']}"
    before = eagle_http.get(path)
    answer = eagle_http.patch(path, content=content, headers={"content-type": kind})
    refused(answer, status, code)
    assert eagle_http.get(path).json() == before.json()


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=-1",
        "limit=1&limit=2",
        "cursor=x",
        "cursor=undefined",
        "lead_status=nope",
        "phone=12",
        "q=" + "x" * 101,
        "lead_statu=new",
    ],
)
def test_a_bad_parameter_is_named(eagle_http: httpx.Client, query: str) -> None:
    """A misspelt filter must not list everything."""
    answer = eagle_http.get(f"{CONTACTS}?{query}")
    problem = refused(answer, 400, "invalid_request")
    assert problem["errors"][0]["field"] == query.split("=")[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{CONTACTS}/con_{'0' * 26}"),
        ("POST", CONTACTS),
        ("PUT", f"{CONTACTS}/con_{'0' * 26}/status"),
        ("GET", "/me"),
        ("GET", f"{CONTACTS}/con_{'0' * 26}/notes"),
    ],
)
def test_no_route_takes_a_parameter_it_does_not_know(
    eagle_http: httpx.Client, method: str, path: str
) -> None:
    """On every route alike: 400 that names it."""
    answer = eagle_http.request(method, f"{path}?colour=red", json={"name": "X"})
    problem = refused(answer, 400, "invalid_request")
    assert problem["errors"][0]["field"] == "colour"


def test_what_is_not_there_and_what_is_not_done(eagle_http: httpx.Client) -> None:
    """404 for an unknown address, 405 with Allow for an unknown method."""
    for path in ("/nowhere", "/workspaces/a/b/c/d/e", "/me//x", "/%00", "/me/x"):
        refused(eagle_http.get(path), 404, "route_not_found")
    for method in ("PUT", "TRACE", "PROPFIND", "X"):
        answer = eagle_http.request(method, f"{CONTACTS}/con_{'0' * 26}")
        refused(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == "GET, HEAD, PATCH, DELETE"
    answer = eagle_http.head("/workspaces")
    assert (answer.status_code, answer.content) == (405, b"")
    assert answer.headers["allow"] == "POST"


def test_a_body_of_unknown_fields_gets_a_short_answer(
    eagle_http: httpx.Client,
) -> None:
    """256 KB of them: the first 20 by name, and how many more."""
    path = f"{CONTACTS}/{made(eagle_http)['id']}"
    body = dict.fromkeys(f"u{number}" for number in range(18_000))
    for answer in (
        eagle_http.patch(path, json=body),
        eagle_http.post(CONTACTS, json=body),
    ):
        problem = refused(answer, 422, "invalid_fields")
        assert (len(problem["errors"]), len(answer.content) < 10_000) == (20, True)
        assert problem["more"] in (17_980, 17_981)  # a new one lacks its name
        assert problem["detail"].endswith(f"And {problem['more']} more.")
    answer = eagle_http.patch(path, json={"x" * 200_000: 1})
    assert refused(answer, 422, "invalid_fields")["errors"][0]["field"][:9] == "x" * 9
    assert len(answer.content) < 2_000


def test_unknown_parameters_get_a_short_answer(eagle_http: httpx.Client) -> None:
    """As in a body: 20 by name, the others counted, long names shortened."""
    query = "&".join(f"u{number}=1" for number in range(1000))
    answer = eagle_http.get(f"{CONTACTS}?{query}")
    problem = refused(answer, 400, "invalid_request")
    assert (len(problem["errors"]), problem["more"]) == (20, 980)
    assert problem["detail"].endswith("And 980 more.")
    answer = eagle_http.get(f"{CONTACTS}?{'x' * 20_000}=1")
    assert refused(answer, 400, "invalid_request")
    assert len(answer.content) < 2_000


def test_a_media_type_is_read_with_its_parameters(eagle_http: httpx.Client) -> None:
    """Parameters that we do not know change nothing; another charset does."""
    path = f"{CONTACTS}/{made(eagle_http)['id']}"
    kind = {"content-type": "application/json; charset=utf-8; v=1"}
    answer = eagle_http.patch(path, content=b'{"name": "B"}', headers=kind)
    assert answer.status_code == 200
    kind = {"content-type": "application/json; v=1; charset=latin1"}
    answer = eagle_http.patch(path, content=b'{"name": "C"}', headers=kind)
    refused(answer, 415, "unsupported_media_type")


def test_a_number_of_too_many_digits_is_told_as_that(eagle_http: httpx.Client) -> None:
    """It is JSON: nobody has to look for a missing comma."""
    kind = {"content-type": "application/json"}
    body = b'{"name": "B", "metadata": {"n": ' + b"9" * 5000 + b"}}"
    answer = eagle_http.post(CONTACTS, content=body, headers=kind)
    problem = refused(answer, 400, "invalid_request")
    assert problem["detail"] == "A number has too many digits."
