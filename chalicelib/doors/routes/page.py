"""The Database page over HTTP: its files as they lie in chalicelib/page, public, and
without one look into the store."""

import hashlib
from pathlib import Path

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.call import Call
from chalicelib.doors.http import IN_PATH, route
from chalicelib.model.errors import RouteNotFound

blueprint = Blueprint(__name__)

FOLDER = Path(__file__).parents[2] / "page"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
# Addresses name the content, so a file never changes under its address.
FOREVER = "public, max-age=31536000, immutable"
GUARDED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _read() -> tuple[str, dict[str, str]]:
    """The build (a hash of all files) and the files; index.html knows its build."""
    paths = sorted(path for path in FOLDER.iterdir() if path.suffix in KINDS)
    files = {path.name: path.read_text("utf-8") for path in paths}
    whole = hashlib.blake2b(repr(files).encode(), digest_size=8).hexdigest()
    files["index.html"] = files["index.html"].replace("{build}", whole)
    return whole, files


BUILD, FILES = _read()


@route(blueprint, "GET", "/", public=True)
def index(call: Call) -> Response:
    tag = f'"{BUILD}"'
    return answers.not_modified(tag) if call.has(tag) else _file("index.html", tag)


@route(blueprint, "GET", "/page/{build}/{file}", public=True)
def part(call: Call, build: str, file: str) -> Response:
    response = _file(file, f'"{BUILD}"')
    response.headers["Cache-Control"] = FOREVER
    return response


def _file(name: str, tag: str) -> Response:
    kind = KINDS[Path(name).suffix]
    headers: dict[str, str | list[str]] = {
        "Content-Type": f"{kind}; charset=utf-8",
        "Cache-Control": "no-cache",
        "ETag": tag,
        **GUARDED,
    }
    return Response(FILES[name], headers, 200)


def _known(name: str, *known: str) -> str:
    """A file of the page, by its exact name: no path is ever made of what comes in."""
    if name not in known:
        raise RouteNotFound
    return name


IN_PATH["build"] = lambda text: _known(text, BUILD)
IN_PATH["file"] = lambda text: _known(text, *(FILES.keys() - {"index.html"}))
