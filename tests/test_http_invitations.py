"""Invitations over HTTP: one invites, another accepts, nobody else can."""

from tests.conftest import Server
from tests.http_world import TIME, refused
from tests.people_world import proof, someone, workspace

MISSING = "0" * 26


def test_one_invites_and_the_other_accepts(server: Server) -> None:
    """The whole way: invite, find it waiting, accept, be a member; both see each other
    by name."""
    amy, bob = someone(), someone()
    with server.client(amy) as http, server.client(bob) as his:
        assert http.put("/me", json=proof(server, amy)).status_code == 200
        assert his.put("/me", json=proof(server, bob)).status_code == 200
        home = workspace(http)
        body = {"email": f"{bob.upper()}@Example.org", "role": "admin"}
        answer = http.post(f"{home}/invitations", json=body)
        assert answer.status_code == 201
        one = answer.json()["invitation"]
        assert answer.headers["location"] == f"{home}/invitations/{one['id']}"
        assert TIME.fullmatch(one["expires_at"])
        home_id = home.rpartition("/")[2]
        assert one == {
            "id": one["id"],
            **body,
            "invited_by": amy,
            "created_at": one["created_at"],
            "expires_at": one["expires_at"],
            "mailed_at": None,
            "link": f"{server.base}/#invitation={one['id']}&workspace={home_id}",
        }
        listed = http.get(f"{home}/invitations").json()
        assert listed == {"invitations": [one], "next_cursor": None}
        (waiting,) = his.get("/me").json()["invitations"]
        assert waiting == {
            "id": one["id"],
            "role": "admin",
            "invited_by": amy,
            "invited_by_name": amy.title(),
            "expires_at": one["expires_at"],
            "workspace": {"id": home_id, "name": "Team"},
        }
        refused(his.get(home), 404, "workspace_not_found")
        place = f"{home}/invitations/{one['id']}"
        accepted = his.post(f"{place}/accept", json=proof(server, bob))
        assert accepted.status_code == 200, accepted.text
        member = accepted.json()["member"]
        assert member == {
            "user_id": bob,
            "role": "admin",
            "created_at": member["created_at"],
            "name": bob.title(),
            "email": f"{bob}@example.org",
        }
        shown = his.get(f"{home}/members").json()["members"]
        assert {one["user_id"]: one["name"] for one in shown} == {
            amy: amy.title(),
            bob: bob.title(),
        }
        assert his.get("/me").json()["invitations"] == []
        assert his.get(f"{home}/invitations").json()["invitations"] == []
