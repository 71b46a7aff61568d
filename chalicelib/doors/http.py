"""Every route goes through `route`, every answer through `middleware`: also those that
Chalice makes by itself. What a route reads is call.py's, what it says answers.py's."""

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any, Unpack
from urllib.parse import unquote

from chalice.app import Blueprint, Chalice, CORSConfig, Request, Response

from chalicelib.base import budget, log, settings
from chalicelib.base.cost import Cost, metered
from chalicelib.doors import answers, machines
from chalicelib.doors.call import Call
from chalicelib.doors.declared import Operation, Told, declare
from chalicelib.doors.parameters import IN_PATH
from chalicelib.model import errors
from chalicelib.verbs import access

View = Callable[..., Response]

PATIENCE_SECONDS = 15  # of a request for the store; API Gateway gives up after 29

# API Gateway gives WWW-Authenticate the second name.
EXPOSED = (
    "ETag Location Retry-After Allow WWW-Authenticate x-amzn-Remapped-WWW-Authenticate "
    "X-Request-Id X-Storage-Calls X-Capacity"
)

# What Chalice reads of a REST API's proxy event before any of our code runs.
IN_EVENT = frozenset(
    [
        "multiValueQueryStringParameters",
        "headers",
        "pathParameters",
        "body",
        "stageVariables",
    ]
)

_call: ContextVar[Call] = ContextVar("call")


class Door(Chalice):
    """The app as Lambda calls it. What is not a proxy event of our API, as the AWS
    console's test button may send, is refused here; Chalice would end with KeyError."""

    def __call__(self, event: Any, context: Any) -> Any:
        refusal = _strange(event, self.routes)
        request_id = str(getattr(context, "aws_request_id", ""))
        if refusal is not None:
            return gateway_refusal(refusal, request_id).to_dict()
        try:
            return super().__call__(event, context)
        except Exception:  # an answer that cannot be written, when all else is done
            log.exception("unexpected", request_id=request_id)
            return gateway_problem(errors.Internal(), request_id).to_dict()


def route(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    query: str = "",
    public: bool = False,
    people: bool = False,
    **told: Unpack[Told],
) -> Callable[[View], View]:
    """Puts a view behind its URL: the caller is known, the ids in the path are ids, and
    a refusal becomes its problem. One for `people` is closed to machines' tokens. What
    else is `told` goes into the description."""

    def register(view: View) -> View:
        one = declare(
            view, method, path, query=query, public=public, people=people, told=told
        )

        def door(**captured: str) -> Response:
            call = _call.get()
            try:
                return _asked(call, one, view, captured)
            except errors.Refusal as refusal:
                return answers.problem(refusal, call.request_id, call.workspace)
            except Exception:
                log.exception("unexpected", request_id=call.request_id)
                return answers.problem(errors.Internal(), call.request_id)

        door.__name__ = view.__name__
        # RFC 9110, 9.3.2: HEAD is GET without the body; the servers leave that out.
        methods = ["GET", "HEAD"] if method == "GET" else [method]
        blueprint.route(path, methods=methods, cors=cors(), content_types=[])(door)
        return view

    return register


def _asked(
    call: Call, one: Operation, view: View, captured: Mapping[str, str]
) -> Response:
    if one.public:
        return view(call, **_ids(captured))
    call.authenticate()
    with machines.proved_first(call):
        if one.method != "GET" and settings.current().read_only:
            raise errors.ReadOnly
        call.read_query(one.query)
        given = _ids(captured)
        if one.people:
            machines.keep_out(call, given.get("workspace"))
        return view(call, **given)


def _ids(captured: Mapping[str, str]) -> dict[str, str]:
    return {name: IN_PATH[name].read(unquote(text)) for name, text in captured.items()}


