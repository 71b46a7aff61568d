"""The page as such: how it comes, who gets in, what it weighs."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from local.engine import ROOT
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.conftest import Server

FOLDER = ROOT / "chalicelib/page"
LOADED = """() => Object.fromEntries(["navigation", "resource"]
  .flatMap((kind) => performance.getEntriesByType(kind))
  .filter(({ initiatorType: by }) => by !== "fetch")
  .map((one) => [one.name, [one.decodedBodySize, one.encodedBodySize]]))"""
CONTACT_NAME = "<img src=x onerror=alert(1)>"


def test_the_first_load_weighs_less_than_100_kb(tab: Tab, book: Book) -> None:
    """Uncompressed, with everything that comes until the first rows are there, from
    this host only (every test holds that); and about 30 kB compressed. How somebody
    comes in is weighed by test_signin.py."""
    book.fill(3)
    tab.open()
    loaded: dict[str, list[int]] = tab.page.evaluate(LOADED)
    sizes = {name: size for name, size in loaded.items() if "/entry/" not in name}
    assert len(sizes) > 10
    assert sum(plain for plain, _ in sizes.values()) < 100_000, sizes
    assert sum(packed for _, packed in sizes.values()) < 45_000, sizes


def test_the_files_are_public_cached_for_good_and_cost_nothing(site: Server) -> None:
    """The address has the hash of the content, so a file never changes under it; `/` is
    asked for each time, and answered with 304 while nothing has changed."""
    index = httpx.get(f"{site.base}/")
    assert index.headers["Cache-Control"] == "no-cache"
    assert index.headers["Content-Type"] == "text/html; charset=utf-8"
    again = httpx.get(f"{site.base}/", headers={"If-None-Match": index.headers["ETag"]})
    assert again.status_code == 304
    place = re.search(r'src="(page/[0-9a-f]{16}/)shell/app\.js"', index.text)
    assert place
    kinds = {".js": "text/javascript", ".css": "text/css"}
    parts = [path for path in FOLDER.glob("*/*.*") if path.suffix in kinds]
    for path in parts:
        name = path.relative_to(FOLDER).as_posix()
        found = httpx.get(f"{site.base}/{place[1]}{name}")
        assert found.text == path.read_text()
        assert found.headers["Content-Type"] == f"{kinds[path.suffix]}; charset=utf-8"
        assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert found.headers["X-Storage-Calls"] == "0"


@pytest.mark.parametrize(
    "path",
    [
        "page/0000000000000000/shell/app.js",
        "page/{build}/shell/..%2Fapp.py",
        "page/{build}/shell/secret",
        "page/{build}/panel/app.js",
        "page/{build}/index.html",
    ],
)
def test_nothing_else_can_be_read(site: Server, path: str) -> None:
    """Only the files of the page, by their exact names, in their build."""
    build = re.search(r"page/([0-9a-f]{16})/", httpx.get(f"{site.base}/").text)
    assert build
    answer = httpx.get(f"{site.base}/{path.format(build=build[1])}")
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


def test_the_policy_allows_this_host_and_no_inline_code(site: Server) -> None:
    """Content-Security-Policy level 3; the markup needs no exception from it."""
    index = httpx.get(f"{site.base}/")
    policy = index.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=", index.text)
    assert not re.search(r'(?:src|href)="(?:/|https?:)', index.text)
    assert index.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_works_under_a_stage_path(tab: Tab, book: Book) -> None:
    """On AWS it lives at /api/: every address is made relative to that."""
    contact = book.add("Anna")
    base = book.site.base

    def behind_the_stage(route: Any) -> None:
        inner = route.request.url.replace(f"{base}/api/", f"{base}/")
        answer = httpx.request(
            route.request.method,
            inner,
            headers={n: v for n, v in route.request.headers.items() if n != "host"},
            content=route.request.post_data,
        )
        headers = {n: v for n, v in answer.headers.items() if n != "content-length"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.text)

    tab.page.route(f"{base}/api/**", behind_the_stage)
    strays: list[str] = []
    tab.page.on(
        "request",
        lambda one: None if "/api/" in one.url else strays.append(one.url),
    )
    tab.page.goto(book.link.replace(f"{base}/", f"{base}/api/"))
    tab.settled()
    tab.choose(contact, "Active")
    tab.saved(contact)
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Anna")
    assert book.get(contact)["lead_status"] == "active"
    assert strays == []


def test_the_token_leaves_the_address_and_lasts_as_long_as_the_tab(
    tab: Tab, book: Book
) -> None:
    """A link that is copied from the address bar lets nobody in."""
    book.add("Anna")
    tab.open()
    assert "token" not in tab.page.url
    tab.reload()
    assert len(tab.rows()) == 1
    kept = tab.page.evaluate("Object.keys(localStorage).join()")
    assert "token" not in kept


@pytest.mark.parametrize("pasted", ["token", "link"])
def test_a_token_can_be_pasted(tab: Tab, book: Book, pasted: str) -> None:
    """The token itself, or the whole link."""
    book.add("Anna")
    tab.page.goto(f"{book.site.base}/#workspace={book.slug}")
    text = book.link if pasted == "link" else book.site.token("page-owner")
    tab.page.get_by_label("Token").fill(text)
    tab.page.get_by_role("button", name="Sign in").click()
    tab.settled()
    assert len(tab.rows()) == 1


def test_a_wrong_token_says_so_and_offers_to_sign_in(tab: Tab, book: Book) -> None:
    """At the start, and in the middle of the work; nothing of the data stays."""
    contact = book.add("Anna Secret")
    tab.page.goto(f"{book.site.base}/#token=not-a-token")
    why = tab.page.locator("#signin-why")
    expect(why).to_have_text("The token is not valid here.")
    expect(tab.page.get_by_label("Token")).to_be_focused()
    tab.open()
    tab.page.evaluate("sessionStorage.setItem('contactbook.token', 'expired')")
    tab.choose(contact, "Active")
    expect(why).to_have_text("The token is not valid here.")
    assert "Anna Secret" not in tab.page.content()


def test_markup_in_a_name_is_text(tab: Tab, book: Book) -> None:
    """In the row, the panel, the menu and the question whether to delete it."""
    contact = book.add(CONTACT_NAME, tags=["<b>tag</b>"])
    tab.open()
    alarms: list[str] = []
    tab.page.on("dialog", lambda box: alarms.append(box.message))
    expect(tab.row(contact).locator(".name")).to_have_text(CONTACT_NAME)
    expect(tab.cell(contact, "tags")).to_have_text("<b>tag</b>")
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_have_text(CONTACT_NAME)
    tab.page.keyboard.press("Escape")
    tab.act(contact, "Delete…")
    dialog = tab.page.get_by_role("alertdialog")
    expect(dialog).to_contain_text(f"Delete {CONTACT_NAME}?")
    assert tab.page.locator("img").count() == 0
    assert alarms == []
