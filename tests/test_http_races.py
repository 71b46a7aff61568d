"""Many at once, over real sockets, on the real engine."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.conftest import Server

CONTACTS = "/workspaces/eagle-overseas/contacts"


def test_of_forty_with_one_phone_one_wins(server: Server) -> None:
    """One 201; the others 409, and all name the winner."""

    def create(number: int) -> tuple[int, str]:
        with server.client("eagle-owner") as http:
            body = {"name": f"Racer {number}", "phone": "+4915199999999"}
            answer = http.post(CONTACTS, json=body)
            found: dict[str, Any] = answer.json()
        if answer.status_code == 201:
            return 201, found["contact"]["id"]
        return answer.status_code, found["contact_id"]

    with ThreadPoolExecutor(40) as threads:
        outcomes = list(threads.map(create, range(40)))
    assert Counter(status for status, _ in outcomes) == {201: 1, 409: 39}
    assert len({contact_id for _, contact_id in outcomes}) == 1
    with server.client("eagle-owner") as http:
        listed = http.get(CONTACTS, params={"q": "Racer"}).json()["contacts"]
    assert [one["id"] for one in listed] == [outcomes[0][1]]


def test_no_update_is_lost(server: Server) -> None:
    """8 clients add 1 to a number in metadata 200 times each, by read, patch with
    If-Match, and again when 412: in the end it is 1600."""
    with server.client("eagle-owner") as http:
        body = {"name": "Counter", "metadata": {"number": 0}}
        path = http.post(CONTACTS, json=body).headers["location"]

    def count(_: int) -> int:
        conflicts = 0
        with server.client("eagle-owner") as http:
            for _ in range(200):
                answer = http.get(path)
                contact, tag = answer.json()["contact"], answer.headers["etag"]
                while (answer := add_one(http, contact, tag)).status_code != 200:
                    assert answer.status_code == 412, answer.text
                    conflicts += 1
                    contact = answer.json()["current"]
                    tag = f'"{contact["version"]}"'
                    time.sleep(random.uniform(0, 0.4))
        return conflicts

    def add_one(http: httpx.Client, contact: Any, tag: str) -> httpx.Response:
        body = {"metadata": {"number": contact["metadata"]["number"] + 1}}
        return http.patch(path, json=body, headers={"If-Match": tag})

    with ThreadPoolExecutor(8) as threads:
        conflicts = sum(threads.map(count, range(8)))
    with server.client("eagle-owner") as http:
        contact = http.get(path).json()["contact"]
    assert contact["metadata"] == {"number": 1600}
    assert contact["version"] == 1601
    assert conflicts > 0  # or nobody ever met
