"""API Gateway's REST API as far as the packaged template describes it: which path and
method there is, the proxy event, the answers that it makes itself. It takes the place
of Chalice's local gateway behind the same loopback server (local/server.py)."""

import base64
import json
import queue
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from tests.bundle.runtime import Environment

ANY = "x-amazon-apigateway-any-method"


class Gateway:
    """Stands before a few environments of the API's function."""

    def __init__(
        self, template: dict[str, Any], environments: list[Environment], stage: str = ""
    ) -> None:
        api = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
        self.paths: dict[str, Any] = api["paths"]
        self.refusals = api["x-amazon-apigateway-gateway-responses"]
        self.stage = stage  # none behind a domain of one's own
        self.idle: queue.Queue[Environment] = queue.Queue()
        for one in environments:
            self.idle.put(one)

    def handle_request(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None
    ) -> dict[str, Any]:
        """An HTTP request, answered as local/server.py sends it."""
        request_id = str(uuid.uuid4())
        found = self._resource(path.partition("?")[0])
        if found is None:
            return self._refused("MISSING_AUTHENTICATION_TOKEN", request_id)
        resource, captured = found
        operations = self.paths[resource]
        if method == "OPTIONS":
            return self._mocked(operations["options"])
        if method.lower() not in operations and ANY not in operations:
            return self._refused("MISSING_AUTHENTICATION_TOKEN", request_id)
        event = proxy_event(method, path, resource, captured, headers, body, self.stage)
        with self._environment() as environment:
            outcome = environment.invoke(event)
        if outcome.is_error or not isinstance(outcome.payload.get("statusCode"), int):
            return self._refused("INTEGRATION_FAILURE", request_id)
        answer: dict[str, Any] = {"multiValueHeaders": {}, "headers": {}}
        answer |= outcome.payload
        return answer

    @contextmanager
    def _environment(self) -> Iterator[Environment]:
        environment = self.idle.get(timeout=60)
        try:
            yield environment
        finally:
            self.idle.put(environment)

    def _resource(self, path: str) -> tuple[str, dict[str, str]] | None:
        own = path.rstrip("/") or "/"
        for resource in self.paths:
            pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", resource)
            if matched := re.fullmatch(pattern, own):
                return resource, matched.groupdict()
        return None

    def _refused(self, kind: str, request_id: str) -> dict[str, Any]:
        told = self.refusals[kind]
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
