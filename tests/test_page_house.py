"""The page's own house: its rooms stand in the order of its README."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

from local.engine import ROOT

PAGE = ROOT / "chalicelib/page"
ROOMS = re.findall(r"(?m)^\d\. `(\w+)/`", (PAGE / "README.md").read_text())
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
        if (lines := len(path.read_text().splitlines())) > LINES
    }
    assert long == {}
