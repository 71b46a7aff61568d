"""A contact's conversations over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.asked import cursor_of, limit_of
from chalicelib.doors.bodies import many, new, one, patch
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.model.words import Conversation, as_json
from chalicelib.verbs import conversations

blueprint = Blueprint(__name__)

CONVERSATIONS = "/workspaces/{workspace}/contacts/{contact_id}/conversations"
CONVERSATION = CONVERSATIONS + "/{conversation_id}"


@route(
    blueprint,
    "GET",
    CONVERSATIONS,
    query="limit cursor",
    answers={200: many(Conversation)},
)
def page(call: Call, workspace: str, contact_id: str) -> Response:
    """List the conversations of a contact, newest first."""
    limit, cursor = limit_of(call.query), cursor_of(call.query, "conv")
    member = call.enter(workspace)
    found, after = conversations.page(
        call.table, member, contact_id, limit=limit, cursor=cursor
    )
    shown = [as_json(one) for one in found]
    return answers.ok({"conversations": shown, "next_cursor": after})


@route(
    blueprint,
    "POST",
    CONVERSATIONS,
    takes=new(conversations.CHANNEL),
    answers={201: one(Conversation)},
)
def start(call: Call, workspace: str, contact_id: str) -> Response:
    """Start a conversation."""
    body = call.body()
    member = call.enter(workspace)
    made = conversations.start(
        call.table, member, contact_id, body=body, now=call.now, intent=call.intent
    )
    return answers.ok({"conversation": as_json(made)}, 201)


@route(
    blueprint,
    "PATCH",
    CONVERSATION,
    takes=patch(conversations.STATUS),
    answers={200: one(Conversation)},
)
def change(
    call: Call, workspace: str, contact_id: str, conversation_id: str
) -> Response:
    """Open, close, snooze or assign a conversation."""
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
