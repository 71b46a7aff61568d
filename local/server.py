"""`chalice local`, for real, as far as it goes; and what API Gateway does beyond it.

Chalice's server answers in its own words, or not at all, where API Gateway stands in
front on AWS: unknown paths, broken requests, strange methods. Here these are told like
every other refusal, and no request gets a dropped connection.
"""

import re
import sys
import uuid
from http import HTTPStatus
from typing import Any

from chalice.app import Response
from chalice.local import (
    ChaliceRequestHandler,
    LocalDevServer,
    LocalGatewayException,
    ThreadedHTTPServer,
)

from chalicelib.doors import http
from chalicelib.model.errors import BodyTooLarge, InvalidRequest, Refusal, RouteNotFound

GATEWAY_BYTES = 10 * 1024 * 1024  # the most that API Gateway takes


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

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # any method at all: Chalice answers 405 with Allow
            return self._generic_handle
        raise AttributeError(name)

    command: str

    def _generic_handle(self) -> None:
        try:
            response = self.local_gateway.handle_request(
                method=self.command,
                path=self.path,
                headers=dict(self.headers),
                body=self._body(),
            )
            if self.command == "OPTIONS":
                response = _preflight(response)
        except LocalGatewayException:
            response = _refused(RouteNotFound())
        except TimeoutError:
            self.close_connection = True
            response = _refused(InvalidRequest("The body did not come in time."))
        except Refusal as refusal:
            self.close_connection = True  # where the next request starts is unknown
            response = _refused(refusal)
        headers = response["headers"] | response["multiValueHeaders"]
        body = self._handle_binary(response)["body"]
        self._send_http_response(response["statusCode"], headers, body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _generic_handle
    do_PATCH = do_OPTIONS = _generic_handle

    def _send_http_response(self, code: int, headers: Any, body: Any) -> None:
        data = body.encode() if isinstance(body, str) else body or b""
        headers.setdefault("Content-Type", "application/json")
        bodiless = code in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if not bodiless:
            headers["Content-Length"] = str(len(data))
        if self.close_connection:  # said, or a client sends its next request into it
            headers["Connection"] = "close"
        self.send_response(code)
        self._send_headers(headers)
        if not bodiless and self.command != "HEAD":
            self.wfile.write(data)

    def handle_expect_100(self) -> bool:
        told: bool = super().handle_expect_100()
        self.wfile.flush()  # the client waits for it before it sends the body
        return told

    def _body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        lengths = set(self.headers.get_all("Content-Length", ["0"]))
        length = lengths.pop()
        if lengths or not re.fullmatch("[0-9]{1,15}", length):
            raise InvalidRequest("Content-Length is not one number.")
        if int(length) > GATEWAY_BYTES:
            self._drain(int(length))
            raise BodyTooLarge
        return self._read(int(length)) if int(length) else None

    def _read(self, length: int) -> bytes:
        data: bytes = self.rfile.read(length)
        if len(data) < length:
            raise InvalidRequest("The body ends before its Content-Length.")
        return data

    def _drain(self, length: int) -> None:
        """Reads on, so that the sender gets to hear the answer."""
        while length > 0 and (part := self.rfile.read(min(length, 65536))):
            length -= len(part)

    def _chunks(self) -> bytes:
        """A chunked body (RFC 9112, 7.1)."""
        body, total = b"", 0
        while length := self._chunk_length():
            total += length
            if total > GATEWAY_BYTES:
                self._drain(length)  # to the end, so that the sender hears the answer
            else:
                body += self._read(length)
            if self.rfile.readline(1024).strip():
                raise InvalidRequest("A chunk is longer than it says.")
        while self.rfile.readline(65537).strip():
            pass
        if total > GATEWAY_BYTES:
            raise BodyTooLarge
        return body

    def _chunk_length(self) -> int:
        size = self.rfile.readline(1024).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,12}", size):
            raise InvalidRequest("A chunk's size is not a number.")
        return int(size, 16)

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        """What Python's server refuses before a request exists: bad lines and
        headers."""
        self.close_connection = True
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = "HTTP/1.1"  # unread yet, and 0.9 would mean no head
        response = _refused(InvalidRequest(f"{HTTPStatus(code).phrase}."))
        self._send_http_response(400, response["headers"], response["body"])

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
