"""The tokens of machines over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.asked import cursor_of, limit_of
from chalicelib.doors.bodies import many, new, nothing
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.doors.people_bodies import with_secret
from chalicelib.model.people import Token
from chalicelib.model.people_errors import TooManyTokens
from chalicelib.model.words import as_json
from chalicelib.verbs import tokens

blueprint = Blueprint(__name__)

TOKENS = "/workspaces/{workspace}/tokens"


@route(
    blueprint,
    "GET",
    TOKENS,
    query="limit cursor",
    people=True,
    answers={200: many(Token)},
)
def page(call: Call, workspace: str) -> Response:
    """List the tokens of a workspace, newest first.

    Those that have ended too: what they did is told by their names. No secrets."""
    limit, cursor = limit_of(call.query), cursor_of(call.query, "key")
    member = call.enter(workspace)
    found, after = tokens.page(
        call.table, member, limit=limit, cursor=cursor, now=call.now
    )
    return answers.ok({"tokens": [as_json(one) for one in found], "next_cursor": after})


@route(
    blueprint,
    "POST",
    TOKENS,
    people=True,
    takes=new(tokens.NEW),
    answers={201: with_secret()},
    refuses=(TooManyTokens,),
)
def make(call: Call, workspace: str) -> Response:
    """Let a machine in: a token with a name, a role, and an end.

    `secret` is told this once, and kept nowhere: a retry is told null. It ends when its
    maker leaves or falls below its role, too."""
    body = call.body()
    member = call.enter(workspace)
    made, secret = tokens.make(
        call.table, member, body, now=call.now, intent=call.intent
    )
    return answers.ok({"token": as_json(made), "secret": secret}, 201)


@route(
    blueprint, "DELETE", TOKENS + "/{token_id}", people=True, answers={204: nothing()}
)
def revoke(call: Call, workspace: str, token_id: str) -> Response:
    """Revoke a token: it opens nothing from now on. Its name stays."""
    member = call.enter(workspace)
    tokens.revoke(call.table, member, token_id, now=call.now, intent=call.intent)
    return answers.nothing()
