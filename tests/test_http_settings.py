"""Settings over HTTP: admins who meet, a status that closes, and a workspace that wants
every change to name its version."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Server
from tests.http_world import refused

OWNER = "settings-owner"
ADMINS = [OWNER, "settings-a", "settings-b", "settings-c"]


@pytest.fixture
def workspace(server: Server) -> str:
    """A new one, with four admins."""
    with server.client(OWNER) as http:
        body = {"name": "S", "slug": f"s{uuid4().hex[:20]}"}
        path = str(http.post("/workspaces", json=body).headers["location"])
        for user_id in ADMINS[1:]:
            http.post(f"{path}/members", json={"user_id": user_id, "role": "admin"})
    return path


def added(workspace: dict[str, Any], key: str) -> dict[str, Any]:
    status = {"key": key, "label": key, "color": "#000000"}
    return {"lead_statuses": [*workspace["lead_statuses"], status]}


def test_of_four_admins_with_a_version_one_is_first(
    server: Server, workspace: str
) -> None:
    """Each adds a status to what all have read: one 200, three 412; those read again,
    and in the end all four are in."""
    clients = [server.client(user_id) for user_id in ADMINS]
    read = clients[0].get(workspace)
    tag, shown = read.headers["etag"], read.json()["workspace"]

    def change(number: int, tag: str, shown: dict[str, Any]) -> httpx.Response:
        body, headers = added(shown, f"own_{number}"), {"If-Match": tag}
        return clients[number].patch(workspace, json=body, headers=headers)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda n: change(n, tag, shown), range(4)))
    counted = Counter(answer.status_code for answer in answers)
    assert counted == {200: 1, 412: 3}
    for number, answer in enumerate(answers):
        if answer.status_code == 412:
            refused(answer, 412, "version_mismatch")
            now = clients[number].get(workspace)
            retried = change(number, now.headers["etag"], now.json()["workspace"])
            assert retried.status_code == 200, retried.text
    found = clients[0].get(workspace).json()["workspace"]
    keys = {one["key"] for one in found["lead_statuses"]}
    assert {f"own_{number}" for number in range(4)} <= keys
    assert found["version"] == 5
    for client in clients:
        client.close()


def test_a_status_that_goes_is_told_as_closed(server: Server, workspace: str) -> None:
    """In use: 409. Else it is closed: 422 for who sets it, and a filter finds none."""
    with server.client(OWNER) as http:
        shown = http.get(workspace).json()["workspace"]
        kept = [one for one in shown["lead_statuses"] if one["key"] != "lost"]
        path = f"{workspace}/contacts"
        body = {"name": "Ada", "lead_status": "lost"}
        contact = http.post(path, json=body).headers["location"]
        answer = http.patch(workspace, json={"lead_statuses": kept})
        refused(answer, 409, "status_in_use")
        http.put(f"{contact}/status", json={"lead_status": "new"})
        closing = http.patch(workspace, json={"lead_statuses": kept})
        assert closing.json()["workspace"]["lead_statuses"][-1] == {
            **shown["lead_statuses"][-1],
            "closed": True,
        }
        answer = http.put(f"{contact}/status", json={"lead_status": "lost"})
        (error,) = refused(answer, 422, "invalid_fields")["errors"]
        assert error["field"] == "lead_status"
        listed = http.get(path, params={"lead_status": "lost"})
        assert listed.json() == {"contacts": [], "next_cursor": None}


CHANGES: list[tuple[str, str, Any]] = [
    ("PATCH", "{contact}", {"name": "Eve"}),
    ("PATCH", "{short}", {"name": "Eve"}),
    ("PUT", "{contact}/status", {"lead_status": "lost"}),
    ("DELETE", "{contact}", None),
    ("DELETE", "{gone}", None),
]


@pytest.mark.parametrize(("method", "place", "body"), CHANGES)
def test_a_workspace_may_want_every_change_to_name_its_version(
    server: Server, workspace: str, method: str, place: str, body: Any
) -> None:
    """428 without If-Match, and nothing is changed; with the tag it goes through, and
    `*` names any version."""
    with server.client(OWNER) as http:
        answer = http.patch(workspace, json={"require_if_match": True})
        assert answer.json()["workspace"]["require_if_match"] is True
        for named in (lambda contact: contact.headers["etag"], lambda _: "*"):
            made = http.post(f"{workspace}/contacts", json={"name": "Ada"})
            contact = made.headers["location"]
            one = made.json()["contact"]["id"]
            name = workspace.split("/")[-1]
            path = place.format(
                contact=contact,
                short=f"/contacts/{one}?workspace={name}",
                gone=f"/contacts?id={one}&workspace={name}",
            )
            refused(http.request(method, path, json=body), 428, "if_match_required")
            assert http.get(contact).json() == made.json()
            headers = {"If-Match": named(made)}
            changed = http.request(method, path, json=body, headers=headers)
            assert changed.status_code == 200, changed.text


def test_what_has_no_version_needs_none_named(server: Server, workspace: str) -> None:
    """A note is added without; and the setting can be taken back."""
    with server.client(OWNER) as http:
        http.patch(workspace, json={"require_if_match": True})
        made = http.post(f"{workspace}/contacts", json={"name": "Ada"})
        path = made.headers["location"]
        answer = http.post(f"{path}/notes", json={"content": "x"})
        assert answer.status_code == 201
        http.patch(workspace, json={"require_if_match": False})
        assert http.patch(path, json={"name": "Eve"}).status_code == 200


def test_a_retry_is_known_though_a_version_is_wanted_by_now(
    server: Server, workspace: str
) -> None:
    """What was done before the setting is told again, and not that it is refused."""
    with server.client(OWNER) as http:
        made = http.post(f"{workspace}/contacts", json={"name": "Ada"})
        path, headers = made.headers["location"], {"Idempotency-Key": uuid4().hex}
        first = http.patch(path, json={"name": "Eve"}, headers=headers)
        http.patch(workspace, json={"require_if_match": True})
        again = http.patch(path, json={"name": "Eve"}, headers=headers)
        assert (again.status_code, again.json()) == (200, first.json())
        other = {"Idempotency-Key": uuid4().hex}
        answer = http.patch(path, json={"name": "Ida"}, headers=other)
        refused(answer, 428, "if_match_required")
