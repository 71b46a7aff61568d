"""What the API's description says of an answer, and whether the answer keeps to it."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from jsonschema_rs import Draft202012Validator

Json = dict[str, Any]
PROBLEM = {"$ref": "#/components/schemas/Problem"}
# What no operation has of its own: an address that is none, a method that is none.
NO_ROUTE = {"route_not_found", "method_not_allowed", "invalid_request"}


@dataclass
class Described:
    """One OpenAPI document, and what it is asked for again and again."""

    document: Json
    _validators: dict[str, Draft202012Validator] = field(default_factory=dict)

    def resolved(self, part: Any) -> Any:
        while "$ref" in part:
            keys = part["$ref"].removeprefix("#/").split("/")
            part = self.document
            for key in keys:
                part = part[key]
        return part

    def faults(self, schema: Json, value: Any) -> list[str]:
        """Why a value is not what a schema of the document says."""
        name = repr(schema)
        if name not in self._validators:
            # References lead into the components: they come along.
            whole = {**schema, "components": self.document["components"]}
            made = Draft202012Validator(whole, validate_formats=True)
            self._validators[name] = made
        return [
            f"{list(one.instance_path)}: {one.message}"
            for one in self._validators[name].iter_errors(value)
        ]

    def operation(self, method: str, address: str) -> Json | None:
        """The operation behind an address; a path without parameters goes first."""
        for path in sorted(self.document["paths"], key=lambda path: path.count("{")):
            item = self.document["paths"][path]
            parts = re.split(r"{\w+}", path)
            if re.fullmatch("[^/]+".join(map(re.escape, parts)), address):
                found: Json | None = item.get(method.lower())
                return found
        return None

    def check(self, answer: httpx.Response) -> None:
        """Raises AssertionError when an answer is not among those described: its
        status, its headers, its content type, or its body."""
        answer.read()
        request = answer.request
        address = urlsplit(str(request.url)).path.rstrip("/") or "/"
        told = self.operation(request.method, address)
        where = f"{request.method} {address}: {answer.status_code}"
        if told is None:
            if request.method in ("HEAD", "OPTIONS"):
                return
            assert answer.json()["code"] in NO_ROUTE, where
            assert self.faults(PROBLEM, answer.json()) == [], where
            return
        status = str(answer.status_code)
        assert status in told["responses"], f"{where} is not described"
        self._check(where, self.resolved(told["responses"][status]), answer)

    def _check(self, where: str, told: Json, answer: httpx.Response) -> None:
        for name, header in told["headers"].items():
            if self.resolved(header)["required"]:
                assert name in answer.headers, f"{where} has no {name}"
        if "content" not in told:
            assert answer.content == b"", where
            return
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in told["content"], f"{where} is {kind}"
        if kind.endswith("json"):
            schema = told["content"][kind]["schema"]
            assert self.faults(schema, answer.json()) == [], f"{where} {answer.text}"
