"""The API's description is exactly the API: its routes, fields, codes and answers."""

import re
import subprocess
import sys
from dataclasses import fields
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.doors import openapi, shapes
from chalicelib.doors.declared import OPERATIONS
from chalicelib.model import errors, words
from chalicelib.model.fields import settings
from local.engine import ROOT
from tests.conftest import Server
from tests.described import Described, Json
from tests.test_fields import BAD, CONTACT, GOOD
from tests.test_http_isolation import every_route

ROUTES = every_route()
DESCRIBED = Described(openapi.document(OPERATIONS.values()))
DOCUMENT = DESCRIBED.document
OPERATION = {
    (method.upper(), path): told
    for path, item in DOCUMENT["paths"].items()
    for method, told in item.items()
}
FAMILIES = {errors.NotFound, errors.Conflict}
# Answers to a request that is no operation's.
OF_NO_ROUTE = {"method_not_allowed"}


def refusals(kind: type[errors.Refusal] = errors.Refusal) -> set[type[errors.Refusal]]:
    children = set(kind.__subclasses__())
    return children.union(*map(refusals, children)) - FAMILIES


def properties(schema: Json) -> Json:
    found: Json = DESCRIBED.resolved(schema)["properties"]
    return found


def bodies() -> dict[tuple[str, str], Json]:
    return {
        route: next(iter(told["requestBody"]["content"].values()))
        for route, told in OPERATION.items()
        if "requestBody" in told
    }


def test_it_is_openapi() -> None:
    """Valid 3.1, as openapi-spec-validator reads the specification."""
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_it_has_every_route_and_no_other() -> None:
    """What the app would answer, each with a name of its own and a sentence; that HEAD
    is where GET is stands there once."""
    assert sorted(OPERATION) == [one for one in ROUTES if one[0] != "HEAD"]
    gets = {path for method, path in OPERATION if method == "GET"}
    assert {path for method, path in ROUTES if method == "HEAD"} == gets
    names = [told["operationId"] for told in OPERATION.values()]
    assert len(set(names)) == len(names)
    assert [name for name in OPERATION if not OPERATION[name]["summary"]] == []


def test_it_has_every_code() -> None:
    """Each refusal is a response of its own, and told by the operations that give it,
    with its status."""
    codes = {kind.code for kind in refusals()}
    assert set(DOCUMENT["components"]["examples"]) == codes
    assert set(DOCUMENT["components"]["responses"]) == {k.__name__ for k in refusals()}
    problem = properties({"$ref": "#/components/schemas/Problem"})
    assert set(problem["code"]["enum"]) == codes
    told = set()
    for operation in OPERATION.values():
        for status, response in operation["responses"].items():
            content = DESCRIBED.resolved(response).get("content", {})
            for code in content.get("application/problem+json", {}).get("examples", {}):
                example = DOCUMENT["components"]["examples"][code]["value"]
                assert example["status"] == int(status)
                told.add(code)
    assert told == codes - OF_NO_ROUTE


@pytest.mark.parametrize("thing", list(shapes.examples.OF))
def test_it_has_every_field_that_is_answered(thing: Any) -> None:
    """A word of the model: each field, and what is made of it; all of them required but
    those that are told only when they are so, no other allowed."""
    schema = DOCUMENT["components"]["schemas"][thing.__name__]
    names = []
    for one in fields(thing):
        made_of_it = shapes.MADE_OF.get((thing, one.name), ())
        names += [one.name, *made_of_it[:1]]
    always = [name for name in names if (thing, name) not in shapes.SELDOM]
    assert list(schema["properties"]) == names
    assert schema["required"] == always
    assert schema["additionalProperties"] is False


def test_it_has_every_field_that_is_taken() -> None:
    """What the parsers take is what the bodies say, in both forms of a change."""
    place = "/workspaces/{workspace}/contacts"
    for route in (
        ("POST", place),
        ("PATCH", place + "/{contact_id}"),
        ("PATCH", "/contacts/{contact_id}"),
    ):
        assert list(properties(bodies()[route]["schema"])) == list(CONTACT)
    whole = bodies()["PATCH", "/workspaces/{workspace}"]["schema"]
    assert list(properties(whole)) == list(settings())
    readable = {one.name for one in fields(words.Contact)}
    assert set(CONTACT) <= readable


