"""The house holds: imports point down, keys live in one place, nothing grows wild."""

import ast
import re
from pathlib import Path

import pytest

from local.engine import ROOT

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
HOME = ROOT / "chalicelib"
SHIPPED = sorted(path for path in HOME.glob("**/*.py") if path.name != "__init__.py")
MAPS = [HOME / "__init__.py", *sorted(HOME.glob("*/__init__.py"))]


def rooms(path: Path) -> list[str]:
    """The names in a map, in its order: what stands first is lowest."""
    words = ast.get_docstring(ast.parse(path.read_text())) or ""
    return re.findall(r"^ *(\w+) {2,}\S", words, re.M)


FLOORS = rooms(HOME / "__init__.py")
ORDER = {floor: rooms(HOME / floor / "__init__.py") for floor in FLOORS[:-1]}


def place(path: Path) -> tuple[str, str]:
    """The floor and the room of a shipped file."""
    floor, room, *_ = path.relative_to(HOME).with_suffix("").parts
    return floor, room


def imported(path: Path) -> set[tuple[str, str]]:
    """The rooms of chalicelib that a file imports, as (floor, room)."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            home, *rest = node.module.split(".")
            if home == "chalicelib":
                names = [alias.name for alias in node.names]
                found |= (
                    {(*rest, *names)[:2]}
                    if rest[1:]
                    else {(rest[0], name) for name in names}
                )
        if isinstance(node, ast.Import):
            assert not any(a.name.startswith("chalicelib") for a in node.names)
    return {(floor, room) for floor, room in found}


def height(room: tuple[str, str]) -> tuple[int, int]:
    floor, name = room
    return FLOORS.index(floor), ORDER[floor].index(name)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: str(p.relative_to(HOME)))
def test_imports_only_point_down(path: Path) -> None:
    """Language below, storage in the middle, verbs above, doors on top: the order is
    that of the maps, read from the folders' docstrings."""
    here = place(path)
    for there in imported(path):
        same_room = here == there == ("doors", "routes")
        assert height(there) < height(here) or same_room, f"{here} imports {there}"


def test_the_maps_name_every_room_and_no_other() -> None:
    """A new file has its place in a map before it has code."""
    assert FLOORS[-1] == "page"
    assert {floor for floor, _ in map(place, SHIPPED)} == set(FLOORS[:-1])
    for floor, named in ORDER.items():
        there = {room for home, room in map(place, SHIPPED) if home == floor}
        assert set(named) == there, floor
        assert len(named) == len(set(named)), floor


def test_no_verb_imports_another() -> None:
    """But access, which lets people in."""
    for path in HOME.glob("verbs/*.py"):
        others = {room for floor, room in imported(path) if floor == "verbs"}
        assert others <= {"access"}, path


def test_the_doors_know_no_storage() -> None:
    """Routes and app.py reach the store through verbs only."""
    for path in [*HOME.glob("doors/routes/*.py"), ROOT / "app.py"]:
        assert "storage" not in {floor for floor, _ in imported(path)}, path


def holders(pattern: str) -> set[str]:
    """The shipped files that have this in their code (comments and docs aside)."""
    found = set()
    for path in [*SHIPPED, ROOT / "app.py"]:
        tree = ast.unparse(ast.parse(path.read_text()))
        code = re.sub(r"'''.*?'''|\"\"\".*?\"\"\"", "", tree, flags=re.S)
        if re.search(pattern, code):
            found.add(path.name)
    return found


@pytest.mark.parametrize(
    ("what", "pattern", "where"),
    [
        (
            "conditions",
            r"attribute_(not_)?exists|begins_with|contains\(#",
            {"conditions.py", "expressions.py"},
        ),
        (
            "key prefixes",
            r"['\"](member|phone|email|slug|user)#",
            {"keys.py"},
        ),
        ("the environment", r"os\.environ|getenv", {"settings.py"}),
        ("AWS's errors", r"ClientError|botocore", {"table.py", "mail.py"}),
        ("the clients", r"boto3|create_client", {"table.py", "mail.py"}),
        ("the maker of members", r"\bMember\(", {"access.py"}),
        (
            "status codes",
            r"(?<!days=)\b(40[0-9]|41[235]|422|503)\b",
            {"answers.py", "http.py"},
        ),
        ("a scan", r"[\"'.]scan\b", set()),
    ],
)
def test_each_thing_has_one_place(what: str, pattern: str, where: set[str]) -> None:
    """Spelled twice is spelled wrong, sooner or later."""
    assert holders(pattern) <= where, what


def test_nothing_grows_wild() -> None:
    """A file has 250 lines at most, a function 40, every signature its types (mypy)."""
    beside = [*sorted(ROOT.glob("local/*.py")), *sorted(ROOT.glob("bundle/*.py"))]
    for path in [*SHIPPED, ROOT / "app.py", *beside]:
        source = path.read_text()
        assert source.count("\n") <= 250, path
        assert ast.get_docstring(ast.parse(source)), f"{path} does not say what it is"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, FUNCTIONS):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 40, f"{path.name}: {node.name} has {length} lines"


def test_nothing_ships_that_only_helps_here() -> None:
    """The bundle has no mock, no demo, no way around authentication."""
    pattern = r"(?i)\bmoto\b|dynoxide|\bmock|demo|skip_auth|no_auth|127\.0\.0\.1.*token"
    assert holders(pattern) == set()


def test_what_ships_is_pinned() -> None:
    """Every requirement names one version, and chalice is not among what ships."""
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        lines = (ROOT / name).read_text().splitlines()
        wanted = [
            line for line in lines if line and not line.startswith(("#", "-r", "-c"))
        ]
        assert all(re.fullmatch(r"[\w.\[\]-]+==[\w.]+", line) for line in wanted)
    assert "chalice==" not in (ROOT / "requirements.txt").read_text()
