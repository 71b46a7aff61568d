"""The steps that change a membership. A member stands behind both names of the
workspace; both copies change together. The number of owners is kept with the workspace,
so that the storage refuses to lose the last."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.model.clock import timestamp
from chalicelib.model.errors import FieldError, InvalidRequest
from chalicelib.model.people import Membership
from chalicelib.model.words import Job, Member
from chalicelib.storage import conditions, job_items, keys
from chalicelib.storage.expressions import Change, ConditionCheck, Put, Step, Update

JOB_KEPT = timedelta(days=30)


class Going(NamedTuple):
    """What becomes of what was assigned to one who goes: to whom it goes, nobody
    without one; and the job that does it, where it is much."""

    assign_to: str | None = None
    job: Job | None = None

    @property
    def job_id(self) -> str | None:
        return self.job.id if self.job else None


def both(member: Member, was: Membership, change: Change) -> dict[str, Step]:
    """The same change behind both doors, of the role that was read."""
    where = conditions.role_is(was.role)
    return {
        door: Update(keys.membership(door, was.user_id), change, where)
        for door in keys.doors(member.workspace)
    }


def count_owners(member: Member, before: str, after: str) -> dict[str, Step]:
    """The step that keeps the number of owners, when it changes."""
    change = (after == "owner") - (before == "owner")
    if not change:
        return {}
    where = conditions.MORE_THAN_ONE_OWNER if change < 0 else conditions.EXISTS
    place = keys.workspace(member.workspace.id)
    return {"owners": Update(place, Change(add={"owner_count": change}), where)}


def closed(
    member: Member, was: Membership, now: datetime, going: Going
) -> dict[str, Step]:
    """It lets nobody in any more, is listed nowhere, and is due to be handed over: by
    whoever comes, as who has asked wants it."""
    place = keys.membership(member.workspace.id, was.user_id)
    out: dict[str, Any] = {
        "closed_at": timestamp(now),
        "closed_by": member.user_id,
        "assign_to": going.assign_to,
        "job_id": going.job_id,
        "gsi1pk": None,
        "gsi1sk": None,
        **keys.listed_as_due(timestamp(now), place.sk),
    }
    steps = both(member, was, Change(set={"closed_at": timestamp(now)}))
    where = conditions.role_is(was.role)
    steps[place.pk] = Update(place, Change(set=out), where)
    if going.job:
        expires_at = int((now + JOB_KEPT).timestamp())
        item = job_items.job_item(member, going.job, was.user_id, expires_at)
        steps["job"] = Put(item, conditions.NEW)
    return steps


def heir(member: Member, was: Membership, going: Going) -> dict[str, Step]:
    """Who gets what was assigned is another member, in this moment."""
    if going.assign_to is None:
        return {}
    if going.assign_to == was.user_id:
        raise no_heir("must be another member")
    place = keys.membership(member.workspace.id, going.assign_to)
    return {"heir": ConditionCheck(place, conditions.ENTERED)}


def no_heir(reason: str) -> InvalidRequest:
    error = FieldError.about("assign_to", "unknown_member", reason)
    return InvalidRequest(errors=[error])
