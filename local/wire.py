"""One request read off a connection, strictly (RFC 9112), as API Gateway would before
any code of ours runs. What is read loosely, two readers read differently: a header, a
body or a second request is there for one of them only.

Raises InvalidRequest or BodyTooLarge; after either nobody knows where the next request
starts, so the connection has to end.
"""

import re
from dataclasses import dataclass
from email.message import Message
from io import BufferedReader

from chalicelib.model.errors import BodyTooLarge, InvalidRequest

GATEWAY_BYTES = 10 * 1024 * 1024  # the most that API Gateway takes
LINE_BYTES = 65536
HEADERS = 100
EMPTY_LINES = 8  # before a request; some clients send one after a body (2.2)
CHUNK_LINE_BYTES = 1024

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
REQUEST = re.compile(rf"({TOKEN}) ([!-~]+) HTTP/1\.([0-9])\r?\n".encode())
# Neither a name with a space behind it, nor a folded line, nor a control character.
FIELD = re.compile(rf"{TOKEN}:[\t -~\x80-\xff]*\r?\n".encode("latin-1"))
HOST = r"(\[[0-9a-f:.]+\]|[0-9a-z._~-]+)(:[0-9]*)?"
ABSOLUTE = re.compile(rf"https?://{HOST}(?=[/?#]|$)", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """A request's first line; `target` is a path, with or without a query."""

    method: str
    target: str
    minor: int  # of HTTP/1.x


def read_line(stream: BufferedReader) -> Line | None:
    """None when the client has nothing more to ask."""
    try:
        stream.peek(1)
    except TimeoutError:  # nobody is in the middle of a request
        return None
    for _ in range(EMPTY_LINES):
        line = stream.readline(LINE_BYTES + 1)
        if line not in (b"\r\n", b"\n"):
            break
    if not line:
        return None
    if len(line) > LINE_BYTES:
        raise InvalidRequest("The request's first line is too long.")
    parts = REQUEST.fullmatch(line)
    if parts is None:
        raise InvalidRequest("The first line is not METHOD /path HTTP/1.1.")
    method, target, minor = (part.decode() for part in parts.groups())
    return Line(method, path_of(target), int(minor))


def path_of(target: str) -> str:
    """The path and query of a target, its `;` and `#` kept from Chalice, which would
    cut them off and take `/contacts/ID;x=1` for `/contacts/ID`."""
    host = ABSOLUTE.match(target)
    if not host and not target.startswith("/"):
        raise InvalidRequest("The request's target is not a path.")
    rest = target[host.end() :] if host else target
    path, question, query = rest.replace("#", "%23").partition("?")
    # Two slashes in front would be a host's name.
    return "/" + path.replace(";", "%3B").lstrip("/") + question + query


def read_headers(stream: BufferedReader) -> Message:
    """The headers up to the empty line."""
    headers = Message()
    while (line := stream.readline(LINE_BYTES + 1)) not in (b"\r\n", b"\n"):
        if len(line) > LINE_BYTES or len(headers) == HEADERS:
            raise InvalidRequest("The headers are too long, or too many.")
        if not FIELD.fullmatch(line):
            raise InvalidRequest("A header's line is not NAME: VALUE.")
        name, _, value = line.decode("latin-1").partition(":")
        headers[name] = value.strip()
    if len(headers.get_all("Host", [])) > 1:
        raise InvalidRequest("Host is there twice.")
    return headers


def stays_open(line: Line, headers: Message) -> bool:
    """Whether the client may send its next request on this connection (9.3)."""
    options = [
        word.strip().lower()
        for value in headers.get_all("Connection", [])
        for word in value.split(",")
    ]
    return "close" not in options and (line.minor > 0 or "keep-alive" in options)


def read_body(stream: BufferedReader, line: Line, headers: Message) -> bytes | None:
    """The body, by its length or in chunks; None without one (6.3)."""
    codings = headers.get_all("Transfer-Encoding")
    lengths = headers.get_all("Content-Length")
    if codings is None:
        return _sized(stream, set(lengths)) if lengths else None
    if lengths or line.minor == 0:
        raise InvalidRequest("Transfer-Encoding stands beside a Content-Length or 1.0.")
    if [coding.strip().lower() for coding in codings] != ["chunked"]:
        raise InvalidRequest("Transfer-Encoding can only be chunked.")
    return _chunked(stream)


def _sized(stream: BufferedReader, lengths: set[str]) -> bytes | None:
    length = lengths.pop().strip()
    if lengths or not re.fullmatch("[0-9]{1,15}", length):
        raise InvalidRequest("Content-Length is not one number.")
    if int(length) > GATEWAY_BYTES:
        _drain(stream, int(length))
        raise BodyTooLarge
    return _exactly(stream, int(length)) if int(length) else None


def _exactly(stream: BufferedReader, length: int) -> bytes:
    found = stream.read(length)
    if len(found) < length:
        raise InvalidRequest("The body ends before its length.")
    return found


def _drain(stream: BufferedReader, length: int) -> None:
    """Reads on, so that the sender gets to hear the answer."""
    while length > 0 and (part := stream.read(min(length, 65536))):
        length -= len(part)


def _chunked(stream: BufferedReader) -> bytes:
    parts, total = [], 0
    while length := _chunk_length(stream):
        total += length
        if total > GATEWAY_BYTES:
            _drain(stream, length)  # to the end, so that the sender hears the answer
        else:
            parts.append(_exactly(stream, length))
        if stream.readline(3) not in (b"\r\n", b"\n"):
            raise InvalidRequest("A chunk is longer or shorter than it says.")
    read_headers(stream)  # its trailers: nobody asks for them
    if total > GATEWAY_BYTES:
        raise BodyTooLarge
    return b"".join(parts)


def _chunk_length(stream: BufferedReader) -> int:
    line = stream.readline(CHUNK_LINE_BYTES)
    size = re.fullmatch(rb"([0-9a-fA-F]{1,12})[ \t]*(;[\t -~\x80-\xff]*)?\r?\n", line)
    if size is None:
        raise InvalidRequest("A chunk's size is not a number.")
    return int(size[1], 16)
