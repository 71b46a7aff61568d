"""The verbs of a workspace: create, change its settings, list one's own.

A workspace opens by its id and by its slug: the same items lie behind both, and are
written together or not at all. Its members are members.py's.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.base.budget import waits
from chalicelib.commit import once
from chalicelib.commit.once import Once
from chalicelib.model import fields, statuses
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import (
    Busy,
    FieldError,
    InvalidFields,
    SlugTaken,
    StatusInUse,
    TooManyWorkspaces,
    VersionMismatch,
)
from chalicelib.model.ids import new_id
from chalicelib.model.parsers import Bad
from chalicelib.model.people import Membership, Person
from chalicelib.model.words import (
    DEFAULT_STATUSES,
    Member,
    Status,
    Workspace,
    as_json,
    from_json,
)
from chalicelib.storage import conditions, entry_items, items, keys
from chalicelib.storage.expressions import Change, ConditionCheck, Put, Step, Update
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

Body = Mapping[str, Any]
Versions = tuple[int, ...] | None

MOST_MADE = 50  # workspaces by one user: nobody floods the store, or another's /me
CLOSING = timedelta(seconds=60)  # no request that read a status as open takes as long

again = partial(from_json, Workspace)


def create(
    table: Table, owner: str, body: Body, *, now: datetime, intent: Once | None = None
) -> Workspace:
    """A new workspace with its first owner; raises InvalidFields, SlugTaken,
    TooManyWorkspaces."""
    given = fields.parse(body, fields.new_workspace())
    made = Workspace(
        id=new_id("ws", now),
        **given,
        lead_statuses=DEFAULT_STATUSES,
        phone_region=None,
        require_if_match=False,
        version=1,
        created_at=timestamp(now),
        updated_at=timestamp(now),
    )

    def write() -> Workspace:
        kept = once.steps(None, intent, as_json(made))
        try:
            who = entry_items.person(owner, table.get(keys.profile(owner)))
            once.send(table, {**kept, **_made_by(owner), **_new(made, who)})
        except Refused as refused:
            raise (
                TooManyWorkspaces if refused.step == "made" else SlugTaken
            ) from refused
        return made

    return once.only(table, None, intent, write, again)


def change(
    table: Table,
    member: Member,
    body: Body,
    *,
    now: datetime,
    versions: Versions = None,
    intent: Once | None = None,
) -> Workspace:
    """The workspace with its settings changed; raises InvalidFields, VersionMismatch,
    or StatusInUse when contacts still have a status that would go."""
    access.allow(member, "manage")

    def changed(before: Workspace) -> Workspace:
        if versions is not None and before.version not in versions:
            raise VersionMismatch(current=before)
        given = fields.patch(body, fields.settings())
        if "lead_statuses" in given:
            wanted = _closing(before, given["lead_statuses"])
            _require_unused(table, member, before, wanted)
            given["lead_statuses"] = wanted
        return replace(before, **given)

    write = partial(settle, table, member, changed, now=now, intent=intent)
    return once.only(table, member, intent, write, again)


def settle(
    table: Table,
    member: Member,
    apply: Callable[[Workspace], Workspace],
    *,
    now: datetime,
    intent: Once | None = None,
) -> Workspace:
    """The workspace after `apply`, computed and written on the version that was read,
    as a contact is (commit/commit.py); nothing is written when nothing changes."""
    before = member.workspace
    for wait in waits():
        after = _stamped(before, apply(before), now)
        kept = once.steps(member, intent, as_json(after))
        try:
            if kept or after.version != before.version:
                once.send(table, kept | _steps(before, after, now))
            return after
        except Refused:  # somebody else has changed it meanwhile
            time.sleep(wait)
        before = _now(table, member)
    raise Busy


def page(
    table: Table, user_id: str, *, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The workspaces a user is a member of, with the role there, oldest first, and the
    cursor of the next page."""
    start = keys.after_workspace(user_id, cursor) if cursor else None
    run = keys.memberships_of(user_id)
    found = table.query(run, limit=limit + 1, start=start)
    listed = [keys.Key(item["pk"], item["sk"]) for item in found.items[:limit]]
    more = len(found.items) > limit or found.start is not None
    return _described(table, listed), listed[-1].pk if more and listed else None


