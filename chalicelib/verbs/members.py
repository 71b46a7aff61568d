"""The verbs of a workspace's members: list, add, change the role, close. What was
assigned to one who goes is handed over by jobs/handover.py, which ends the membership.

A member stands behind both names of the workspace; both copies change together. The
number of owners is kept with the workspace, so that the storage refuses to lose the
last."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.base.budget import waits
from chalicelib.commit import once
from chalicelib.commit.once import Once
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import Busy, LastOwner, MemberExists, MemberNotFound
from chalicelib.model.people import Membership
from chalicelib.model.words import Member, as_json, from_json
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import Change, Put, Step, Update
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

ROLE = {"role": parsers.required(parsers.one_of(access.ROLES))}
NEW = {"user_id": parsers.required(parsers.user_id), **ROLE}

again = partial(from_json, Membership)


def page(
    table: Table, member: Member, *, limit: int, cursor: str | None
) -> tuple[list[Membership], str | None]:
    """Members by user id, and the cursor of the next page; one query."""
    access.allow(member, "read")
    start = keys.membership(member.workspace.id, cursor)._asdict() if cursor else None
    run, where = keys.members(member), conditions.STILL_IN
    found = table.query(run, limit=limit + 1, start=start, where=where)
    shown, after = found.first(limit)
    return [items.membership(one) for one in shown], after and keys.user_of(after)


def add(
    table: Table,
    member: Member,
    body: Mapping[str, Any],
    *,
    now: datetime,
    intent: Once | None = None,
) -> Membership:
    """The new member; raises InvalidFields, Forbidden, MemberExists."""
    access.allow(member, "manage")
    given = fields.parse(body, NEW)
    _allow_roles(member, given["role"])
    new = Membership(**given, created_at=timestamp(now))

    def write() -> Membership:
        steps: dict[str, Step] = {
            door: Put(
                items.member_item(member.workspace, new, door), conditions.NEW_OR_LEFT
            )
            for door in keys.doors(member.workspace)
        }
        kept = once.steps(member, intent, as_json(new))
        try:
            once.send(table, {**kept, **steps, **_count_owners(member, "", new.role)})
        except Refused as refused:
            raise MemberExists from refused
        return new

    return once.only(table, member, intent, write, again)


def change_role(
    table: Table,
    member: Member,
    user_id: str,
    *,
    body: Mapping[str, Any],
    intent: Once | None = None,
) -> Membership:
    """The member with the new role; raises InvalidFields, MemberNotFound, LastOwner,
    Forbidden."""
    access.allow(member, "manage")
    role = fields.patch(body, ROLE)["role"]

    def write() -> Membership:
        for wait in waits():
            now = _membership(table, member, user_id)
            _allow_roles(member, now.role, role)
            after = replace(now, role=role)
            kept = once.steps(member, intent, as_json(after))
            if after == now and not kept:
                return now
            counted = _count_owners(member, now.role, role)
            change = Change(set={"role": role})
            if _write(table, kept | _both(member, now, change) | counted):
                return after
            time.sleep(wait)
        raise Busy

    return once.only(table, member, intent, write, again)


def close(
    table: Table,
    member: Member,
    user_id: str,
    *,
    now: datetime,
    intent: Once | None = None,
) -> None:
    """The member is out at once; anybody may leave. Raises MemberNotFound, LastOwner,
    Forbidden."""
    if user_id != member.user_id:
        access.allow(member, "manage")

    def write() -> None:
        for wait in waits():
            was = _membership(table, member, user_id)
            if user_id != member.user_id:
                _allow_roles(member, was.role)
            kept = once.steps(member, intent, None)
            counted = _count_owners(member, was.role, "")
            if _write(table, kept | _closed(member, was, now) | counted):
                return
            time.sleep(wait)
        raise Busy

    once.only(table, member, intent, write, lambda answer: answer)


def _both(member: Member, was: Membership, change: Change) -> dict[str, Step]:
    """The same change behind both doors, of the role that was read."""
    where = conditions.role_is(was.role)
    return {
        door: Update(keys.membership(door, was.user_id), change, where)
        for door in keys.doors(member.workspace)
    }


def _closed(member: Member, was: Membership, now: datetime) -> dict[str, Step]:
    """It lets nobody in any more, is listed nowhere, and is due to be handed over."""
    out: dict[str, Any] = {"closed_at": timestamp(now), "gsi1pk": None, "gsi1sk": None}
    place = keys.membership(member.workspace.id, was.user_id)
    due = keys.listed_as_due(timestamp(now), place.sk)
    where = conditions.role_is(was.role)
    steps = _both(member, was, Change(set={"closed_at": timestamp(now)}))
    return steps | {place.pk: Update(place, Change(set=out | due), where)}


def _allow_roles(member: Member, *roles: str) -> None:
    access.allow(member, "manage")
    if "owner" in roles:
        access.allow(member, "own")


def _membership(table: Table, member: Member, user_id: str) -> Membership:
    item = table.get(keys.membership(member.workspace.id, user_id))
    if item is None or "closed_at" in item:
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


def _write(table: Table, steps: dict[str, Step]) -> bool:
    """False when the role was changed meanwhile."""
    try:
        once.send(table, steps)
    except Refused as refused:
        if refused.step == "owners":
            raise LastOwner from refused
        return False
    return True
