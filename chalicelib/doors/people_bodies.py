"""What the routes of people answer: who somebody is, where, what opens the API."""

from chalicelib.doors import examples
from chalicelib.doors.bodies import Answer, one
from chalicelib.doors.parameters import EXAMPLE_ULID
from chalicelib.doors.shapes import COUNT, CURSOR, closed, reference, shown, some
from chalicelib.model import secret
from chalicelib.model.parsers import Schema
from chalicelib.model.people import Invitation, Membership, Token
from chalicelib.model.words import Workspace, as_json


def with_secret() -> Answer:
    """A token that was made, and what opens the workspace with it: told once."""
    alone = one(Token)
    digits = "0" * (secret.RANDOM + secret.CHECK)  # no real one has a checksum of 0
    shown_once = f"{secret.MARK}{EXAMPLE_ULID}{EXAMPLE_ULID}_{digits}"
    said = {
        "type": ["string", "null"],
        "pattern": f"^{secret.PATTERN}$",
        "description": "Told this once; null to a retry with its Idempotency-Key.",
    }
    return alone._replace(
        says="The token, and its secret.",
        schema=closed({"token": reference(Token), "secret": said}),
        example={"token": shown(Token), "secret": shown_once},
    )


def and_assigned() -> Answer:
    """A member, and how many contacts are assigned to him."""
    exact = {"type": "boolean", "description": "Else there are more."}
    assigned = closed({"count": COUNT, "exact": exact})
    return one(Membership)._replace(
        says="The member, and how many contacts are assigned to him.",
        schema=closed({"member": reference(Membership), "assigned": assigned}),
        example={
            "member": shown(Membership),
            "assigned": {"count": 12, "exact": True},
        },
    )


def mine() -> Answer:
    """Who somebody is, and where."""
    place = some(Workspace, "id slug name") | some(Membership, "role")
    listed = {"type": "array", "items": closed(place)}
    waiting = {"type": "array", "items": closed(_invited())}
    own = as_json(examples.WORKSPACE) | {"role": "owner"}
    who = some(Membership, "user_id name email")
    me, asked = shown(Membership), shown(Invitation)
    asked["workspace"] = {name: own[name] for name in ("id", "name")}
    asked["invited_by_name"] = me["name"]
    return Answer(
        "Who the caller is, his workspaces, and the invitations that wait for him.",
        schema=closed(
            {
                **who,
                "workspaces": listed,
                "invitations": waiting,
                "next_cursor": CURSOR,
            }
        ),
        example={
            **{name: me[name] for name in who},
            "workspaces": [{name: own[name] for name in place}],
            "invitations": [{name: asked[name] for name in _invited()}],
            "next_cursor": None,
        },
    )


def sign_in() -> Answer:
    """Where people sign in, or null where a token is asked for."""
    provider = {
        "issuer": "https://login.example.com",
        "client_id": "contactbook-page",
        "scope": "openid profile email",
        "audience": None,
    }
    text: Schema = {"type": "string"}
    taken = dict.fromkeys(provider, text) | {"audience": {"type": ["string", "null"]}}
    schema = closed({"sign_in": {"oneOf": [closed(taken), {"type": "null"}]}})
    says = "Where the page signs in; null: it asks for a token."
    return Answer(says, schema=schema, example={"sign_in": provider})


def _invited() -> dict[str, Schema]:
    """An invitation, as who is invited sees it."""
    told = some(Invitation, "id role invited_by expires_at")
    home = closed(some(Workspace, "id name"))
    name = some(Membership, "name")["name"]
    return {**told, "workspace": home, "invited_by_name": name}


def myself() -> Answer:
    """Who somebody is, as the issuer says."""
    who = some(Membership, "user_id name email")
    example = {name: shown(Membership)[name] for name in who}
    return Answer(
        "The caller, as it is kept.",
        schema=closed({**who, "email_verified": {"type": "boolean"}}),
        example={**example, "email_verified": True},
    )
