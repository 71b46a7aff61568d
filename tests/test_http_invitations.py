"""Invitations over HTTP: one invites, another accepts, nobody else can."""

from typing import Any

import httpx
import pytest

from tests.conftest import Server
from tests.http_world import TIME, refused
from tests.people_world import invited, proof, someone, workspace

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


def test_who_is_not_meant_is_told_so(server: Server) -> None:
    """Each refusal by its name, in this order: an id that is none, an invitation that
    is none, a bad ID token, an e-mail that is not verified, another one."""
    amy, bob, eve = someone(), someone(), someone()
    with server.client(amy) as http, server.client(eve) as hers:
        home = workspace(http)
        one = invited(http, home, f"{bob}@example.org")["id"]
        for verb in ("accept", "decline"):
            good = proof(server, eve)
            path = f"{home}/invitations/{one}/{verb}"
            nobody = {"id_token": "x"}
            malformed = hers.post(f"{home}/invitations/inv_1/{verb}", json=nobody)
            refused(malformed, 400, "invalid_request")
            for strange in (
                f"{home}/invitations/inv_{MISSING}/{verb}",
                f"/workspaces/ws_{MISSING}/invitations/{one}/{verb}",
                f"/workspaces/nowhere/invitations/{one}/{verb}",
            ):
                answer = hers.post(strange, json=nobody)
                refused(answer, 404, "invitation_not_found")
                assert answer.headers["x-storage-calls"] == "1"
                assert answer.headers["x-capacity"] == "rcu=2, wcu=0"
            for body in (
                nobody,
                {},
                {"id_token": 1},
                {"id_token": ""},
                proof(server, bob),  # somebody else's
                proof(server, eve, aud="contactbook"),
                proof(server, eve, exp=1),
                {"id_token": server.token(eve)},  # what opens the API proves nothing
            ):
                problem = refused(hers.post(path, json=body), 422, "invalid_fields")
                assert [one["field"] for one in problem["errors"]] == ["id_token"]
            for claims in ({"email_verified": False}, {"email": None}):
                told = proof(server, eve, **({"email": f"{bob}@example.org"} | claims))
                answer = hers.post(path, json=told)
                refused(answer, 403, "email_not_verified")
            refused(hers.post(path, json=good), 403, "email_differs")
        assert hers.get("/me").json()["workspaces"] == []
        assert http.get(f"{home}/invitations").json()["invitations"][0]["id"] == one


def test_an_invitation_ends_once(server: Server) -> None:
    """Accepted, declined, taken back: what comes after is told which it was, and the
    e-mail may be invited again."""
    amy, bob = someone(), someone()
    email = f"{bob}@example.org"
    with server.client(amy) as http, server.client(bob) as his:
        home = workspace(http)

        def say(verb: str, one: str) -> httpx.Response:
            path = f"{home}/invitations/{one}/{verb}"
            return his.post(path, json=proof(server, bob))

        one = invited(http, home, email)["id"]
        answer = http.post(
            f"{home}/invitations", json={"email": email.upper(), "role": "viewer"}
        )
        problem = refused(answer, 409, "invitation_exists")
        assert problem["invitation_id"] == one
        assert say("decline", one).json() == {"success": True}
        for verb in ("accept", "decline"):
            refused(say(verb, one), 409, "invitation_used")
        refused(http.delete(f"{home}/invitations/{one}"), 409, "invitation_used")

        one = invited(http, home, email)["id"]
        gone = http.delete(f"{home}/invitations/{one}")
        assert (gone.status_code, gone.content) == (204, b"")
        for verb in ("accept", "decline"):
            refused(say(verb, one), 409, "invitation_withdrawn")
        again = http.delete(f"{home}/invitations/{one}")
        refused(again, 409, "invitation_withdrawn")
        missing = http.delete(f"{home}/invitations/inv_{MISSING}")
        refused(missing, 404, "invitation_not_found")

        one = invited(http, home, email)["id"]
        assert say("accept", one).status_code == 200
        for verb in ("accept", "decline"):
            refused(say(verb, one), 409, "invitation_used")
        answer = http.post(
            f"{home}/invitations", json={"email": email, "role": "viewer"}
        )
        refused(answer, 409, "member_exists")
        assert http.get(f"{home}/invitations").json()["invitations"] == []


