"""How fast the page is among many rows: the first load, the browser's long tasks on the
way to the last row, and the time from a click to the painted status.

python -m bench.page [CONTACTS] [CLICKS]
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from chalicelib.storage.table import Table
from local import engine
from tests.browser.book import Book, another_book
from tests.browser.conftest import QUIET, chromium_path, end
from tests.browser.tab import Tab
from tests.conftest import start_server

LONG_TASKS = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.tasks.push(duration);
  }).observe({ type: "longtask" });
}"""
PAINT = """(id) => new Promise((told) => {
  document.querySelector(`tr[data-contact-id="${id}"] .pill`).click();
  const item = document.querySelector("#menu .item[aria-checked=false]");
  const start = performance.now();
  item.click();
  requestAnimationFrame(() => setTimeout(() => told(performance.now() - start)));
})"""


def main(contacts: int, clicks: int) -> None:
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as book:
        made = book.fill(contacts)
        with browser() as page:
            loaded = load(page, book)
            tasks = scroll(page)
            every = made[:: max(1, len(made) // clicks)]
            paints = [page.evaluate(PAINT, contact.id) for contact in every]
    print(f"{contacts} contacts, {len(paints)} clicks          ms")
    print(f"from the start to the first rows   {loaded:8.0f}")
    print(f"long tasks (over 50) while loading {len(tasks):8}")
    print(f"the longest of them                {max(tasks, default=0):8.0f}")
    print(f"click to painted status, median    {statistics.median(paints):8.1f}")
    print(f"the slowest                        {max(paints):8.1f}")


@contextmanager
def world(folder: Path) -> Iterator[Book]:
    server = start_server(folder, DEMO="0")
    try:
        note = json.loads((folder / "engine.json").read_text())
        store = Table(engine.client(note["endpoint"]), "contactbook-local")
        yield another_book(server, store)
    finally:
        end(server)


@contextmanager
def browser() -> Iterator[Page]:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        ) as started,
    ):
        yield started.new_page(viewport={"width": 1280, "height": 800})


def load(page: Page, book: Book) -> float:
    Tab(page, book).open()
    found: float = page.evaluate("performance.now()")
    return found


def scroll(page: Page) -> list[float]:
    """To the last row; the long tasks on the way, in ms."""
    page.evaluate(LONG_TASKS)
    while page.inner_text("#count").endswith("loaded"):
        page.locator("#scroller").evaluate("(node) => node.scrollBy(0, 800)")
        page.wait_for_timeout(15)
    page.wait_for_timeout(200)
    found: Any = page.evaluate("window.tasks")
    return [float(one) for one in found]


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    main(*(arguments + [1000, 20][len(arguments) :]))
