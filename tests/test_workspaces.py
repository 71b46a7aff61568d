"""Workspaces, members and roles, on both engines."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.base.cost import metered
from chalicelib.model.errors import (
    Busy,
    Forbidden,
    InvalidFields,
    LastOwner,
    MemberExists,
    MemberNotFound,
    SlugTaken,
    StatusInUse,
    WorkspaceNotFound,
    WorkspaceRequired,
)
from chalicelib.model.words import DEFAULT_STATUSES, Member, Status, as_json
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, members, search, workspaces
from tests.conftest import NOW, add, everything, found, while_another


def join(table: Table, by: Member, user_id: str, role: str) -> Member:
    members.add(table, by, {"user_id": user_id, "role": role}, now=NOW)
    return access.enter(table, by.workspace.slug, user_id)


def test_a_workspace_opens_by_its_id_and_by_its_slug(table: Table) -> None:
    """Either name leads to the same workspace and role, with one call."""
    eagle = found(table, "eagle", "amy")
    for reference in (eagle.workspace.id, "eagle"):
        with metered() as cost:
            assert access.enter(table, reference, "amy") == eagle
        assert cost.calls == 1
    assert eagle.role == "owner"
    assert eagle.workspace.lead_statuses == DEFAULT_STATUSES


def test_a_slug_belongs_to_one_workspace(table: Table, eagle: Member) -> None:
    """The second is refused and leaves nothing behind."""
    before = everything(table)
    with pytest.raises(SlugTaken):
        found(table, "eagle", "zed")
    assert everything(table) == before


def test_a_stranger_and_a_missing_workspace_are_the_same(
    real_table: Table,
) -> None:
    """Refusal, calls and capacity tell nothing about whether a workspace exists."""
    eagle = found(real_table, "eagle", "amy")
    answers = []
    for reference in (eagle.workspace.id, "eagle", "ws_" + "0" * 26, "nowhere"):
        with metered() as cost, pytest.raises(WorkspaceNotFound) as refused:
            access.enter(real_table, reference, "zed")
        answers.append((str(refused.value), cost.calls, cost.rcu, cost.wcu))
    assert len(set(answers)) == 1


def test_a_removed_member_is_out_at_once_by_both_names(
    table: Table, eagle: Member
) -> None:
    """Both copies of a membership go together."""
    join(table, eagle, "bob", "member")
    members.close(table, eagle, "bob", now=NOW)
    for reference in (eagle.workspace.id, "eagle"):
        with pytest.raises(WorkspaceNotFound):
            access.enter(table, reference, "bob")
    with pytest.raises(MemberNotFound):
        members.close(table, eagle, "bob", now=NOW)


def test_a_role_changes_behind_both_names(table: Table, eagle: Member) -> None:
    """A role that differs by the name one enters with would be a hole."""
    join(table, eagle, "bob", "viewer")
    changed = members.change_role(table, eagle, "bob", body={"role": "admin"}, now=NOW)
    assert changed.role == "admin"
    for reference in (eagle.workspace.id, "eagle"):
        assert access.enter(table, reference, "bob").role == "admin"


class TestLastOwner:
    def test_cannot_be_removed_or_demoted(self, table: Table, eagle: Member) -> None:
        """A workspace keeps at least one owner."""
        before = everything(table)
        with pytest.raises(LastOwner):
            members.close(table, eagle, "amy", now=NOW)
        with pytest.raises(LastOwner):
            members.change_role(table, eagle, "amy", body={"role": "member"}, now=NOW)
        assert everything(table) == before

    def test_can_go_when_there_is_another(self, table: Table, eagle: Member) -> None:
        """It is the number that counts, not the person."""
        bob = join(table, eagle, "bob", "owner")
        members.close(table, bob, "amy", now=NOW)
        with pytest.raises(LastOwner):
            members.close(table, bob, "bob", now=NOW)

    def test_two_owners_that_leave_at_once_do_not_both_leave(
        self, real_table: Table
    ) -> None:
        """The storage decides: of two at the same moment one stays."""
        for turn in range(20):
            amy = found(real_table, f"race-{turn}", "amy")
            bob = join(real_table, amy, "bob", "owner")

            def leave(who: Member) -> type[Exception] | None:
                try:
                    members.close(real_table, who, who.user_id, now=NOW)
                except (LastOwner, Busy) as refused:
                    return type(refused)
                return None

            with ThreadPoolExecutor(2) as threads:
                outcomes = list(threads.map(leave, (amy, bob)))
            assert sorted(map(str, outcomes)) == sorted(map(str, (None, LastOwner)))


def test_a_role_that_changes_meanwhile_is_seen(table: Table, eagle: Member) -> None:
    """An admin who removes a member that has just become an owner is refused, and the
    number of owners stays right."""
    admin = join(table, eagle, "ann", "admin")
    for attempt in (
        lambda slow: members.close(slow, admin, "bob", now=NOW),
        lambda slow: members.change_role(
            slow, admin, "bob", body={"role": "viewer"}, now=NOW
        ),
    ):
        join(table, eagle, "bob", "member")
        owner = {"role": "owner"}
        slow = while_another(
            table,
            "transact_write_items",
            lambda: members.change_role(table, eagle, "bob", body=owner, now=NOW),  # noqa: B023
        )
        with pytest.raises(Forbidden):
            attempt(slow)
        assert access.enter(table, "eagle", "bob").role == "owner"
        members.close(table, eagle, "bob", now=NOW)
    with pytest.raises(LastOwner):
        members.close(table, eagle, "amy", now=NOW)


def test_an_admin_manages_members_but_no_owners(table: Table, eagle: Member) -> None:
    """Only owners make, unmake and remove owners."""
    admin = join(table, eagle, "ann", "admin")
    join(table, admin, "bob", "member")
    members.change_role(table, admin, "bob", body={"role": "admin"}, now=NOW)
    for attempt in (
        lambda: join(table, admin, "eve", "owner"),
        lambda: members.change_role(
            table, admin, "bob", body={"role": "owner"}, now=NOW
        ),
        lambda: members.change_role(
            table, admin, "amy", body={"role": "member"}, now=NOW
        ),
        lambda: members.close(table, admin, "amy", now=NOW),
    ):
        with pytest.raises(Forbidden):
            attempt()
    members.close(table, admin, "bob", now=NOW)


def test_a_member_does_not_manage(table: Table, eagle: Member) -> None:
    """Settings and members are for admins; seeing them is for everybody."""
    bob = join(table, eagle, "bob", "member")
    for attempt in (
        lambda: workspaces.change(table, bob, {"name": "Mine"}, now=NOW),
        lambda: join(table, bob, "eve", "viewer"),
        lambda: members.change_role(table, bob, "bob", body={"role": "admin"}, now=NOW),
        lambda: members.close(table, bob, "amy", now=NOW),
        lambda: members.close(table, bob, "nobody", now=NOW),
    ):
        with pytest.raises(Forbidden):
            attempt()
    shown, cursor = members.page(table, bob, limit=9, cursor=None)
    assert [(one.user_id, one.role) for one in shown] == [
        ("amy", "owner"),
        ("bob", "member"),
    ]
    assert cursor is None


def test_nobody_is_a_member_twice(table: Table, eagle: Member) -> None:
    """Adding again must not change a role by the way."""
    join(table, eagle, "bob", "viewer")
    with pytest.raises(MemberExists):
        join(table, eagle, "bob", "owner")
    assert access.enter(table, "eagle", "bob").role == "viewer"


def test_members_are_listed_page_by_page(table: Table, eagle: Member) -> None:
    """Every member once, by user id."""
    for number in range(5):
        join(table, eagle, f"user-{number}", "viewer")
    seen, cursor = [], None
    while True:
        shown, cursor = members.page(table, eagle, limit=2, cursor=cursor)
        seen += [one.user_id for one in shown]
        if cursor is None:
            break
    assert seen == ["amy", *(f"user-{number}" for number in range(5))]


def test_settings_change_behind_both_names(table: Table, eagle: Member) -> None:
    """What is not named stays."""
    body = {"name": "Eagles", "phone_region": "DE"}
    changed = workspaces.change(table, eagle, body, now=NOW)
    assert (changed.name, changed.phone_region) == ("Eagles", "DE")
    assert changed.lead_statuses == DEFAULT_STATUSES
    for reference in (eagle.workspace.id, "eagle"):
        assert access.enter(table, reference, "amy").workspace == changed


def test_the_region_reads_national_phones(table: Table, eagle: Member) -> None:
    """Without a region a phone needs its country code; with one it does not."""
    with pytest.raises(InvalidFields, match="and the country code"):
        add(table, eagle, phone="0151 12345678")
    workspaces.change(table, eagle, {"phone_region": "DE"}, now=NOW)
    eagle = access.enter(table, "eagle", "amy")
    assert add(table, eagle, phone="0151 12345678").phone == "+4915112345678"


def test_own_statuses(table: Table, eagle: Member) -> None:
    """A workspace chooses its statuses; one that is in use cannot go."""
    wanted = [Status("new", "Neu", "#112233"), Status("hot", "Heiß", "#ff0000")]
    body = {"lead_statuses": [as_json(one) for one in wanted]}
    used = add(table, eagle, lead_status="active")
    with pytest.raises(StatusInUse, match="active"):
        workspaces.change(table, eagle, body, now=NOW)
    contacts.set_status(table, eagle, used.id, body={"lead_status": "new"}, now=NOW)
    changed = workspaces.change(table, eagle, body, now=NOW)
    going = {status.key for status in changed.lead_statuses if status.closed}
    assert going == {one.key for one in DEFAULT_STATUSES} - {"new"}
    assert changed.lead_statuses[:2] == tuple(wanted)
    eagle = access.enter(table, "eagle", "amy")
    assert add(table, eagle, lead_status="hot").lead_status == "hot"
    with pytest.raises(InvalidFields, match="one of new, hot"):
        add(table, eagle, lead_status="active")
    assert len(search.contacts(table, eagle, search.Wanted(9, status="hot"))[0]) == 1


def test_my_workspaces_with_my_role(table: Table, eagle: Member) -> None:
    """Those that I am a member of, and no others."""
    harbor = found(table, "harbor", "zed")
    join(table, harbor, "amy", "viewer")
    found(table, "third", "zed")
    mine = workspaces.page(table, "amy", limit=9, cursor=None)[0]
    assert sorted(mine, key=lambda one: str(one["slug"])) == [
        {"id": eagle.workspace.id, "slug": "eagle", "name": "Eagle", "role": "owner"},
        {
            "id": harbor.workspace.id,
            "slug": "harbor",
            "name": "Harbor",
            "role": "viewer",
        },
    ]
    assert workspaces.page(table, "nobody", limit=9, cursor=None) == ([], None)


def test_the_only_workspace_needs_no_name(table: Table, eagle: Member) -> None:
    """With one workspace it is that one; with none or several it must be named."""
    assert access.only_workspace(table, "amy") == eagle.workspace.id
    found(table, "second", "amy")
    for user_id in ("amy", "nobody"):
        with pytest.raises(WorkspaceRequired):
            access.only_workspace(table, user_id)
