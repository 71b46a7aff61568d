"""The original bug, and everything near it: one row means one row."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chalicelib.model.words import Contact
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.wire import Held, Wire

Pair = tuple[Contact, Contact]
TALL = {"width": 1280, "height": 2200}


@pytest.fixture(autouse=True)
def tall(context: BrowserContext) -> Iterator[None]:
    """30 rows are seen at once, and so they are in the document."""

    def grow(page: Page) -> None:
        page.set_viewport_size(TALL)

    context.on("page", grow)
    yield
    context.remove_listener("page", grow)


@pytest.fixture
def pair(book: Book) -> Pair:
    """A=active and B=archived, somewhere among 30."""
    book.fill(10)
    first = book.add("Contact A", lead_status="active", email="a@example.org")
    book.fill(9)
    second = book.add("Contact B", lead_status="archived")
    book.fill(9)
    return first, second


def others(rows: dict[str, list[str]], contact: Contact) -> dict[str, list[str]]:
    return {id_: row for id_, row in rows.items() if id_ != contact.id}


def statuses(book: Book) -> dict[str, str]:
    return {id_: one["lead_status"] for id_, one in book.stored().items()}


def test_one_changed_status_changes_one_row(tab: Tab, book: Book, pair: Pair) -> None:
    """At once, after the answer, and after a reload: only A is another; what is stored
    for the 29 others is what was stored before, to the last field."""
    a, b = pair
    tab.open()
    before, stored = tab.rows(), book.stored()
    assert len(before) == 30
    tab.choose(a, "Qualified")
    assert tab.status(a) == "Qualified"
    assert others(tab.rows(), a) == others(before, a)
    tab.saved(a)
    assert others(tab.rows(), a) == others(before, a)
    tab.reload()
    assert (tab.status(a), tab.status(b)) == ("Qualified", "Archived")
    assert others(tab.rows(), a) == others(before, a)
    after = book.stored()
    assert after.pop(a.id)["lead_status"] == "qualified"
    stored.pop(a.id)
    assert after == stored


def test_a_slow_network_delays_no_paint_and_touches_no_other_row(
    tab: Tab, book: Book, pair: Pair
) -> None:
    """Before the server has heard of it the row has changed, alone, and it stays so."""
    a, _ = pair
    tab.open()
    before = tab.rows()
    held = Held(tab.page, "PUT", "**/status")
    tab.choose(a, "Qualified")
    assert tab.status(a) == "Qualified"
    assert others(tab.rows(), a) == others(before, a)
    expect(tab.row(a).locator(".pill")).to_have_class("pill pending")
    assert statuses(book)[a.id] == "active"
    held.release()
    tab.saved(a)
    assert tab.status(a) == "Qualified"
    assert others(tab.rows(), a) == others(before, a)
    assert statuses(book)[a.id] == "qualified"


def test_a_refused_change_is_taken_back_in_its_row_alone(
    tab: Tab, book: Book, pair: Pair
) -> None:
    """A 500: the row is as before, the toast has the server's sentence and the id of
    the request; a change of B that went well meanwhile stays."""
    a, b = pair
    tab.open()
    before = tab.rows()
    tab.choose(b, "Lost")
    tab.saved(b)
    tab.refuse(f"**/contacts/{a.id}/status", 500, "Something went wrong on our side.")
    tab.choose(a, "Qualified")
    expect(tab.toast()).to_contain_text("Something went wrong on our side.")
    expect(tab.toast()).to_contain_text("req-of-the-test")
    after = tab.rows()
    assert (tab.status(a), tab.status(b)) == ("Active", "Lost")
    assert others(after, b) == others(before, b)
    assert statuses(book)[a.id] == "active"


def test_fast_changes_end_in_the_last_one_chosen(
    tab: Tab, book: Book, pair: Pair
) -> None:
    """What was chosen while another choice was on its way: the last one is shown and
    stored, and those in between are not even sent."""
    a, b = pair
    tab.open()
    wire = Wire(tab.page, "PUT", f"**/{a.id}/status")
    held = Held(tab.page, "PUT", "**/status")
    for label in ("Qualified", "Lost", "New", "Converted"):
        tab.choose(a, label)
        assert tab.status(a) == label
    tab.choose(b, "Active")
    held.until(2)
    held.release()
    tab.saved(a)
    tab.saved(b)
    assert (tab.status(a), tab.status(b)) == ("Converted", "Active")
    assert [statuses(book)[one.id] for one in pair] == ["converted", "active"]
    sent = [json.loads(one.body or "")["lead_status"] for one in wire.tries]
    assert sent == ["qualified", "converted"]


def test_back_to_the_first_status_while_the_change_is_on_its_way(
    tab: Tab, book: Book, pair: Pair
) -> None:
    """Active, Qualified, Active again: the second choice is not mistaken for none."""
    a, _ = pair
    tab.open()
    held = Held(tab.page, "PUT", "**/status")
    tab.choose(a, "Qualified")
    held.until(1)
    tab.choose(a, "Active")
    held.release()
    tab.saved(a)
    assert tab.status(a) == "Active"
    assert (statuses(book)[a.id], book.get(a)["version"]) == ("active", 3)


def test_the_change_is_there_when_the_tab_is_closed_and_opened_again(
    new_tab: Callable[[], Tab], pair: Pair
) -> None:
    """Nothing that matters lives in the tab."""
    a, b = pair
    first = new_tab().open()
    first.choose(a, "Qualified")
    first.saved(a)
    first.page.close()
    second = new_tab().open()
    assert (second.status(a), second.status(b)) == ("Qualified", "Archived")


def test_two_tabs_show_the_same(new_tab: Callable[[], Tab], pair: Pair) -> None:
    """What one tab has saved the other shows, in that row alone."""
    a, _ = pair
    first, second = new_tab().open(), new_tab().open()
    before = second.rows()
    first.choose(a, "Qualified")
    expect(second.row(a).locator(".pill")).to_have_text("Qualified")
    assert others(second.rows(), a) == others(before, a)


def test_a_change_by_somebody_else_is_told_not_overwritten(
    tab: Tab, book: Book, pair: Pair
) -> None:
    """409: the row shows what is stored, the toast says who set it, and offers the
    choice again."""
    a, _ = pair
    tab.open()
    with book.client() as client:
        client.put(f"contacts/{a.id}/status", json={"lead_status": "lost"})
    tab.choose(a, "Qualified")
    expect(tab.toast()).to_contain_text("Contact A was set to Lost by page-owner")
    assert tab.status(a) == "Lost"
    assert statuses(book)[a.id] == "lost"
    tab.toast().get_by_role("button", name="Set to Qualified").click()
    tab.saved(a)
    assert tab.status(a) == "Qualified"
    assert statuses(book)[a.id] == "qualified"


def test_with_the_filter_on_one_row_changes(tab: Tab, book: Book, pair: Pair) -> None:
    """The row stays under the finger, marked; the next load is without it."""
    a, _ = pair
    active = [book.add(f"Active {n}", lead_status="active") for n in range(5)]
    tab.open("&status=active")
    assert set(tab.rows()) == {a.id, *(one.id for one in active)}
    before = tab.rows()
    tab.choose(a, "Qualified")
    tab.saved(a)
    assert tab.status(a) == "Qualified"
    assert others(tab.rows(), a) == others(before, a)
    tab.reload()
    assert set(tab.rows()) == {one.id for one in active}
    assert statuses(book)[a.id] == "qualified"


def test_on_the_second_page_one_row_changes(tab: Tab, book: Book) -> None:
    """Which page a row came with does not matter."""
    a = book.add("Contact A", lead_status="active")
    book.fill(80)
    tab.open()
    tab.to_the_end()
    tab.row(a).scroll_into_view_if_needed()
    expect(tab.page.locator("#count")).to_have_text("81 contacts")
    before = tab.rows()
    tab.choose(a, "Qualified")
    tab.saved(a)
    assert tab.status(a) == "Qualified"
    assert others(tab.rows(), a) == others(before, a)
    assert [i for i, s in statuses(book).items() if s != "new"] == [a.id]


def test_a_contact_without_an_id_gets_no_row(tab: Tab, book: Book) -> None:
    """undefined === undefined must find nothing: the store refuses, loudly, whatever
    has no id of a contact."""
    book.fill(3)
    tab.open()
    before = tab.rows()
    refused = tab.page.evaluate(
        """async () => {
          const place = document.querySelector("script[type=module]").src;
          const store = await import(new URL("../core/store.js", place));
          const table = await import(new URL("../table/rows.js", place));
          const tries = [
            () => store.keep({ _id: "con_1", name: "X" }),
            () => store.keep({ id: "undefined", name: "X" }),
            () => store.keep(undefined),
            () => table.rowFor(undefined),
          ];
          return tries.map((attempt) => {
            try { attempt(); } catch (error) { return error.message; }
            return "accepted";
          });
        }"""
    )
    assert all("without a real id" in message for message in refused)
    assert tab.rows() == before
