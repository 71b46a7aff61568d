"""The house holds: imports point down, keys live in one place, nothing grows wild."""

import ast
import re
from pathlib import Path

import pytest

from local.engine import ROOT

FLOORS = [
    {"errors", "cost", "budget"},
    {"settings", "body"},
    {"model"},
    {"parsers", "identity", "keys"},
    {"fields"},
    {"items", "expressions"},
    {"child_items"},
    {"table"},
    {"access", "claims", "children"},
    {"workspaces", "members", "contacts", "search", "notes", "conversations"},
    {"cascade"},
    {"leftovers"},
    {"call", "answers", "console"},
    {"http"},
    {"routes"},
    {"app"},
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
SHIPPED = sorted(ROOT.glob("chalicelib/**/*.py"))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "chalicelib").with_suffix("").parts
    return parts[0]


def imported(path: Path) -> set[str]:
    """The modules of chalicelib that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = node.module.split(".")
            if module[0] == "chalicelib":
                found |= {module[1]} if module[1:] else {a.name for a in node.names}
        if isinstance(node, ast.Import):
            assert not any(a.name.startswith("chalicelib") for a in node.names)
    return found


@pytest.mark.parametrize("path", SHIPPED[1:], ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_only_point_down(path: Path) -> None:
    """Language below, storage in the middle, verbs above, doors on top."""
    name = name_of(path)
    for other in imported(path):
        same_room = name == other == "routes"
        assert FLOOR[other] < FLOOR[name] or same_room, f"{name} imports {other}"


def test_the_doors_know_no_storage() -> None:
    """Routes and app.py reach the store through verbs only."""
    for path in [*ROOT.glob("chalicelib/routes/*.py"), ROOT / "app.py"]:
        assert not imported(path) & {"keys", "table", "items", "expressions"}, path


def test_every_module_has_its_floor() -> None:
    """A new file has its place in the map before it has code."""
    assert {name_of(path) for path in SHIPPED} - {"__init__"} == set(FLOOR) - {"app"}
    words = (ROOT / "chalicelib/__init__.py").read_text()
    assert [name for name in FLOOR if not re.search(rf"\b{name}\b", words)] == []


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
            {"keys.py", "table.py"},
        ),
        (
            "key prefixes",
            r"['\"](member|phone|email|slug|user)#",
            {"keys.py", "items.py"},
        ),
        ("the environment", r"os\.environ|getenv", {"settings.py"}),
        ("DynamoDB's errors", r"ClientError|botocore", {"table.py"}),
        ("the client", r"boto3\.client", {"table.py"}),
        ("the maker of members", r"\bMember\(", {"access.py"}),
        ("status codes", r"\b(40[0-9]|41[235]|422|503)\b", {"answers.py", "http.py"}),
        ("a scan", r"[\"'.]scan\b", set()),
    ],
)
def test_each_thing_has_one_place(what: str, pattern: str, where: set[str]) -> None:
    """Spelled twice is spelled wrong, sooner or later."""
    assert holders(pattern) <= where, what


def test_nothing_grows_wild() -> None:
    """A file has 250 lines at most, a function 40, every signature its types (mypy)."""
    for path in [*SHIPPED, ROOT / "app.py", *sorted(ROOT.glob("local/*.py"))]:
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
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]
        assert all(re.fullmatch(r"[\w.\[\]-]+==[\w.]+", line) for line in wanted)
    assert "chalice==" not in (ROOT / "requirements.txt").read_text()
