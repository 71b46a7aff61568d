"""The verbs of a workspace's members: list, add, change the role, close. What was
assigned to one who goes is handed over by jobs/handover.py, which ends the membership.

How a membership lies behind both names of the workspace is commit/membership.py's."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.base.budget import waits
from chalicelib.commit import keyring, membership, once
from chalicelib.commit.keyring import Ring
from chalicelib.commit.membership import Going
from chalicelib.commit.once import Once
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import (
    Busy,
    LastOwner,
    MemberExists,
    MemberNotFound,
)
from chalicelib.model.people import Membership
from chalicelib.model.words import Member, as_json, from_json
from chalicelib.storage import conditions, entry, items, keys
from chalicelib.storage.expressions import Change, Put, Step
from chalicelib.storage.items import Item
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

ROLE = {"role": parsers.required(parsers.one_of(access.ROLES))}
NEW = {"user_id": parsers.required(parsers.user_id), **ROLE}

again = partial(from_json, Membership)


NOBODY = Going()  # what was assigned is assigned to nobody


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


def one(table: Table, member: Member, user_id: str) -> Membership:
    """One member; raises MemberNotFound."""
    access.allow(member, "read")
    return _membership(table.get(keys.membership(member.workspace.id, user_id)))


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
            once.send(
                table,
                {**kept, **steps, **membership.count_owners(member, "", new.role)},
            )
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
    now: datetime,
    intent: Once | None = None,
) -> Membership:
    """The member with the new role; what he has made for machines ends where it is
    above it. Raises InvalidFields, MemberNotFound, LastOwner, Forbidden."""
    access.allow(member, "manage")
    role = fields.patch(body, ROLE)["role"]

    def write() -> Membership:
        for wait in waits():
            was, ring = _with_tokens(table, member, user_id, now)
            _allow_roles(member, was.role, role)
            after = replace(was, role=role)
            kept = once.steps(member, intent, as_json(after))
            if after == was and not kept:
                return was
            steps = kept | membership.both(member, was, Change(set={"role": role}))
            steps |= membership.count_owners(member, was.role, role)
            ended = _made_by(ring, user_id, above=access.rank(role))
            if _write(table, steps | keyring.without(member, ring, ended, now)):
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
    going: Going = NOBODY,
    intent: Once | None = None,
) -> str | None:
    """The member is out at once, and what he has made for machines with him; anybody
    may leave. The id of the job that hands over, if one was asked for. Raises
    MemberNotFound, LastOwner, Forbidden, and InvalidRequest that names `assign_to`."""
    if user_id != member.user_id:
        access.allow(member, "manage")

    def again(said: str | None) -> str | None:
        return said

    def write() -> str | None:
        for wait in waits():
            was, ring = _with_tokens(table, member, user_id, now)
            if user_id != member.user_id:
                _allow_roles(member, was.role)
            steps = once.steps(member, intent, going.job_id)
            steps |= membership.closed(member, was, now, going) | membership.heir(
                member, was, going
            )
            steps |= membership.count_owners(member, was.role, "")
            ended = keyring.without(member, ring, _made_by(ring, user_id), now)
            if _write(table, steps | ended):
                return going.job_id
            time.sleep(wait)
        raise Busy

    return once.only(table, member, intent, write, again)


def _allow_roles(member: Member, *roles: str) -> None:
    access.allow(member, "manage")
    if "owner" in roles:
        access.allow(member, "own")


def _membership(item: Item | None) -> Membership:
    if item is None or "closed_at" in item:
        raise MemberNotFound
    return items.membership(item)


def _with_tokens(
    table: Table, member: Member, user_id: str, now: datetime
) -> tuple[Membership, Ring]:
    """The membership, and the living tokens of the workspace."""
    home = member.workspace.id
    places = [keys.membership(home, user_id), entry.keyring(home)]
    item, listed = table.get_many(places)
    return _membership(item), keyring.read(listed).at(now)


def _made_by(ring: Ring, user_id: str, above: int = -1) -> list[str]:
    """The tokens that end with their maker, or when he falls below them."""
    mine = [one for one in ring.living if one.made_by == user_id]
    return [one.id for one in mine if access.rank(one.role) > above]


def _write(table: Table, steps: dict[str, Step]) -> bool:
    """False when the role was changed meanwhile."""
    try:
        once.send(table, steps)
    except Refused as refused:
        if refused.step == "owners":
            raise LastOwner from refused
        if refused.step == "heir":
            raise membership.no_heir("must be a member of the workspace") from refused
        return False
    return True
