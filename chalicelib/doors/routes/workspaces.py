"""Workspaces and their members over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.asked import limit_of, user_cursor_of, user_id_of
from chalicelib.doors.bodies import many, new, one, patch, told
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.doors.people_bodies import and_assigned
from chalicelib.jobs import handover
from chalicelib.model import fields
from chalicelib.model.errors import (
    LastOwner,
    MemberExists,
    SlugTaken,
    StatusInUse,
    TooManyWorkspaces,
)
from chalicelib.model.people import Membership
from chalicelib.model.words import Job, Workspace, as_json
from chalicelib.verbs import access, assignments, members, workspaces

blueprint = Blueprint(__name__)

WORKSPACE = "/workspaces/{workspace}"
MEMBERS = WORKSPACE + "/members"
MEMBER = MEMBERS + "/{user_id}"
MYSELF, NOBODY = "me", "none"  # no user has these ids
MOST_COUNTED = 1000


@route(blueprint, "GET", "/health", public=True, answers={200: told(status="ok")})
def health(call: Call) -> Response:
    """Ask whether the service answers."""
    return answers.ok({"status": "ok"})


@route(
    blueprint,
    "POST",
    "/workspaces",
    people=True,
    takes=new(fields.new_workspace()),
    answers={201: one(Workspace, "ETag Location")},
    refuses=(SlugTaken, TooManyWorkspaces),
)
def create(call: Call) -> Response:
    """Create a workspace; the caller becomes its owner."""
    made = workspaces.create(
        access.store(), call.caller, call.body(), now=call.now, intent=call.intent
    )
    place = call.location("workspaces", made.id)
    return answers.workspace(made, 201, Location=place)


@route(
    blueprint,
    "GET",
    WORKSPACE,
    answers={200: one(Workspace, "ETag")},
    headers="If-None-Match",
)
def get(call: Call, workspace: str) -> Response:
    """Read a workspace and its settings."""
    found = call.enter(workspace).workspace
    tag = answers.etag(as_json(found))
    if call.has(tag):
        return answers.not_modified(tag)
    return answers.workspace(found)


@route(
    blueprint,
    "PATCH",
    WORKSPACE,
    takes=patch(fields.settings()),
    answers={200: one(Workspace, "ETag")},
    refuses=(StatusInUse,),
    headers="If-Match",
)
def change(call: Call, workspace: str) -> Response:
    """Change the settings of a workspace."""
    body = call.body()
    member = call.enter(workspace)
    changed = workspaces.change(
        call.table,
        member,
        body,
        now=call.now,
        versions=call.versions,
        intent=call.intent,
    )
    return answers.workspace(changed)


@route(
    blueprint,
    "GET",
    MEMBERS,
    query="limit cursor",
    people=True,
    answers={200: many(Membership)},
)
def page(call: Call, workspace: str) -> Response:
    """List the members of a workspace."""
    limit, cursor = limit_of(call.query), user_cursor_of(call.query)
    member = call.enter(workspace)
    found, after = members.page(call.table, member, limit=limit, cursor=cursor)
    return answers.ok(
        {"members": [as_json(one) for one in found], "next_cursor": after}
    )


@route(
    blueprint,
    "POST",
    MEMBERS,
    people=True,
    takes=new(members.NEW),
    answers={201: one(Membership, "Location")},
    refuses=(MemberExists,),
)
def add(call: Call, workspace: str) -> Response:
    """Add a member."""
    body = call.body()
    member = call.enter(workspace)
    made = members.add(call.table, member, body, now=call.now, intent=call.intent)
    place = call.location("workspaces", member.workspace.id, "members", made.user_id)
    return answers.ok({"member": as_json(made)}, 201, Location=place)


@route(
    blueprint,
    "PATCH",
    MEMBER,
    people=True,
    takes=patch(members.ROLE),
    answers={200: one(Membership)},
    refuses=(LastOwner,),
)
def change_role(call: Call, workspace: str, user_id: str) -> Response:
    """Change the role of a member."""
    body = call.body()
    member = call.enter(workspace)
    changed = members.change_role(
        call.table,
        member,
        _who(call, user_id),
        body=body,
        now=call.now,
        intent=call.intent,
    )
    return answers.ok({"member": as_json(changed)})


@route(blueprint, "GET", MEMBER, people=True, answers={200: and_assigned()})
def get_member(call: Call, workspace: str, user_id: str) -> Response:
    """Read a member, and how much is assigned to him."""
    member = call.enter(workspace)
    who = _who(call, user_id)
    found = members.one(call.table, member, who)
    count, exact = assignments.count(call.table, member, who, most=MOST_COUNTED)
    assigned = {"count": count, "exact": exact}
    return answers.ok({"member": as_json(found), "assigned": assigned})


@route(
    blueprint,
    "DELETE",
    MEMBER,
    query="assign_to",
    people=True,
    answers={200: told(success=True), 202: one(Job, "Location")},
    refuses=(LastOwner,),
)
def remove(call: Call, workspace: str, user_id: str) -> Response:
    """Remove a member, or leave: `me`.

    What was assigned to him goes to who is named, else to nobody; 202 with a job where
    it is more than 50 contacts."""
    heir = call.query.get("assign_to", NOBODY)
    assign_to = None if heir == NOBODY else user_id_of(heir, "assign_to")
    member = call.enter_or_left(workspace)
    job = handover.remove(
        call.table,
        member,
        _who(call, user_id),
        now=call.now,
        budget=call.budget,
        assign_to=assign_to and _who(call, assign_to),
        intent=call.intent,
    )
    if job is None:
        return answers.ok({"success": True})
    place = call.location("workspaces", member.workspace.id, "jobs", job.id)
    return answers.ok({"job": as_json(job)}, 202, Location=place)


def _who(call: Call, user_id: str) -> str:
    return call.caller if user_id == MYSELF else user_id
