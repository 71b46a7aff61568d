"""API Gateway's REST API as far as the packaged template describes it: which path and
method there is, the proxy event, the answers that it makes itself, and what it does to
those of the function. It takes the place of Chalice's local gateway behind the same
loopback server (local/server.py).

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""

import base64
import json
import queue
import re
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import parse_qsl

from tests.bundle.runtime import Outcome

ANY = "x-amazon-apigateway-any-method"
MOST_BYTES = 10 * 1024 * 1024  # of a request's body
SECONDS = 29  # that a function may take, unless a quota is raised
# Of an answer: what API Gateway says itself, or keeps from a browser.
REMAPPED = {
    *("authorization", "connection", "content-md5", "date", "host", "max-forwards"),
    *("proxy-authenticate", "server", "trailer", "user-agent", "www-authenticate"),
}


class Function(Protocol):
    """What stands behind: an environment of the function, or a test's own."""

    def invoke(self, event: Any) -> Outcome: ...


class Gateway:
    """Stands before a few environments of the API's function."""

    def __init__(
        self,
        template: dict[str, Any],
        environments: Sequence[Function],
        stage: str = "",
        seconds: float = SECONDS,
    ) -> None:
        api = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
        self.paths: dict[str, Any] = api["paths"]
        self.refusals = api["x-amazon-apigateway-gateway-responses"]
        self.stage = stage  # none behind a domain of one's own
        self.seconds = seconds
        self.idle: queue.Queue[Function] = queue.Queue()
        for one in environments:
            self.idle.put(one)
        self.running = ThreadPoolExecutor(256)  # what is not over when it is given up

    def handle_request(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None
    ) -> dict[str, Any]:
        """An HTTP request, answered as local/server.py sends it."""
        request_id = str(uuid.uuid4())
        asked = path.partition("?")[0]
        if self.stage:
            if not f"{asked}/".startswith(f"{self.stage}/"):
                return _forbidden()
            path = "/" + path.removeprefix(self.stage).removeprefix("/")
        found = self._resource(method, path.partition("?")[0])
        if found is None:
            return self._refused(self._unknown(headers), request_id)
        resource, captured = found
        operations = self.paths[resource]
        if method == "OPTIONS" and "options" in operations:
            return self._mocked(operations["options"])
        if body is not None and len(body) > MOST_BYTES:
            return self._refused("REQUEST_TOO_LARGE", request_id)
        event = proxy_event(method, path, resource, captured, headers, body)
        event["requestContext"]["path"] = asked  # as it came: with or without its slash
        try:
            outcome = self._invoke(event).result(self.seconds)
        except TimeoutError:
            return self._refused("INTEGRATION_TIMEOUT", request_id)
        if outcome.is_error or not isinstance(outcome.payload.get("statusCode"), int):
            return self._refused("INTEGRATION_FAILURE", request_id)
        return _passed_on(outcome.payload)

    def _invoke(self, event: Any) -> "Future[Outcome]":
        """In a thread of its own: a function that is given up goes on to its end, and
        until then its environment takes nothing else."""

        def run() -> Outcome:
            with self._environment() as environment:
                return environment.invoke(event)

        return self.running.submit(run)

    @contextmanager
    def _environment(self) -> Iterator[Function]:
        environment = self.idle.get(timeout=60)
        try:
            yield environment
        finally:
            self.idle.put(environment)

    def _resource(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """The nearest resource that has the method; one with {proxy+} comes last. That
        it is the pair that counts was measured: ministack #1423."""
        own = path.rstrip("/") or "/"
        for resource in sorted(
            self.paths, key=lambda one: ("+}" in one, one.count("{"))
        ):
            pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", resource)
            pattern = re.sub(r"{(\w+)\+}", r"(?P<\1>.+)", pattern)
            operations = self.paths[resource]
            takes = method.lower() in operations or ANY in operations
            if takes and (matched := re.fullmatch(pattern, own)):
                return resource, matched.groupdict()
        return None

    def _unknown(self, headers: dict[str, str]) -> str:
        """What an address that is none is told: to API Gateway whatever stands in
        Authorization is a signature there, and "Bearer" is no good one."""
        signed = any(name.lower() == "authorization" for name in headers)
        return "INVALID_SIGNATURE" if signed else "MISSING_AUTHENTICATION_TOKEN"

    def _refused(self, kind: str, request_id: str) -> dict[str, Any]:
        # What has no answer of its own gets the default one of its class.
        default = "DEFAULT_5XX" if kind.startswith("INTEGRATION") else "DEFAULT_4XX"
        told = self.refusals.get(kind) or self.refusals[default]
        headers = {}
        for name, value in told["responseParameters"].items():
            headers[name.removeprefix("gatewayresponse.header.")] = self._said(
                value, request_id
            )
        body = told["responseTemplates"]["application/json"]
        return {
            "statusCode": told["statusCode"],
            "headers": headers,
            "multiValueHeaders": {},
            "body": body.replace("$context.requestId", request_id),
        }

    def _mocked(self, operation: dict[str, Any]) -> dict[str, Any]:
        answer = operation["x-amazon-apigateway-integration"]["responses"]["default"]
        headers = {
            name.removeprefix("method.response.header."): self._said(value, "")
            for name, value in answer["responseParameters"].items()
        }
        return {
            "statusCode": int(answer["statusCode"]),
            "headers": headers,
            "multiValueHeaders": {},
            "body": "",
        }

    def _said(self, value: Any, request_id: str) -> str:
        if value == "context.requestId":
            return request_id
        text: str = value["Fn::Sub"] if isinstance(value, dict) else value
        assert text[0] == text[-1] == "'", f"API Gateway wants quotes: {text}"
        return text[1:-1].replace("${CorsOrigin}", "*")


def _forbidden() -> dict[str, Any]:
    """Beside the stage there is no API of ours, and so none of our words."""
    return {
        "statusCode": 403,
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {},
        "body": '{"message":"Forbidden"}',
    }


def _passed_on(answer: dict[str, Any]) -> dict[str, Any]:
    """The function's answer as it arrives: some headers under another name."""
    told: dict[str, Any] = {"body": "", **answer}
    for kind in ("headers", "multiValueHeaders"):
        told[kind] = {
            f"x-amzn-Remapped-{name}" if name.lower() in REMAPPED else name: value
            for name, value in (answer.get(kind) or {}).items()
        }
    return told


def proxy_event(
    method: str,
    path: str,
    resource: str,
    captured: dict[str, str],
    headers: dict[str, str],
    body: bytes | None,
    stage: str = "/api",
) -> dict[str, Any]:
    """The event of a proxy integration, payload 1.0, with everything that the real one
    has."""
    address, _, query = path.partition("?")
    multi_query: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        multi_query.setdefault(name, []).append(value)
    is_text = body is None or _is_utf8(body)
    sent = None
    if body is not None:
        sent = body.decode() if is_text else base64.b64encode(body).decode()
    return {
        "resource": resource,
        "path": address,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {n: v[-1] for n, v in multi_query.items()} or None,
        "multiValueQueryStringParameters": multi_query or None,
        "pathParameters": captured or None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "abc123",
            "resourcePath": resource,
            "httpMethod": method,
            "extendedRequestId": "Xyz=",
            "requestTime": "02/Jan/2026:03:04:05 +0000",
            "path": stage + address,
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": "api",
            "domainPrefix": "abc",
            "requestTimeEpoch": 1767323045678,
            "requestId": str(uuid.uuid4()),
            "identity": {
                "sourceIp": "192.0.2.1",
                "userAgent": headers.get("User-Agent"),
            },
            "domainName": "abc.execute-api.us-east-1.amazonaws.com",
            "apiId": "abc",
        },
        "body": sent,
        "isBase64Encoded": not is_text,
    }


def _is_utf8(body: bytes) -> bool:
    try:
        json.dumps(body.decode())
    except UnicodeDecodeError:
        return False
    return True
