"""The palette and the keys: everything by a few letters."""

import pytest
from playwright.sync_api import Locator, expect

from chalicelib.model.words import Contact
from tests.browser.book import Book, another_book
from tests.browser.tab import Tab
from tests.browser.wire import Held

COMPOSING = """(node) => node.dispatchEvent(new KeyboardEvent("keydown",
  {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""


def palette(tab: Tab) -> Locator:
    tab.page.keyboard.press("Control+k")
    box = tab.page.get_by_role("combobox", name="Go to a contact, or do something")
    expect(box).to_be_focused()
    return box


def options(tab: Tab, group: str) -> Locator:
    return tab.page.get_by_role("group", name=group).get_by_role("option")


def selected(tab: Tab) -> Locator:
    return tab.page.get_by_role("option", selected=True)


def open_panel(tab: Tab, contact: Contact) -> None:
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_have_text(contact.name or "")


def test_a_contact_is_gone_to_by_a_few_letters(tab: Tab, book: Book) -> None:
    """Found by the server, on whatever page it is; Enter opens it, and the list of the
    table stays as it was."""
    anna = book.add("Anna Müller", phone="+4915123456789")
    book.fill(60)
    tab.open()
    expect(tab.row(anna)).to_have_count(0)
    palette(tab)
    tab.page.keyboard.type("muller")
    expect(options(tab, "Contacts")).to_have_text(["Anna Müller+49 1512 3456789"])
    expect(selected(tab)).to_contain_text("Anna Müller")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#panel h2")).to_have_text("Anna Müller")
    expect(tab.page.locator("#search")).to_have_value("")


def test_the_answer_to_older_letters_is_not_shown(tab: Tab, book: Book) -> None:
    """The older request is aborted."""
    book.add("Old Answer")
    book.add("New Answer")
    tab.open()
    box = palette(tab)
    held = Held(tab.page, "GET", "**/contacts?*q=old*", late=True)
    box.fill("old")
    held.until(1)
    with tab.page.expect_event("requestfailed", lambda one: "q=old" in one.url):
        box.fill("new")
    expect(options(tab, "Contacts")).to_have_text(["New Answer"])
    held.release()
    expect(options(tab, "Contacts")).to_have_text(["New Answer"])


def test_nobody_found_is_said(tab: Tab, book: Book) -> None:
    """And a failure is said once, and does not close it."""
    book.add("Anna")
    tab.open()
    box = palette(tab)
    box.fill("nobody at all")
    expect(tab.page.get_by_text("Nothing found.")).to_be_visible()
    box.press("Enter")
    expect(box).to_be_focused()
    tab.refuse("**/contacts?*q=*", 500, "Something went wrong on our side.")
    box.fill("anna")
    alert = tab.page.get_by_role("alert").filter(has_text="went wrong")
    expect(alert).to_have_count(1)
    expect(box).to_be_focused()


def test_arrows_choose_and_the_focus_stays_in_the_input(tab: Tab, book: Book) -> None:
    """A combobox: what is chosen is told by aria-activedescendant; round at the ends;
    Enter of a composition does nothing; Esc gives the focus back."""
    contact = book.add("Anna")
    tab.open()
    tab.row(contact).locator(".name").focus()
    box = palette(tab)
    first = selected(tab).text_content() or ""
    tab.page.keyboard.press("ArrowUp")
    last = tab.page.get_by_role("option").last
    expect(last).to_have_attribute("aria-selected", "true")
    active = box.get_attribute("aria-activedescendant")
    assert active == last.get_attribute("id")
    tab.page.keyboard.press("ArrowDown")
    expect(selected(tab)).to_have_text(first)
    box.evaluate(COMPOSING)
    expect(box).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(tab.row(contact).locator(".name")).to_be_focused()


def test_the_status_of_the_open_contact_is_set(tab: Tab, book: Book) -> None:
    """Of that one and no other; what it has already is not offered."""
    contact, other = book.add("Anna"), book.add("Ben")
    tab.open()
    open_panel(tab, contact)
    palette(tab)
    expect(options(tab, "Status of Anna")).to_have_count(6)
    tab.page.keyboard.type("qual")
    tab.page.get_by_role("option", name="Set the status to Qualified").click()
    tab.saved(contact)
    assert (tab.status(contact), tab.status(other)) == ("Qualified", "New")
    assert book.get(contact)["lead_status"] == "qualified"


def test_who_was_opened_last_comes_first(tab: Tab, book: Book) -> None:
    """Five of them, without the one that is open; another workspace has its own."""
    people = book.fill(7)
    elsewhere = another_book(book.site, book.store)
    tab.open()
    for one in people:
        open_panel(tab, one)
    palette(tab)
    names = [one.name or "" for one in people[5:0:-1]]
    expect(options(tab, "Opened last")).to_have_text(names)
    tab.page.keyboard.type(elsewhere.workspace.name)
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#workspace-name")).to_have_text(elsewhere.workspace.name)
    palette(tab)
    expect(options(tab, "Opened last")).to_have_count(0)


def test_things_are_done_from_the_palette(tab: Tab, book: Book) -> None:
    """Here: adding a contact, and showing the keys."""
    tab.open()
    palette(tab)
    tab.page.keyboard.type("add")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#add-name")).to_be_focused()
    tab.page.keyboard.press("Escape")
    palette(tab)
    tab.page.keyboard.type("keys")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_the_keys_are_shown_by_a_question_mark(tab: Tab, book: Book) -> None:
    """But not while somebody types one."""
    book.add("Anna")
    tab.open()
    tab.page.locator("#search").focus()
    tab.page.keyboard.type("?")
    expect(tab.page.get_by_role("dialog")).to_have_count(0)
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.type("?")
    dialog = tab.page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_role("row", name="Search")).to_contain_text("/")
    tab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("role", ["viewer"])
def test_a_viewer_is_offered_nothing_that_writes(
    tab: Tab, book: Book, role: str
) -> None:
    """Neither a status nor a new contact."""
    contact = book.add("Anna")
    with book.client() as client:
        client.post("members", json={"user_id": "reader", "role": role})
    token = book.site.token("reader")
    tab.page.goto(f"{book.site.base}/#token={token}&workspace={book.slug}")
    tab.settled()
    open_panel(tab, contact)
    palette(tab)
    expect(options(tab, "Do").first).to_be_visible()
    expect(tab.page.get_by_role("option", name="Add contact")).to_have_count(0)
    expect(tab.page.get_by_role("option", name="Set the status to")).to_have_count(0)
