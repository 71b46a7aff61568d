"""What comes over the socket, byte by byte: no bad input, whatever it is, gives a 500,
a dropped connection or a second meaning."""

import json
import random
import re
import socket
from collections.abc import Iterator

import pytest

from tests import hostile_requests as hostile
from tests.conftest import Server

WORKSPACE = {"name": "Hostile", "slug": "hostile"}
CONTACTS = "/workspaces/hostile/contacts"
OWNER = "hostile-owner"
HEALTH = b"GET /health HTTP/1.1\r\nHost: local\r\n\r\n"
MUTATIONS = 80

Answer = tuple[int, dict[bytes, bytes], bytes]


def connected(server: Server) -> socket.socket:
    host, port = server.base.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def answers_to(server: Server, raw: bytes, *, more: bool = False) -> list[Answer]:
    """Every answer until the server closes; `more`: the client could go on sending."""
    with connected(server) as connection:
        connection.sendall(raw)
        if not more:
            connection.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return list(split(received, bodiless=raw.lstrip().startswith(b"HEAD ")))


def split(received: bytes, *, bodiless: bool = False) -> Iterator[Answer]:
    """The answers in a stream of them: each is whole, and nothing is left over."""
    while received:
        head, end, received = received.partition(b"\r\n\r\n")
        assert end, head
        line, *fields = head.split(b"\r\n")
        status = re.fullmatch(rb"HTTP/1\.1 ([0-9]{3}) [\w -]+", line)
        assert status, line
        pairs = (field.split(b": ", 1) for field in fields)
        headers = {name.lower(): value for name, value in pairs}
        if status[1] == b"100":
            continue
        length = 0 if bodiless else int(headers[b"content-length"])
        assert len(received) >= length
        yield int(status[1]), headers, received[:length]
        received = received[length:]


def code_of(answer: Answer) -> str:
    """The code of a refusal, seen to be a problem (RFC 9457)."""
    status, headers, body = answer
    assert headers[b"content-type"] == b"application/problem+json", answer
    problem = json.loads(body)
    assert problem["status"] == status
    return str(problem["code"])


def request(line: bytes, token: str, *headers: bytes, body: bytes = b"") -> bytes:
    given = [b"Host: local", b"Authorization: Bearer " + token.encode(), *headers]
    return b"\r\n".join([line, *given, b"", body])


def sized(method: bytes, path: str, token: str, body: bytes) -> bytes:
    kind, length = b"Content-Type: application/json", b"Content-Length: %d" % len(body)
    line = b"%s %s HTTP/1.1" % (method, path.encode())
    return request(line, token, kind, length, body=body)


def every_request(token: str) -> Iterator[bytes]:
    """The hostile parts, each in a request that is good but for it."""
    good = f"GET {CONTACTS} HTTP/1.1".encode()
    for method in hostile.METHODS:
        yield request(f"{method} {CONTACTS} HTTP/1.1".encode("latin-1"), token)
    for target in [*hostile.TARGETS, *(CONTACTS + place for place in hostile.PLACES)]:
        yield request(f"GET {target} HTTP/1.1".encode("latin-1"), token)
    for place in hostile.PLACES[:20]:
        yield sized(b"PATCH", CONTACTS + place, token, b'{"name": "Hostile"}')
    for line in hostile.LINES:
        yield request(line, token)
    for header in hostile.HEADERS:
        yield request(good, token, header)
        yield good + b"\r\n" + header + b"\r\n\r\n"
    for header, body in hostile.FRAMINGS:
        yield request(f"POST {CONTACTS} HTTP/1.1".encode(), token, header, body=body)
    for body in hostile.BODIES:
        yield sized(b"POST", CONTACTS, token, body)
        yield sized(b"PATCH", f"{CONTACTS}/{hostile.CON}", token, body)
    yield from pipelines(good, token)
    yield from mutations(sized(b"POST", CONTACTS, token, b'{"name": "Hostile"}'))


def pipelines(good: bytes, token: str) -> Iterator[bytes]:
    one = request(good, token)
    yield one * 20
    yield one + b"NONSENSE\r\n\r\n" + one
    yield b"\r\n" + one + b"\r\n\r\n" + one
    yield one.replace(b"\r\n", b"\n") * 2
    yield one.replace(b"\r\n", b"\r") + b"\r\n\r\n"
    yield one[:-2]  # cut before the empty line
    yield one[: len(one) // 2]
    yield one.replace(b"HTTP/1.1", b"HTTP/1.0") + one
    yield sized(b"POST", CONTACTS, token, one) + one
    yield request(good, token, b"Content-Length: 5", body=one)


def mutations(good: bytes) -> Iterator[bytes]:
    """One good request with a few bytes changed, doubled or left out."""
    chance = random.Random(8)
    for _ in range(MUTATIONS):
        changed = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(changed))
            kind = chance.choice(["change", "double", "leave out"])
            size = chance.randint(1, 4)
            piece = {
                "change": chance.randbytes(size),
                "double": bytes(changed[place : place + size]) * 2,
                "leave out": b"",
            }[kind]
            changed[place : place + size] = piece
        yield bytes(changed)


def test_a_hostile_request_gets_an_answer(server: Server) -> None:
    """Hundreds, and the same each time: each answer is whole, says what is wrong in our
    words, and never that we are; afterwards the server is as it was."""
    with server.client(OWNER) as http:
        http.post("/workspaces", json=WORKSPACE)
    before = len(server.log.read_text())
    requests = set(every_request(server.token(OWNER)))
    assert len(requests) > 300
    for raw in sorted(requests):
        found = answers_to(server, raw)
        assert found, raw[:200]
        for answer in found:
            assert answer[0] < 500, (raw[:200], answer)
            if answer[0] >= 400 and answer[2]:
                assert code_of(answer) != "internal"
    assert answers_to(server, HEALTH)[0][2] == b'{"status":"ok"}'
    log = server.log.read_text()[before:]
    assert "Traceback" not in log
    assert '"level":"ERROR"' not in log


