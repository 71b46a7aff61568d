"""No other workspace can ever see theirs: not by a row, not by a byte, not by a
cost."""

import itertools
from typing import Any

import httpx
import pytest

from local import engine
from local.__main__ import environment
from tests.conftest import Server

NOWHERE = engine.ROOT / "nowhere"
MISSING = "0" * 26
BODIES = {
    "PATCH": {"name": "X"},
    "PUT": {"lead_status": "lost"},
    "POST": {"name": "X"},
}
# What differs between any two answers.
VOLATILE = {"x-request-id", "date"}


def every_route() -> list[tuple[str, str]]:
    """Every method and path, from the app itself."""
    stage = {"TABLE_NAME": "t", "JWT_ISSUER": "i", "JWT_AUDIENCE": "a"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment("http://127.0.0.1:1", NOWHERE, stage).items():
            patch.setenv(name, value)
        import app

    return sorted(
        (method, path) for path, methods in app.app.routes.items() for method in methods
    )


def plain(answer: httpx.Response) -> dict[str, Any]:
    """An answer without what differs each time."""
    headers = {k: v for k, v in answer.headers.items() if k not in VOLATILE}
    body = answer.text.replace(answer.headers["x-request-id"], "")
    return {"status": answer.status_code, "headers": headers, "body": body}


def enters_by_it(path: str) -> bool:
    """Who names an invitation is let in by it, to accept or decline: there it is what
    may be missing."""
    return path.endswith(("/accept", "/decline"))


def invitation_of(http: httpx.Client) -> str:
    """The open one of harbor-travel."""
    path = "/workspaces/harbor-travel/invitations"
    body = {"email": "asked@example.org", "role": "viewer"}
    answer = http.post(path, json=body)
    if answer.status_code == 409:
        return str(answer.json()["invitation_id"])
    return str(answer.json()["invitation"]["id"])


def body_for(method: str, path: str) -> dict[str, Any] | None:
    if path.endswith("/members") and method == "POST":
        return {"user_id": "eve", "role": "owner"}
    if "/members/" in path and method == "PATCH":
        return {"role": "owner"}
    return BODIES.get(method)


@pytest.mark.parametrize(
    ("method", "path"), [route for route in every_route() if "{workspace}" in route[1]]
)
def test_a_stranger_and_a_missing_workspace_get_the_same(
    eagle_http: httpx.Client, harbor_http: httpx.Client, method: str, path: str
) -> None:
    """On every route: the same bytes, headers, calls and capacity, by id and by
    slug."""
    contact = harbor_http.get("/workspaces/harbor-travel/contacts?limit=1").json()
    theirs = contact["contacts"][0]
    invitation = invitation_of(harbor_http)
    answers = []
    for workspace in (
        "harbor-travel",
        theirs["workspace_id"],
        "nowhere",
        f"ws_{MISSING}",
    ):
        address = path.format(
            workspace=workspace,
            contact_id=theirs["id"],
            deletion_id=theirs["id"].replace("con_", "del_"),
            user_id="harbor-owner",
            invitation_id=f"inv_{MISSING}" if enters_by_it(path) else invitation,
            note_id=f"note_{MISSING}",
            conversation_id=f"conv_{MISSING}",
            token_id=f"key_{MISSING}",
            job_id=f"job_{MISSING}",
        )
        body = body_for(method, path)
        answers.append(plain(eagle_http.request(method, address, json=body)))
    assert answers[0]["status"] == 404
    missing = "invitation" if enters_by_it(path) else "workspace"
    assert method == "HEAD" or f"{missing}_not_found" in answers[0]["body"]
    for one, other in itertools.pairwise(answers):
        assert one == other


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/workspaces/eagle-overseas/contacts/{}", None),
        ("PATCH", "/workspaces/eagle-overseas/contacts/{}", {"name": "X"}),
        ("PATCH", "/workspaces/eagle-overseas/contacts/{}", {"phone": "+447400000001"}),
        ("PATCH", "/workspaces/eagle-overseas/contacts/{}", {"metadata": {"a": 1}}),
        (
            "PUT",
            "/workspaces/eagle-overseas/contacts/{}/status",
            {"lead_status": "new"},
        ),
        ("DELETE", "/workspaces/eagle-overseas/contacts/{}", None),
        ("PATCH", "/contacts/{}?workspace=eagle-overseas", {"name": "X"}),
        ("DELETE", "/contacts?workspace=eagle-overseas&id={}", None),
    ],
)
def test_a_foreign_a_deleted_and_a_missing_contact_get_the_same(
    eagle_http: httpx.Client,
    harbor_http: httpx.Client,
    method: str,
    path: str,
    body: dict[str, Any] | None,
) -> None:
    """404 with the same bytes, headers, calls and capacity; and theirs is untouched."""
    address = "/workspaces/harbor-travel/contacts"
    before = harbor_http.get(f"{address}?limit=100").json()
    gone = eagle_http.post("/workspaces/eagle-overseas/contacts", json={"name": "Gone"})
    gone_id = gone.json()["contact"]["id"]
    eagle_http.delete(gone.headers["location"])
    foreign = before["contacts"][0]["id"]
    answers = [
        plain(eagle_http.request(method, path.format(contact_id), json=body))
        for contact_id in (foreign, gone_id, f"con_{MISSING}")
    ]
    assert answers[0]["status"] == 404
    assert "contact_not_found" in answers[0]["body"]
    assert answers[0] == answers[1] == answers[2]
    assert harbor_http.get(f"{address}?limit=100").json() == before


def test_nobody_lists_or_joins_from_outside(server: Server) -> None:
    """A token alone opens nothing: neither lists, nor one's own promotion."""
    with server.client("eve") as eve:
        nowhere: dict[str, Any] = {"user_id": "eve", "name": None, "email": None}
        nowhere |= {"workspaces": [], "invitations": [], "next_cursor": None}
        assert eve.get("/me").json() == nowhere
        for path in ("contacts", "members"):
            answer = eve.get(f"/workspaces/eagle-overseas/{path}")
            assert answer.status_code == 404
        body = {"user_id": "eve", "role": "owner"}
        answer = eve.post("/workspaces/eagle-overseas/members", json=body)
        assert answer.status_code == 404
        assert eve.get("/me").json()["workspaces"] == []
