"""`chalice local`, for real, as far as it goes; and what API Gateway does beyond it.

Chalice's server answers in its own words, or not at all, where API Gateway stands in
front on AWS: unknown paths, broken requests, strange methods. Here these are told like
every other refusal, and no request gets a dropped connection. How a request is read off
the wire is wire.py's.
"""

import sys
import time
import uuid
from contextlib import suppress
from email.message import Message
from http import HTTPStatus
from socket import SHUT_WR
from typing import Any

from chalice.app import Response
from chalice.local import (
    ChaliceRequestHandler,
    LocalDevServer,
    LocalGatewayException,
    ThreadedHTTPServer,
)

from chalicelib.base import log
from chalicelib.doors import http
from chalicelib.model.errors import Internal, InvalidRequest, Refusal, RouteNotFound
from local import gzipped, wire

LINGER_SECONDS = 2.0


class Server(ThreadedHTTPServer):
    request_queue_size = 256  # 40 clients at once must not wait for a second SYN

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class Handler(ChaliceRequestHandler):
    # Two small writes and Nagle's algorithm cost 44 ms a request on a kept connection.
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    timeout = 65
    server_version = "contactbook"

    command: str
    takes_gzip: bool

    def handle_one_request(self) -> None:
        """Whatever is sent, a whole answer; then whether there may be a next one."""
        self.close_connection = True
        # What an answer looks at, also when no request could be read.
        self.command, self.requestline, self.request_version = "GET", "", "HTTP/1.1"
        self.takes_gzip = False
        try:
            line = wire.read_line(self.rfile)
            if line is None:
                return
            self.command = line.method
            headers = wire.read_headers(self.rfile)
            taken = headers.get_all("Accept-Encoding", [])
            self.takes_gzip = gzipped.takes(",".join(taken))
            self._expected(line, headers)
            body = wire.read_body(self.rfile, line, headers)
        except TimeoutError:
            self._send(_refused(InvalidRequest("The request did not come in time.")))
        except Refusal as refusal:
            self._send(_refused(refusal))
        else:
            self.close_connection = not wire.stays_open(line, headers)
            self._send(self._answer(line, headers, body))

    def _expected(self, line: wire.Line, headers: Message) -> None:
        """A client may ask whether it shall send the body (RFC 9110, 10.1.1)."""
        if line.minor > 0 and headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()  # it waits for this

    def _answer(self, line: wire.Line, headers: Message, body: bytes | None) -> Any:
        try:
            response = self.local_gateway.handle_request(
                method=line.method, path=line.target, headers=dict(headers), body=body
            )
        except (LocalGatewayException, UnicodeEncodeError):
            # The second: Chalice quotes Authorization, as ASCII, while it refuses.
            return _refused(RouteNotFound())
        except Exception:  # told and logged; else the connection would just end
            log.exception("unexpected")
            return _refused(Internal())
        return _preflight(response) if line.method == "OPTIONS" else response

    def _send(self, response: dict[str, Any]) -> None:
        headers = response["headers"] | response["multiValueHeaders"]
        body = self._handle_binary(response)["body"]
        self._send_http_response(response["statusCode"], headers, body)
        self.wfile.flush()
        if self.close_connection:
            with suppress(OSError):  # the client has gone, or has not gone in time
                self._linger()

    def _linger(self) -> None:
        """Reads on for a while after the last answer: to end a connection with bytes
        unread is to reset it, and the client may lose the answer (RFC 9112, 9.6)."""
        self.connection.shutdown(SHUT_WR)
        deadline = time.monotonic() + LINGER_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            self.connection.settimeout(left)
            if not self.connection.recv(65536):
                return

    def _send_http_response(self, code: int, headers: Any, body: Any) -> None:
        data = body.encode() if isinstance(body, str) else body or b""
        headers.setdefault("Content-Type", "application/json")
        bodiless = code in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if self.takes_gzip and (short := gzipped.shortened(data)):
            data = short
            headers["Content-Encoding"] = "gzip"
        if not bodiless:
            headers["Content-Length"] = str(len(data))
        if self.close_connection:  # said, or a client sends its next request into it
            headers["Connection"] = "close"
        self.send_response(code)
        self._send_headers(headers)
        if not bodiless and self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: every request already has its line, written by the app."""


def _refused(refusal: Refusal) -> dict[str, Any]:
    found: dict[str, Any] = http.gateway_refusal(refusal, str(uuid.uuid4())).to_dict()
    return found


def _preflight(answered: dict[str, Any]) -> dict[str, Any]:
    response = Response("", answered["headers"], answered["statusCode"])
    found: dict[str, Any] = http.preflight(response, str(uuid.uuid4())).to_dict()
    return found


def create(app: Any, config: Any, host: str, port: int) -> LocalDevServer:
    """The server, bound but not yet serving."""
    from chalice.local import CustomLocalChalice, LocalChalice

    CustomLocalChalice.__bases__ = (LocalChalice, app.__class__)
    app.__class__ = CustomLocalChalice
    return LocalDevServer(app, config, host, port, Handler, Server)
