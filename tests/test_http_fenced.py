"""Over HTTP, what is being deleted is told as what is missing, and costs the same."""

from collections.abc import Iterator

import httpx
import pytest

from chalicelib.model.ids import new_id
from tests.conftest import NOW, start_server
from tests.http_world import CONTACTS, refused


@pytest.fixture(scope="module")
def slow_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that has no time for a deletion beyond its fence."""
    path = tmp_path_factory.mktemp("slow")
    running = start_server(path, DEMO="1", DELETE_SECONDS="0")
    try:
        with running.client("eagle-owner") as http:
            yield http
    finally:
        running.stop()


ASKED = [
    ("GET", "", None),
    ("PATCH", "", {"name": "Eve"}),
    ("PUT", "/status", {"lead_status": "lost"}),
    ("GET", "/notes", None),
    ("POST", "/notes", {"content": "x"}),
    ("GET", "/conversations", None),
    ("POST", "/conversations", {"channel": "sms"}),
]


@pytest.mark.parametrize("keyed", [{}, {"Idempotency-Key": "k"}], ids=["", "keyed"])
def test_being_deleted_costs_what_missing_costs(
    slow_http: httpx.Client, keyed: dict[str, str]
) -> None:
    """Nobody learns from the headers whether there was something."""
    body = {"name": "Ada", "metadata": {"text": "x" * 9000}}
    path = slow_http.post(CONTACTS, json=body).headers["location"]
    missing = f"{CONTACTS}/{new_id('con', NOW)}"
    assert slow_http.delete(path).status_code == 202
    for method, rest, asked in ASKED:
        told = []
        for place in (path, missing):
            answer = slow_http.request(method, place + rest, json=asked, headers=keyed)
            problem = refused(answer, 404, "contact_not_found")
            problem.pop("request_id")
            names = ("x-storage-calls", "x-capacity", "content-length")
            told.append((problem, *(answer.headers[name] for name in names)))
        assert told[0] == told[1], (method, rest)
