"""The list: every contact can be reached, and what is asked for is what is shown."""

import json
from typing import Any
from urllib.parse import unquote_plus

from playwright.sync_api import Route, expect

from tests.browser.book import Book, another_book
from tests.browser.tab import Tab
from tests.browser.wire import Wire

# Notes each change of the rows: what came, what went, and what was painted anew.
WATCH = """() => {
  window.seen = { came: 0, went: 0, touched: [] };
  const row = (node) => node.parentElement?.closest("tr")?.dataset.contactId;
  new MutationObserver((changes) => {
    for (const { target, type, addedNodes, removedNodes } of changes) {
      if (target.id === "rows" && type === "childList") {
        window.seen.came += addedNodes.length;
        window.seen.went += removedNodes.length;
      } else if (target.id !== "rows" && !target.closest?.("time")
                 && !target.parentElement?.closest("time")) {
        window.seen.touched.push(row(target) ?? target.dataset.contactId);
      }
    }
  }).observe(document.querySelector("#rows"), {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
}"""
# Chooses a status, and says what the row shows before the browser does anything else.
CHOOSE = """async (id) => {
  const row = document.querySelector(`tr[data-contact-id="${id}"]`);
  row.querySelector(".pill").click();
  const menu = document.querySelector("#menu");
  while (!menu.firstChild) await new Promise(requestAnimationFrame);
  const items = [...document.querySelectorAll("#menu .item")];
  items.find((one) => one.textContent === "Qualified").click();
  return row.querySelector(".pill").textContent;
}"""


def scroll_through(tab: Tab) -> None:
    """To the end, page by page, as they come."""
    tab.page.set_default_timeout(120_000)  # a thousand rows on a busy machine
    count = tab.page.locator("#count")
    while (seen := count.inner_text()).endswith("loaded"):
        tab.to_the_end()
        tab.page.wait_for_function(
            "(seen) => document.querySelector('#count').textContent !== seen", arg=seen
        )


