"""A contact's conversations and messages over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.call import Call, cursor_of, limit_of
from chalicelib.doors.http import route
from chalicelib.doors.shapes import many, new, one, patch
from chalicelib.model.words import Conversation, Message, as_json
from chalicelib.verbs import conversations

blueprint = Blueprint(__name__)

CONVERSATIONS = "/workspaces/{workspace}/contacts/{contact_id}/conversations"
CONVERSATION = CONVERSATIONS + "/{conversation_id}"
MESSAGES = CONVERSATION + "/messages"


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
    found, after = conversations.page(
        call.table, call.enter(workspace), contact_id, limit=limit, cursor=cursor
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
    made = conversations.start(call.table, member, contact_id, body=body, now=call.now)
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
    changed = conversations.change(
        call.table,
        call.enter(workspace),
        contact_id,
        conversation_id,
        body=body,
        now=call.now,
    )
    return answers.ok({"conversation": as_json(changed)})


@route(blueprint, "GET", MESSAGES, query="limit cursor", answers={200: many(Message)})
def messages(
    call: Call, workspace: str, contact_id: str, conversation_id: str
) -> Response:
    """List the messages of a conversation, newest first."""
    found, after = conversations.messages(
        call.table,
        call.enter(workspace),
        contact_id,
        conversation_id,
        limit=limit_of(call.query),
        cursor=cursor_of(call.query, "msg"),
    )
    shown = [as_json(one) for one in found]
    return answers.ok({"messages": shown, "next_cursor": after})


@route(
    blueprint,
    "POST",
    MESSAGES,
    takes=new(conversations.MESSAGE),
    answers={200: one(Message), 201: one(Message)},
)
def receive(
    call: Call, workspace: str, contact_id: str, conversation_id: str
) -> Response:
    """Add a message.

    The same `external_id` again: 200 with the first message, nothing added."""
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
