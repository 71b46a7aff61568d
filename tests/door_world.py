"""The HTTP door in this process: API Gateway's events in, answers out, so that a test
can put a faulty client behind the real app."""

import io
import json
import re
from types import SimpleNamespace
from typing import Any, NamedTuple

from chalice.app import Blueprint

from chalicelib.base import log
from chalicelib.doors import http
from tests.bundle.gateway import proxy_event
from tests.test_http_isolation import every_route

REQUEST_ID = "request-1"


class Told(NamedTuple):
    """An answer, its headers in lower case."""

    status: int
    headers: dict[str, str]
    body: str


def the_app() -> Any:
    every_route()  # imports it, with settings that name no real place
    import app

    return app.app


def only(view: Any) -> Any:
    """An app whose one route, GET /view, is answered by this view."""
    every_route()
    blueprint = Blueprint(__name__)
    http.route(blueprint, "GET", "/view", public=True)(view)
    made = http.Door(app_name="view")
    made.register_middleware(http.middleware, "http")
    made.register_blueprint(blueprint)
    return made


def ask(
    app: Any,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
    **event: Any,
) -> Told:
    """What the app says to an event as API Gateway would make it, `event` changed."""
    for resource in app.routes:
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", resource)
        if found := re.fullmatch(pattern, path.partition("?")[0]):
            break
    else:
        raise AssertionError(path)
    raw = None if body is None else json.dumps(body).encode()
    made = proxy_event(
        method, path, resource, found.groupdict(), headers or {}, raw, stage=""
    )
    answer = app(made | event, SimpleNamespace(aws_request_id=REQUEST_ID))
    json.dumps(answer)  # as Lambda must write it
    given = {**answer["headers"], **answer["multiValueHeaders"]}
    low = {name.lower(): value for name, value in given.items()}
    return Told(answer["statusCode"], low, answer["body"])


class Lines:
    """What is written into the log while it is held."""

    def __init__(self, monkeypatch: Any) -> None:
        self.written = io.StringIO()
        monkeypatch.setattr(log._logger.registered_handler, "stream", self.written)

    @property
    def text(self) -> str:
        return self.written.getvalue()

    def named(self, message: str) -> list[dict[str, Any]]:
        every = [json.loads(one) for one in self.text.splitlines()]
        return [one for one in every if one["message"] == message]
