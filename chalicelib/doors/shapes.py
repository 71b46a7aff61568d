"""The shapes of what goes in and comes out, in JSON Schema: bodies from the parsers
that read them, answers from the words of the model. No field is listed by hand."""

from collections.abc import Mapping
from dataclasses import Field, fields
from inspect import cleandoc
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin

from chalicelib.doors import examples
from chalicelib.doors.parameters import id_schema
from chalicelib.model import parsers
from chalicelib.model.fields import contact, new_workspace, settings
from chalicelib.model.ids import KINDS
from chalicelib.model.parsers import Parser, Schema
from chalicelib.model.statuses import STATUS
from chalicelib.model.words import (
    CHILDREN,
    Contact,
    Conversation,
    Deletion,
    Membership,
    Message,
    Note,
    Status,
    Workspace,
    as_json,
)
from chalicelib.verbs import conversations, members, notes

# What a contact takes in any workspace.
CONTACT = contact(examples.WORKSPACE, parsers.optional(parsers.user_id))

# Where an answer's field was given by a person, it keeps within the same limits.
GIVEN: dict[type, Mapping[str, Parser]] = {
    Contact: CONTACT,
    Note: notes.CONTENT,
    Conversation: conversations.CHANNEL | conversations.STATUS,
    Message: conversations.MESSAGE,
    Membership: members.NEW,
    Workspace: settings() | new_workspace(),
}
LIMITS = (
    *("enum", "minimum", "maximum", "minLength", "maxLength", "pattern"),
    *("minItems", "maxItems", "uniqueItems"),
)
JSON = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}
COUNT: Schema = {"type": "integer", "minimum": 0}


def closed(properties: Mapping[str, Schema], **more: Any) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": dict(properties),
        **more,
    }


# What annotations cannot say.
SPECIAL: dict[tuple[type, str], Schema] = {
    (Contact, "phone"): {"pattern": r"^\+[1-9][0-9]{1,14}$", "description": "E.164."},
    (Contact, "metadata"): {"description": "As it was given, merged."},
    (Deletion, "status"): {"enum": ["running", "done"]},
    (Deletion, "deleted"): closed({kind.plural: COUNT for kind in CHILDREN.values()}),
    **{(Status, name): schema for name, schema in STATUS["properties"].items()},
}


class Body(NamedTuple):
    """What a route takes: a new thing, or a merge patch of one (RFC 7396)."""

    fields: Mapping[str, Parser]
    is_patch: bool = False
    one_of: tuple[str, ...] = ()

    @property
    def schema(self) -> Schema:
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
        {**also, name: as_json(examples.OF[thing])},
        thing=thing,
    )


def many(thing: type) -> Answer:
    """{"contacts": [...], "next_cursor": ...}"""
    name = name_of(thing) + "s"
    listed = {"type": "array", "items": reference(thing)}
    return Answer(
        f"A page of {name}, and the cursor of the next.",
        schema=closed({name: listed, "next_cursor": {"type": ["string", "null"]}}),
        example={name: [as_json(examples.OF[thing])], "next_cursor": None},
    )


def told(**constant: Any) -> Answer:
    """Members that never vary."""
    schema = closed({name: {"const": value} for name, value in constant.items()})
    return Answer("It is so.", schema=schema, example=constant)


def mine() -> Answer:
    """Who somebody is, and where."""
    place = some(Workspace, "id slug name") | some(Membership, "role")
    who = {"user_id": some(Membership, "user_id")["user_id"]}
    listed = {"type": "array", "items": closed(place)}
    own = as_json(examples.WORKSPACE) | {"role": "owner"}
    return Answer(
        "The caller's user id and workspaces.",
        schema=closed({**who, "workspaces": listed}),
        example={
            "user_id": examples.WHO,
            "workspaces": [{name: own[name] for name in place}],
        },
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


def name_of(thing: type) -> str:
    return "member" if thing is Membership else thing.__name__.lower()


def reference(thing: type) -> Schema:
    return {"$ref": f"#/components/schemas/{thing.__name__}"}


def of(thing: type) -> Schema:
    """A word of the model, as it is answered."""
    found = {one.name: _property(thing, one) for one in fields(thing)}
    return closed(
        found,
        description=cleandoc(thing.__doc__ or ""),
        examples=[as_json(examples.OF[thing])],
    )


def some(thing: type, names: str) -> dict[str, Schema]:
    """Some fields of a word."""
    found: dict[str, Schema] = of(thing)["properties"]
    return {name: found[name] for name in names.split()}


def _property(thing: type, one: "Field[Any]") -> Schema:
    schema = _typed(one.type)
    given = GIVEN.get(thing, {}).get(one.name)
    if given and "$ref" not in schema:
        schema |= {key: given.schema[key] for key in LIMITS if key in given.schema}
    schema |= SPECIAL.get((thing, one.name)) or _by_name(thing, one.name)
    if "enum" in schema and "null" not in schema["type"]:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    return schema


def _by_name(thing: type, name: str) -> Schema:
    kinds = {word: kind for kind, word in KINDS.items()}
    owner = name_of(thing) if name == "id" else name.removesuffix("_id")
    if owner in kinds and name.endswith("id"):
        return {"pattern": id_schema(kinds[owner])["pattern"]}
    if name.endswith("_at"):
        return {"format": "date-time"}
    if name.endswith("_count") or name == "version":
        return {"minimum": 0}
    return {}


def _typed(kind: Any) -> Schema:
    """An annotation of a word, in JSON Schema."""
    if kind in JSON:
        return {"type": JSON[kind]}
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return {"type": "array", "items": _typed(inner[0])}
    if origin is dict:
        return {"type": "object"}
    if NoneType in inner:
        return {"type": [JSON[one] for one in inner]}
    return reference(kind)