GET, POST = b"GET /me HTTP/1.1\r\n", b"POST /workspaces HTTP/1.1\r\n"
CHUNKS = b"0\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        POST + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS,
        POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n" + CHUNKS,
        POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS,
        POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n" + CHUNKS,
        POST + b"Transfer-Encoding:\r\n\r\n" + CHUNKS,
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + CHUNKS,
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n" + CHUNKS,
        POST + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n" + CHUNKS,
        POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        POST + b"Content-Length : 2\r\n\r\nxx",
        GET + b"X: one\r\n two\r\n\r\n",
        GET + b" X: one\r\n\r\n",
        GET + b"no colon\r\n\r\n",
        GET + b"X: a\rContent-Length: 5\r\n\r\n",
        GET + b"X: \x00\r\n\r\n",
        GET + b"Host: a\r\nHost: b\r\n\r\n",
        b"GET /me\r\n",
        b"GET  /me HTTP/1.1\r\n\r\n",
        b"GET /me\xa0 HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_two_servers_would_read_differently_is_refused(
    server: Server, raw: bytes
) -> None:
    """At once, without waiting for more; the connection ends, so that what stands
    behind is never taken for a request (RFC 9112, 2.2, 5, 6)."""
    [answer] = answers_to(server, raw + HEALTH, more=True)
    assert (answer[0], code_of(answer)) == (400, "invalid_request")
    assert answer[1][b"connection"] == b"close"


def test_a_client_that_is_still_sending_hears_the_refusal(server: Server) -> None:
    """The connection ends only after it has been read, not with a reset."""
    raw = POST + b"Content-Length: x\r\n\r\n" + b"x" * 5_000_000
    [answer] = answers_to(server, raw, more=True)
    assert code_of(answer) == "invalid_request"


@pytest.mark.parametrize("empty", [b"\r\n", b"\n", b"\r\n\r\n\r\n"])
def test_an_empty_line_before_a_request_is_passed_over(
    server: Server, empty: bytes
) -> None:
    """Some clients send one behind a body (RFC 9112, 2.2); also between requests."""
    found = answers_to(server, (empty + HEALTH) * 2)
    assert [status for status, _, _ in found] == [200, 200]
    assert answers_to(server, empty) == []  # nothing was asked


def test_a_semicolon_belongs_to_the_id(server: Server) -> None:
    """As API Gateway hands it over: what is no id costs no storage call; and a `#`
    alike."""
    with server.client(OWNER) as http:
        http.post("/workspaces", json=WORKSPACE)
        contact = http.post(CONTACTS, json={"name": "Ada"}).json()["contact"]["id"]
    place, token = f"{CONTACTS}/{contact}", server.token(OWNER)
    for what in ("GET", "PATCH", "DELETE"):
        for behind in (";x=1", ";", "#x", "%3Bx=1"):
            body = b'{"name": "B"}' if what == "PATCH" else b""
            raw = sized(what.encode(), place + behind, token, body)
            [answer] = answers_to(server, raw)
            assert (answer[0], code_of(answer)) == (400, "invalid_request")
            assert json.loads(answer[2])["errors"][0]["field"] == "contact_id"
            assert answer[1][b"x-storage-calls"] == b"0"
    [answer] = answers_to(server, request(f"GET {place} HTTP/1.1".encode(), token))
    assert json.loads(answer[2])["contact"]["version"] == 1


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET http://any.host/health HTTP/1.1", 200),
        (b"GET HTTP://any.host:80/health?x HTTP/1.1", 200),
        (b"GET /health HTTP/1.0", 200),
        (b"GET /health HTTP/1.2", 200),
        (b"GET x:/health HTTP/1.1", 400),
        (b"GET http://[/health HTTP/1.1", 400),
        (b"GET http://any@host/health HTTP/1.1", 400),
        (b"GET http:///health HTTP/1.1", 400),
        (b"OPTIONS * HTTP/1.1", 400),
        (b"CONNECT any.host:80 HTTP/1.1", 400),
    ],
)
def test_a_target_is_a_path_or_an_address(
    server: Server, line: bytes, status: int
) -> None:
    """A server takes the absolute form too (RFC 9112, 3.2.2), and no other."""
    [answer] = answers_to(server, line + b"\r\n\r\n")
    assert answer[0] == status


@pytest.mark.parametrize(("headers", "status"), [(100, 200), (101, 400)])
def test_a_request_has_a_hundred_headers_at_most(
    server: Server, headers: int, status: int
) -> None:
    """One that never ends its head is refused, too."""
    [answer] = answers_to(server, HEALTH[:-2] + b"X: y\r\n" * (headers - 1) + b"\r\n")
    assert answer[0] == status


@pytest.mark.parametrize(
    ("version", "connection", "answers"),
    [
        (b"1.1", b"X: y", 2),
        (b"1.1", b"Connection: close", 1),
        (b"1.1", b"Connection: Upgrade, Close", 1),
        (b"1.0", b"X: y", 1),
        (b"1.0", b"Connection: Keep-Alive", 2),
    ],
)
def test_a_connection_lasts_as_long_as_the_client_says(
    server: Server, version: bytes, connection: bytes, answers: int
) -> None:
    """RFC 9112, 9.3; an end is announced."""
    one = b"GET /health HTTP/%s\r\n%s\r\n\r\n" % (version, connection)
    found = answers_to(server, one + HEALTH)
    assert [status for status, _, _ in found] == [200] * answers
    assert (b"connection" in found[0][1]) is (answers == 1)
