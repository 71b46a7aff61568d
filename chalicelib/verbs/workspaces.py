"""The verbs of a workspace: create, change its settings, list one's own.

A workspace opens by its id and by its slug: the same items lie behind both, and are
written together or not at all. Its members are members.py's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.model import fields
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import SlugTaken, StatusInUse
from chalicelib.model.ids import new_id
from chalicelib.model.words import (
    DEFAULT_STATUSES,
    Member,
    Membership,
    Workspace,
    as_json,
)
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import Change, Put, Step, Update
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

Body = Mapping[str, Any]


def create(table: Table, owner: str, body: Body, *, now: datetime) -> Workspace:
    """A new workspace with its first owner; raises InvalidFields, SlugTaken."""
    given = fields.parse(body, fields.new_workspace())
    workspace = Workspace(
        id=new_id("ws", now),
        **given,
        lead_statuses=DEFAULT_STATUSES,
        phone_region=None,
        created_at=timestamp(now),
        updated_at=timestamp(now),
    )
    member = Membership(owner, "owner", timestamp(now))
    steps: dict[str, Step] = {}
    for door in keys.doors(workspace):
        item = items.workspace_item(workspace, door)
        steps[f"workspace behind {door}"] = Put(item, conditions.NEW)
        steps[f"member behind {door}"] = Put(items.member_item(workspace, member, door))
    try:
        table.transact(steps)
    except Refused as refused:
        raise SlugTaken from refused
    return workspace


def change(table: Table, member: Member, body: Body, *, now: datetime) -> Workspace:
    """The workspace with its settings changed; raises InvalidFields, or StatusInUse
    when contacts still have a status that would go."""
    access.allow(member, "manage")
    changes = fields.patch(body, fields.settings())
    _keep_used_statuses(table, member, changes)
    settings = items.settings_attributes(changes | {"updated_at": timestamp(now)})
    table.transact(
        {
            door: Update(keys.workspace(door), Change(set=settings), conditions.EXISTS)
            for door in keys.doors(member.workspace)
        }
    )
    stored = table.get(keys.workspace(member.workspace.id))
    assert stored is not None  # workspaces are never removed
    return items.workspace(stored)


def _keep_used_statuses(table: Table, member: Member, changes: dict[str, Any]) -> None:
    if "lead_statuses" not in changes:
        return
    kept = {status.key for status in changes["lead_statuses"]}
    for key in set(member.workspace.status_keys) - kept:
        if table.query(keys.contacts_with_status(member, key), limit=1).items:
            raise StatusInUse(f"Contacts still have the status {key}.")


def of_user(table: Table, user_id: str) -> list[dict[str, Any]]:
    """The workspaces a user is a member of, with the role there, oldest first."""
    found: list[keys.Key] = []
    start = None
    while True:
        page = table.query(keys.memberships_of(user_id), limit=100, start=start)
        found += [keys.Key(item["pk"], item["sk"]) for item in page.items]
        if page.start is None:
            return _described(table, found)
        start = page.start


def _described(table: Table, memberships: list[keys.Key]) -> list[dict[str, Any]]:
    places = [keys.workspace(key.pk) for key in memberships]
    stored = table.get_many([*places, *memberships])
    pairs = zip(stored[: len(places)], stored[len(places) :], strict=True)
    found = []
    for workspace, membership in pairs:
        if workspace and membership:  # the index may be a moment behind
            shown = as_json(items.workspace(workspace))
            shown["role"] = membership["role"]
            found.append({name: shown[name] for name in ("id", "slug", "name", "role")})
    return found
