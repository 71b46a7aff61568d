"""A status that was closed goes when no contact has it. It was closed at once, so that
nobody can set it; a minute later no request is left that had read it as open, and the
index has caught up: only then is it looked for."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.jobs import lease
from chalicelib.jobs.lease import Work
from chalicelib.model.words import Member, Workspace
from chalicelib.storage import keys
from chalicelib.storage.table import Table
from chalicelib.verbs import workspaces

LOOKED_AGAIN = timedelta(minutes=10)  # while contacts still have it


def go_on(table: Table, member: Member, work: Work) -> bool:
    """Removes the closed statuses that no contact has; whether none is left."""
    taken, _ = lease.take(table, work)
    if not taken:
        return False
    used = {
        status.key
        for status in member.workspace.lead_statuses
        if status.closed and _in_use(table, member, status.key)
    }

    def without_unused(now: Workspace) -> Workspace:
        kept = [one for one in now.lead_statuses if not one.closed or one.key in used]
        return replace(now, lead_statuses=tuple(kept))

    workspaces.settle(table, member, without_unused, now=work.now)
    if used:
        lease.give_back(table, work, work.now + LOOKED_AGAIN)
        return False
    return lease.finish(table, work)


def _in_use(table: Table, member: Member, status: str) -> bool:
    run = keys.contacts_with_status(member, status)
    return bool(table.query(run, limit=1).items)