def _made_by(owner: str) -> dict[str, Step]:
    """Counted are those that he makes himself: nobody can fill another's number."""
    where = conditions.fewer_than(MOST_MADE)
    return {"made": Update(keys.profile(owner), Change(add={"made": 1}), where)}


def _new(made: Workspace, owner: Person) -> dict[str, Step]:
    first = Membership(owner.user_id, "owner", made.created_at)
    steps: dict[str, Step] = {}
    for door in keys.doors(made):
        item = items.workspace_item(made, door)
        steps[f"workspace behind {door}"] = Put(item, conditions.NEW)
        member = items.member_item(made, first, door)
        member |= entry_items.come_in(owner, made, door)
        steps[f"member behind {door}"] = Put(member, conditions.NEW)
    return steps


def _stamped(before: Workspace, after: Workspace, now: datetime) -> Workspace:
    if after == before:
        return before
    least = datetime.fromisoformat(before.updated_at) + timedelta(milliseconds=1)
    time = timestamp(max(now, least))
    return replace(after, version=before.version + 1, updated_at=time)


def _steps(before: Workspace, after: Workspace, now: datetime) -> dict[str, Step]:
    where = conditions.version_is(before.version)
    if after.version == before.version:
        place = keys.workspace(before.id)
        return {"workspace": ConditionCheck(place, where)}
    steps: dict[str, Step] = {}
    for door in keys.doors(after):
        settings = items.settings_attributes(after)
        if door == after.id and _closed(after) - _closed(before):
            due = timestamp(now + CLOSING)
            settings |= keys.listed_as_due(due, keys.workspace(door).sk)
        steps[door] = Update(keys.workspace(door), Change(set=settings), where)
    return steps


def _closed(workspace: Workspace) -> set[str]:
    return {status.key for status in workspace.lead_statuses if status.closed}


def _closing(before: Workspace, wanted: tuple[Status, ...]) -> tuple[Status, ...]:
    """The statuses that are wanted, and those that go, closed: nobody can set them any
    more, and they are removed when no contact has them (jobs/statuses.py)."""
    kept = {status.key for status in wanted}
    going = [one for one in before.lead_statuses if one.key not in kept]
    both = [*wanted, *(replace(one, closed=True) for one in going)]
    try:
        return statuses.bounded(both)
    except Bad as bad:
        reason = f"lead_statuses {bad.reason}."
        raise InvalidFields([FieldError("lead_statuses", bad.code, reason)]) from None


def _require_unused(
    table: Table, member: Member, before: Workspace, after: tuple[Status, ...]
) -> None:
    going = {status.key for status in after if status.closed} - _closed(before)
    for key in going:
        run = keys.contacts_with_status(member, key)
        if table.query(run, limit=1).items:
            raise StatusInUse(f"Contacts still have the status {key}.")


def _now(table: Table, member: Member) -> Workspace:
    stored = table.get(keys.workspace(member.workspace.id))
    assert stored is not None  # workspaces are never removed
    return items.workspace(stored)


def _described(table: Table, memberships: list[keys.Key]) -> list[dict[str, Any]]:
    places = [keys.workspace(key.pk) for key in memberships]
    stored = table.get_many([*places, *memberships])
    pairs = zip(stored[: len(places)], stored[len(places) :], strict=True)
    found = []
    for workspace, membership in pairs:
        if workspace and membership and "closed_at" not in membership:
            shown = as_json(items.workspace(workspace))
            shown["role"] = membership["role"]
            found.append({name: shown[name] for name in ("id", "slug", "name", "role")})
    return found
