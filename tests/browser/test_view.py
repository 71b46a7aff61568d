"""A long list: only what is seen is in the document, and everything is reached."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.book import Book
from tests.browser.tab import Tab

MOST_ELEMENTS = 1_500  # in the document, however long the list is
MOST_CONTACTS = 3_100  # in memory
STORED = """async () => {
  const place = document.querySelector("script[type=module]").src;
  const store = await import(new URL("../core/store.js", place));
  return store.size();
}"""
FIRST_SEEN = """() => {
  const edge = document.querySelector("#grid thead").getBoundingClientRect().bottom;
  const rows = [...document.querySelectorAll("tr[data-contact-id]")];
  const seen = rows.find((row) => row.getBoundingClientRect().bottom > edge + 1);
  return seen?.querySelector(".name").textContent ?? null;
}"""


def elements(page: Page) -> int:
    found: int = page.evaluate("document.getElementsByTagName('*').length")
    return found


def scroll_to(tab: Tab, row: int) -> None:
    tab.page.locator("#scroller").evaluate(
        "(node, to) => node.scrollTo(0, to)", row * 57
    )


def to_the_last(tab: Tab) -> None:
    """Page by page, as they come."""
    count = tab.page.locator("#count")
    while (seen := count.inner_text()).endswith("loaded"):
        tab.to_the_end()
        tab.page.wait_for_function(
            "(seen) => document.querySelector('#count').textContent !== seen", arg=seen
        )


def test_ten_thousand_rows_are_reached_and_few_are_in_the_document(
    tab: Tab, book: Book
) -> None:
    """The number of elements is bounded, and so is what is in memory; what was let go
    is there again when it is seen again."""
    book.pour(10_000)
    tab.open()
    assert elements(tab.page) < MOST_ELEMENTS
    to_the_last(tab)
    expect(tab.page.locator("#count")).to_have_text("10,000 contacts")
    tab.to_the_end()
    expect(tab.page.get_by_text("Contact 9999", exact=True)).to_be_visible()
    assert elements(tab.page) < MOST_ELEMENTS
    assert tab.page.evaluate(STORED) < MOST_CONTACTS
    assert tab.page.get_attribute("#grid", "aria-rowcount") == "10001"
    scroll_to(tab, 5000)
    expect(tab.page.get_by_text("Contact 5005", exact=True)).to_be_visible()
    scroll_to(tab, 0)
    expect(tab.page.get_by_text("Contact 0", exact=True)).to_be_visible()


def test_a_row_says_where_it_stands(tab: Tab, book: Book) -> None:
    """aria-rowindex counts the headings as the first row, as ARIA 1.2 wants it, and the
    rows are in the document in the order in which they are seen."""
    book.pour(300)
    tab.open()
    scroll_to(tab, 60)
    expect(tab.page.get_by_text("Contact 62", exact=True)).to_be_visible()
    told: list[list[Any]] = tab.page.eval_on_selector_all(
        "tr[data-contact-id]",
        """(rows) => rows.map((row) => [Number(row.ariaRowIndex) - 2,
             row.querySelector(".name").textContent,
             row.getBoundingClientRect().top])""",
    )
    assert all(name == f"Contact {index}" for index, name, _ in told)
    assert [top for *_, top in told] == sorted(top for *_, top in told)


def test_the_keyboard_goes_on_beyond_what_is_seen(tab: Tab, book: Book) -> None:
    """PageDown by ten rows; the focused row stays in the document when the wheel
    scrolls it away, and the next key goes on from there."""
    book.pour(300)
    tab.open()
    tab.page.get_by_text("Contact 0", exact=True).focus()
    for _ in range(7):
        tab.page.keyboard.press("PageDown")
    expect(tab.page.get_by_text("Contact 70", exact=True)).to_be_focused()
    scroll_to(tab, 0)
    expect(tab.page.get_by_text("Contact 0", exact=True)).to_be_visible()
    tab.page.keyboard.press("ArrowDown")
    expect(tab.page.get_by_text("Contact 71", exact=True)).to_be_focused()
    expect(tab.page.get_by_text("Contact 71", exact=True)).to_be_in_viewport()


def test_what_is_being_typed_stays_when_its_row_is_scrolled_away(
    tab: Tab, book: Book
) -> None:
    """The row is kept, with the form in it."""
    book.pour(300)
    tab.open()
    cell = tab.page.locator("tr[data-contact-id] td[data-col=email]").first
    cell.click()
    expect(cell.locator("input")).to_be_focused()
    tab.page.keyboard.type("half@wri")
    scroll_to(tab, 60)
    expect(tab.page.get_by_text("Contact 63", exact=True)).to_be_visible()
    scroll_to(tab, 0)
    expect(tab.page.locator(".editor input")).to_have_value("half@wri")


def test_a_reload_comes_back_to_where_one_was(tab: Tab, book: Book) -> None:
    """Deep in the list, without asking for what lies above; and also when contacts were
    added on top meanwhile."""
    book.pour(1200)
    tab.open()
    to_the_last(tab)
    scroll_to(tab, 700)
    expect(tab.page.get_by_text("Contact 702", exact=True)).to_be_visible()
    tab.reload()
    expect(tab.page.get_by_text("Contact 702", exact=True)).to_be_in_viewport()
    assert tab.page.evaluate(FIRST_SEEN) == "Contact 700"
    expect(tab.page.locator("#count")).to_have_text("1,200 contacts")
    book.fill(3)
    tab.reload()
    expect(tab.page.get_by_text("Contact 702", exact=True)).to_be_in_viewport()
    assert tab.page.evaluate(FIRST_SEEN) == "Contact 700"
