"""What is the same for every request, over a real socket, against the server that
`make serve` starts: headers, preflights, bodies in chunks, one line in the log."""

import json
import re
import socket

import httpx

from tests.conftest import Server
from tests.http_world import CONTACTS, made, refused


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
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "Origin, Accept-Encoding"
        exposed = answer.headers["access-control-expose-headers"].split(",")
        assert {"ETag", "Location", "Retry-After", "X-Request-Id"} <= set(exposed)
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
        *("GET", "HEAD", "PATCH", "DELETE", "OPTIONS")
    }
    allowed = answer.headers["access-control-allow-headers"].split(",")
    assert {"Authorization", "Content-Type", "If-Match"} <= set(allowed)


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
    assert (line["calls"] >= 2, line["wcu"]) == (True, 0)
    for word in ("secret", "15112121212", "2121212", "someone@", "Secret", "Bearer"):
        assert word not in log.split("ctrl-C")[1].split("\n{", 1)[1]
