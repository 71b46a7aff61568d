"""A request in: who calls, what is asked. Every route goes through `route`, every answer
through `middleware`, also those that Chalice makes itself. What goes out is answers.py's.
"""

import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools import Logger
from chalice import Blueprint, Chalice, CORSConfig, Response
from chalice.app import Request

from chalicelib import access, answers, body, errors, settings, table
from chalicelib.identity import Keys, authenticate
from chalicelib.model import Member, is_user_id, parse_id, parse_reference

View = Callable[..., Response]

logger = Logger(service="contactbook")

MOST_LISTED = 100
EXPOSED = (
    "ETag Location Retry-After Allow WWW-Authenticate "
    "X-Request-Id X-Storage-Calls X-Capacity"
)


def cors() -> CORSConfig:
    """Which pages of another origin may call; tokens travel in a header, not a cookie."""
    return CORSConfig(
        allow_origin=settings.current().cors_origin,
        allow_headers=["If-Match", "If-None-Match", "Idempotency-Key"],
        expose_headers=EXPOSED.split(),
        max_age=600,
    )


@cache
def issuer_keys() -> Keys:
    return Keys(settings.current().jwt_jwks)


class Call:
    """One request on its way through a route."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.now = datetime.now(UTC)
        self.noted: dict[str, str] = {}  # for the log; never a phone or an e-mail

    @property
    def request_id(self) -> str:
        context = self.request.lambda_context
        return str(getattr(context, "aws_request_id", ""))

    @property
    def table(self) -> table.Table:
        return table.connect()

    @cached_property
    def caller(self) -> str:
        """The caller's user id; raises Unauthenticated."""
        header = self.request.headers.get("authorization")
        user_id = authenticate(header, issuer_keys(), settings.current())
        self.noted["caller"] = _loggable(user_id)
        return user_id

    def enter(self, workspace: str) -> Member:
        """The caller as a member of the workspace; raises WorkspaceNotFound."""
        member = access.enter(self.table, workspace, self.caller)
        self.noted["workspace"] = member.workspace.id
        return member

    def enter_named(self, query: dict[str, str]) -> Member:
        """As `enter`, for the short forms: ?workspace=, or the caller's only one."""
        if "workspace" in query:
            return self.enter(parse_reference(query["workspace"]))
        return self.enter(access.only_workspace(self.table, self.caller))

    def body(self) -> dict[str, Any]:
        raw = self.request.raw_body
        headers = self.request.headers
        return body.read(
            raw if isinstance(raw, bytes) else raw.encode(),
            headers.get("content-type", ""),
            headers.get("content-encoding", ""),
        )

    def query(self, *known: str) -> dict[str, str]:
        """The query's parameters; a misspelt filter must not list everything."""
        given = self.request.query_params
        found = dict(given.items()) if given else {}
        bad = [name for name in found if name not in known]
        bad += [
            name for name in found if len(given.getlist(name)) > 1 and name in known
        ]
        if bad:
            raise _bad_parameters(bad, "is not known here, or given twice")
        return {name: value for name, value in found.items() if value}

    @property
    def versions(self) -> tuple[int, ...] | None:
        """The versions that If-Match accepts (RFC 9110, 13.1.1); None: any. A tag that
        is weak, or not ours, matches none."""
        header = self.request.headers.get("if-match")
        if header is None or header.strip() == "*":
            return None
        tags = re.findall(r'(W/)?"(\d{1,9})(?:-[0-9a-f]*)?"', header)
        return tuple(int(version) for weak, version in tags[:50] if not weak)

    def has(self, tag: str) -> bool:
        """Whether If-None-Match names this tag (RFC 9110, 13.1.2: weak comparison)."""
        header = self.request.headers.get("if-none-match", "")
        return header.strip() == "*" or tag in re.findall(r'"[^"]*"', header)

    def location(self, *parts: str) -> str:
        """An address of ours, behind the stage's name on AWS."""
        full = self.request.context.get("path", "").rstrip("/").split("/")
        own = self.request.path.rstrip("/").split("/")
        stage = full[1 : len(full) - len(own) + 1]
        return "/" + "/".join([*stage, *parts])


def limit_of(query: dict[str, str]) -> int:
    text = query.get("limit", "25")
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_LISTED:
        raise _bad_parameters(["limit"], f"must be 1 to {MOST_LISTED}")
    return int(text)


