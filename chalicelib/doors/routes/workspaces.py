"""Who I am, workspaces and their members over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.call import Call, limit_of, user_cursor_of
from chalicelib.doors.http import route
from chalicelib.model.words import as_json
from chalicelib.verbs import members, workspaces

blueprint = Blueprint(__name__)

WORKSPACE = "/workspaces/{workspace}"
MEMBERS = WORKSPACE + "/members"
MEMBER = MEMBERS + "/{user_id}"


@route(blueprint, "GET", "/health", public=True)
def health(call: Call) -> Response:
    return answers.ok({"status": "ok"})


@route(blueprint, "GET", "/me")
def me(call: Call) -> Response:
    found = workspaces.of_user(call.table, call.caller)
    return answers.ok({"user_id": call.caller, "workspaces": found})


@route(blueprint, "POST", "/workspaces")
def create(call: Call) -> Response:
    made = workspaces.create(call.table, call.caller, call.body(), now=call.now)
    place = call.location("workspaces", made.id)
    return answers.ok({"workspace": as_json(made)}, 201, Location=place)


@route(blueprint, "GET", WORKSPACE)
def get(call: Call, workspace: str) -> Response:
    member = call.enter(workspace)
    return answers.ok({"workspace": as_json(member.workspace)})


@route(blueprint, "PATCH", WORKSPACE)
def change(call: Call, workspace: str) -> Response:
    body = call.body()
    member = call.enter(workspace)
    changed = workspaces.change(call.table, member, body, now=call.now)
    return answers.ok({"workspace": as_json(changed)})


@route(blueprint, "GET", MEMBERS, query="limit cursor")
def page(call: Call, workspace: str) -> Response:
    limit, cursor = limit_of(call.query), user_cursor_of(call.query)
    found, after = members.page(
        call.table, call.enter(workspace), limit=limit, cursor=cursor
    )
    return answers.ok(
        {"members": [as_json(one) for one in found], "next_cursor": after}
    )


@route(blueprint, "POST", MEMBERS)
def add(call: Call, workspace: str) -> Response:
    body = call.body()
    member = call.enter(workspace)
    made = members.add(call.table, member, body, now=call.now)
    place = call.location("workspaces", member.workspace.id, "members", made.user_id)
    return answers.ok({"member": as_json(made)}, 201, Location=place)


@route(blueprint, "PATCH", MEMBER)
def change_role(call: Call, workspace: str, user_id: str) -> Response:
    body = call.body()
    changed = members.change_role(call.table, call.enter(workspace), user_id, body=body)
    return answers.ok({"member": as_json(changed)})


@route(blueprint, "DELETE", MEMBER)
def remove(call: Call, workspace: str, user_id: str) -> Response:
    members.remove(call.table, call.enter(workspace), user_id)
    return answers.ok({"success": True})
