"""The page in real Chromium, on the real server, on the real engine; and neither of
them stays when the tests end, however they end."""

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from chalicelib.storage.table import Table
from local import engine
from tests.browser.book import Book, another_book
from tests.browser.person import Person
from tests.browser.tab import Tab
from tests.conftest import Server, start_server
from tests.visitor import sign_in_of

CHROMIUM = ("chromium", "google-chrome")
PATIENCE = 30_000  # ms for a state to come: others use this machine, too
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session", autouse=True)
def ended_from_outside() -> Iterator[None]:
    """SIGTERM and SIGHUP end the tests as ctrl-C does, through the fixtures; SIGINT,
    too, which a shell ignores for what it starts in the background."""
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {one: signal.signal(one, signal.default_int_handler) for one in asked}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`python -m local serve` on an empty store; half a second makes a delete large."""
    folder = tmp_path_factory.mktemp("site")
    running = start_server(folder, DEMO="0", DELETE_SECONDS="0.5")
    yield running
    end(running)


def end(server: Server) -> None:
    """The server has gone after this, whatever it thinks of being asked."""
    try:
        server.stop(signal.SIGTERM)
    except subprocess.TimeoutExpired:
        server.process.kill()  # its engine ends with it
        server.process.wait()


@pytest.fixture(scope="session")
def store(site: Server) -> Table:
    """The table of that server, for making many contacts in little time."""
    return store_of(site)


def store_of(server: Server) -> Table:
    note = json.loads((server.data_dir / "engine.json").read_text())
    return Table(engine.client(note["endpoint"]), "contactbook-local")


@pytest.fixture
def book(site: Server, store: Table) -> Book:
    return another_book(site, store)


def chromium_path() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert found, "the browser needs to be here: make test installs Chromium"
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        ) as browser,
    ):
        yield browser


@pytest.fixture(scope="session")
def profile(chromium: Browser) -> Iterator[BrowserContext]:
    """One for all tests, so that the files of the page are fetched once."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as made:
        made.grant_permissions(["clipboard-read", "clipboard-write"])
        made.set_default_timeout(PATIENCE)
        yield made


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """The profile, with nothing in it that a test before has left."""
    yield profile
    for page in profile.pages:
        try:
            page.unroute_all(behavior="ignoreErrors")
            if page.url.startswith("http"):
                page.evaluate("localStorage.clear()")
        finally:
            page.close()


@pytest.fixture
def failures() -> Iterator[list[str]]:
    """What a page must not do; empty at the end."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def new_tab(
    context: BrowserContext, book: Book, failures: list[str]
) -> Callable[[], Tab]:
    """Makes tabs."""

    def make() -> Tab:
        return Tab(watched(context.new_page(), book, failures), book)

    return make


@pytest.fixture
def tab(new_tab: Callable[[], Tab]) -> Tab:
    return new_tab()


@pytest.fixture
def timed_tab(chromium: Browser, book: Book, failures: list[str]) -> Iterator[Tab]:
    """A tab whose clock the test can stop and move; a clock belongs to a whole profile,
    so it has one of its own."""
    with chromium.new_context() as context:
        context.set_default_timeout(PATIENCE)
        page = watched(context.new_page(), book, failures)
        page.clock.install()
        yield Tab(page, book)


@pytest.fixture(scope="session")
def asking_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`make serve` as it is: with the demo, and a provider that asks who you are."""
    folder = tmp_path_factory.mktemp("asking")
    running = start_server(folder, DEMO="1", SIGN_IN="provider")
    yield running
    end(running)


@pytest.fixture
def new_person(
    chromium: Browser, asking_site: Server, failures: list[str]
) -> Iterator[Callable[..., Person]]:
    """Makes people, each with a browser of his own."""
    contexts = []

    def make(site: Server = asking_site, **options: Any) -> Person:
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda found: failures.append(str(found.error)))
        note_breaches(context, (site.base, sign_in_of(site)["issuer"]), failures)
        return Person(context, site, context.new_page())

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def person(new_person: Callable[..., Person]) -> Person:
    return new_person()


def watched(page: Page, book: Book, failures: list[str]) -> Page:
    """Notes each error of the page itself, each breach of its Content-Security-Policy,
    and each request to another host."""
    note_breaches(page, (book.site.base,), failures)
    page.on("pageerror", lambda error: failures.append(str(error)))
    return page


def note_breaches(
    where: Page | BrowserContext, hosts: tuple[str, ...], failures: list[str]
) -> None:
    """Each error of the page, each breach of its Content-Security-Policy, and each
    request to a host that is none of these."""

    def heard(said: Any) -> None:
        # Refusals that a test provokes are told by the browser, too.
        if said.type == "error" and "Failed to load resource" not in said.text:
            failures.append(said.text)

    def asked(request: Any) -> None:
        if not request.url.startswith((*hosts, "data:", "blob:")):
            failures.append(request.url)

    where.on("console", heard)
    where.on("request", asked)
