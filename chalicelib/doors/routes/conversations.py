"""A contact's conversations over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.call import Call, cursor_of, limit_of
from chalicelib.doors.http import route
from chalicelib.model.words import as_json
from chalicelib.verbs import conversations

blueprint = Blueprint(__name__)

CONVERSATIONS = "/workspaces/{workspace}/contacts/{contact_id}/conversations"
CONVERSATION = CONVERSATIONS + "/{conversation_id}"


@route(blueprint, "GET", CONVERSATIONS, query="limit cursor")
def page(call: Call, workspace: str, contact_id: str) -> Response:
    limit, cursor = limit_of(call.query), cursor_of(call.query, "conv")
    member = call.enter(workspace)
    found, after = conversations.page(
        call.table, member, contact_id, limit=limit, cursor=cursor
    )
    shown = [as_json(one) for one in found]
    return answers.ok({"conversations": shown, "next_cursor": after})


@route(blueprint, "POST", CONVERSATIONS)
def start(call: Call, workspace: str, contact_id: str) -> Response:
    body = call.body()
    member = call.enter(workspace)
    made = conversations.start(
        call.table, member, contact_id, body=body, now=call.now, intent=call.intent
    )
    return answers.ok({"conversation": as_json(made)}, 201)


@route(blueprint, "PATCH", CONVERSATION)
def change(
    call: Call, workspace: str, contact_id: str, conversation_id: str
) -> Response:
    body = call.body()
    member = call.enter(workspace)
    changed = conversations.change(
        call.table,
        member,
        contact_id,
        conversation_id,
        body=body,
        now=call.now,
        intent=call.intent,
    )
    return answers.ok({"conversation": as_json(changed)})
