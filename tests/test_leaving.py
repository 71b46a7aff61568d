"""A member who leaves is out at once; what was assigned to him is handed over, whoever
dies when, and nothing is assigned to one who is going."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import due, handover
from chalicelib.model.errors import (
    InvalidFields,
    LastOwner,
    TooManyWorkspaces,
    WorkspaceNotFound,
)
from chalicelib.model.words import Contact, Member
from chalicelib.storage import keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, members, search, workspaces
from tests.conftest import LATE, NOW, Server, add, everything, resume, while_another
from tests.faults import Killed, Mortal, through
from tests.http_world import refused

BOB = {"user_id": "bob", "role": "member"}


@pytest.fixture
def bob(real_table: Table, amy: Member) -> Member:
    members.add(real_table, amy, BOB, now=NOW)
    return access.enter(real_table, "eagle", "bob")


def remove(table: Table, who: Member, user_id: str, seconds: float = 20) -> None:
    handover.remove(table, who, user_id, now=NOW, budget=Budget(seconds))


def assigned(table: Table, who: Member, count: int) -> list[Contact]:
    return [add(table, who, assigned_to="bob") for _ in range(count)]


def all_of(table: Table, who: Member) -> list[Contact]:
    return search.contacts(table, who, search.Wanted(100))[0]


def traces(table: Table) -> list[tuple[str, str]]:
    """Where Bob stands as a member, or as somebody's assignee."""
    every = everything(table)
    return [key for key in every if key[1] == "member#bob" or "#find#a:bob" in key[0]]


def handed(table: Table, now: Any = LATE) -> dict[str, int]:
    return resume(table, now=now, kind="handovers")


def test_who_is_removed_is_out_at_once_and_gone_after_a_minute(
    real_table: Table, amy: Member, bob: Member
) -> None:
    """By both names; his contacts are assigned to nobody, and the history of each says
    by whom. A minute later, when nothing can show late, no trace of him is left."""
    mine = assigned(real_table, amy, 2)
    other = add(real_table, amy, assigned_to="amy")
    remove(real_table, amy, "bob")
    for reference in ("eagle", amy.workspace.id):
        with pytest.raises(WorkspaceNotFound):
            access.enter(real_table, reference, "bob")
    assert members.page(real_table, amy, limit=9, cursor=None)[0][0].user_id == "amy"
    for contact in mine:
        now = contacts.get(real_table, amy, contact.id)
        assert (now.assigned_to, now.version, now.updated_by) == (None, 2, "amy")
        row = real_table.get(keys.event(amy, contact.id, 2))
        assert row
        assert (row["by"], row["action"]) == ("amy", "changed")
        assert row["changes"] == '{"assigned_to":{"from":"bob","to":null}}'
    assert contacts.get(real_table, amy, other.id) == other
    assert handed(real_table, NOW + timedelta(seconds=59)) == {"done": 0, "running": 0}
    assert handed(real_table, NOW + timedelta(seconds=60)) == {"done": 1, "running": 0}
    assert traces(real_table) == []


def test_sixty_contacts_are_handed_over_in_steps(
    real_table: Table, amy: Member, bob: Member
) -> None:
    """What the request had no time for, the schedule goes on with, in the name of who
    has asked."""
    assigned(real_table, amy, 60)
    remove(real_table, amy, "bob", seconds=0)
    assert {one.assigned_to for one in all_of(real_table, amy)} == {"bob"}
    assert handed(real_table, LATE) == {"done": 1, "running": 0}
    found = all_of(real_table, amy)
    assert len(found) == 60
    assert {(one.assigned_to, one.updated_by) for one in found} == {(None, "amy")}
    assert traces(real_table) == []


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 8, 40])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_in_the_midst_it_is_gone_on_with(
    real_table: Table, amy: Member, bob: Member, at: int, after: bool
) -> None:
    """Once the membership is closed, whoever comes ends it; before that, nothing has
    happened. Each contact is changed once."""
    assigned(real_table, amy, 60 if at > 8 else 3)
    dying = through(real_table, Mortal(real_table._client, at, after))
    with suppress(Killed):
        remove(dying, amy, "bob")
    try:
        access.enter(real_table, "eagle", "bob")
    except WorkspaceNotFound:
        assert handed(real_table, LATE)["done"] == 1
        assert traces(real_table) == []
        found = {(one.assigned_to, one.version) for one in all_of(real_table, amy)}
        assert found == {(None, 2)}
    else:
        assert at < 4
        assert {one.assigned_to for one in all_of(real_table, amy)} == {"bob"}