def test_nobody_gives_more_than_he_has(server: Server) -> None:
    """An admin invites admins, no owner; a member invites nobody; one refusal names
    every bad field."""
    amy, ann, max_ = someone(), someone(), someone()
    with server.client(amy) as http:
        home = workspace(http)
        for who, role in ((ann, "admin"), (max_, "member")):
            body = {"user_id": who, "role": role}
            assert http.post(f"{home}/members", json=body).status_code == 201
        assert invited(http, home, "one@example.org", "owner")["role"] == "owner"
    with server.client(ann) as hers:
        assert invited(hers, home, "two@example.org", "admin")["role"] == "admin"
        for role, code in (("owner", "above_your_own"), ("king", "unknown_value")):
            body = {"email": "no address", "role": role, "name": "x"}
            problem = refused(
                hers.post(f"{home}/invitations", json=body), 422, "invalid_fields"
            )
            assert {(e["field"], e["code"]) for e in problem["errors"]} == {
                ("email", "invalid_email"),
                ("role", code),
                ("name", "unknown_field"),
            }
    with server.client(max_) as his:
        body = {"email": "no address", "role": "viewer"}
        place = f"{home}/invitations"
        for answer in (
            his.get(place),
            his.post(place, json=body),
            his.delete(f"{place}/inv_{MISSING}"),
        ):
            refused(answer, 403, "forbidden")


@pytest.mark.parametrize("role", ["member", "owner"])
def test_who_has_invited_must_still_be_able_to(server: Server, role: str) -> None:
    """Having left, or fallen below the role, he gives it to nobody, though he came
    again; what he asks then is another thing."""
    amy, ann, bob = someone(), someone(), someone()
    with server.client(amy) as http, server.client(bob) as his:
        home = workspace(http)
        body = {"user_id": ann, "role": "owner"}
        assert http.post(f"{home}/members", json=body).status_code == 201
        with server.client(ann) as hers:
            one = invited(hers, home, f"{bob}@example.org", role)["id"]
        path = f"{home}/invitations/{one}/accept"
        below = "admin" if role == "owner" else "member"
        http.patch(f"{home}/members/{ann}", json={"role": below}).raise_for_status()
        refused(his.post(path, json=proof(server, bob)), 409, "invitation_void")
        http.delete(f"{home}/members/{ann}").raise_for_status()
        refused(his.post(path, json=proof(server, bob)), 409, "invitation_void")
        refused(his.get(home), 404, "workspace_not_found")
        http.post(f"{home}/members", json=body).raise_for_status()
        refused(his.post(path, json=proof(server, bob)), 409, "invitation_void")
        http.delete(f"{home}/invitations/{one}").raise_for_status()
        with server.client(ann) as hers:
            one = invited(hers, home, f"{bob}@example.org", role)["id"]
        path = f"{home}/invitations/{one}/accept"
        accepted = his.post(path, json=proof(server, bob))
        assert accepted.json()["member"]["role"] == role
        if role == "owner":  # counted: now there are three
            for who in (amy, ann):
                gone = his.delete(f"{home}/members/{who}")
                assert gone.status_code == 200, gone.text
            answer = his.delete(f"{home}/members/me")
            refused(answer, 409, "last_owner")


