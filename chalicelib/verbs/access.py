"""Who may enter, and what a role may do there. The only file that makes a Member.

A workspace that does not exist and one that the caller is not a member of take the same
one call, cost the same and are refused in the same words.
"""

import hmac
from dataclasses import replace
from datetime import datetime
from time import sleep
from typing import Any

from chalicelib.base.budget import Budget, patience
from chalicelib.commit import keyring, once
from chalicelib.commit.once import Once
from chalicelib.model import parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import (
    Busy,
    Forbidden,
    Unauthenticated,
    WorkspaceNotFound,
    WorkspaceRequired,
)
from chalicelib.model.ids import OPERATOR
from chalicelib.model.people_errors import InvitationNotFound
from chalicelib.model.secret import Secret
from chalicelib.model.words import Member
from chalicelib.storage import conditions, entry, entry_items, items, keys
from chalicelib.storage.expressions import Change, Update
from chalicelib.storage.guard import Guard
from chalicelib.storage.table import Refused, connect
from chalicelib.storage.table import Table as Table  # the doors take it from here

ROLES = ("viewer", "member", "admin", "owner")  # each may all that those before it may
NOBODYS = "0" * 64  # what a secret is held to when there is no such token
# Seconds from the look to a No: what is found takes longer to read than what is not, by
# some tenths of a millisecond (bench/token_guess.py).
NO_SOONER = 0.010
LEAST_ROLE = {
    "read": "viewer",  # see contacts and what belongs to them, members, settings
    "write": "member",  # create, change and delete contacts and what belongs to them
    "manage": "admin",  # settings, and members up to admin
    "own": "owner",  # make, unmake and remove owners
}

GUEST = "guest"  # whoever is invited and no member yet: no role, so it may nothing
NAMING_SECONDS = 1  # what a first entry may wait to write a name


def enter(table: Table, reference: str, user_id: str) -> Member:
    """The caller as a member of the workspace with this id or slug, in one call;
    raises WorkspaceNotFound, also for those who are not members."""
    return let_in(table, reference, user_id)[0]


def let_in(
    table: Table,
    reference: str,
    user_id: str,
    *,
    reads: str | None = None,
    intent: Once | None = None,
) -> tuple[Member, Table]:
    """As `enter`, with the table bound to the workspace: the only one that a door has.

    What the verb will read first (the contact `reads`, the record of the `intent`) is
    read ahead in the same call, by slug in one more; it is shown to nobody else."""
    partition = keys.door(reference)
    doors = [keys.workspace(partition), keys.membership(partition, user_id)]
    named = reference.startswith("ws_")
    digest = intent.digest if intent else None
    wanted = keys.ahead(reference, reads, digest) if named else []
    workspace, membership, *found = table.get_many([*doors, *wanted])
    if workspace is None or membership is None or "closed_at" in membership:
        raise WorkspaceNotFound
    member = Member(items.workspace(workspace), user_id, membership["role"])
    if "entered" not in membership:
        _come_in(table, member)
    if not named:
        wanted = keys.ahead(member.workspace.id, reads, digest)
        found = table.get_many(wanted)
    guard = Guard.of(member.workspace)
    return member, table.inside(guard, dict(zip(wanted, found, strict=True)))


def who_left(
    table: Table, reference: str, user_id: str, intent: Once
) -> tuple[Member, Table]:
    """Somebody who asks again whether he has left, with the key of then: a guest, who
    may only be told. Raises WorkspaceNotFound for anybody else."""
    workspace = table.get(keys.workspace(keys.door(reference)))
    if workspace is None:
        raise WorkspaceNotFound
    guest, inside = _bound(table, workspace, user_id, GUEST)
    if once.recall(inside, guest, intent) is None:
        raise WorkspaceNotFound
    return guest, inside


def by_token(
    table: Table,
    reference: str | None,
    secret: Secret,
    *,
    now: datetime,
    reads: str | None = None,
    intent: Once | None = None,
) -> tuple[Member, Table]:
    """As `let_in`, for a machine: into its one workspace, whatever name that is called
    by, in one call. Raises Unauthenticated, in the same words and at the same cost
    whatever is wrong, and only then WorkspaceNotFound."""
    home = secret.workspace_id
    doors = [keys.workspace(home), entry.token(home, secret.token_id)]
    wanted = keys.ahead(home, reads, intent.digest if intent else None)
    least = Budget(NO_SOONER)
    workspace, token, *found = table.get_many([*doors, *wanted])
    kept = token or {}
    # Always compared, and in a time that tells nothing: a hash is public, not its text.
    right = hmac.compare_digest(secret.digest, kept.get("digest", NOBODYS))
    alive = kept.get("ends_at", "") > timestamp(now)
    if not (right and alive and workspace and token):
        sleep(max(0.0, least.left()))
        raise Unauthenticated("The token is not valid here.")
    if reference not in (None, home, workspace["slug"]):
        raise WorkspaceNotFound
    known = dict(zip(wanted, found, strict=True))
    member, inside = _bound(table, workspace, secret.token_id, token["role"], known)
    keyring.used(inside, token, now)
    return member, inside


