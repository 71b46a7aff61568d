"""The description of the API over HTTP: public, made once a process, when first asked
for."""

import hashlib
import json
from functools import lru_cache

from chalice.app import Blueprint, Response

from chalicelib.doors import answers, openapi
from chalicelib.doors.bodies import whatever
from chalicelib.doors.call import Call
from chalicelib.doors.declared import OPERATIONS
from chalicelib.doors.http import route

blueprint = Blueprint(__name__)


@route(
    blueprint,
    "GET",
    "/openapi.json",
    public=True,
    answers={200: whatever("This document.", "ETag")},
    headers="If-None-Match",
)
def description(call: Call) -> Response:
    """This document."""
    text, tag = _made(call.location())
    return answers.not_modified(tag) if call.has(tag) else answers.text(text, tag)


@lru_cache(maxsize=4)
def _made(server: str) -> tuple[str, str]:
    """The document and its tag; `server` differs with the stage's name alone."""
    made = openapi.document(OPERATIONS.values(), server)
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.blake2b(text.encode(), digest_size=8)
    return text, f'"{digest.hexdigest()}"'
