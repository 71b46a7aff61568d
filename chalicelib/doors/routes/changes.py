"""What is new in a workspace, over HTTP; the contract is docs/api.md."""

import re
from datetime import datetime, timedelta

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.asked import bad_parameters
from chalicelib.doors.bodies import news
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.model.clock import TIME, moment, timestamp
from chalicelib.model.ids import ULID
from chalicelib.verbs import changes
from chalicelib.verbs.changes import Walk

blueprint = Blueprint(__name__)

SKEW = timedelta(seconds=5)  # between the clocks of two servers
OVER = "-"
# The workspace, since when, the walk's beginning, and how far it is in either list.
CURSOR = re.compile(
    f"(ws_{ULID})~({TIME})~({TIME})"
    f"~(?:({TIME})(con_{ULID})|{OVER})"
    f"~(?:({TIME})((?:con|del)_{ULID})|{OVER})"
)


@route(
    blueprint,
    "GET",
    "/workspaces/{workspace}/changes",
    query="since cursor",
    answers={200: news()},
)
def page(call: Call, workspace: str) -> Response:
    """Tell what was made, changed or deleted since a time.

    For a client that keeps a list fresh: it asks without `since` before it reads the
    list, and from then on with the `until` that it was told last. Something may be told
    twice, nothing is missed. At most 7 days back."""
    member = call.enter(workspace)
    walk = _walk(call, member.workspace.id)
    if walk is None:
        found = changes.beginning(member, call.now)
    else:
        found = changes.since(call.table, member, walk)
    home = member.workspace
    return answers.ok(
        {
            "changed": [answers.told(one, home) for one in found.changed],
            "gone": found.gone,
            "until": found.walk.until,
            "next_cursor": _cursor(home.id, found.walk),
        }
    )


def _walk(call: Call, workspace_id: str) -> Walk | None:
    """The walk that is asked for; None without a time to begin with."""
    query = call.query
    if "cursor" in query:
        walk = _behind(query["cursor"], workspace_id)
        if walk is None or walk.since != query.get("since"):
            reason = "is not one of this workspace and `since`"
            raise bad_parameters(["cursor"], reason)
        _require_recent(moment(walk.began), call.now, "cursor")
        _require_recent(moment(walk.since), moment(walk.began))
        return walk
    if "since" not in query:
        return None
    try:
        since = moment(query["since"])
    except ValueError:
        example = timestamp(call.now)
        raise bad_parameters(["since"], f"must be a time such as {example}") from None
    _require_recent(since, call.now)
    began = max(since, call.now)
    return Walk(timestamp(since), timestamp(began))


def _require_recent(time: datetime, now: datetime, name: str = "since") -> None:
    if not now - changes.BACK <= time <= now + SKEW:
        days = changes.BACK.days
        reason = f"must be at most {days} days back, and not to come"
        raise bad_parameters([name], reason)


def _cursor(workspace_id: str, walk: Walk) -> str | None:
    if walk.is_over:
        return None
    places = ["".join(place) if place else OVER for place in (walk.touched, walk.gone)]
    return "~".join([workspace_id, walk.since, walk.began, *places])


def _behind(cursor: str, workspace_id: str) -> Walk | None:
    """The walk that a cursor goes on with, or None if it is none of this workspace."""
    found = CURSOR.fullmatch(cursor)
    if found is None or found[1] != workspace_id:
        return None
    places = [(found[n], found[n + 1]) if found[n] else None for n in (4, 6)]
    walk = Walk(found[2], found[3], *places)
    span = [walk.since, *(place[0] for place in places if place), walk.began]
    try:
        moment(walk.began), moment(walk.since)
    except ValueError:
        return None
    inside = all(walk.since <= time <= walk.began for time in span)
    return walk if inside else None
