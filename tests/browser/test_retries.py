"""One action is one request, however often the page has to send it: the same key and
body in each try, and another key for another action (docs/api.md, Retries)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from chalicelib.model.words import Contact
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.wire import Held, Loss, Wire, answered, unheard, unsent

LIST = "**/contacts?*"
EVERYWHERE = "**/contacts**"
UNREACHABLE = "The server cannot be reached. Check the connection."


def add(tab: Tab) -> None:
    tab.page.keyboard.press("n")
    form = tab.page.get_by_role("dialog", name="Add contact")
    form.get_by_label("Name").fill("Zoë Neu")
    form.get_by_role("button", name="Add contact").click()


def added(tab: Tab, book: Book, contact: Contact) -> None:
    expect(tab.toast()).to_have_text("Zoë Neu was added.")
    expect(tab.page.locator("#count")).to_have_text("2 contacts")
    assert sorted(one["name"] for one in book.stored().values()) == ["Anna", "Zoë Neu"]


def edit(tab: Tab, contact: Contact) -> None:
    tab.edit(contact, "email", "anna@example.org")


def edited(tab: Tab, book: Book, contact: Contact) -> None:
    expect(tab.cell(contact, "email").locator("form")).to_have_count(0)
    expect(tab.cell(contact, "email")).to_have_text("anna@example.org")
    found = book.get(contact)
    assert (found["email"], found["version"]) == ("anna@example.org", 2)


def turn(tab: Tab, contact: Contact) -> None:
    tab.choose(contact, "Active")


def turned(tab: Tab, book: Book, contact: Contact) -> None:
    tab.saved(contact)
    assert tab.status(contact) == "Active"
    assert tab.page.locator(".toast").count() == 0
    found = book.get(contact)
    assert (found["lead_status"], found["version"]) == ("active", 2)


def delete(tab: Tab, contact: Contact) -> None:
    tab.act(contact, "Delete…")
    dialog = tab.page.get_by_role("alertdialog")
    dialog.get_by_role("button", name="Delete contact").click()


def deleted(tab: Tab, book: Book, contact: Contact) -> None:
    expect(tab.toast()).to_have_text("Anna was deleted.")
    expect(tab.row(contact)).to_have_count(0)
    assert book.stored() == {}


Act = Callable[[Tab, Contact], None]
Done = Callable[[Tab, Book, Contact], None]
ACTIONS = [
    pytest.param("POST", lambda tab, _: add(tab), added, id="POST"),
    pytest.param("PATCH", edit, edited, id="PATCH"),
    pytest.param("PUT", turn, turned, id="PUT"),
    pytest.param("DELETE", delete, deleted, id="DELETE"),
]


@pytest.mark.parametrize(("method", "act", "done"), ACTIONS)
def test_all_tries_of_one_action_carry_one_key_and_one_body(
    tab: Tab, book: Book, method: str, act: Act, done: Done
) -> None:
    """Twice the connection breaks; the third try arrives, and it is shown as saved."""
    contact = book.add("Anna")
    tab.open()
    wire = Wire(tab.page, method, EVERYWHERE, [unsent, unsent])
    act(tab, contact)
    done(tab, book, contact)
    assert len(wire.tries) == 3
    assert wire.keys[0]
    assert set(wire.tries) == {wire.tries[0]}


@pytest.mark.parametrize(
    "loss",
    [
        answered(502),
        answered(504),
        answered(503),
        answered(429, Retry_After="1"),
    ],
    ids=["502", "504", "503", "429"],
)
def test_an_answer_from_in_between_is_not_the_last_word(
    tab: Tab, book: Book, loss: Loss
) -> None:
    """Bad gateway, gateway time-out, busy, too many: the page asks again by itself."""
    contact = book.add("Anna")
    tab.open()
    wire = Wire(tab.page, "PUT", "**/status", [loss])
    turn(tab, contact)
    turned(tab, book, contact)
    assert len(wire.tries) == 2
    assert set(wire.tries) == {wire.tries[0]}


@pytest.mark.parametrize("loss", [unsent, answered(504)], ids=["broken", "504"])
def test_saving_again_is_another_action_with_another_key(
    tab: Tab, book: Book, loss: Loss
) -> None:
    """After three tries the page says so and sends nothing more by itself; what was
    typed is still there, and Enter is a new decision."""
    contact = book.add("Anna")
    tab.open()
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}", [loss] * 3)
    edit(tab, contact)
    expect(tab.cell(contact, "email").get_by_role("alert")).to_contain_text(UNREACHABLE)
    assert len(wire.tries) == 3
    tab.page.keyboard.press("Enter")
    edited(tab, book, contact)
    first, second, third, fourth = wire.keys
    assert first == second == third != fourth


def test_each_action_has_a_key_of_its_own(tab: Tab, book: Book) -> None:
    """There and back again is two changes, though the bodies are those of before."""
    contact = book.add("Anna")
    tab.open()
    wire = Wire(tab.page, "PUT", "**/status")
    for label in ("Active", "New", "Active"):
        tab.choose(contact, label)
        tab.saved(contact)
    assert len(set(wire.keys)) == len(wire.keys) == 3
    assert book.get(contact)["version"] == 4


def test_a_refusal_is_the_last_word(tab: Tab, book: Book) -> None:
    """The server has understood and says no, or has failed: once is enough."""
    contact = book.add("Anna")
    tab.open()
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}")
    tab.edit(contact, "email", "nonsense")
    alert = tab.cell(contact, "email").get_by_role("alert")
    expect(alert).to_contain_text("E-mail must be a valid e-mail address.")
    assert len(wire.tries) == 1
    wire.losses.append(answered(500))
    tab.page.keyboard.press("Enter")
    expect(alert).to_have_text("Answered in between.")
    assert len(wire.tries) == 2


def test_a_list_that_got_lost_is_asked_for_again(tab: Tab, book: Book) -> None:
    """Reading needs no key."""
    book.fill(3)
    wire = Wire(tab.page, "GET", LIST, [unsent, answered(502)])
    tab.open()
    assert len(tab.rows()) == 3
    assert tab.page.locator("#state").is_hidden()
    assert wire.keys == [None, None, None]


def test_what_was_aborted_is_not_asked_for_again(timed_tab: Tab, book: Book) -> None:
    """Nobody waits for the older search any more: not after a minute either."""
    new = book.add("New Answer")
    timed_tab.open()
    timed_tab.stop_the_clock()
    page = timed_tab.page
    old = Held(page, "GET", "**/contacts?*q=old*")
    page.fill("#search", "old")
    page.clock.run_for(200)
    old.until(1)
    with page.expect_event("requestfailed"):
        page.fill("#search", "new")
        page.clock.run_for(200)
    expect(timed_tab.row(new)).to_be_visible()
    expect(page.locator("#count")).to_have_text("1 contact")
    page.clock.run_for(60_000)
    assert set(timed_tab.rows()) == {new.id}
    assert len(old.waiting) == 1


@pytest.mark.parametrize(("method", "act", "done"), ACTIONS)
def test_one_effect_after_an_answer_that_was_lost(
    tab: Tab, book: Book, method: str, act: Act, done: Done
) -> None:
    """The first try was stored and its answer dropped: the page's own second try is
    told what the first would have been, so there is one contact, one change, one
    receipt, and the page shows it as saved."""
    contact = book.add("Anna")
    tab.open()
    wire = Wire(tab.page, method, EVERYWHERE, [unheard])
    act(tab, contact)
    done(tab, book, contact)
    assert len(wire.tries) == 2
    assert set(wire.tries) == {wire.tries[0]}
