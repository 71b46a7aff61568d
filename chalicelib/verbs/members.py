"""The verbs of a workspace's members: list, add, change the role, remove.

A member stands behind both names of the workspace; both copies change together. The
number of owners is kept with the workspace, so that the storage refuses to lose the
last."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import Busy, LastOwner, MemberExists, MemberNotFound
from chalicelib.model.words import Member, Membership
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import Change, Delete, Put, Step, Update
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

ROLE = {"role": parsers.required(parsers.one_of(access.ROLES))}
NEW = {"user_id": parsers.required(parsers.user_id), **ROLE}
TRIES = 5  # of a change of role that meets another change of the same role


def page(
    table: Table, member: Member, *, limit: int, cursor: str | None
) -> tuple[list[Membership], str | None]:
    """Members by user id, and the cursor of the next page; one query."""
    access.allow(member, "read")
    start = keys.membership(member.workspace.id, cursor)._asdict() if cursor else None
    found = table.query(keys.members(member), limit=limit + 1, start=start).items
    shown = [items.membership(item) for item in found[:limit]]
    return shown, shown[-1].user_id if len(found) > limit else None


def add(
    table: Table, member: Member, body: Mapping[str, Any], *, now: datetime
) -> Membership:
    """The new member; raises InvalidFields, Forbidden, MemberExists."""
    access.allow(member, "manage")
    given = fields.parse(body, NEW)
    _allow_roles(member, given["role"])
    new = Membership(**given, created_at=timestamp(now))
    steps: dict[str, Step] = {
        door: Put(items.member_item(member.workspace, new, door), conditions.NEW)
        for door in keys.doors(member.workspace)
    }
    try:
        table.transact(steps | _count_owners(member, "", new.role))
    except Refused as refused:
        raise MemberExists from refused
    return new


def change_role(
    table: Table, member: Member, user_id: str, *, body: Mapping[str, Any]
) -> Membership:
    """The member with the new role; raises InvalidFields, MemberNotFound, LastOwner,
    Forbidden."""
    access.allow(member, "manage")
    role = fields.patch(body, ROLE)["role"]
    for _ in range(TRIES):
        now = _membership(table, member, user_id)
        _allow_roles(member, now.role, role)
        if role == now.role:
            return now
        steps: dict[str, Step] = {
            door: Update(
                keys.membership(door, user_id),
                Change(set={"role": role}),
                conditions.role_is(now.role),
            )
            for door in keys.doors(member.workspace)
        }
        if _transact(table, steps | _count_owners(member, now.role, role)):
            return Membership(user_id, role, now.created_at)
    raise Busy


def remove(table: Table, member: Member, user_id: str) -> None:
    """The member is out at once; raises MemberNotFound, LastOwner, Forbidden."""
    access.allow(member, "manage")
    for _ in range(TRIES):
        now = _membership(table, member, user_id)
        _allow_roles(member, now.role)
        steps: dict[str, Step] = {
            door: Delete(keys.membership(door, user_id), conditions.role_is(now.role))
            for door in keys.doors(member.workspace)
        }
        if _transact(table, steps | _count_owners(member, now.role, "")):
            return
    raise Busy


def _allow_roles(member: Member, *roles: str) -> None:
    access.allow(member, "manage")
    if "owner" in roles:
        access.allow(member, "own")


def _membership(table: Table, member: Member, user_id: str) -> Membership:
    item = table.get(keys.membership(member.workspace.id, user_id))
    if item is None:
        raise MemberNotFound
    return items.membership(item)


def _count_owners(member: Member, before: str, after: str) -> dict[str, Step]:
    """The step that keeps the number of owners, when it changes."""
    change = (after == "owner") - (before == "owner")
    if not change:
        return {}
    where = conditions.MORE_THAN_ONE_OWNER if change < 0 else conditions.EXISTS
    place = keys.workspace(member.workspace.id)
    return {"owners": Update(place, Change(add={"owner_count": change}), where)}


def _transact(table: Table, steps: dict[str, Step]) -> bool:
    """False when the role was changed meanwhile."""
    try:
        table.transact(steps)
    except Refused as refused:
        if refused.step == "owners":
            raise LastOwner from refused
        return False
    return True
