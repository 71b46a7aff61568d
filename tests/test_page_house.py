"""The page's own house: its rooms stand in the order of its README."""

import hashlib
import re
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path

from local.engine import ROOT

PAGE = ROOT / "chalicelib/page"
ROOMS = re.findall(r"(?m)^\d+\. `(\w+)/`", (PAGE / "README.md").read_text())
MODULES = sorted(PAGE.glob("*/*.js"))
IMPORT = re.compile(r'(?:from|import)\s*\(?"(\.{1,2}/[^"]+)"')
LINES = 250


def imported(module: Path) -> set[Path]:
    """What a module imports, now or when it is needed."""
    found = IMPORT.findall(module.read_text())
    return {(module.parent / one).resolve() for one in found}


def test_every_folder_is_a_room_of_the_map() -> None:
    """And no room of the map is empty."""
    assert {module.parent.name for module in MODULES} == set(ROOMS)


def test_imports_point_to_earlier_rooms() -> None:
    """Else a room could not be read without those that come after it."""
    wrong = [
        f"{module.relative_to(PAGE)} > {other.relative_to(PAGE)}"
        for module in MODULES
        for other in imported(module)
        if ROOMS.index(other.parent.name) > ROOMS.index(module.parent.name)
    ]
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Raises CycleError, which names the circle. What is fetched later counts, too."""
    graph = {module: imported(module) for module in MODULES}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_every_import_is_a_file() -> None:
    """A browser would say so only when the room is asked for."""
    missing = {one for module in MODULES for one in imported(module)} - set(MODULES)
    assert missing == set()


def test_no_file_of_the_page_is_too_long() -> None:
    """Of our own; one file, one thing."""
    long = {
        str(path.relative_to(PAGE)): lines
        for path in [*MODULES, *PAGE.glob("*/*.css")]
        if path.parent.name != "vendor"
        if (lines := len(path.read_text().splitlines())) > LINES
    }
    assert long == {}


def test_a_library_is_as_it_was_published() -> None:
    """Nobody mends it here: a new version is a new file, and its digest."""
    published = {
        "oauth4webapi.js": (
            "72a5f6d84416e92b659c6b8fd837c5fa38d44b7f2e18f91daa1fe57da677c7ad"
        )
    }
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in PAGE.glob("vendor/*.js")
    }
    assert found == published


NAMES = re.compile(r'import \{([^}]+)\} from "(\.{1,2}/[^"]+)"')
EXPORTED = re.compile(r"export (?:async )?(?:function|const|let|class) (\w+)")


def test_every_imported_name_is_exported() -> None:
    """A module with one that is not does not load at all, and its room stays shut."""
    missing = [
        f"{module.relative_to(PAGE)}: {name}"
        for module in MODULES
        for names, path in NAMES.findall(module.read_text())
        for name in re.findall(r"([\w$]+)(?: as \w+)?,?", re.sub(r" as \w+", "", names))
        if name not in exported((module.parent / path).resolve())
    ]
    assert missing == []


def exported(module: Path) -> set[str]:
    text = module.read_text()
    return {*EXPORTED.findall(text), *(["$"] if "export const $" in text else [])}


def test_every_module_is_read_by_a_browsers_engine() -> None:
    """A name that is declared twice shuts a whole room."""
    node = ["node", "--input-type=module", "--check"]
    for module in MODULES:
        read = subprocess.run(
            node, check=False, input=module.read_bytes(), capture_output=True
        )
        assert read.returncode == 0, f"{module.name}: {read.stderr.decode()}"
