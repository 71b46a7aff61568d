"""The contract over a real socket, against the server that `make serve` starts."""

import json
import re
import socket
import uuid
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.conftest import Server

CONTACTS = "/workspaces/eagle-overseas/contacts"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def made(http: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = http.post(CONTACTS, json={"name": "Ada", **body})
    assert answer.status_code == 201, answer.text
    contact: dict[str, Any] = answer.json()["contact"]
    return contact


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


def test_the_life_of_a_contact(eagle_http: httpx.Client) -> None:
    """Created, read, changed, re-statused, listed, deleted, gone."""
    created = eagle_http.post(CONTACTS, json={"name": "Ada", "email": "life@x.org"})
    contact = created.json()["contact"]
    assert created.status_code == 201
    path = created.headers["location"]
    assert path == f"/workspaces/{contact['workspace_id']}/contacts/{contact['id']}"
    assert TIME.fullmatch(contact["created_at"])
    read = eagle_http.get(path)
    assert read.json() == created.json()
    assert read.headers["etag"] == created.headers["etag"]
    changed = eagle_http.patch(path, json={"name": "Updated", "lead_status": "active"})
    assert changed.json()["contact"] | {"updated_at": ""} == contact | {
        "name": "Updated",
        "lead_status": "active",
        "version": 2,
        "updated_at": "",
    }
    status = eagle_http.put(f"{path}/status", json={"lead_status": "lost"})
    assert status.json()["contact"]["lead_status"] == "lost"
    listed = eagle_http.get(CONTACTS, params={"lead_status": "lost"}).json()
    assert status.json()["contact"] in listed["contacts"]
    deleted = eagle_http.delete(path)
    assert deleted.status_code == 200
    assert deleted.json()["success"] is True
    receipt = deleted.json()["deletion"]
    assert receipt["deleted"] == {"conversations": 0, "messages": 0, "notes": 0}
    place = f"/workspaces/eagle-overseas/deletions/{receipt['id']}"
    assert eagle_http.get(place).json() == {"deletion": receipt}
    for method in ("GET", "DELETE"):
        refused(eagle_http.request(method, path), 404, "contact_not_found")


def test_the_original_systems_own_checks(eagle_http: httpx.Client) -> None:
    """The two requests that failed in production, as they were sent there."""
    contact = made(eagle_http)
    body = '{"name":"Updated Name","lead_status":"qualified"}'
    curl = {"content-type": "application/x-www-form-urlencoded"}
    path = f"{CONTACTS}/{contact['id']}"
    patched = eagle_http.patch(path, content=body, headers=curl)
    assert patched.status_code == 200
    assert patched.json()["contact"]["name"] == "Updated Name"
    query = {"id": contact["id"], "workspace": "eagle-overseas"}
    deleted = eagle_http.delete("/contacts", params=query)
    assert (deleted.status_code, deleted.json()["success"]) == (200, True)
    refused(eagle_http.get(path), 404, "contact_not_found")


def test_the_short_forms_find_the_workspace(server: Server) -> None:
    """?workspace=, or the caller's only one; else it must be named."""
    user = f"user-{uuid.uuid4()}"
    with server.client(user) as http:
        path = f"/contacts/con_{'0' * 26}"
        refused(http.patch(path, json={"name": "X"}), 400, "workspace_required")
        slugs = [f"w{uuid.uuid4().hex[:12]}" for _ in range(2)]
        http.post("/workspaces", json={"name": "One", "slug": slugs[0]})
        contact = http.post(f"/workspaces/{slugs[0]}/contacts", json={"name": "A"})
        contact_id = contact.json()["contact"]["id"]
        changed = http.patch(f"/contacts/{contact_id}", json={"name": "B"})
        assert changed.json()["contact"]["name"] == "B"
        http.post("/workspaces", json={"name": "Two", "slug": slugs[1]})
        path = f"/contacts/{contact_id}"
        refused(http.patch(path, json={"name": "C"}), 400, "workspace_required")
        query = {"workspace": slugs[0]}
        assert http.patch(path, json={"name": "C"}, params=query).status_code == 200
        query = {"workspace": slugs[1]}
        other = http.patch(path, json={"name": "C"}, params=query)
        refused(other, 404, "contact_not_found")
        refused(http.delete("/contacts?id=" + contact_id), 400, "workspace_required")


@pytest.mark.parametrize(
    "bad", ["undefined", "null", "", "NaN", "ws_" + "0" * 26, "con_x", "%00", "..%2f"]
)
def test_what_is_no_id_costs_no_storage_call(
    eagle_http: httpx.Client, bad: str
) -> None:
    """The identity contract at the door: /contacts/undefined is a 400, never a
    write."""
    for method, path in (
        ("GET", f"{CONTACTS}/{bad}"),
        ("PATCH", f"{CONTACTS}/{bad}"),
        ("PUT", f"{CONTACTS}/{bad}/status"),
        ("DELETE", f"{CONTACTS}/{bad}"),
        ("PATCH", f"/contacts/{bad}"),
        ("DELETE", f"/contacts?workspace=eagle-overseas&id={bad}"),
        ("GET", f"/workspaces/eagle-overseas/deletions/{bad}"),
    ):
        answer = eagle_http.request(method, path, json={"lead_status": "lost"})
        if answer.status_code in (404, 405):  # an empty id may end in another address
            assert bad == ""
            assert answer.headers["x-storage-calls"] == "0"
            continue
        if bad == "" and method == "GET" and answer.status_code == 200:
            continue  # .../contacts/ is the list
        problem = refused(answer, 400, "invalid_request")
        assert problem["errors"][0]["field"] in ("contact_id", "id", "deletion_id")
        assert answer.headers["x-storage-calls"] == "0"


class TestConditionalRequests:
    def test_if_match_refuses_what_is_stale(self, eagle_http: httpx.Client) -> None:
        """412 with the current contact, on every write; a fresh tag goes through."""
        contact = made(eagle_http)
        path = f"{CONTACTS}/{contact['id']}"
        old = eagle_http.get(path).headers["etag"]
        new = eagle_http.patch(path, json={"name": "B"}).headers["etag"]
        current = eagle_http.get(path).json()["contact"]
        for stale in (old, f"W/{new}", '"nonsense"', '""', "nonsense"):
            headers = {"If-Match": stale}
            for method, where, body in (
                ("PATCH", path, {"name": "C"}),
                ("PATCH", path, {"metadata": {"a": 1}}),
                ("PUT", f"{path}/status", {"lead_status": "lost"}),
                ("DELETE", path, None),
            ):
                answer = eagle_http.request(method, where, json=body, headers=headers)
                problem = refused(answer, 412, "version_mismatch")
                assert problem["current"] == current
        for version, fresh in enumerate((new, f'{old}, "3"', '"4"'), start=3):
            answer = eagle_http.put(
                f"{path}/status",
                json={"lead_status": "new"},
                headers={"If-Match": fresh},
            )
            assert answer.json()["contact"]["version"] == version
        answer = eagle_http.patch(path, json={"name": "D"}, headers={"If-Match": "*"})
        assert answer.status_code == 200

    def test_if_none_match_spares_the_body(self, eagle_http: httpx.Client) -> None:
        """304 while nothing moved, 200 as soon as something did."""
        path = f"{CONTACTS}/{made(eagle_http)['id']}"
        tag = eagle_http.get(path).headers["etag"]
        for same in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            answer = eagle_http.get(path, headers={"If-None-Match": same})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == tag
        eagle_http.patch(path, json={"lead_score": 5})
        answer = eagle_http.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200


def test_a_status_from_something_else_is_a_conflict(eagle_http: httpx.Client) -> None:
    """409 shows the current contact."""
    contact = made(eagle_http)
    answer = eagle_http.put(
        f"{CONTACTS}/{contact['id']}/status",
        json={"lead_status": "lost", "from": "active"},
    )
    assert refused(answer, 409, "status_changed")["current"] == contact


def test_a_taken_phone_names_the_other_contact(eagle_http: httpx.Client) -> None:
    """409 with the contact_id, so that the page can lead there."""
    first = made(eagle_http, phone="+49 151 10000001", email="first@x.org")
    for body, code in (
        ({"phone": "+4915110000001"}, "phone_taken"),
        ({"email": "FIRST@x.org"}, "email_taken"),
    ):
        answer = eagle_http.post(CONTACTS, json={"name": "B", **body})
        assert refused(answer, 409, code)["contact_id"] == first["id"]


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


class TestWithoutAToken:
    def test_nobody_gets_in(self, server: Server) -> None:
        """401 with a challenge, before storage is touched; health needs no token."""
        with server.client(None) as http:
            for header in ({}, {"Authorization": "Bearer x.y.z"}):
                for method, path in (("GET", "/me"), ("DELETE", f"{CONTACTS}/x")):
                    answer = http.request(method, path, headers=header)
                    refused(answer, 401, "unauthenticated")
                    assert answer.headers["www-authenticate"].startswith("Bearer")
                    assert answer.headers["x-storage-calls"] == "0"
            assert http.get("/health").json() == {"status": "ok"}


def test_headers_on_every_answer(server: Server, eagle_http: httpx.Client) -> None:
    """A request id, the cost and CORS, whoever made the answer."""
    seen = set()
    for answer in (
        eagle_http.get("/me"),
        eagle_http.get("/health"),
        eagle_http.get(CONTACTS),
        eagle_http.get(f"{CONTACTS}/con_{'0' * 26}"),
        eagle_http.get("/nowhere"),
        eagle_http.request("FOO", "/me"),
        eagle_http.get("/me", headers={"Authorization": "no"}),
    ):
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-request-id"])
        assert re.fullmatch(r"\d+", answer.headers["x-storage-calls"])
        assert re.fullmatch(r"rcu=[\d.]+, wcu=[\d.]+", answer.headers["x-capacity"])
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["x-content-type-options"] == "nosniff"
        seen.add(answer.headers["x-request-id"])
    assert len(seen) == 7


def test_a_preflight_is_answered(server: Server) -> None:
    """A page of another origin may send what the API needs."""
    with server.client(None) as http:
        answer = http.options(f"{CONTACTS}/con_{'0' * 26}")
    assert answer.status_code == 200
    assert answer.headers["x-storage-calls"] == "0"
    assert len(answer.headers["x-request-id"]) == 36
    assert set(answer.headers["access-control-allow-methods"].split(",")) == {
        *("GET", "PATCH", "DELETE", "OPTIONS")
    }
    allowed = answer.headers["access-control-allow-headers"].split(",")
    assert {"Authorization", "Content-Type", "If-Match"} <= set(allowed)


def test_what_is_not_there_and_what_is_not_done(eagle_http: httpx.Client) -> None:
    """404 for an unknown address, 405 with Allow for an unknown method."""
    for path in ("/nowhere", "/workspaces/a/b/c/d/e", "/me//x", "/%00", "/me/x"):
        refused(eagle_http.get(path), 404, "route_not_found")
    for method in ("PUT", "TRACE", "PROPFIND", "X"):
        answer = eagle_http.request(method, f"{CONTACTS}/con_{'0' * 26}")
        refused(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == "GET, PATCH, DELETE"
    answer = eagle_http.head("/me")
    assert (answer.status_code, answer.content) == (405, b"")


def test_a_chunked_body_is_read(eagle_http: httpx.Client) -> None:
    """As behind API Gateway: a body needs no Content-Length."""
    parts = iter([b'{"na', b'me": "Chunked"}'])
    answer = eagle_http.post(
        CONTACTS, content=parts, headers={"content-type": "application/json"}
    )
    assert answer.json()["contact"]["name"] == "Chunked"


def test_a_chunked_body_that_is_too_large_is_told(eagle_http: httpx.Client) -> None:
    """The sender hears 413, not a broken pipe."""
    parts = iter([b" " * 11_000_000])
    headers = {"content-type": "application/json"}
    answer = eagle_http.post(CONTACTS, content=parts, headers=headers)
    refused(answer, 413, "body_too_large")


def test_a_client_that_asks_before_it_sends_is_answered(server: Server) -> None:
    """Expect: 100-continue gets its 100 before the body, not after a time-out."""
    host, port = server.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        head = "POST /me HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"{}")
        assert connection.recv(1024).startswith(b"HTTP/1.1 405")


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


def test_workspaces_and_members(server: Server) -> None:
    """Create, see, change; add, promote, remove; the last owner stays."""
    owner, other = f"o-{uuid.uuid4()}", f"auth0|日本/{uuid.uuid4()}"
    slug = f"w{uuid.uuid4().hex[:12]}"
    with server.client(owner) as http, server.client(other) as stranger:
        made_one = http.post("/workspaces", json={"name": "One", "slug": slug})
        workspace = made_one.json()["workspace"]
        assert made_one.status_code == 201
        assert made_one.headers["location"] == f"/workspaces/{workspace['id']}"
        again = http.post("/workspaces", json={"name": "Two", "slug": slug})
        refused(again, 409, "slug_taken")
        mine = {"id": workspace["id"], "slug": slug, "name": "One", "role": "owner"}
        assert http.get("/me").json() == {"user_id": owner, "workspaces": [mine]}
        path = f"/workspaces/{slug}"
        changed = http.patch(path, json={"phone_region": "DE"}).json()["workspace"]
        assert changed["phone_region"] == "DE"
        assert http.get(path).json() == {"workspace": changed}
        refused(stranger.get(path), 404, "workspace_not_found")
        body = {"user_id": other, "role": "viewer"}
        member = http.post(f"{path}/members", json=body)
        assert member.status_code == 201
        assert member.json()["member"]["role"] == "viewer"
        refused(http.post(f"{path}/members", json=body), 409, "member_exists")
        assert stranger.get(path).status_code == 200
        answer = stranger.post(f"{path}/contacts", json={"name": "X"})
        refused(answer, 403, "forbidden")
        place = member.headers["location"]
        assert place == f"/workspaces/{workspace['id']}/members/{quote(other, safe='')}"
        assert http.patch(place, json={"role": "admin"}).status_code == 200
        listed = http.get(f"{path}/members").json()
        assert {m["user_id"]: m["role"] for m in listed["members"]} == {
            owner: "owner",
            other: "admin",
        }
        assert http.delete(place).json() == {"success": True}
        refused(stranger.get(path), 404, "workspace_not_found")
        refused(http.delete(f"{path}/members/{owner}"), 409, "last_owner")
        answer = http.patch(f"{path}/members/{owner}", json={"role": "viewer"})
        refused(answer, 409, "last_owner")


def test_the_log_has_one_line_a_request_and_nothing_personal(
    server: Server, eagle_http: httpx.Client
) -> None:
    """Method, route, status, time, workspace, caller and cost; no token, phone,
    e-mail."""
    secret = {"phone": "+4915112121212", "email": "secret.person@x.org"}
    contact = made(eagle_http, name="Secret Person", **secret)
    answer = eagle_http.get(CONTACTS, params={"q": "secret.person@x.org"})
    for user in ("someone@x.org", "tel:+49-1511-2121212", "auth0|4915112121212"):
        with server.client(user) as http:
            http.get("/me")
    eagle_http.get("/secret/path")
    log = server.log.read_text()
    line = next(
        json.loads(one)
        for one in log.splitlines()
        if answer.headers["x-request-id"] in one
    )
    assert {name: line[name] for name in ("method", "route", "status", "caller")} == {
        "method": "GET",
        "route": "/workspaces/{workspace}/contacts",
        "status": 200,
        "caller": "eagle-owner",
    }
    assert line["workspace"] == contact["workspace_id"]
    assert line["ms"] > 0
    assert (line["calls"], line["wcu"]) == (2, 0)
    for word in ("secret", "15112121212", "2121212", "someone@", "Secret", "Bearer"):
        assert word not in log.split("ctrl-C")[1].split("\n{", 1)[1]