def test_every_contact_is_reached_by_scrolling(tab: Tab, book: Book) -> None:
    """All of them, newest first, none twice; and a row that is seen is left alone by
    those that come beneath it."""
    made = book.fill(230)
    tab.open()
    order = [one.id for one in reversed(made)]
    reached: list[str] = []
    scroller = tab.page.locator("#scroller")
    tab.page.evaluate(WATCH)
    for top in range(0, 230 * 57, 8 * 57):
        scroller.evaluate("(node, top) => node.scrollTo(0, top)", top)
        expect(tab.row(made[229 - top // 57])).to_be_visible()
        reached += [one for one in tab.rows() if one not in reached]
    assert tab.page.inner_text("#count") == "230 contacts"
    assert reached == order
    assert tab.page.evaluate("window.seen.touched") == []


def test_a_click_paints_at_once_and_one_row_alone(tab: Tab, book: Book) -> None:
    """However many rows there are: the new status stands before the click is over, and
    the browser has nothing else to paint (bench/page.py says how long it takes)."""
    made = book.fill(200)
    tab.open()
    scroll_through(tab)
    tab.to_the_end()
    expect(tab.row(made[0])).to_be_in_viewport()
    tab.at_hand().page.evaluate(WATCH)
    for contact in (made[10], made[3], made[0]):
        assert tab.page.evaluate(CHOOSE, contact.id) == "Qualified"
        tab.saved(contact)
        seen = tab.page.evaluate("window.seen")
        assert (seen["came"], seen["went"]) == (0, 0)
        assert set(seen["touched"]) == {contact.id}
        tab.page.evaluate("window.seen.touched = []")


def test_the_search_finds_name_phone_and_email(tab: Tab, book: Book) -> None:
    """And it says what it looked for when there is nothing."""
    anna = book.add("Anna Müller", phone="+49 1512 3456789", email="anna@example.org")
    book.fill(5)
    tab.open()
    for text in ("müll", "3456789", "ANNA@ex"):
        tab.page.fill("#search", text)
        expect(tab.page.locator("#count")).to_have_text("1 contact")
        assert set(tab.rows()) == {anna.id}
    tab.page.fill("#search", "nobody")
    expect(tab.page.locator("#state")).to_contain_text("No contact matches “nobody”.")
    tab.page.get_by_role("button", name="Clear filters").click()
    expect(tab.page.locator("#count")).to_have_text("6 contacts")


def test_typing_asks_once(timed_tab: Tab, book: Book) -> None:
    """A search waits until the typing rests for 200 ms: no request before, one then."""
    book.fill(2)
    timed_tab.open()
    timed_tab.stop_the_clock()
    wire = Wire(timed_tab.page, "GET", "**/contacts?*q=*")
    for letter in "person 0001":
        timed_tab.page.locator("#search").press_sequentially(letter)
        timed_tab.page.clock.run_for(199)
    assert wire.tries == []
    timed_tab.page.clock.run_for(1)
    expect(timed_tab.page.locator("#count")).to_have_text("1 contact")
    timed_tab.page.clock.run_for(60_000)
    assert len(wire.tries) == 1


def test_the_filter_shows_one_status_and_survives_a_reload(
    tab: Tab, book: Book
) -> None:
    """What is filtered stands in the address."""
    active = book.fill(2, lead_status="active")
    book.fill(3)
    tab.open()
    tab.page.click("#filter")
    tab.item("Active").click()
    expect(tab.page.locator("#count")).to_have_text("2 contacts")
    assert set(tab.rows()) == {one.id for one in active}
    tab.reload()
    assert set(tab.rows()) == {one.id for one in active}
    tab.page.click("#filter")
    tab.item("Lost").click()
    expect(tab.page.locator("#state")).to_contain_text("status Lost")
    tab.page.click("#filter")
    tab.item("All statuses").click()
    expect(tab.page.locator("#count")).to_have_text("5 contacts")


def test_an_empty_workspace_says_how_to_begin(tab: Tab) -> None:
    """Empty is another state than no match."""
    tab.open()
    expect(tab.page.locator("#state")).to_contain_text("No contacts yet")
    tab.page.locator("#state").get_by_role("button", name="Add contact").click()
    expect(tab.page.get_by_role("dialog")).to_contain_text("Add contact")


def test_a_failure_says_why_and_offers_to_try_again(tab: Tab, book: Book) -> None:
    """The server's sentence, the request's id; then what was asked for. On a later
    page the rows that are there stay."""
    book.fill(110)
    count = tab.page.locator("#count")
    tab.refuse("**/contacts?*", 500, "Something went wrong on our side.")
    tab.open()
    state = tab.page.locator("#state")
    expect(state).to_contain_text("Something went wrong on our side.")
    expect(state).to_contain_text("req-of-the-test")
    tab.page.unroute("**/contacts?*")
    tab.refuse("**/contacts?*cursor=*", 500, "Not this page.")
    state.get_by_role("button", name="Try again").click()
    expect(count).to_have_text("100 contacts loaded")
    tab.to_the_end()
    expect(state).to_contain_text("Not this page.")
    expect(tab.row(book.made[10])).to_be_visible()
    tab.page.unroute("**/contacts?*cursor=*")
    state.get_by_role("button", name="Try again").click()
    expect(count).to_have_text("110 contacts")


def test_not_now_is_asked_again_by_itself(tab: Tab, book: Book) -> None:
    """503 with Retry-After: the page waits as told and asks once more."""
    book.fill(2)
    answers = iter([503])

    def busy_once(route: Any) -> None:
        if next(answers, None) is None:
            return route.continue_()
        body = json.dumps({"code": "busy", "detail": "Busy.", "errors": []})
        return route.fulfill(status=503, headers={"Retry-After": "1"}, body=body)

    tab.page.route("**/contacts?*", busy_once)
    tab.open()
    assert len(tab.rows()) == 2


def test_a_short_page_is_not_taken_for_the_last(tab: Tab, book: Book) -> None:
    """Fewer rows than were asked for, or none at all: the list is over when next_cursor
    is null, and only then."""
    made = book.fill(20)
    cursors: list[str | None] = []

    def short(route: Route) -> None:
        cursors.append(route.request.url.partition("cursor=")[2] or None)
        if len(cursors) == 2:
            empty = {"contacts": [], "next_cursor": unquote_plus(str(cursors[1]))}
            return route.fulfill(json=empty)
        return route.continue_(url=route.request.url.replace("limit=100", "limit=7"))

    tab.page.route("**/contacts?*", short)
    tab.page.set_viewport_size({"width": 1280, "height": 1600})
    tab.open()
    expect(tab.page.locator("#count")).to_have_text("20 contacts")
    assert list(tab.rows()) == [one.id for one in reversed(made)]
    assert len(cursors) == 4


def test_the_choice_of_columns_is_kept_per_workspace(tab: Tab, book: Book) -> None:
    """Hidden here, still shown in another workspace, and hidden here after a reload."""
    one = book.add("Anna", email="anna@example.org")
    other = another_book(book.site, book.store)
    tab.open()
    tab.page.click("#columns")
    tab.item("E-mail").click()
    expect(tab.cell(one, "email")).to_have_count(0)
    tab.page.keyboard.press("Escape")
    tab.reload()
    expect(tab.cell(one, "email")).to_have_count(0)
    tab.page.click("#workspace")
    tab.item(other.workspace.name).click()
    expect(tab.page.locator("#workspace-name")).to_have_text(other.workspace.name)
    expect(tab.page.get_by_role("columnheader", name="E-mail")).to_be_visible()


def test_times_are_relative_and_exact_on_hover(tab: Tab, book: Book) -> None:
    """Read at a glance, exact when it matters."""
    contact = book.add("Anna")
    tab.open()
    moment = tab.cell(contact, "created").locator("time")
    assert moment.text_content() == "4 weeks ago"
    assert moment.get_attribute("datetime") == contact.created_at
    assert contact.created_at[:4] in str(moment.get_attribute("title"))
