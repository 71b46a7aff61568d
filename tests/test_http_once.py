"""Idempotency-Key over HTTP: on every write of every kind, the same answer again and
one effect in all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Server
from tests.http_world import refused
from tests.once_book import WRITES, Book, filled, opened, told

OWNER = "once-owner"


@pytest.fixture(scope="module")
def http(server: Server) -> Iterator[httpx.Client]:
    with server.client(OWNER) as client:
        yield client


@pytest.fixture(scope="module")
def workspace(http: httpx.Client) -> str:
    answer = http.post("/workspaces", json={"name": "Once", "slug": "once-http"})
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


@pytest.fixture
def book(http: httpx.Client, workspace: str) -> Book:
    return opened(http, workspace)


EVERY = pytest.mark.parametrize(
    ("method", "place", "body", "other", "status"),
    WRITES,
    ids=[f"{method} {place} {body or ''}"[:60] for method, place, body, *_ in WRITES],
)


@EVERY
def test_a_retry_has_the_same_answer_and_no_effect(
    book: Book, method: str, place: str, body: Any, other: Any, status: int
) -> None:
    """Status, body, ETag and Location; all that can be read is as after the first."""
    asked, key = (method, place, filled(book, body)), uuid4().hex
    first = book.send(*asked, key)
    assert first.status_code == status, first.text
    state = book.state()
    assert told(book.send(*asked, key)) == told(first)
    assert told(book.send(*asked, key)) == told(first)
    assert book.state() == state


@EVERY
def test_a_key_stands_for_one_method_address_and_body(
    book: Book, method: str, place: str, body: Any, other: Any, status: int
) -> None:
    """Another body, address or method under it is 422, and has no effect."""
    asked, key = filled(book, body), uuid4().hex
    assert book.send(method, place, asked, key).status_code == status
    state = book.state()
    wanted = [(method, place, filled(book, other))]
    if place != "/workspaces":  # its records are the user's, not a workspace's
        wanted.append(("POST", "{contacts}", {"name": "another"}))
    for another in wanted:
        answer = book.send(*another, key)
        refused(answer, 422, "idempotency_key_reused")
    assert book.state() == state


def test_the_same_body_elsewhere_is_another_request(
    http: httpx.Client, workspace: str, book: Book
) -> None:
    """At another contact, by another method, with another parameter."""
    other, key = opened(http, workspace), uuid4().hex
    body = {"content": "x"}
    assert book.send("PATCH", "{note}", body, key).status_code == 200
    for where, method in ((other, "PATCH"), (book, "DELETE")):
        answer = where.send(method, "{note}", body, key)
        refused(answer, 422, "idempotency_key_reused")
    assert book.send("DELETE", "{gone}", None, key + "2").status_code == 200
    answer = other.send("DELETE", "{gone}", None, key + "2")
    refused(answer, 422, "idempotency_key_reused")


# A deletion that is asked for twice is told as it stands then.
RACED = [one for one in WRITES if one[0] in ("POST", "PATCH")]


@pytest.mark.parametrize("write", RACED, ids=lambda write: f"{write[0]} {write[1]}")
def test_of_two_at_once_one_has_the_effect(
    server: Server, book: Book, write: tuple[str, str, Any, Any, int]
) -> None:
    """Both have the one answer."""
    method, place, body, _, status = write
    asked, key = (method, place, filled(book, body)), uuid4().hex

    def send(_: int) -> tuple[Any, ...]:
        with server.client(OWNER) as http:
            return told(Book(http, book.places).send(*asked, key))

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(send, range(2))
    assert first[0] == status
    assert first == second


def test_of_twenty_racers_one_makes_the_contact(server: Server, book: Book) -> None:
    """All twenty are told of it, and with a phone none meets a conflict."""
    body, key = filled(book, {"phone": "+447401{digits}"}), uuid4().hex

    def send(_: int) -> tuple[Any, ...]:
        with server.client(OWNER) as http:
            return told(Book(http, book.places).send("POST", "{contacts}", body, key))

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(send, range(20)))
    assert answers[0][0] == 201
    assert set(answers) == {answers[0]}


@pytest.mark.parametrize("key", ["", "two words", "ü", "x" * 256, "tab\tbed"])
def test_a_key_that_is_none_is_refused_by_name(book: Book, key: str) -> None:
    """1 to 255 visible ASCII characters; nothing is written."""
    state = book.state()
    headers = {"Idempotency-Key": key.encode()}
    path = book.places["notes"]
    answer = book.http.post(path, json={"content": "x"}, headers=headers)
    (error,) = refused(answer, 400, "invalid_request")["errors"]
    assert (error["field"], error["code"]) == ("Idempotency-Key", "invalid_header")
    assert book.state() == state


def test_a_read_has_no_use_for_a_key(book: Book) -> None:
    """Some clients send one with everything: it is not looked at, not even a bad one,
    and costs nothing."""
    path = book.places["notes"]
    plain = book.http.get(path)
    keyed = book.http.get(path, headers={"Idempotency-Key": "two words"})
    for answer in (plain, keyed, book.http.get(path, headers={"Idempotency-Key": "k"})):
        assert told(answer) == told(plain)
        assert answer.headers["x-capacity"] == plain.headers["x-capacity"]


@pytest.mark.parametrize("key", ["!", "x" * 255, "~" * 255])
def test_the_shortest_and_the_longest_key_serve(book: Book, key: str) -> None:
    """Each character from ! to ~ may stand in one."""
    chosen = key if len(key) == 1 else key[:-32] + uuid4().hex
    first = book.send("POST", "{notes}", {"content": chosen}, chosen)
    assert first.status_code == 201, first.text
    assert told(book.send("POST", "{notes}", {"content": chosen}, chosen)) == told(
        first
    )


def test_a_retry_is_known_before_if_match_could_refuse(book: Book) -> None:
    """The tag is stale by the first try's own effect, and by somebody else's."""
    path = book.places["contact"]
    headers = {"Idempotency-Key": uuid4().hex, "If-Match": '"1"'}
    first = book.http.patch(path, json={"source": "fair"}, headers=headers)
    assert first.status_code == 200
    assert book.http.patch(path, json={"source": "web"}).status_code == 200
    again = book.http.patch(path, json={"source": "fair"}, headers=headers)
    assert told(again) == told(first)
    assert book.http.get(path).json()["contact"]["source"] == "web"


def test_the_retry_of_one_who_has_left_is_not_answered(
    server: Server, book: Book
) -> None:
    """As to anybody else, there is no such workspace."""
    place = book.places
    book.http.patch(place["member"], json={"role": "member"})
    with server.client(f"u{place['unique']}") as leaver:
        his = Book(leaver, place)
        assert his.send("POST", "{notes}", {"content": "x"}, "k").status_code == 201
        assert book.http.delete(place["member"]).status_code == 200
        answer = his.send("POST", "{notes}", {"content": "x"}, "k")
        refused(answer, 404, "workspace_not_found")
