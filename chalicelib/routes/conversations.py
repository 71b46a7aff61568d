"""A contact's conversations and messages over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib import answers, conversations
from chalicelib.call import Call, cursor_of, limit_of
from chalicelib.http import route
from chalicelib.model import as_json

blueprint = Blueprint(__name__)

CONVERSATIONS = "/workspaces/{workspace}/contacts/{contact_id}/conversations"
CONVERSATION = CONVERSATIONS + "/{conversation_id}"
MESSAGES = CONVERSATION + "/messages"


@route(blueprint, "GET", CONVERSATIONS)
def page(call: Call, workspace: str, contact_id: str) -> Response:
    query = call.query("limit", "cursor")
    limit, cursor = limit_of(query), cursor_of(query, "conv")
    found, after = conversations.page(
        call.table, call.enter(workspace), contact_id, limit=limit, cursor=cursor
    )
    shown = [as_json(one) for one in found]
    return answers.ok({"conversations": shown, "next_cursor": after})


@route(blueprint, "POST", CONVERSATIONS)
def start(call: Call, workspace: str, contact_id: str) -> Response:
    body = call.body()
    member = call.enter(workspace)
    made = conversations.start(call.table, member, contact_id, body=body, now=call.now)
    place = call.location_below(made.id)
    return answers.ok({"conversation": as_json(made)}, 201, Location=place)


@route(blueprint, "PATCH", CONVERSATION)
def change(
    call: Call, workspace: str, contact_id: str, conversation_id: str
) -> Response:
    body = call.body()
    changed = conversations.change(
        call.table,
        call.enter(workspace),
        contact_id,
        conversation_id,
        body=body,
        now=call.now,
    )
    return answers.ok({"conversation": as_json(changed)})


@route(blueprint, "GET", MESSAGES)
def messages(
    call: Call, workspace: str, contact_id: str, conversation_id: str
) -> Response:
    query = call.query("limit", "cursor")
    found, after = conversations.messages(
        call.table,
        call.enter(workspace),
        contact_id,
        conversation_id,
        limit=limit_of(query),
        cursor=cursor_of(query, "msg"),
    )
    shown = [as_json(one) for one in found]
    return answers.ok({"messages": shown, "next_cursor": after})


@route(blueprint, "POST", MESSAGES)
def receive(
    call: Call, workspace: str, contact_id: str, conversation_id: str
) -> Response:
    body = call.body()
    message, is_new = conversations.receive(
        call.table,
        call.enter(workspace),
        contact_id,
        conversation_id,
        body=body,
        now=call.now,
    )
    return answers.ok({"message": as_json(message)}, 201 if is_new else 200)
