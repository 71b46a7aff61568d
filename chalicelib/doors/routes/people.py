"""Who I am over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.asked import cursor_of, limit_of
from chalicelib.doors.bodies import new
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.doors.people_bodies import mine, myself
from chalicelib.verbs import access, joining, people, workspaces

blueprint = Blueprint(__name__)


@route(
    blueprint, "GET", "/me", query="limit cursor", people=True, answers={200: mine()}
)
def me(call: Call) -> Response:
    """Who I am, my workspaces, and the invitations that wait for me."""
    limit, cursor = limit_of(call.query), cursor_of(call.query, "ws")
    store = access.store()
    who = people.known(store, call.caller)
    found, after = workspaces.page(store, call.caller, limit=limit, cursor=cursor)
    waiting = people.waiting(store, who, now=call.now)
    return answers.ok(
        {
            "user_id": call.caller,
            "name": who.name,
            "email": who.verified_email,
            "workspaces": found,
            "invitations": waiting,
            "next_cursor": after,
        }
    )


@route(
    blueprint,
    "PUT",
    "/me",
    people=True,
    takes=new(joining.PROOF),
    answers={200: myself()},
)
def keep(call: Call) -> Response:
    """Say who I am, by an ID token of the page. An older one than before changes
    nothing: the answer is what is kept."""
    body = call.body()
    who = people.keep(access.store(), lambda: call.person(body), intent=call.intent)
    return answers.ok(
        {
            "user_id": who.user_id,
            "name": who.name,
            "email": who.email,
            "email_verified": who.email_verified,
        }
    )
