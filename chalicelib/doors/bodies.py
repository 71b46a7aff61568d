"""What a route takes and what it answers: bodies by the parsers that read them, answers
by the shapes of the words in them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.doors import answers, examples
from chalicelib.doors.parameters import EXAMPLE_ULID, id_schema
from chalicelib.doors.shapes import (
    COUNT,
    CURSOR,
    ERROR,
    closed,
    name_of,
    reference,
    shown,
    some,
)
from chalicelib.model import errors, parsers, secret
from chalicelib.model.parsers import Parser, Schema
from chalicelib.model.people import Invitation, Membership, Token
from chalicelib.model.words import Contact, Workspace, as_json


class Body(NamedTuple):
    """What a route takes: a new thing, or a merge patch of one (RFC 7396); or, under
    `together`, up to `most` new things."""

    fields: Mapping[str, Parser]
    is_patch: bool = False
    one_of: tuple[str, ...] = ()
    together: str = ""
    most: int = 1

    @property
    def schema(self) -> Schema:
        """Of one; or of one or many."""
        if not self.together:
            return self._of_one
        several = parsers.a_list(self.most, items=self._of_one).schema
        return {"oneOf": [self._of_one, closed({self.together: several})]}

    @property
    def _of_one(self) -> Schema:
        taken: Schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: one.schema for name, one in self.fields.items()},
        }
        if self.is_patch:
            return taken | {"minProperties": 1}
        required = [name for name, one in self.fields.items() if one.required]
        if required:
            taken["required"] = required
        if self.one_of:
            taken["anyOf"] = [
                {"required": [name], "properties": {name: {"type": "string"}}}
                for name in self.one_of
            ]
        return taken

    @property
    def example(self) -> dict[str, Any]:
        given = {name: one.schema.get("examples") for name, one in self.fields.items()}
        return {name: examples[0] for name, examples in given.items() if examples}


class Answer(NamedTuple):
    """What a route answers with one status."""

    says: str
    headers: tuple[str, ...] = ()
    schema: Schema | None = None  # None: no body
    example: Any = None
    content_types: tuple[str, ...] = ("application/json",)
    thing: type | None = None  # what links lead on from


def new(taken: Mapping[str, Parser], one_of: tuple[str, ...] = ()) -> Body:
    """A new thing with these fields, at least one of the named among them."""
    return Body(taken, one_of=one_of)


def one_or_many(taken: Mapping[str, Parser], together: str, most: int) -> Body:
    """A new thing, or up to `most` under this name."""
    return Body(taken, together=together, most=most)


def patch(taken: Mapping[str, Parser]) -> Body:
    return Body(taken, is_patch=True)


def one(thing: type, headers: str = "", **also: Any) -> Answer:
    """{"contact": {...}}, beside members that never vary."""
    name = name_of(thing)
    constant = {key: {"const": value} for key, value in also.items()}
    return Answer(
        f"The {name}.",
        tuple(headers.split()),
        closed({**constant, name: reference(thing)}),
        {**also, name: shown(thing)},
        thing=thing,
    )


def many(thing: type) -> Answer:
    """{"contacts": [...], "next_cursor": ...}"""
    name = name_of(thing) + "s"
    listed = {"type": "array", "items": reference(thing)}
    return Answer(
        f"A page of {name}, and the cursor of the next.",
        schema=closed({name: listed, "next_cursor": CURSOR}),
        example={name: [shown(thing)], "next_cursor": None},
    )


def news() -> Answer:
    """What has changed since a time, and where to go on."""
    gone: Schema = {"type": "array", "items": id_schema("con")}
    time: Schema = {"type": "string", "format": "date-time"}
    return Answer(
        "What was made or changed, what has gone, and when to go on from.",
        schema=closed(
            {
                "changed": {"type": "array", "items": reference(Contact)},
                "gone": gone,
                "until": time,
                "next_cursor": CURSOR,
            }
        ),
        example={
            "changed": [shown(Contact)],
            "gone": [],
            "until": examples.TIME,
            "next_cursor": None,
        },
    )


def one_or_each(thing: type) -> Answer:
    """One, or what became of each of many: its status, and itself or why it is not."""
    name = name_of(thing)
    alone = one(thing)
    status = answers.status_of(errors.InvalidFields)
    refused: dict[str, Schema] = {
        "code": {"const": errors.InvalidFields.code},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": ERROR},
    }
    became = [
        closed({"status": {"enum": [200, 201]}, name: reference(thing)}),
        closed({"status": {"const": status}, "error": closed(refused)}),
    ]
    listed = {"type": "array", "items": {"oneOf": became}}
    schema = {"oneOf": [alone.schema, closed({"results": listed})]}
    says = f"The {name}; or what became of each of many, in their order."
    return alone._replace(says=says, schema=schema)


def told(**constant: Any) -> Answer:
    """Members that never vary."""
    schema = closed({name: {"const": value} for name, value in constant.items()})
    return Answer("It is so.", schema=schema, example=constant)


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


def file(*content_types: str) -> Answer:
    """A file of a page, or any document."""
    schema = {"type": "string"}
    return Answer("The file.", ("ETag",), schema, content_types=content_types)


def nothing(headers: str = "") -> Answer:
    return Answer("Nothing more to say.", tuple(headers.split()))


def whatever(says: str, headers: str = "") -> Answer:
    """An object that others describe."""
    return Answer(says, tuple(headers.split()), {"type": "object"})
