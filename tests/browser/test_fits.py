"""Every size and every medium: tablet, phone, 400 % zoom, paper, forced colours, and a
slow network."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.book import Book
from tests.browser.tab import Tab


def test_on_a_tablet_name_and_menu_stay_in_sight(tab: Tab, book: Book) -> None:
    """However far the table is scrolled sideways."""
    contact = book.add("Anna", email="anna@example.org")
    tab.page.set_viewport_size({"width": 820, "height": 1000})
    tab.open()
    for left in (0, 120, 400):
        tab.page.locator("#scroller").evaluate("(node, x) => node.scrollTo(x, 0)", left)
        expect(tab.row(contact).locator(".name")).to_be_in_viewport(ratio=1)
        button = tab.cell(contact, "more").locator("button")
        expect(button).to_be_in_viewport(ratio=1)
    button.click()
    expect(tab.item("Open")).to_be_visible()


def test_at_400_percent_the_whole_page_scrolls(tab: Tab, book: Book) -> None:
    """1280 x 1024 at 400 % are 320 x 256: one page that scrolls down and nowhere else,
    in which rows are reached; WCAG 2.2, 1.4.10."""
    book.fill(130)
    tab.page.set_viewport_size({"width": 320, "height": 256})
    tab.open()
    app = tab.page.locator("#app")
    assert app.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    for _ in range(3):
        app.evaluate("(node) => node.scrollTo(0, node.scrollHeight)")
        tab.page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(tab.page.locator("#count")).to_have_text("130 contacts")
    app.evaluate("(node) => node.scrollTo(0, node.scrollHeight)")
    expect(tab.row(book.made[0])).to_be_in_viewport()
    inner = tab.page.locator("#scroller")
    assert inner.evaluate("(node) => getComputedStyle(node).overflowY") == "visible"


def test_at_400_percent_a_dialog_shows_its_buttons(tab: Tab, book: Book) -> None:
    """They are reached, and can be pressed."""
    book.fill(1)
    tab.page.set_viewport_size({"width": 320, "height": 256})
    tab.open()
    tab.page.click("#add")
    button = tab.page.get_by_role("dialog").get_by_role("button", name="Add contact")
    expect(button).to_be_in_viewport(ratio=0.9)
    tab.page.get_by_label("Name").fill("Anna")
    button.click()
    expect(tab.page.get_by_text("Anna was added.")).to_be_visible()


def test_print_has_every_loaded_row_and_no_toolbar(
    tab: Tab, book: Book, tmp_path: Path
) -> None:
    """All rows that are loaded, not those that are seen; afterwards it is as before."""
    book.fill(90)
    tab.open()
    tab.page.evaluate(
        """() => addEventListener("beforeprint", () => window.printed =
             document.querySelectorAll("tr[data-contact-id]").length)"""
    )
    tab.page.emulate_media(media="print", color_scheme="dark")
    paper = "getComputedStyle(document.querySelector('tbody tr')).backgroundColor"
    assert tab.page.evaluate(paper) == "rgb(255, 255, 255)"
    for hidden in (".top", "#search", "#add", ".foot"):
        expect(tab.page.locator(hidden)).to_be_hidden()
    tab.page.emulate_media(media="screen")
    tab.page.pdf(path=tmp_path / "list.pdf")
    assert tab.page.evaluate("window.printed") == 90
    expect(tab.page.locator("tr[data-contact-id]")).not_to_have_count(90)


def test_forced_colours_keep_every_edge(tab: Tab, book: Book) -> None:
    """What is told by a background alone has a border there: pill, chip, avatar."""
    contact = book.add("Anna", tags=["vip"])
    tab.page.emulate_media(forced_colors="active")
    tab.open()
    for part in (".pill", ".chip", ".avatar"):
        border = (
            tab.row(contact)
            .locator(part)
            .evaluate("(node) => getComputedStyle(node).borderTopWidth")
        )
        assert border == "1px"


def test_the_first_answer_has_the_shape_of_the_page(book: Book) -> None:
    """A skeleton, and all that the first screen needs is asked for at once: one round
    trip for the page, one for its files, however deep they import one another."""
    index = httpx.get(book.site.base).text
    assert 'class="skeleton"' in index
    asked = set(re.findall(r'modulepreload" href="([^"]+)"', index))
    missing = set()
    for path in asked:
        text = httpx.get(f"{book.site.base}/{path}").text
        for one in re.findall(r'(?m)^(?:import|\} from)[^"(]*"(\.[^"]+)"', text):
            found = httpx.URL(f"{book.site.base}/{path}").join(one).path.lstrip("/")
            missing |= {found} - asked
    assert len(asked) > 15
    assert missing == set()


def test_on_a_slow_network_two_round_trips_are_enough(
    chromium: Browser, book: Book
) -> None:
    """600 ms and 50 kB/s: the files are asked for before the first of them is here."""
    book.fill(2)
    with chromium.new_context() as context:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        slow = {"offline": False, "latency": 600, "downloadThroughput": 50_000}
        wire.send(
            "Network.emulateNetworkConditions", slow | {"uploadThroughput": 50_000}
        )
        page.goto(book.link, wait_until="commit")
        expect(page.locator("tr.skeleton").first).to_be_visible()
        page.wait_for_selector("tr[data-contact-id]", timeout=60_000)
        starts = page.evaluate(
            """() => {
               const links = document.querySelectorAll("link[rel=modulepreload]");
               const first = new Set([...links].map(({ href }) => href));
               return performance.getEntriesByType("resource")
                 .filter(({ name }) => first.has(name))
                 .map(({ startTime }) => startTime);
               }"""
        )
        came = page.evaluate(
            "() => performance.getEntriesByType('navigation')[0].responseEnd"
        )
        assert max(starts) < came + 600


@pytest.mark.parametrize("scheme", ["system", "light", "dark"])
def test_the_theme_is_the_systems_or_ones_own(
    tab: Tab, book: Book, scheme: str
) -> None:
    """Chosen by name, and kept; `system` follows the system again."""
    book.fill(1)
    tab.page.emulate_media(color_scheme="dark")
    tab.open()
    tab.page.click("#theme")
    labels = {"system": "As the system", "light": "Light", "dark": "Dark"}
    tab.item(labels[scheme]).click()
    for _ in range(2):
        shown = tab.page.evaluate("getComputedStyle(document.body).colorScheme")
        assert shown == ("light dark" if scheme == "system" else scheme)
        tab.reload()


def test_words_run_as_their_script_does(tab: Tab, book: Book) -> None:
    """Hebrew and Arabic from the right, wherever people's words stand, in a page that
    runs from the left; numbers stay as they are dialled."""
    hebrew = book.add("שלום לוי", phone="+972 50 234 5678", tags=["לקוח"])
    latin = book.add("Anna", tags=["vip"])
    tab.open()
    direction = "(node) => getComputedStyle(node).direction"
    for part in (".name", ".chip"):
        assert tab.row(hebrew).locator(part).evaluate(direction) == "rtl"
        assert tab.row(latin).locator(part).evaluate(direction) == "ltr"
    expect(tab.row(hebrew).locator(".phone")).to_have_text("+972 50-234-5678")
    assert tab.row(hebrew).locator(".phone").evaluate(direction) == "ltr"
    tab.row(hebrew).locator(".name").click()
    panel = tab.page.locator("#panel")
    assert panel.locator("h2").evaluate(direction) == "rtl"
    assert panel.get_by_label("Name", exact=True).evaluate(direction) == "rtl"
    assert tab.page.locator("#panel").evaluate(direction) == "ltr"
