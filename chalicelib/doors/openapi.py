"""OpenAPI 3.1 of exactly the routes that there are: a pure function of what they
declare. Problems are problems.py's, links links.py's, shapes shapes.py's."""

from collections.abc import Iterable, Sequence

from chalicelib.doors import examples, links, problems, shapes
from chalicelib.doors.bodies import Answer, Body
from chalicelib.doors.declared import Operation
from chalicelib.doors.parameters import (
    IN_HEADER,
    IN_PATH,
    IN_QUERY,
    IN_WRITES,
    REQUIRED_IN_QUERY,
    Parameter,
)
from chalicelib.doors.problems import HEADERS, Json, ref
from chalicelib.model.secret import PATTERN

VERSION = "0.1.0"
ABOUT = """\
A multi-tenant contacts service. Every request but the public ones carries
`Authorization: Bearer <JWT>`; the caller is the token's `sub`. A machine's token, one
that begins with `cb_`, stands there too: it opens its one workspace, and no operation
that is for people. A workspace that the caller is no member of and one that does not
exist get the same answer. HEAD is answered wherever GET is, with the same headers and
no body.

Errors are RFC 9457; a program reads `code`, which never changes:

"""
FOR_PEOPLE = "For people: a machine's token is refused, `forbidden`."
PLACES = {"path": IN_PATH, "query": IN_QUERY, "header": IN_HEADER}


def document(operations: Iterable[Operation], server: str = "/") -> Json:
    """The whole document; `server` is the address that the paths stand under."""
    known = list(operations)
    paths: dict[str, Json] = {}
    for one in known:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "contactbook",
            "version": VERSION,
            "description": ABOUT + problems.table(),
        },
        "servers": [{"url": server}],
        "security": [{"bearer": []}, {"machine": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(map(_tag, known))],
        "paths": paths,
        "components": _components(known),
    }


def _components(known: Sequence[Operation]) -> Json:
    named = [
        (place, name)
        for one in known
        for place, names in _carried(one).items()
        for name in names
    ]
    return {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "machine": {"type": "http", "scheme": "bearer", "bearerFormat": PATTERN},
        },
        "headers": {name: _header(name) for name in HEADERS},
        "parameters": {
            f"{place}.{name}": _parameter(place, name, PLACES[place][name])
            for place, name in dict.fromkeys(named)
        },
        "schemas": {
            **{thing.__name__: shapes.of(thing) for thing in examples.OF},
            "Problem": problems.schema(),
        },
        "responses": problems.responses(),
        "examples": problems.examples(),
    }


def _carried(one: Operation) -> dict[str, Sequence[str]]:
    return {"path": one.in_path, "query": one.query, "header": one.headers}


def _operation(one: Operation, known: Sequence[Operation]) -> Json:
    about = f"{one.about} {FOR_PEOPLE}".strip() if one.people else one.about
    told: Json = {
        "operationId": one.name,
        "summary": one.summary,
        **({"description": about} if about else {}),
        "tags": [_tag(one)],
        "parameters": [
            ref("parameters", f"{place}.{name}")
            for place, names in _carried(one).items()
            for name in names
        ],
    }
    if one.takes:
        told["requestBody"] = _body(one.takes)
    told["responses"] = {
        str(status): _answer(answer, links.of(one, answer, known))
        for status, answer in one.answers.items()
    } | problems.of(one.refusals)
    if one.public or one.people:
        told["security"] = [{"bearer": []}] if one.people else []
    return told


def _tag(one: Operation) -> str:
    return one.name.partition("_")[0]


def _body(body: Body) -> Json:
    media = {"schema": body.schema, "example": body.example}
    kinds = ["application/json"]
    if body.is_patch:
        kinds.append("application/merge-patch+json")
    return {"required": True, "content": dict.fromkeys(kinds, media)}


def _answer(answer: Answer, leads: Json) -> Json:
    told: Json = {
        "description": answer.says,
        "headers": problems.headers(*answer.headers),
    }
    if answer.schema is not None:
        media: Json = {"schema": answer.schema}
        if answer.example is not None:
            media["example"] = answer.example
        told["content"] = dict.fromkeys(answer.content_types, media)
    return told | ({"links": leads} if leads else {})


def _parameter(place: str, name: str, one: Parameter) -> Json:
    """A form sends what was left empty: in a query that is as if left out."""
    needed = place == "path" or name in REQUIRED_IN_QUERY
    told: Json = {
        "name": name.removesuffix(IN_WRITES),
        "in": place,
        "required": needed,
        "description": one.says,
        "schema": one.schema,
    }
    return told | ({"allowEmptyValue": True} if place == "query" and not needed else {})


def _header(name: str) -> Json:
    says, schema, always = HEADERS[name]
    return {"description": says, "required": always, "schema": schema}