def cursor_of(query: dict[str, str], kind: str) -> str | None:
    return parse_id(kind, query["cursor"], "cursor") if "cursor" in query else None


def user_cursor_of(query: dict[str, str]) -> str | None:
    return _user_id(query["cursor"], "cursor") if "cursor" in query else None


def _user_id(text: str, field: str = "user_id") -> str:
    if not is_user_id(text):
        raise _bad_parameters([field], "is not a user's id")
    return text


def _bad_parameters(names: list[str], reason: str) -> errors.Malformed:
    found = [
        errors.FieldError(name, "invalid_parameter", f"{name} {reason}.")
        for name in names
    ]
    return errors.Malformed(" ".join(error.message for error in found), found)


# Every id in a path is read here, before storage is touched: a route cannot forget it.
IN_PATH: dict[str, Callable[[str], str]] = {
    "workspace": parse_reference,
    "user_id": _user_id,
    "contact_id": lambda text: parse_id("con", text),
    "deletion_id": lambda text: parse_id("del", text),
}

_call: ContextVar[Call] = ContextVar("call")


def route(
    blueprint: Blueprint, method: str, path: str, public: bool = False
) -> Callable[[View], View]:
    """Puts a view behind its URL: the caller is known, the ids in the path are ids, and
    a refusal becomes its problem."""

    def register(view: View) -> View:
        def door(**captured: str) -> Response:
            call = _call.get()
            try:
                if not public:
                    call.noted["caller"] = _loggable(call.caller)
                given = {n: IN_PATH[n](unquote(text)) for n, text in captured.items()}
                return view(call, **given)
            except errors.Refusal as refusal:
                return answers.problem(refusal, call.request_id)
            except Exception:
                logger.exception("unexpected")
                return answers.problem(errors.Internal(), call.request_id)

        door.__name__ = view.__name__
        blueprint.route(path, methods=[method], cors=cors(), content_types=[])(door)
        return view

    return register


def middleware(
    request: Request | None, get_response: Callable[..., Response]
) -> Response:
    """The outermost: what Chalice refuses by itself is told as we tell it; every answer
    has a request id, its cost, CORS, and one line in the log."""
    if request is None:
        reason = "This is not an API Gateway proxy event."
        return answers.problem(errors.Malformed(reason))
    started = time.perf_counter()
    call = Call(request)
    token = _call.set(call)
    with table.metered() as cost:
        response = _ours(get_response(request), call)
    _call.reset(token)
    response.headers |= {
        "X-Request-Id": call.request_id,
        "X-Storage-Calls": str(cost.calls),
        "X-Capacity": f"rcu={cost.rcu:g}, wcu={cost.wcu:g}",
    }
    _dress(response)
    logger.info(
        "request",
        request_id=call.request_id,
        method=request.method,
        route=request.path,
        status=response.status_code,
        ms=round((time.perf_counter() - started) * 1000, 1),
        calls=cost.calls,
        rcu=cost.rcu,
        wcu=cost.wcu,
        **call.noted,
    )
    return response


def _dress(response: Response) -> None:
    """Headers that every answer has, whoever made it."""
    defaults = {
        **cors().get_access_control_headers(),
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if settings.current().cors_origin != "*":
        defaults["Vary"] = "Origin"
    for name, value in defaults.items():
        response.headers.setdefault(name, value)


def _ours(response: Response, call: Call) -> Response:
    """Chalice's own refusals carry a body of {"Code", "Message"}."""
    if not (isinstance(response.body, dict) and "Code" in response.body):
        return response
    if response.status_code == 405:
        allowed = response.headers.get("Allow", "")
        refusal = errors.MethodNotAllowed()
        return answers.problem(refusal, call.request_id, Allow=allowed)
    return answers.problem(errors.Internal(), call.request_id)


def unknown_path(request_id: str) -> Response:
    """What API Gateway answers by itself on AWS, for the server that has none."""
    response = answers.problem(errors.RouteNotFound(), request_id)
    response.headers["X-Request-Id"] = request_id
    _dress(response)
    return response


def open_for(app: Chalice) -> None:
    """Makes at import what the first request would wait for: the client to the store."""
    app.register_middleware(middleware, "http")
    table.connect()


def _loggable(user_id: str) -> str:
    """Some issuers put an e-mail or a phone into `sub`; the log has neither."""
    if "@" in user_id or re.fullmatch(r"\+?[\d-]{6,}", user_id):
        return "..."
    return user_id
