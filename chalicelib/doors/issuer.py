"""What an issuer publishes, fetched from its URL: under our own name, small, and within
a time that holds for the whole. What it means is identity.py's."""

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.error import HTTPError

# Some firewalls refuse whoever calls himself Python-urllib.
HEADERS = {"User-Agent": "contactbook", "Accept": "application/json"}
FETCH_SECONDS = 3.0  # for all of it: name, connection, headers and body
MOST_BYTES = 512 * 1024


class Unreadable(Exception):
    """Why there is no document, as a clause that follows its URL."""


class _Line(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    """Makes the connection of one fetch, which another thread can cut."""

    connection: HTTPConnection | None = None

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._made_of(HTTPConnection), req)

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._made_of(HTTPSConnection), req)

    def cut(self) -> None:
        line = self.connection.sock if self.connection else None
        if line:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _made_of(self, kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        def make(host: str, **options: Any) -> HTTPConnection:
            self.connection = kind(host, **options)
            return self.connection

        return make


class _Stay(urllib.request.HTTPRedirectHandler):
    """Who serves the keys says who comes in: that is the host that was named."""

    def redirect_request(self, *_: Any) -> None:
        return None


def document(url: str) -> Any:
    """The JSON at a URL; raises Unreadable, after FETCH_SECONDS at the latest."""
    answer: list[Any] = []
    line = _Line()
    until = time.monotonic() + FETCH_SECONDS
    # A socket's time-out is for each of its steps: an issuer that sends a byte a second
    # would hold us for as long as it likes.
    worker = threading.Thread(
        target=lambda: answer.append(_outcome(url, line, until)), daemon=True
    )
    worker.start()
    worker.join(FETCH_SECONDS)
    if not answer:
        line.cut()
        raise Unreadable(f"has not answered in {FETCH_SECONDS:g} s")
    if isinstance(answer[0], Unreadable):
        raise answer[0]
    return answer[0]


def _outcome(url: str, line: _Line, until: float) -> Any:
    try:
        return json.loads(_body(url, line, until))
    except Unreadable as reason:
        return reason
    except HTTPError as error:
        with error:
            to = error.headers.get("Location")
        return Unreadable(f"answers {error.code}" + (f", see {to}" if to else ""))
    except (ValueError, RecursionError):
        return Unreadable("sends no JSON")
    except (OSError, HTTPException) as error:
        return Unreadable(f"cannot be reached: {getattr(error, 'reason', error)}")


def _body(url: str, line: _Line, until: float) -> bytes:
    # Which schemes there may be is settled in settings.py.
    asked = urllib.request.Request(url, headers=HEADERS)  # noqa: S310
    opener = urllib.request.build_opener(line, _Stay)
    body = b""
    with opener.open(asked, timeout=FETCH_SECONDS) as told:
        while part := told.read1(65536):
            body += part
            if len(body) > MOST_BYTES:
                raise Unreadable(f"sends more than {MOST_BYTES:,} bytes")
            if time.monotonic() > until:
                raise Unreadable("is too slow")
    return body
