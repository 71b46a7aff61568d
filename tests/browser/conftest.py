"""The page in real Chromium, on the real server, on the real engine. Contacts are made
through the verbs, straight into the store: the page is what is tried here."""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from chalicelib.model.words import Contact, Member, Workspace
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, workspaces
from local import engine
from tests.conftest import Server, start_server

OWNER = "page-owner"
CHROMIUM = ("chromium", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_numbers = itertools.count()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`python -m local serve` on an empty store; half a second makes a delete large."""
    folder = tmp_path_factory.mktemp("site")
    running = start_server(folder, DEMO="0", DELETE_SECONDS="0.5")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def store(site: Server) -> Table:
    """The table of that server, for making many contacts in little time."""
    note = json.loads((site.data_dir / "engine.json").read_text())
    return Table(engine.client(note["endpoint"]), "contactbook-local")


def chromium_path() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert found, "the browser needs to be here: make test installs Chromium"
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        )
        yield browser
        browser.close()


@dataclass
class Book:
    """A workspace of its own for one test, and what the server says about it."""

    site: Server
    store: Table
    member: Member
    made: list[Contact] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        return self.member.workspace

    @property
    def link(self) -> str:
        return f"{self.site.base}/#token={self.site.token(OWNER)}&workspace={self.slug}"

    @property
    def slug(self) -> str:
        return self.workspace.slug

    def add(self, name: str, **fields: Any) -> Contact:
        """A contact, each a minute younger than the one before."""
        then = (
            datetime.now(UTC) - timedelta(days=30) + timedelta(minutes=len(self.made))
        )
        body = {"name": name, **fields}
        self.made.append(contacts.create(self.store, self.member, body, now=then))
        return self.made[-1]

    def fill(self, count: int, **fields: Any) -> list[Contact]:
        start = len(self.made)
        return [self.add(f"Person {start + n:04}", **fields) for n in range(count)]

    def client(self) -> httpx.Client:
        client = self.site.client(OWNER)
        client.base_url = client.base_url.join(f"/workspaces/{self.slug}/")
        return client

    def get(self, contact: Contact) -> dict[str, Any]:
        with self.client() as client:
            found: dict[str, Any] = client.get(f"contacts/{contact.id}").json()
        return found["contact"]

    def stored(self) -> dict[str, dict[str, Any]]:
        """Every contact, as the API tells it, by id."""
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        with self.client() as client:
            while True:
                query = {"limit": "100", **({"cursor": cursor} if cursor else {})}
                page = client.get("contacts", params=query).json()
                found |= {one["id"]: one for one in page["contacts"]}
                cursor = page["next_cursor"]
                if not cursor:
                    return found


@pytest.fixture
def book(site: Server, store: Table) -> Book:
    return another_book(site, store)


def another_book(site: Server, store: Table) -> Book:
    slug = f"book-{next(_numbers)}"
    settings = {"name": slug.title(), "slug": slug}
    workspaces.create(store, OWNER, settings, now=datetime.now(UTC))
    return Book(site, store, access.enter(store, slug, OWNER))


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

    def slow(self, milliseconds: int) -> None:
        devtools = self.page.context.new_cdp_session(self.page)
        conditions = {"offline": False, "latency": milliseconds}
        conditions |= {"downloadThroughput": -1, "uploadThroughput": -1}
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", conditions)

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


ROWS = """() => Object.fromEntries(
  [...document.querySelectorAll("tr[data-contact-id]")].map((row) => {
    const copy = row.cloneNode(true);
    for (const time of copy.querySelectorAll("time")) time.textContent = "";
    const pill = getComputedStyle(row.querySelector(".pill"));
    const look = [pill.backgroundColor, pill.color];
    return [row.dataset.contactId, [copy.outerHTML, ...look]];
  }))"""


@pytest.fixture(scope="session")
def profile(chromium: Browser) -> Iterator[BrowserContext]:
    """One for all tests, so that the files of the page are fetched once."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800})
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """The profile, with nothing in it that a test before has left."""
    yield profile
    for page in profile.pages:
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")
        page.close()


@pytest.fixture
def new_tab(context: BrowserContext, book: Book) -> Iterator[Callable[[], Tab]]:
    """Makes tabs that must not meet an error of the page itself, nor break its Content-
    Security-Policy, nor talk to another host."""
    failures: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on(
            "console", lambda said: failures.append(said.text) if bad(said) else None
        )
        page.on(
            "request",
            lambda request: (
                failures.append(request.url)
                if not request.url.startswith((book.site.base, "data:", "blob:"))
                else None
            ),
        )

    def bad(said: Any) -> bool:
        # Refusals that a test provokes are told by the browser, too.
        return said.type == "error" and "Failed to load resource" not in said.text

    def make() -> Tab:
        page = context.new_page()
        watch(page)
        return Tab(page, book)

    yield make
    assert failures == []


@pytest.fixture
def tab(new_tab: Callable[[], Tab]) -> Tab:
    return new_tab()
