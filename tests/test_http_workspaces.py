"""Who is let in, workspaces and their members over HTTP."""

import uuid
from urllib.parse import quote

from tests.conftest import Server
from tests.http_world import CONTACTS, challenge, refused


class TestWithoutAToken:
    def test_nobody_gets_in(self, server: Server) -> None:
        """401 with a challenge, before storage is touched; health needs no token."""
        with server.client(None) as http:
            for header in ({}, {"Authorization": "Bearer x.y.z"}):
                for method, path in (("GET", "/me"), ("DELETE", f"{CONTACTS}/x")):
                    answer = http.request(method, path, headers=header)
                    refused(answer, 401, "unauthenticated")
                    assert challenge(answer).startswith("Bearer")
                    assert answer.headers["x-storage-calls"] == "0"
            assert http.get("/health").json() == {"status": "ok"}


def test_workspaces_and_members(server: Server) -> None:
    """Create, see, change; add, promote, remove; the last owner stays."""
    owner, other = f"o-{uuid.uuid4()}", f"auth0|日本/{uuid.uuid4()}"
    slug = f"w{uuid.uuid4().hex[:12]}"
    with server.client(owner) as http, server.client(other) as stranger:
        made_one = http.post("/workspaces", json={"name": "One", "slug": slug})
        workspace = made_one.json()["workspace"]
        assert made_one.status_code == 201
        assert made_one.headers["location"] == f"/workspaces/{workspace['id']}"
        again = http.post("/workspaces", json={"name": "Two", "slug": slug})
        refused(again, 409, "slug_taken")
        mine = {"id": workspace["id"], "slug": slug, "name": "One", "role": "owner"}
        assert http.get("/me").json() == {
            "user_id": owner,
            "name": None,
            "email": None,
            "workspaces": [mine],
            "invitations": [],
            "next_cursor": None,
        }
        path = f"/workspaces/{slug}"
        changed = http.patch(path, json={"phone_region": "DE"}).json()["workspace"]
        assert changed["phone_region"] == "DE"
        assert http.get(path).json() == {"workspace": changed}
        refused(stranger.get(path), 404, "workspace_not_found")
        body = {"user_id": other, "role": "viewer"}
        member = http.post(f"{path}/members", json=body)
        assert member.status_code == 201
        assert member.json()["member"]["role"] == "viewer"
        refused(http.post(f"{path}/members", json=body), 409, "member_exists")
        assert stranger.get(path).status_code == 200
        answer = stranger.post(f"{path}/contacts", json={"name": "X"})
        refused(answer, 403, "forbidden")
        place = member.headers["location"]
        assert place == f"/workspaces/{workspace['id']}/members/{quote(other, safe='')}"
        assert http.patch(place, json={"role": "admin"}).status_code == 200
        listed = http.get(f"{path}/members").json()
        assert {m["user_id"]: m["role"] for m in listed["members"]} == {
            owner: "owner",
            other: "admin",
        }
        assert http.delete(place).json() == {"success": True}
        refused(stranger.get(path), 404, "workspace_not_found")
        refused(http.delete(f"{path}/members/{owner}"), 409, "last_owner")
        answer = http.patch(f"{path}/members/{owner}", json={"role": "viewer"})
        refused(answer, 409, "last_owner")
