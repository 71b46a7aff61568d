"""What is not small comes compressed, to who takes that, as API Gateway sends it; and
to nobody else."""

import gzip
import json

import pytest

from local.gzipped import LEAST, takes
from tests.conftest import Server
from tests.test_http_raw import Answer, answers_to, request

CONTACTS = "/workspaces/eagle-overseas/contacts"
GZIP = b"Accept-Encoding: gzip, deflate, br"


def asked(server: Server, line: str, *headers: bytes) -> Answer:
    token = server.token("eagle-owner")
    [answer] = answers_to(server, request(f"{line} HTTP/1.1".encode(), token, *headers))
    return answer


@pytest.mark.parametrize("path", [CONTACTS, "/", "/openapi.json"])
def test_a_large_answer_is_gzip_on_the_wire(server: Server, path: str) -> None:
    """Its length is that of the bytes that are sent, and they say the same; without
    Accept-Encoding they are plain. Both tell a cache that there are two."""
    _, said, plain = asked(server, f"GET {path}")
    status, told, short = asked(server, f"GET {path}", GZIP)
    assert status == 200
    assert (said.get(b"content-encoding"), told[b"content-encoding"]) == (None, b"gzip")
    assert said[b"vary"] == told[b"vary"] == b"Origin, Accept-Encoding"
    assert (int(told[b"content-length"]), short[:2]) == (len(short), b"\x1f\x8b")
    assert len(plain) >= LEAST
    assert len(short) < len(plain) / 2
    assert gzip.decompress(short) == plain  # once is enough to have it


def test_a_small_answer_is_as_it_is(server: Server) -> None:
    """There is nothing to be saved; nor is anything added where there is no body."""
    for line, status in (
        ("GET /health", 200),
        (f"GET {CONTACTS}?limit=0", 400),
        (f"OPTIONS {CONTACTS}", 200),
    ):
        answer = asked(server, line, GZIP)
        assert answer[0] == status
        assert b"content-encoding" not in answer[1]
        if status != 400:
            assert answer[2] == asked(server, line)[2]
        else:
            assert json.loads(answer[2])["status"] == status


def test_an_etag_spares_what_is_compressed(server: Server) -> None:
    """The tag is the same for both; 304 has neither body nor coding, and HEAD says what
    GET would."""
    _, told, _ = asked(server, "GET /", GZIP)
    assert told[b"etag"] == asked(server, "GET /")[1][b"etag"]
    with server.client(None) as http:
        spared = http.get("/", headers={"If-None-Match": told[b"etag"].decode()})
    assert (spared.status_code, spared.content) == (304, b"")
    assert "content-encoding" not in spared.headers
    _, head, nothing = asked(server, "HEAD /", GZIP)
    assert nothing == b""
    for name in (b"content-length", b"content-encoding", b"etag"):
        assert head[name] == told[name]


@pytest.mark.parametrize(
    ("accept_encoding", "taken"),
    [
        ("gzip", True),
        ("GZip", True),
        ("deflate, gzip;q=0.5, br", True),
        ("gzip ; q=1.000", True),
        ("gzip;q=0.001", True),
        ("", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br, deflate", False),
        ("identity", False),
        ("xgzip, gzips", False),
        ("gzip;q=x", False),
        ("gzip;level=9", False),
    ],
)
def test_only_who_says_so_takes_gzip(accept_encoding: str, taken: bool) -> None:
    """By its name, with a weight that is not zero (RFC 9110, 12.5.3)."""
    assert takes(accept_encoding) is taken


def test_two_lines_of_accept_encoding_are_one_list(server: Server) -> None:
    """RFC 9110, 5.3."""
    lines = (b"Accept-Encoding: br", b"Accept-Encoding: gzip")
    assert asked(server, "GET /", *lines)[1][b"content-encoding"] == b"gzip"
