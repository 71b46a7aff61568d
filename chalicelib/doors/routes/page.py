"""The pages over HTTP: their files as they lie in chalicelib/page, public, and without
one look into the store."""

import hashlib
import re
import zlib
from pathlib import Path

from chalice.app import Blueprint, Response

from chalicelib.base import settings
from chalicelib.doors import answers
from chalicelib.doors.bodies import file, nothing
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.doors.parameters import IN_PATH, Parameter
from chalicelib.model.errors import RouteNotFound

blueprint = Blueprint(__name__)

FOLDER = Path(__file__).resolve().parents[2] / "page"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
PART = "/page/{build}/{room}/{file}"
PAGES = ("index.html", "docs.html")
FIRST = "shell/app.js"
IMPORTED = re.compile(r'(?m)^(?:import|\} from)[^"(]*"(\.[^"]+)"')
PRELOAD = '<link rel="modulepreload" href="page/{{build}}/{}">'
# Addresses name the content, so a file never changes under its address.
FOREVER = "public, max-age=31536000, immutable"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src {}; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
GUARDED = {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _read() -> tuple[str, dict[str, str]]:
    """The build (a hash of all files) and the files; the pages know their build."""
    paths = sorted(path for path in FOLDER.rglob("*") if path.suffix in KINDS)
    names = (path.relative_to(FOLDER).as_posix() for path in paths)
    files = {name: (FOLDER / name).read_text("utf-8") for name in names}
    whole = hashlib.blake2b(repr(files).encode(), digest_size=8).hexdigest()
    preloads = "\n".join(map(PRELOAD.format, _first(files)))
    for name in PAGES:
        filled = files[name].replace("{preloads}", preloads)
        files[name] = filled.replace("{build}", whole)
    return whole, files


def _first(files: dict[str, str]) -> list[str]:
    """The modules of the first screen: what is imported at once, from the first on."""
    found, new = [FIRST], [FIRST]
    while new:
        name = new.pop()
        paths = (
            Path(FOLDER, name).parent / one for one in IMPORTED.findall(files[name])
        )
        names = (path.resolve().relative_to(FOLDER).as_posix() for path in paths)
        new += (fresh := [one for one in names if one not in found])
        found += fresh
    return found


BUILD, FILES = _read()
PARTS = sorted(FILES.keys() - PAGES)
ROOMS = sorted({name.partition("/")[0] for name in PARTS})
# A page names its files by relative addresses, so its own must end as they expect. To
# API Gateway `.../api` and `.../api/` are one resource; its context has what was asked.
# Two slashes at the beginning would lead to another host.
OTHERWISE = re.compile(r"(?:/[A-Za-z0-9._~-]+)+(/?)")
A_PAGE = {200: file("text/html"), 307: nothing("Location")}
A_PART = {200: file("text/javascript", "text/css")}


@route(blueprint, "GET", "/", public=True, answers=A_PAGE, headers="If-None-Match")
def index(call: Call) -> Response:
    """The Database page."""
    return _page(call, "index.html", "/")


@route(blueprint, "GET", "/docs", public=True, answers=A_PAGE, headers="If-None-Match")
def docs(call: Call) -> Response:
    """This description, to be read by people."""
    return _page(call, "docs.html", "")


@route(blueprint, "GET", PART, public=True, answers=A_PART)
def part(call: Call, build: str, room: str, file: str) -> Response:
    """A file of a page; it never changes under its address."""
    name = _known(f"{room}/{file}", *PARTS)
    response = _file(name, f'"{BUILD}"')
    response.headers["Cache-Control"] = FOREVER
    return response


def _page(call: Call, name: str, end: str) -> Response:
    """The page, at the address that ends as it should; at any other, the way there."""
    asked = call.request.context.get("path", "")
    found = OTHERWISE.fullmatch(asked)
    if found and found[1] != end:
        return answers.elsewhere(asked.removesuffix("/") + end)
    # Whom it may call is told beside it: with another provider it is another page.
    tag = f'"{BUILD}-{zlib.crc32(_policy().encode()):08x}"'
    return answers.not_modified(tag) if call.has(tag) else _file(name, tag)


def _file(name: str, tag: str) -> Response:
    kind = KINDS[Path(name).suffix]
    headers: dict[str, str | list[str]] = {
        "Content-Type": f"{kind}; charset=utf-8",
        "Cache-Control": "no-cache",
        "ETag": tag,
        "Content-Security-Policy": _policy(),
        **GUARDED,
    }
    return Response(FILES[name], headers, 200)


def _policy() -> str:
    """The page calls this service, and the provider where people sign in."""
    return POLICY.format(" ".join(["'self'", *settings.current().oidc_origins]))


def _known(name: str, *known: str) -> str:
    """A file of the page, by its exact name: no path is ever made of what comes in."""
    if name not in known:
        raise RouteNotFound
    return name


def _one_of(says: str, *known: str) -> Parameter:
    schema = {"type": "string", "enum": list(known), "examples": [known[0]]}
    return Parameter(schema, says, (RouteNotFound,), lambda text: _known(text, *known))


IN_PATH["build"] = _one_of("The build of the page.", BUILD)
IN_PATH["room"] = _one_of("A room of the page.", *ROOMS)
IN_PATH["file"] = _one_of("A file.", *sorted({Path(name).name for name in PARTS}))
