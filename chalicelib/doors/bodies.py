"""What a route takes and what it answers: bodies by the parsers that read them, answers
by the shapes of the words in them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.doors import answers, examples
from chalicelib.doors.parameters import id_schema
from chalicelib.doors.shapes import (
    CURSOR,
    ERROR,
    closed,
    name_of,
    reference,
    shown,
)
from chalicelib.model import errors, parsers
from chalicelib.model.parsers import Parser, Schema
from chalicelib.model.words import Contact


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


def file(*content_types: str) -> Answer:
    """A file of a page, or any document."""
    schema = {"type": "string"}
    return Answer("The file.", ("ETag",), schema, content_types=content_types)


def nothing(headers: str = "") -> Answer:
    return Answer("Nothing more to say.", tuple(headers.split()))


def whatever(says: str, headers: str = "") -> Answer:
    """An object that others describe."""
    return Answer(says, tuple(headers.split()), {"type": "object"})