def middleware(request: Request, get_response: Callable[..., Response]) -> Response:
    """The outermost: whoever made the answer, it has a request id, its cost, CORS, and
    one line in the log."""
    started = time.perf_counter()
    call = Call(request)
    token = _call.set(call)
    with (
        metered() as cost,
        budget.patience(PATIENCE_SECONDS),
        log.request(call.request_id),
    ):
        try:
            response = _ours(get_response(request), call)
        except Exception:
            log.exception("unexpected", request_id=call.request_id)
            response = answers.problem(errors.Internal(), call.request_id)
        finally:
            _call.reset(token)
    _dress(response, call.request_id, _shown(response, cost))
    _log(call, response.status_code, time.perf_counter() - started, cost)
    return response


def gateway_refusal(refusal: errors.Refusal, request_id: str) -> Response:
    """What API Gateway answers by itself on AWS, for the server that has none."""
    response = gateway_problem(refusal, request_id)
    # Not the path: whatever was typed there does not belong in a log.
    log.info("request", request_id=request_id, status=response.status_code)
    return response


def gateway_problem(refusal: errors.Refusal, request_id: str) -> Response:
    """How a refusal is told that no route of ours has made."""
    response = answers.problem(refusal, request_id)
    _dress(response, request_id, Cost())
    return response


def preflight(response: Response, request_id: str) -> Response:
    """The answer to a browser's question whether it may ask, with its headers."""
    _dress(response, request_id, Cost())
    return response


def open_for(app: Chalice) -> None:
    """Makes at import what the first request would wait for: the store's client."""
    app.register_middleware(middleware, "http")
    access.store()


@cache
def cors() -> CORSConfig:
    """Which pages of another origin may call: tokens travel in a header, no cookies."""
    return CORSConfig(
        allow_origin=settings.current().cors_origin,
        allow_headers=["If-Match", "If-None-Match", "Idempotency-Key"],
        expose_headers=EXPOSED.split(),
        max_age=600,
    )


def _strange(event: Any, routes: Mapping[str, Any]) -> errors.Refusal | None:
    about = event.get("requestContext") if isinstance(event, dict) else None
    if not isinstance(about, dict) or not IN_EVENT.issubset(event):
        return errors.InvalidRequest("This is not a proxy event of a REST API.")
    return None if about.get("resourcePath") in routes else errors.RouteNotFound()


def _ours(response: Response, call: Call) -> Response:
    """What Chalice refuses by itself ({"Code", "Message"}), told as we tell it."""
    if not (isinstance(response.body, dict) and "Code" in response.body):
        return response
    refusals = {405: errors.MethodNotAllowed, 415: errors.UnsupportedMediaType}
    refusal = refusals.get(response.status_code, errors.Internal)()
    told = answers.problem(refusal, call.request_id)
    if "Allow" in response.headers:
        told.headers["Allow"] = response.headers["Allow"]
    return told


def _dress(response: Response, request_id: str, cost: Cost) -> None:
    response.headers |= {
        "X-Request-Id": request_id,
        "X-Storage-Calls": str(cost.calls),
        "X-Capacity": f"rcu={_plain(cost.rcu)}, wcu={_plain(cost.wcu)}",
    }
    defaults = {
        **cors().get_access_control_headers(),
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Origin, Accept-Encoding",  # the gateway compresses what is not small
    }
    for name, value in defaults.items():
        response.headers.setdefault(name, value)


# What a refusal shows that must not tell what there is: nobody learns from the cost
# whether something is missing or another's, or how large. The log has the true one.
ONE_LOOK = Cost(calls=1, rcu=2)


def _shown(response: Response, cost: Cost) -> Cost:
    silent = response.status_code in (401, 404)
    return ONE_LOOK if silent and cost.calls else cost


def _plain(units: float) -> str:
    return f"{units:.1f}".removesuffix(".0")


def _log(call: Call, status: int, seconds: float, cost: Cost) -> None:
    """One line a request; never a token, a phone or an e-mail."""
    line: dict[str, Any] = {
        "request_id": call.request_id,
        "method": call.request.method,
        "route": call.request.path,
        "status": status,
        "ms": round(seconds * 1000, 1),
        **call.noted,
        "calls": cost.calls,
        "rcu": cost.rcu,
        "wcu": cost.wcu,
    }
    log.info("request", **line)
