"""How fast the page is among many rows, beside the same page among few: the first rows,
the way to the last row (long tasks, elements, memory), and from a click to the painted
status.

python -m bench.page [MANY] [CLICKS]
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.browser.book import Book, another_book
from tests.browser.conftest import QUIET, chromium_path, end, store_of
from tests.browser.tab import Tab
from tests.conftest import start_server

FEW = 100
middle = statistics.median
LONG_TASKS = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.tasks.push(duration);
  }).observe({ type: "longtask" });
}"""
PAINT = """(index) => new Promise((told) => {
  const rows = [...document.querySelectorAll("tr[data-contact-id]")];
  rows[index % rows.length].querySelector(".pill").click();
  const item = document.querySelector("#menu .item[aria-checked=false]");
  const start = performance.now();
  item.click();
  requestAnimationFrame(() => setTimeout(() => told(performance.now() - start)));
})"""
ELEMENTS = "document.getElementsByTagName('*').length"


@dataclass
class Seen:
    """What was measured among so many contacts."""

    contacts: int
    first_rows: float
    elements: list[int]
    megabytes: list[float]
    longest: float
    paints: list[float]


def main(many: int, clicks: int) -> None:
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as books:
        seen = [
            look(book, count, clicks)
            for book, count in zip(books, (FEW, many), strict=True)
        ]
    few, lots = seen
    print(f"{'contacts':<36}{few.contacts:>10,}{lots.contacts:>10,}")
    for label, one in (
        ("ms to the first rows", lambda s: f"{s.first_rows:.0f}"),
        ("elements, at most", lambda s: f"{max(s.elements):,}"),
        ("MB of script memory, first page", lambda s: f"{s.megabytes[0]:.1f}"),
        ("MB half way", lambda s: f"{s.megabytes[len(s.megabytes) // 2]:.1f}"),
        ("MB at the last row", lambda s: f"{s.megabytes[-1]:.1f}"),
        ("ms of the longest task on the way", lambda s: f"{s.longest:.0f}"),
        (
            "ms, click to painted status, median",
            lambda s: f"{statistics.median(s.paints):.1f}",
        ),
        ("ms, the slowest", lambda s: f"{max(s.paints):.1f}"),
    ):
        print(f"{label:<36}{one(few):>10}{one(lots):>10}")
    ratio = middle(lots.paints) / middle(few.paints)
    print(f"a click among many takes {ratio:.2f} x one among few")


@contextmanager
def world(folder: Path) -> Iterator[list[Book]]:
    server = start_server(folder, DEMO="0")
    try:
        yield [another_book(server, store_of(server)) for _ in range(2)]
    finally:
        end(server)


def look(book: Book, count: int, clicks: int) -> Seen:
    book.pour(count)
    with browser() as page:
        wire = page.context.new_cdp_session(page)
        Tab(page, book).open()
        first: float = page.evaluate("performance.now()")
        page.evaluate(LONG_TASKS)
        elements, megabytes = scroll(page, wire)
        longest: float = page.evaluate("Math.max(0, ...window.tasks)")
        paints = []
        for number in range(clicks):
            paints.append(page.evaluate(PAINT, number))
            page.wait_for_selector(".pill.pending", state="detached")
    return Seen(count, first, elements, megabytes, longest, paints)


@contextmanager
def browser() -> Iterator[Page]:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        ) as started,
    ):
        yield started.new_page(viewport={"width": 1280, "height": 800})


def scroll(page: Page, wire: CDPSession) -> tuple[list[int], list[float]]:
    """To the last row; the elements and the memory on the way, by the browser's own
    figures, after its garbage was collected."""
    elements, megabytes, steps = [], [], 0
    while True:
        count = page.inner_text("#count")
        if steps % 50 == 0 or not count.endswith("loaded"):
            wire.send("HeapProfiler.collectGarbage")
            used = wire.send("Runtime.getHeapUsage")["usedSize"]
            elements.append(int(page.evaluate(ELEMENTS)))
            megabytes.append(used / 1e6)
        if not count.endswith("loaded"):
            return elements, megabytes
        page.locator("#scroller").evaluate(
            "(node) => node.scrollTo(0, node.scrollHeight)"
        )
        page.wait_for_function(
            "(seen) => document.querySelector('#count').textContent !== seen", arg=count
        )
        steps += 1


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    main(*(arguments + [100_000, 40][len(arguments) :]))