def let_in_invited(
    table: Table,
    reference: str,
    invitation_id: str,
    user_id: str,
    *,
    now: datetime,
    intent: Once | None = None,
) -> tuple[Member, Table]:
    """Somebody who names an invitation, to accept or to decline it: he may nothing
    else. Raises InvitationNotFound, at the same cost whatever is missing."""
    door = keys.door(reference)
    if not reference.startswith("ws_"):
        named = table.get(keys.workspace(door))
        door = named["workspace_id"] if named else door
    wanted = [entry.invitation(door, invitation_id)]
    wanted += keys.ahead(door, None, intent.digest if intent else None)
    workspace, *found = table.get_many([keys.workspace(door), *wanted])
    if not workspace or not found[0] or entry_items.has_gone(found[0], now):
        raise InvitationNotFound
    known = dict(zip(wanted, found, strict=True))
    return _bound(table, workspace, user_id, GUEST, known)


def _bound(
    table: Table,
    workspace: items.Item,
    user_id: str,
    role: str,
    known: dict[keys.Key, Any] | None = None,
) -> tuple[Member, Table]:
    member = Member(items.workspace(workspace), user_id, role)
    return member, table.inside(Guard.of(member.workspace), known or {})


def operator(
    table: Table, reference: str, acting_as: str = OPERATOR
) -> tuple[Member, Table]:
    """The operator in the AWS console, whom IAM has let in, recorded as "console"; or a
    job, that goes on with what a member has begun."""
    workspace = table.get(keys.workspace(keys.door(reference)))
    if workspace is None:
        raise WorkspaceNotFound("There is no such workspace.")
    return _bound(table, workspace, acting_as, "owner")


def acting_as(member: Member, user_id: str) -> Member:
    """A job that goes on with what this member has asked for, told as done by him."""
    return replace(member, user_id=user_id)


def store() -> Table:
    """The store of this process, bound to nobody: for entering, and for work on all
    workspaces. Making it takes most of a cold start."""
    return connect()


def only_workspace(table: Table, user_id: str) -> str:
    """The id of the caller's only workspace; raises WorkspaceRequired if it is not
    one."""
    page = table.query(keys.memberships_of(user_id), limit=2)
    if len(page.items) != 1:
        raise WorkspaceRequired
    return str(page.items[0]["pk"])


def allow(member: Member, permission: str) -> None:
    """Raises Forbidden when the member's role does not carry the permission; a guest's
    carries none."""
    may = member.role in ROLES and rank(member.role) >= rank(LEAST_ROLE[permission])
    if not may:
        raise Forbidden


def assignee(table: Table, member: Member) -> parsers.Parser:
    """A parser for who is assigned: a member of this workspace; costs a read."""

    def read(value: Any) -> str:
        user_id: str = parsers.user_id(value)
        found = table.get(keys.membership(member.workspace.id, user_id))
        if found is None or "closed_at" in found:
            raise parsers.Bad("unknown_member", "must be a member of the workspace")
        return user_id

    return parsers.optional(parsers.user_id._replace(read=read))


def rank(role: str) -> int:
    return ROLES.index(role)


def _come_in(table: Table, member: Member) -> None:
    """The first time that somebody enters who was added by his id: from now on he is
    shown by name. It is written once, and nobody is kept out by its failing."""
    user_id, home = member.user_id, member.workspace
    try:
        with patience(NAMING_SECONDS):
            who = entry_items.person(user_id, table.get(keys.profile(user_id)))
            table.transact(
                {
                    door: Update(
                        keys.membership(door, user_id),
                        Change(set=entry_items.come_in(who, home, door)),
                        conditions.NOT_YET_HERE,
                    )
                    for door in keys.doors(home)
                }
            )
    except (Refused, Busy):  # another request was faster, or the next one does it
        return