def test_a_member_needs_no_invitation(server: Server) -> None:
    """Who was added by his id meanwhile keeps his role; nor does one who has invited
    himself."""
    amy, bob = someone(), someone()
    with server.client(amy) as http, server.client(bob) as his:
        home = workspace(http)
        one = invited(http, home, f"{bob}@example.org", "admin")["id"]
        own = invited(http, home, f"{amy}@example.org")["id"]
        body = {"user_id": bob, "role": "viewer"}
        assert http.post(f"{home}/members", json=body).status_code == 201
        his.put("/me", json=proof(server, bob)).raise_for_status()
        assert his.get("/me").json()["invitations"] == []
        for who, client, name in ((bob, his, one), (amy, http, own)):
            path = f"{home}/invitations/{name}/accept"
            answer = client.post(path, json=proof(server, who))
            refused(answer, 409, "member_exists")
        (mine,) = his.get("/me").json()["workspaces"]
        assert mine["role"] == "viewer"


def test_a_retry_of_accept_is_told_the_same(server: Server) -> None:
    """By its key, also with a newer ID token or one that has expired by now; and the
    key stands for this invitation only."""
    amy, bob = someone(), someone()
    with server.client(amy) as http, server.client(bob) as his:
        home = workspace(http)
        one = invited(http, home, f"{bob}@example.org")["id"]
        path = f"{home}/invitations/{one}/accept"
        headers = {"Idempotency-Key": "k"}

        def accept(**claims: Any) -> httpx.Response:
            body = proof(server, bob, **claims)
            return his.post(path, json=body, headers=headers)

        first = accept()
        assert first.status_code == 200
        for again in (accept(), accept(jti="newer"), accept(exp=1)):
            assert (again.status_code, again.content) == (200, first.content)
        other = f"{home}/invitations/{one}/decline"
        answer = his.post(other, json=proof(server, bob), headers=headers)
        refused(answer, 422, "idempotency_key_reused")
        refused(his.post(path, json=proof(server, bob)), 409, "invitation_used")


def test_a_retry_of_an_invitation_is_one_invitation(server: Server) -> None:
    """Two with one key: the same body; without it the second is told of the first."""
    with server.client(someone()) as http:
        home = workspace(http)
        body = {"email": "ada@example.org", "role": "viewer"}
        headers = {"Idempotency-Key": "k"}
        first, again = (
            http.post(f"{home}/invitations", json=body, headers=headers)
            for _ in range(2)
        )
        assert (first.status_code, first.content) == (201, again.content)
        assert again.headers["location"] == first.headers["location"]
        place = first.headers["location"]
        gone = [http.delete(place, headers={"Idempotency-Key": "d"}) for _ in range(2)]
        assert [one.status_code for one in gone] == [204, 204]


def test_invitations_come_page_by_page(server: Server) -> None:
    """Newest first, each once, those that are over left out."""
    with server.client(someone()) as http:
        home = workspace(http)
        made = [invited(http, home, f"u{n}@example.org")["id"] for n in range(5)]
        http.delete(f"{home}/invitations/{made[2]}").raise_for_status()
        seen, cursor = [], ""
        while cursor is not None:
            query = {"limit": "2", "cursor": cursor}
            told = http.get(f"{home}/invitations", params=query).json()
            seen += [one["id"] for one in told["invitations"]]
            cursor = told["next_cursor"]
        assert seen == [made[4], made[3], made[1], made[0]]
        answer = http.get(f"{home}/invitations?cursor=con_{MISSING}")
        refused(answer, 400, "invalid_request")


def test_the_link_is_of_the_address_that_was_asked(server: Server) -> None:
    """Behind another name it names that; a header that is no host is not believed."""
    with server.client(someone()) as http:
        home = workspace(http)
        invited(http, home, "ada@example.org")
        for host, shown in (
            ("book.example.org:8443", "http://book.example.org:8443/#invitation="),
            ("evil.org/x?", "http://localhost/#invitation="),
            ("a@evil.org", "http://localhost/#invitation="),
        ):
            answer = http.get(f"{home}/invitations", headers={"Host": host})
            (one,) = answer.json()["invitations"]
            assert one["link"].startswith(shown)
