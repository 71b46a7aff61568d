"""What goes out: JSON, ETags, and RFC 9457 problems. The only place for status
codes."""

import hashlib
import json
from dataclasses import is_dataclass
from typing import Any

from chalice.app import Response

from chalicelib.model import errors
from chalicelib.model.phones import displayed
from chalicelib.model.words import Contact, Deletion, Workspace, as_json

STATUS = {
    errors.InvalidRequest: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.VersionMismatch: 412,
    errors.IfMatchRequired: 428,
    errors.BodyTooLarge: 413,
    errors.UnsupportedMediaType: 415,
    errors.InvalidFields: 422,
    errors.IdempotencyKeyReused: 422,
    errors.Busy: 503,
    errors.ReadOnly: 503,
    errors.Internal: 500,
}


def ok(body: dict[str, Any], status: int = 200, **headers: str) -> Response:
    """JSON; header names are written with underscores."""
    return _response(body, status, "application/json", headers)


def contact(
    found: Contact, home: Workspace, status: int = 200, **headers: str
) -> Response:
    return _tagged("contact", told(found, home), status, headers)


def workspace(found: Workspace, status: int = 200, **headers: str) -> Response:
    return _tagged("workspace", as_json(found), status, headers)


def _tagged(
    name: str, shown: dict[str, Any], status: int, headers: dict[str, str]
) -> Response:
    """A word of the model with its ETag."""
    return ok({name: shown}, status, ETag=etag(shown), **headers)


def etag(shown: dict[str, Any]) -> str:
    """The version, which If-Match compares, and a digest of the whole as it is
    answered, so that a moved counter never hides behind a 304."""
    whole = hashlib.blake2b(_json(shown).encode(), digest_size=6)
    return f'"{shown["version"]}-{whole.hexdigest()}"'


def told(value: Any, home: Workspace | None) -> dict[str, Any]:
    """A word of the model as it is answered in its workspace: a contact has its phone
    also as people write it there, which is nowhere kept."""
    shown: dict[str, Any] = {}
    for name, kept in as_json(value).items():
        shown[name] = kept
        if isinstance(value, Contact) and name == "phone":
            region = home.phone_region if home else None
            shown["phone_display"] = kept and displayed(kept, region)
    return shown


def text(json_text: str, tag: str) -> Response:
    """JSON that is written already."""
    return Response(json_text, {"Content-Type": "application/json", "ETag": tag}, 200)


def not_modified(tag: str) -> Response:
    return Response("", {"ETag": tag}, 304)


def elsewhere(location: str) -> Response:
    """For now, and with the same method: no browser keeps it."""
    return Response("", {"Location": location}, 307)


def nothing() -> Response:
    return Response("", {}, 204)


def deletion(found: Deletion, location: str) -> Response:
    body = {"success": True, "deletion": as_json(found)}
    return ok(body) if found.status == "done" else ok(body, 202, Location=location)


def problem(
    refusal: errors.Refusal, request_id: str = "", home: Workspace | None = None
) -> Response:
    """A refusal as RFC 9457 tells it, to who is in the workspace `home`, if in any."""
    body = problem_body(refusal, request_id, home)
    headers: dict[str, str] = {}
    if isinstance(refusal, errors.Busy | errors.ReadOnly):
        headers["Retry_After"] = str(refusal.retry_after)
    if isinstance(refusal, errors.Unauthenticated):
        headers["WWW_Authenticate"] = 'Bearer realm="contactbook"'
    return _response(body, body["status"], "application/problem+json", headers)


def status_of(kind: type[errors.Refusal]) -> int:
    return next(STATUS[one] for one in kind.__mro__ if one in STATUS)


def problem_body(
    refusal: errors.Refusal, request_id: str, home: Workspace | None = None
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": refusal.title,
        "status": status_of(type(refusal)),
        "detail": refusal.detail,
        "code": refusal.code,
        "request_id": request_id,
        "errors": [error._asdict() for error in refusal.errors],
    }
    for name, value in refusal.extra.items():
        body[name] = told(value, home) if is_dataclass(value) else value
    return body


def results(found: list[tuple[int, dict[str, Any]]]) -> Response:
    """What became of each of many, in order, as if each had been asked for alone."""
    return ok({"results": [{"status": status, **told} for status, told in found]})


def error(refusal: errors.Refusal) -> tuple[int, dict[str, Any]]:
    """A refusal of one of many."""
    told = {"code": refusal.code, "detail": refusal.detail}
    bad = [error._asdict() for error in refusal.errors]
    return status_of(type(refusal)), {"error": {**told, "errors": bad}}


def _response(
    body: dict[str, Any], status: int, kind: str, headers: dict[str, str]
) -> Response:
    named: dict[str, str | list[str]] = {"Content-Type": kind}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(_json(body), named, status)


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
