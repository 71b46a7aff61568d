"""Notes, conversations, messages and the large delete over a real socket."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Server, start_server
from tests.http_world import CONTACTS, made, refused


@pytest.fixture
def path(eagle_http: httpx.Client) -> str:
    """A new contact's address."""
    return f"{CONTACTS}/{made(eagle_http)['id']}"


def test_notes(eagle_http: httpx.Client, path: str) -> None:
    """Added, listed, changed, removed; counted on the contact all the while."""
    tag = eagle_http.get(path).headers["etag"]
    first = eagle_http.post(f"{path}/notes", json={"content": "one"})
    note = first.json()["note"]
    assert first.status_code == 201
    second = eagle_http.post(f"{path}/notes", json={"content": "two"}).json()["note"]
    assert eagle_http.get(f"{path}/notes").json() == {
        "notes": [second, note],
        "next_cursor": None,
    }
    page = eagle_http.get(f"{path}/notes?limit=1").json()
    assert page == {"notes": [second], "next_cursor": second["id"]}
    page = eagle_http.get(f"{path}/notes?limit=1&cursor={second['id']}").json()
    assert page == {"notes": [note], "next_cursor": None}
    changed = eagle_http.patch(f"{path}/notes/{note['id']}", json={"content": "1"})
    assert changed.json()["note"]["content"] == "1"
    gone = eagle_http.delete(f"{path}/notes/{note['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    refused(eagle_http.delete(f"{path}/notes/{note['id']}"), 404, "note_not_found")
    contact = eagle_http.get(path, headers={"If-None-Match": tag})
    assert contact.status_code == 200  # a moved counter is not hidden by a 304
    assert contact.json()["contact"]["note_count"] == 1
    answer = eagle_http.patch(path, json={"name": "B"}, headers={"If-Match": tag})
    assert answer.status_code == 200  # and makes nobody's edit stale


def test_conversations_and_messages(eagle_http: httpx.Client, path: str) -> None:
    """Started, filled, read newest first, closed."""
    chats = f"{path}/conversations"
    started = eagle_http.post(chats, json={"channel": "whatsapp"})
    chat = started.json()["conversation"]
    assert started.status_code == 201
    body = {"direction": "inbound", "content": "hi", "external_id": "wamid.HBg="}
    place = f"{chats}/{chat['id']}/messages"
    first, again = (eagle_http.post(place, json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    body = {"direction": "outbound", "content": "hello"}
    second = eagle_http.post(place, json=body).json()["message"]
    assert eagle_http.get(place).json() == {
        "messages": [second, first.json()["message"]],
        "next_cursor": None,
    }
    changed = eagle_http.patch(f"{chats}/{chat['id']}", json={"status": "closed"})
    assert changed.json()["conversation"]["status"] == "closed"
    listed = eagle_http.get(chats).json()
    assert listed == {
        "conversations": [changed.json()["conversation"]],
        "next_cursor": None,
    }
    assert listed["conversations"][0]["message_count"] == 2
    nowhere = f"{chats}/conv_{'0' * 26}"
    for answer in (
        eagle_http.get(f"{nowhere}/messages"),
        eagle_http.post(f"{nowhere}/messages", json=body),
        eagle_http.patch(nowhere, json={"status": "open"}),
    ):
        refused(answer, 404, "conversation_not_found")


def test_many_messages_at_once_are_neither_lost_nor_doubled(
    server: Server, eagle_http: httpx.Client, path: str
) -> None:
    """Each of 100 messages is delivered three times, all at once: 100 are there."""
    body = {"channel": "whatsapp"}
    chat = eagle_http.post(f"{path}/conversations", json=body).json()["conversation"]
    place = f"{path}/conversations/{chat['id']}/messages"

    def deliver(number: int) -> int:
        body = {
            "direction": "inbound",
            "content": f"message {number % 100}",
            "external_id": f"wamid.{number % 100}",
        }
        with server.client("eagle-owner") as http:
            return http.post(place, json=body).status_code

    with ThreadPoolExecutor(12) as threads:
        statuses = Counter(threads.map(deliver, range(300)))
    assert statuses == {201: 100, 200: 200}
    listed = eagle_http.get(f"{place}?limit=100").json()
    assert len({one["external_id"] for one in listed["messages"]}) == 100
    assert listed["next_cursor"] is None
    assert eagle_http.get(path).json()["contact"]["message_count"] == 100


def test_a_delete_tells_what_went(eagle_http: httpx.Client, path: str) -> None:
    """The counters say beforehand what the receipt says afterwards."""
    for number in range(3):
        eagle_http.post(f"{path}/notes", json={"content": str(number)})
    chat = eagle_http.post(f"{path}/conversations", json={"channel": "sms"}).json()
    place = f"{path}/conversations/{chat['conversation']['id']}/messages"
    for number in range(30):
        body = {"direction": "inbound", "content": str(number)}
        eagle_http.post(place, json=body)
    contact = eagle_http.get(path).json()["contact"]
    deleted = eagle_http.delete(path)
    assert deleted.status_code == 200
    receipt: dict[str, Any] = deleted.json()["deletion"]
    assert receipt["deleted"] == {
        "conversations": contact["conversation_count"],
        "messages": contact["message_count"],
        "notes": contact["note_count"],
    }
    assert receipt["deleted"] == {"conversations": 1, "messages": 30, "notes": 3}
    for gone in (f"{path}/notes", f"{path}/conversations", place):
        refused(eagle_http.get(gone), 404, "contact_not_found")


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Server]:
    """A server that answers every delete at once, and finishes by itself."""
    server = start_server(tmp_path, DELETE_SECONDS="0.000001")
    yield server
    server.stop()


def test_a_delete_that_takes_longer_is_a_202_and_ends_by_itself(
    impatient: Server,
) -> None:
    """202 with the deletion's address; gone at once for everybody; done without
    anybody asking again."""
    with impatient.client("eagle-owner") as http:
        path = f"{CONTACTS}/{made(http)['id']}"
        http.post(f"{path}/notes", json={"content": "x"})
        answer = http.delete(path)
        assert answer.status_code == 202
        assert answer.json()["deletion"]["status"] == "running"
        place = answer.headers["location"]
        refused(http.get(path), 404, "contact_not_found")
        assert http.delete(path).status_code == 202
        deadline = time.monotonic() + 25
        while http.get(place).json()["deletion"]["status"] == "running":
            assert time.monotonic() < deadline
            time.sleep(0.2)
        done = http.get(place).json()["deletion"]
        assert done["deleted"] == {"conversations": 0, "messages": 0, "notes": 1}
        refused(http.delete(path), 404, "contact_not_found")
