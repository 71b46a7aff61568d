"""The words of the model in JSON Schema, as they are answered. No field is listed by
hand: they keep within the limits of the parsers that read what was given."""

from collections.abc import Mapping
from dataclasses import Field, fields
from inspect import cleandoc
from types import NoneType
from typing import Any, get_args, get_origin

from chalicelib.doors import answers, examples
from chalicelib.doors.parameters import id_schema
from chalicelib.model import errors, parsers
from chalicelib.model.fields import contact, new_workspace, settings
from chalicelib.model.ids import KINDS
from chalicelib.model.parsers import Parser, Schema
from chalicelib.model.people import Invitation, Membership, Token
from chalicelib.model.statuses import STATUS
from chalicelib.model.words import (
    CHILDREN,
    Contact,
    Conversation,
    Deletion,
    Job,
    Message,
    Note,
    Status,
    Workspace,
)
from chalicelib.verbs import (
    conversations,
    invitations,
    members,
    messages,
    notes,
    tokens,
)

# What a contact takes in any workspace.
CONTACT = contact(examples.WORKSPACE, parsers.optional(parsers.user_id))

# Where an answer's field was given by a person, it keeps within the same limits.
GIVEN: dict[type, Mapping[str, Parser]] = {
    Contact: CONTACT,
    Note: notes.CONTENT,
    Conversation: conversations.CHANNEL | conversations.STATUS,
    Message: messages.MESSAGE,
    Membership: members.NEW,
    Token: tokens.NEW,
    Invitation: invitations.NEW | {"invited_by": parsers.user_id},
    Workspace: settings() | new_workspace(),
}
LIMITS = (
    *("enum", "minimum", "maximum", "minLength", "maxLength", "pattern"),
    *("minItems", "maxItems", "uniqueItems"),
)
JSON = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}
CURSOR: Schema = {"type": ["string", "null"]}
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


# One bad field, as every refusal names it.
ERROR = closed({name: {"type": "string"} for name in errors.FieldError._fields})

# What annotations cannot say.
SPECIAL: dict[tuple[type, str], Schema] = {
    (Contact, "phone"): {"pattern": r"^\+[1-9][0-9]{1,14}$", "description": "E.164."},
    (Contact, "metadata"): {"description": "As it was given, merged."},
    (Deletion, "status"): {"enum": ["running", "done"]},
    (Deletion, "deleted"): closed({kind.plural: COUNT for kind in CHILDREN.values()}),
    (Deletion, "progress"): {"minimum": 0},
    (Job, "kind"): {"enum": ["handover"]},
    (Job, "state"): {"enum": ["running", "done", "cancelled"]},
    (Job, "total"): {"minimum": 0},
    (Job, "done"): {"minimum": 0},
    (Job, "counts"): {"additionalProperties": COUNT},
    (Token, "last_used_on"): {"format": "date"},
    **{(Status, name): schema for name, schema in STATUS["properties"].items()},
    (Status, "closed"): {"const": True},
}
# What is answered behind a field, made of it.
MADE_OF: dict[tuple[type, str], tuple[str, Schema]] = {
    (Contact, "phone"): (
        "phone_display",
        {
            "type": ["string", "null"],
            "readOnly": True,
            "description": "The phone as people write it: one of the workspace's "
            "`phone_region` as it is dialled there, any other with its country code.",
        },
    ),
    (Invitation, "mailed_at"): (
        "link",
        {
            "type": "string",
            "format": "uri",
            "readOnly": True,
            "description": "The page, where it shows this invitation. It is no secret: "
            "only the verified e-mail may accept.",
            "examples": [
                "https://contacts.example.org/api/"
                f"#invitation={examples.INVITATION.id}"
                f"&workspace={examples.WORKSPACE.id}"
            ],
        },
    ),
}
# Told only when it is so.
SELDOM = {(Status, "closed")}


def name_of(thing: type) -> str:
    return "member" if thing is Membership else thing.__name__.lower()


def reference(thing: type) -> Schema:
    return {"$ref": f"#/components/schemas/{thing.__name__}"}


def of(thing: type) -> Schema:
    """A word of the model, as it is answered."""
    found: dict[str, Schema] = {}
    for one in fields(thing):
        found[one.name] = _property(thing, one)
        if (thing, one.name) in MADE_OF:
            name, schema = MADE_OF[thing, one.name]
            found[name] = schema
    always = [name for name in found if (thing, name) not in SELDOM]
    return closed(
        found,
        required=always,
        description=cleandoc(thing.__doc__ or ""),
        examples=[shown(thing)],
    )


def shown(thing: type) -> dict[str, Any]:
    """The example of a word, as it is answered."""
    told = answers.told(examples.OF[thing], examples.WORKSPACE)
    made = [made for (one, _), made in MADE_OF.items() if one is thing]
    return told | {n: s["examples"][0] for n, s in made if n not in told}


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
