"""A contact over HTTP: its life, its short forms, what is no id, what is taken."""

import uuid

import httpx
import pytest

from tests.conftest import Server
from tests.http_world import CONTACTS, TIME, made, refused


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
