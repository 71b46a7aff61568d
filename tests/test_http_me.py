"""Who I am over HTTP: what the issuer says, kept and shown."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Server
from tests.http_world import refused
from tests.people_world import invited, proof, someone, workspace


def test_i_am_who_the_issuer_says(server: Server) -> None:
    """Before, nothing is known; then name and e-mail, everywhere; a later ID token
    changes them, an older one nothing."""
    amy, now = someone(), int(time.time())
    with server.client(amy) as http:
        me = http.get("/me").json()
        assert (me["name"], me["email"], me["invitations"]) == (None, None, [])
        home = workspace(http)
        told = http.put("/me", json=proof(server, amy, name="Amara", iat=now - 60))
        assert told.status_code == 200
        kept = {
            "user_id": amy,
            "name": "Amara",
            "email": f"{amy}@example.org",
            "email_verified": True,
        }
        assert told.json() == kept
        older = http.put("/me", json=proof(server, amy, name="Amy", iat=now - 90))
        assert older.json() == kept
        me = http.get("/me").json()
        assert (me["name"], me["email"]) == ("Amara", f"{amy}@example.org")
        (shown,) = http.get(f"{home}/members").json()["members"]
        assert (shown["name"], shown["email"]) == ("Amara", f"{amy}@example.org")
        changed = {"name": "Amara King", "email": None, "iat": now}
        assert http.put("/me", json=proof(server, amy, **changed)).json() == {
            "user_id": amy,
            "name": "Amara King",
            "email": None,
            "email_verified": True,
        }
        (shown,) = http.get(f"{home}/members").json()["members"]
        assert (shown["name"], shown["email"]) == ("Amara King", None)
        other = workspace(http)
        (shown,) = http.get(f"{other}/members").json()["members"]
        assert shown["name"] == "Amara King"


def test_an_email_that_is_not_verified_is_nobodys(server: Server) -> None:
    """It is kept and told as such, shown to nobody, and finds no invitation."""
    amy, bob = someone(), someone()
    with server.client(amy) as http, server.client(bob) as his:
        home = workspace(http)
        one = invited(http, home, f"{bob}@example.org")
        told = his.put("/me", json=proof(server, bob, email_verified=False)).json()
        assert (told["email"], told["email_verified"]) == (f"{bob}@example.org", False)
        me = his.get("/me").json()
        assert (me["email"], me["invitations"]) == (None, [])
        mine = workspace(his)
        (shown,) = his.get(f"{mine}/members").json()["members"]
        assert (shown["name"], shown["email"]) == (bob.title(), None)
        his.put("/me", json=proof(server, bob)).raise_for_status()
        assert [i["id"] for i in his.get("/me").json()["invitations"]] == [one["id"]]


def test_a_strangers_id_tells_nobody_who_he_is(server: Server) -> None:
    """Added by his id he has no name, until he comes in; by id or by slug, once."""
    amy, bob = someone(), someone()
    with server.client(amy) as http, server.client(bob) as his:
        his.put("/me", json=proof(server, bob)).raise_for_status()
        home = workspace(http)
        body = {"user_id": bob, "role": "viewer"}
        added = http.post(f"{home}/members", json=body).json()["member"]
        assert (added["name"], added["email"]) == (None, None)

        def shown() -> tuple[str, str]:
            listed = http.get(f"{home}/members").json()["members"]
            (one,) = [one for one in listed if one["user_id"] == bob]
            return one["name"], one["email"]

        assert shown() == (None, None)
        his.put("/me", json=proof(server, bob, name="B")).raise_for_status()
        his.get("/me").raise_for_status()
        assert shown() == (None, None)
        slug = his.get("/me").json()["workspaces"][0]["slug"]
        assert his.get(f"/workspaces/{slug}").headers["x-storage-calls"] == "3"
        assert shown() == ("B", f"{bob}@example.org")
        for place in (home, f"/workspaces/{slug}"):
            assert his.get(place).headers["x-storage-calls"] == "1"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"id_token": None}, "wrong_type"),
        ({"id_token": "x.y.z"}, "invalid_id_token"),
        ({"id_token": "x" * 17_000}, "wrong_length"),
        ({"id_token": "é.ü.ö"}, "invalid_id_token"),
    ],
)
def test_a_bad_id_token_is_named(server: Server, body: object, code: str) -> None:
    """422, and nothing is kept."""
    with server.client(someone()) as http:
        problem = refused(http.put("/me", json=body), 422, "invalid_fields")
        (error,) = problem["errors"]
        assert (error["field"], error["code"]) == ("id_token", code)
        assert http.get("/me").json()["name"] is None


def test_of_many_sign_ins_at_once_the_latest_counts(server: Server) -> None:
    """Whatever order they come in, everywhere."""
    amy, now = someone(), int(time.time())
    with server.client(amy) as http:
        home = workspace(http)

    def say(age: int) -> int:
        with server.client(amy) as http:
            body = proof(server, amy, name=f"Amy {age}", iat=now - age)
            return http.put("/me", json=body).status_code

    with ThreadPoolExecutor(12) as threads:
        assert set(threads.map(say, range(12))) == {200}
    with server.client(amy) as http:
        assert http.get("/me").json()["name"] == "Amy 0"
        (shown,) = http.get(f"{home}/members").json()["members"]
        assert shown["name"] == "Amy 0"


def test_a_retry_is_told_the_same(server: Server) -> None:
    """By its key, whatever ID token it brings."""
    amy, now = someone(), int(time.time())
    with server.client(amy) as http:
        headers = {"Idempotency-Key": "k"}
        tokens = [proof(server, amy, name=n, iat=now) for n in ("One", "Two")]
        first, again = (
            http.put("/me", json=token, headers=headers) for token in tokens
        )
        assert first.json()["name"] == "One"
        assert again.content == first.content
        assert http.get("/me").json()["name"] == "One"
