"""A tab with the page in it, in the words of the person in front of it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from chalicelib.model.words import Contact
from tests.browser.book import Book


@dataclass
class Tab:
    """A tab with the page in it, in the words of the person in front of it."""

    page: Page
    book: Book

    def open(self, rest: str = "") -> "Tab":
        # From an empty page: only then is the same address loaded again.
        self.page.goto("about:blank")
        self.page.goto(self.book.link + rest)
        self.settled()
        return self

    def reload(self) -> None:
        self.page.reload()
        self.settled()

    def settled(self) -> None:
        """The list has said what there is: rows, or why there are none."""
        self.page.wait_for_selector("#grid[aria-busy=false]")

    def at_hand(self) -> "Tab":
        """What comes with the first move of a hand is here."""
        self.page.mouse.move(640, 400)
        self.page.wait_for_function(AT_HAND)
        return self

    def stop_the_clock(self) -> None:
        """From here on time goes only where the test moves it (`timed_tab`)."""
        self.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))

    def row(self, contact: Contact) -> Locator:
        return self.page.locator(f'tr[data-contact-id="{contact.id}"]')

    def cell(self, contact: Contact, column: str) -> Locator:
        return self.row(contact).locator(f'td[data-col="{column}"]')

    def status(self, contact: Contact) -> str | None:
        return self.row(contact).locator(".pill").text_content()

    def choose(self, contact: Contact, label: str) -> None:
        self.row(contact).locator(".pill").click()
        self.item(label).click()

    def item(self, label: str) -> Locator:
        """An item of the open menu."""
        return self.page.locator(f'#menu .item:has(span:text-is("{label}"))')

    def saved(self, contact: Contact) -> None:
        """Waits until nothing of this row is on its way any more."""
        self.row(contact).locator(".pill:not(.pending)").wait_for()

    def act(self, contact: Contact, label: str) -> None:
        self.cell(contact, "more").locator("button").click()
        self.item(label).click()

    def edit(self, contact: Contact, column: str, typed: str) -> None:
        """Types into a cell, as soon as its field is there, and presses Enter."""
        self.cell(contact, column).click()
        expect(self.cell(contact, column).locator("input")).to_be_focused()
        self.page.keyboard.type(typed)
        self.page.keyboard.press("Enter")

    def to_the_end(self) -> None:
        scroller = self.page.locator("#scroller")
        scroller.evaluate("(node) => node.scrollTo(0, node.scrollHeight)")

    def toast(self) -> Locator:
        return self.page.locator(".toast").last

    def rows(self) -> dict[str, list[str]]:
        """Each row as it is: its markup, and the colours that reach the eye. The time
        goes on meanwhile, so its words are left out."""
        found: dict[str, list[str]] = self.page.evaluate(ROWS)
        return found

    def refuse(self, where: str, status: int, detail: str) -> None:
        """The server answers like this from now on."""
        problem = {
            "type": "about:blank",
            "title": "Injected",
            "status": status,
            "code": "internal",
            "detail": detail,
            "request_id": "req-of-the-test",
            "errors": [],
        }
        self.page.route(
            where,
            lambda route: route.fulfill(
                status=status,
                content_type="application/problem+json",
                body=json.dumps(problem),
            ),
        )


AT_HAND = """async () => {
  const place = document.querySelector("script[type=module]").src;
  const rooms = ["headings", "status", "choices", "edit"];
  await Promise.all(rooms.map((name) => import(new URL(`../table/${name}.js`, place))));
  const styles = [...document.querySelectorAll("link[rel=stylesheet]")];
  return styles.length > 3 && styles.every(({ sheet }) => sheet);
}"""
ROWS = """() => Object.fromEntries(
  [...document.querySelectorAll("tr[data-contact-id]")].map((row) => {
    const copy = row.cloneNode(true);
    for (const time of copy.querySelectorAll("time")) time.textContent = "";
    copy.removeAttribute("aria-rowindex"); // where it stands is not what it shows
    copy.style.transform = "";
    copy.querySelector(".chips")?.removeAttribute("data-drawn");
    const pill = getComputedStyle(row.querySelector(".pill"));
    const look = [pill.backgroundColor, pill.color];
    return [row.dataset.contactId, [copy.outerHTML, ...look]];
  }))"""
