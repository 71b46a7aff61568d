"""Who may enter, and what a role may do there. The only file that makes a Member.

A workspace that does not exist and one that the caller is not a member of take the same
one call, cost the same and are refused in the same words.
"""

from typing import Any

from chalicelib.model import parsers
from chalicelib.model.errors import Forbidden, WorkspaceNotFound, WorkspaceRequired
from chalicelib.model.ids import OPERATOR
from chalicelib.model.words import Member
from chalicelib.storage import items, keys
from chalicelib.storage.table import Table

ROLES = ("viewer", "member", "admin", "owner")  # each may all that those before it may
LEAST_ROLE = {
    "read": "viewer",  # see contacts and what belongs to them, members, settings
    "write": "member",  # create, change and delete contacts and what belongs to them
    "manage": "admin",  # settings, and members up to admin
    "own": "owner",  # make, unmake and remove owners
}


def enter(table: Table, reference: str, user_id: str) -> Member:
    """The caller as a member of the workspace with this id or slug, in one call;
    raises WorkspaceNotFound, also for those who are not members."""
    partition = keys.door(reference)
    workspace, membership = table.get_many(
        [keys.workspace(partition), keys.membership(partition, user_id)]
    )
    if workspace is None or membership is None:
        raise WorkspaceNotFound
    return Member(items.workspace(workspace), user_id, membership["role"])


def operator(table: Table, reference: str) -> Member:
    """The operator in the AWS console, whom IAM has let in; recorded as "console"."""
    workspace = table.get(keys.workspace(keys.door(reference)))
    if workspace is None:
        raise WorkspaceNotFound("There is no such workspace.")
    return Member(items.workspace(workspace), OPERATOR, "owner")


def only_workspace(table: Table, user_id: str) -> str:
    """The id of the caller's only workspace; raises WorkspaceRequired if it is not
    one."""
    page = table.query(keys.memberships_of(user_id), limit=2)
    if len(page.items) != 1:
        raise WorkspaceRequired
    return str(page.items[0]["pk"])


def allow(member: Member, permission: str) -> None:
    """Raises Forbidden when the member's role does not carry the permission."""
    if rank(member.role) < rank(LEAST_ROLE[permission]):
        raise Forbidden


def assignee(table: Table, member: Member) -> parsers.Parser:
    """A parser for who is assigned: a member of this workspace; costs a read."""

    def read(value: Any) -> str:
        user_id: str = parsers.user_id(value)
        if not table.get(keys.membership(member.workspace.id, user_id)):
            raise parsers.Bad("unknown_member", "must be a member of the workspace")
        return user_id

    return parsers.optional(parsers.user_id._replace(read=read))


def rank(role: str) -> int:
    return ROLES.index(role)
