"""Who has left has left: he gets nothing, grants nothing, and is told so again when he
asks with the key of then."""

import time
from datetime import timedelta

import pytest

from chalicelib.model.people_errors import InvitationVoid
from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import access, members
from tests.conftest import LATE, NOW, Server
from tests.http_world import refused
from tests.once_world import another
from tests.people_world import invited, proof, someone, workspace
from tests.test_handing_over import (  # noqa: F401
    assigned,
    assignees,
    bob,
    cy,
    few,
    handed,
    job,
    remove,
)
from tests.test_invitations import accept, invite

LATER = NOW + timedelta(seconds=1)


def test_an_heir_who_came_again_gets_nothing_more(
    real_table: Table,
    amy: Member,
    bob: Member,  # noqa: F811
    cy: Member,  # noqa: F811
    few: None,  # noqa: F811
) -> None:
    """What he left he does not get by coming back: the rest goes to nobody."""
    assigned(real_table, amy, 3)
    assert remove(real_table, amy, seconds=0)
    members.close(real_table, amy, "cy", now=LATER)
    again = {"user_id": "cy", "role": "viewer"}
    members.add(real_table, amy, again, now=LATER + timedelta(seconds=1))
    handed(real_table)
    assert {who for who, _, _ in assignees(real_table, amy)} == {None}


def test_a_cancelled_job_stays_so(
    real_table: Table,
    amy: Member,
    bob: Member,  # noqa: F811
    cy: Member,  # noqa: F811
    few: None,  # noqa: F811
) -> None:
    """Also when he, who was added again, leaves for good in the end."""
    assigned(real_table, amy, 3)
    made = remove(real_table, amy, seconds=0)
    assert made
    another(real_table, amy, "bob")
    assert remove(real_table, amy)
    handed(real_table)
    handed(real_table, LATE + timedelta(hours=1))
    assert job(real_table, amy, made.id).state == "cancelled"


def test_an_inviter_who_came_again_grants_nothing_of_before(
    table: Table, eagle: Member
) -> None:
    """His invitations ended with him, though he may invite anew."""
    ann = {"user_id": "ann", "role": "admin"}
    members.add(table, eagle, ann, now=NOW)
    one = invite(table, access.enter(table, "eagle", "ann"))
    members.close(table, eagle, "ann", now=LATER)
    members.add(table, eagle, ann, now=LATER + timedelta(seconds=1))
    with pytest.raises(InvitationVoid):
        accept(table, eagle, one.id)


def test_who_asks_again_whether_he_has_left_is_told_so(server: Server) -> None:
    """The first answer was lost: with its key it is told once more, to him alone, and
    nothing else is open to him."""
    amy, bob_id = someone(), someone()
    with server.client(amy) as owner, server.client(bob_id) as leaver:
        home = workspace(owner)
        body = {"user_id": bob_id, "role": "member"}
        assert owner.post(f"{home}/members", json=body).status_code == 201
        keyed = {"Idempotency-Key": "leaving"}
        first = leaver.delete(f"{home}/members/me", headers=keyed)
        assert (first.status_code, first.json()) == (200, {"success": True})
        again = leaver.delete(f"{home}/members/me", headers=keyed)
        assert (again.status_code, again.json()) == (200, {"success": True})
        other = {"Idempotency-Key": "another"}
        gone = leaver.delete(f"{home}/members/me", headers=other)
        refused(gone, 404, "workspace_not_found")
        refused(leaver.get(f"{home}/members"), 404, "workspace_not_found")
        with server.client(someone()) as stranger:
            gone = stranger.delete(f"{home}/members/me", headers=keyed)
            refused(gone, 404, "workspace_not_found")


def test_an_older_id_token_joins_nobody(server: Server) -> None:
    """What a later one has said counts: an e-mail that he has given up opens nothing,
    and he is shown by his name of now."""
    amy, ben, now = someone(), someone(), int(time.time())
    with server.client(amy) as owner, server.client(ben) as joining:
        home = workspace(owner)
        old = invited(owner, home, f"old-{ben}@example.org")
        new = invited(owner, home, f"new-{ben}@example.org")
        said = {"email": f"new-{ben}@example.org", "name": "Ben Now", "iat": now}
        kept = joining.put("/me", json=proof(server, ben, **said))
        assert kept.status_code == 200
        stale = {"email": f"old-{ben}@example.org", "name": "Ben Then", "iat": now - 60}
        before = proof(server, ben, **stale)
        told = joining.post(f"{home}/invitations/{old['id']}/accept", json=before)
        refused(told, 403, "email_differs")
        told = joining.post(f"{home}/invitations/{new['id']}/accept", json=before)
        assert told.status_code == 200
        assert told.json()["member"]["name"] == "Ben Now"