def test_its_examples_are_what_it_says() -> None:
    """Every example of a body, an answer, a parameter, a header and a problem keeps to
    the schema beside it."""
    faults = []
    seen = 0

    def walk(part: Any, where: str) -> None:
        nonlocal seen
        if isinstance(part, dict):
            shown = [part["example"]] if "example" in part else []
            named = part.get("examples", {})
            if isinstance(named, dict) and "schema" in part:
                shown += [DESCRIBED.resolved(one)["value"] for one in named.values()]
            pairs = [(part.get("schema"), one) for one in shown]
            if isinstance(named, list):
                pairs += [(part, one) for one in named]
            for schema, value in pairs:
                seen += 1
                faults.extend(f"{where}: {x}" for x in DESCRIBED.faults(schema, value))
            for name, child in part.items():
                walk(child, f"{where}/{name}")

    walk(DOCUMENT, "")
    assert faults == []
    assert seen > 100


def test_its_examples_are_accepted() -> None:
    """What somebody copies from it works: each body passes the parsers."""
    for route, body in bodies().items():
        operation = OPERATIONS[route]
        assert operation.takes is not None
        for name, value in body["example"].items():
            operation.takes.fields[name](value)


@pytest.mark.parametrize(("name", "value", "kept"), GOOD)
def test_a_schema_takes_what_its_parser_takes(name: str, value: Any, kept: Any) -> None:
    """Else a client that checks before it sends would keep a good value back."""
    assert kept == CONTACT[name](value)
    if name != "email":  # the schema has it as it is kept: without blanks around
        assert DESCRIBED.faults(CONTACT[name].schema, value) == []


def test_a_schema_refuses_nothing_but_what_its_parser_refuses() -> None:
    """And most of what is bad is bad by the schema already."""
    known = [(name, value) for name, value, _ in BAD if name in CONTACT]
    seen = [1 for name, value in known if DESCRIBED.faults(CONTACT[name].schema, value)]
    assert len(seen) > len(known) * 0.5


class TestOverHttp:
    def test_anybody_may_read_it_and_it_costs_nothing(self, server: Server) -> None:
        """Public, no storage call, the same bytes each time, spared by its ETag."""
        with server.client(None) as http:
            first, again = http.get("/openapi.json"), http.get("/openapi.json")
            headers = {"If-None-Match": first.headers["etag"]}
            spared = http.get("/openapi.json", headers=headers)
        assert first.headers["content-type"] == "application/json"
        assert first.content == again.content
        assert first.headers["x-storage-calls"] == "0"
        assert (spared.status_code, spared.content) == (304, b"")
        assert first.json() == DOCUMENT

    def test_the_page_of_it_names_no_other_host(self, server: Server) -> None:
        """Its files are the bundle's, and its policy lets in nothing else."""
        answer = httpx.get(f"{server.base}/docs")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        links = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
        assert [one for one in links if not one.startswith(("page/", "data:"))] == [
            "openapi.json"
        ]
        for name in links[1:]:
            assert httpx.get(f"{server.base}/{name}").status_code == 200

    def test_an_answer_that_is_not_described_is_seen(self, server: Server) -> None:
        """The check that the other tests lean on: it does say no."""
        answer = httpx.get(f"{server.base}/health")
        DESCRIBED.check(answer)
        answer._content = b'{"status":"ok","more":1}'
        with pytest.raises(AssertionError, match="more"):
            DESCRIBED.check(answer)
        answer.status_code = 418
        with pytest.raises(AssertionError, match="not described"):
            DESCRIBED.check(answer)


def test_its_version_is_the_projects() -> None:
    """One number, in pyproject.toml and in the document."""
    project = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{openapi.VERSION}"' in project


def test_nothing_of_it_is_made_at_import() -> None:
    """A cold start does not pay for a document that few ask for."""
    code = (
        "from tests.test_http_isolation import every_route; every_route();"
        "from chalicelib.doors.routes import contract;"
        "print(contract._made.cache_info().currsize)"
    )
    made = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert made == "0\n"
