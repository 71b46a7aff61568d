"""A conversation's messages over HTTP; the contract is docs/api.md."""

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.asked import cursor_of, limit_of
from chalicelib.doors.bodies import many, one, one_or_each, one_or_many
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.doors.routes.conversations import CONVERSATION
from chalicelib.model import fields
from chalicelib.model.words import Message, as_json
from chalicelib.verbs import messages
from chalicelib.verbs.messages import Place, Received

blueprint = Blueprint(__name__)

MESSAGES = CONVERSATION + "/messages"


@route(blueprint, "GET", MESSAGES, query="limit cursor", answers={200: many(Message)})
def page(call: Call, workspace: str, contact_id: str, conversation_id: str) -> Response:
    """List the messages of a conversation, newest first."""
    limit, cursor = limit_of(call.query), cursor_of(call.query, "msg")
    place = _place(call, workspace, contact_id, conversation_id)
    found, after = messages.page(place, limit=limit, cursor=cursor)
    shown = [as_json(one) for one in found]
    return answers.ok({"messages": shown, "next_cursor": after})


@route(
    blueprint,
    "POST",
    MESSAGES,
    takes=one_or_many(messages.MESSAGE, "messages", messages.TOGETHER),
    answers={200: one_or_each(Message), 201: one(Message)},
)
def receive(
    call: Call, workspace: str, contact_id: str, conversation_id: str
) -> Response:
    """Add a message, or up to 40 at once.

    The same `external_id` again: 200 with the first message, nothing added. Of many
    those that are good are stored together; each has an outcome of its own."""
    body = call.body()
    bodies = fields.together(body, "messages", messages.TOGETHER)
    place = _place(call, workspace, contact_id, conversation_id)
    found = messages.receive(place, bodies, now=call.now, intent=call.intent)
    return _many(found) if "messages" in body else _one(*found)


def _place(call: Call, workspace: str, contact_id: str, conversation_id: str) -> Place:
    member = call.enter(workspace)
    return Place(call.table, member, contact_id, conversation_id)


def _one(received: Received) -> Response:
    if received.refusal:
        raise received.refusal
    status, told = _told(received)
    return answers.ok(told, status)


def _many(received: list[Received]) -> Response:
    return answers.results(
        [answers.error(one.refusal) if one.refusal else _told(one) for one in received]
    )


def _told(received: Received) -> tuple[int, dict[str, Any]]:
    status = 201 if received.is_new else 200
    return status, {"message": as_json(received.message)}