def test_who_is_added_again_meanwhile_stays(
    real_table: Table, amy: Member, bob: Member
) -> None:
    """A new membership is not ended by what the old one left to do."""
    assigned(real_table, amy, 3)
    remove(real_table, amy, "bob", seconds=0)
    members.add(real_table, amy, {"user_id": "bob", "role": "admin"}, now=NOW)
    handed(real_table)
    again = access.enter(real_table, "eagle", "bob")
    assert again == access.enter(real_table, amy.workspace.id, "bob")
    assert again.role == "admin"
    assert {one.assigned_to for one in all_of(real_table, amy)} == {"bob"}


def test_who_is_added_again_at_the_last_step_stays(
    real_table: Table, amy: Member, bob: Member
) -> None:
    """The membership goes only if it is still the one that was closed."""
    remove(real_table, amy, "bob")
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: members.add(real_table, amy, BOB, now=NOW),
    )
    due.go_on(slow, now=LATE, budget=Budget(20))
    assert access.enter(real_table, "eagle", "bob").role == "member"
    assert access.enter(real_table, amy.workspace.id, "bob").role == "member"
    assert handed(real_table, LATE + timedelta(hours=1)) == {"done": 0, "running": 0}


def test_nothing_is_assigned_to_one_who_is_going(
    real_table: Table, amy: Member, bob: Member
) -> None:
    """Neither by a request that comes later, nor by one that has read him as a member:
    the transaction looks again."""
    contact = add(real_table, amy)
    asked: dict[str, Any] = {"body": {"assigned_to": "bob"}, "now": NOW}
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: members.close(real_table, amy, "bob", now=NOW),
    )
    for store in (slow, real_table):
        with pytest.raises(InvalidFields) as refused:
            contacts.change(store, amy, contact.id, **asked)
        (error,) = refused.value.errors
        assert (error.field, error.code) == ("assigned_to", "unknown_member")
    with pytest.raises(InvalidFields, match="assigned_to"):
        add(real_table, amy, assigned_to="bob")
    assert contacts.get(real_table, amy, contact.id) == contact


def test_a_new_contact_is_assigned_to_nobody_who_left_in_that_moment(
    real_table: Table, amy: Member, bob: Member
) -> None:
    """The membership is closed between the parser's read and the transaction."""
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: members.close(real_table, amy, "bob", now=NOW),
    )
    with pytest.raises(InvalidFields, match="assigned_to"):
        add(slow, amy, assigned_to="bob")
    assert all_of(real_table, amy) == []


def test_the_last_owner_may_not_leave(real_table: Table, amy: Member) -> None:
    """Nothing is closed."""
    before = everything(real_table)
    with pytest.raises(LastOwner):
        remove(real_table, amy, "amy")
    assert everything(real_table) == before


def test_a_user_makes_fifty_workspaces_at_most(real_table: Table) -> None:
    """The fifty-first is refused whole; to be added by others does not count."""
    for number in range(50):
        body = {"name": "W", "slug": f"made-{number}"}
        workspaces.create(real_table, "amy", body, now=NOW)
    before = everything(real_table)
    body = {"name": "W", "slug": "made-50"}
    with pytest.raises(TooManyWorkspaces):
        workspaces.create(real_table, "amy", body, now=NOW)
    assert everything(real_table) == before
    workspaces.create(real_table, "zed", body, now=NOW)
    zed = access.enter(real_table, "made-50", "zed")
    members.add(real_table, zed, {"user_id": "amy", "role": "owner"}, now=NOW)
    assert access.enter(real_table, "made-50", "amy").role == "owner"


def test_anybody_may_leave(server: Server) -> None:
    """Over HTTP, as `me`, a viewer too; then there is no such workspace for him. The
    last owner may not: 409 last_owner."""
    with server.client("leaving-owner") as owner, server.client("goer") as leaver:
        body = {"name": "Leaving", "slug": "leaving"}
        path = owner.post("/workspaces", json=body).headers["location"]
        viewer = {"user_id": "goer", "role": "viewer"}
        owner.post(f"{path}/members", json=viewer)
        assert slugs(leaver) == ["leaving"]
        answer = leaver.delete(f"{path}/members/me")
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        refused(leaver.get(path), 404, "workspace_not_found")
        assert slugs(leaver) == []
        refused(owner.delete(f"{path}/members/me"), 409, "last_owner")
        refused(owner.delete(f"{path}/members/goer"), 404, "member_not_found")
        assert owner.post(f"{path}/members", json=viewer).status_code == 201


def slugs(http: httpx.Client) -> list[str]:
    return [one["slug"] for one in http.get("/me").json()["workspaces"]]
