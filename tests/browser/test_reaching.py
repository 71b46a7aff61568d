"""Reaching people from the panel, and where the panel stands."""

from typing import Any

import pytest
from playwright.sync_api import expect

from chalicelib.model.words import Contact
from tests.browser.book import Book
from tests.browser.tab import Tab

DEFINE = """async () => {
  const place = document.querySelector("script[type=module]").src;
  const { define } = await import(new URL("../core/commands.js", place));
  window.noted = [];
  define("note what was said", (...given) => window.noted.push(given));
}"""
# A test cannot call anybody: the link says where it would have led.
STAY = """() => {
  window.led = [];
  addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    window.led.push([link.href, link.target, link.rel]);
  }, true);
}"""


def open_panel(tab: Tab, contact: Contact) -> None:
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_be_focused()


def test_a_contact_is_reached_by_phone_chat_and_mail(tab: Tab, book: Book) -> None:
    """One press each; the chat opens beside the page, which it cannot reach; and what
    was said can be noted at once."""
    contact = book.add("Anna", phone="+4915123456789", email="a+b@example.org")
    tab.open()
    tab.page.evaluate(DEFINE)
    open_panel(tab, contact)
    tab.page.evaluate(STAY)
    for way in ("Call", "WhatsApp", "E-mail"):
        tab.page.locator("#panel header").get_by_role("link", name=way).click()
    assert tab.page.evaluate("window.led") == [
        ["tel:+4915123456789", "", ""],
        ["https://wa.me/4915123456789", "_blank", "noopener"],
        ["mailto:a%2Bb@example.org", "", ""],
    ]
    assert tab.page.evaluate("window.noted") == [
        [contact.id, "Called: "],
        [contact.id, "WhatsApp: "],
        [contact.id, "E-mail: "],
    ]


def test_what_a_contact_has_not_is_no_way_to_it(tab: Tab, book: Book) -> None:
    """And it comes with the field."""
    contact = book.add("Anna", email="anna@example.org")
    tab.open()
    open_panel(tab, contact)
    panel = tab.page.locator("#panel")
    links = panel.locator("header").get_by_role("link")
    expect(links).to_have_text(["E-mail"])
    panel.get_by_label("Phone").fill("+49 1512 3456789")
    panel.get_by_label("Phone").press("Enter")
    expect(links).to_have_text(["Call", "WhatsApp", "E-mail"])


def test_a_phone_is_read_as_people_write_it_and_edited_as_stored(
    tab: Tab, book: Book
) -> None:
    """The server says how it is written; what is edited is the number itself."""
    contact = book.add("Anna", phone="+4915123456789")

    def written(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        body["contact"]["phone_display"] = "01512 3456789"
        route.fulfill(response=answer, json=body)

    tab.page.route(f"**/contacts/{contact.id}", written)
    tab.open()
    open_panel(tab, contact)
    phone = tab.page.locator("#panel").get_by_label("Phone")
    expect(phone).to_have_value("01512 3456789")
    phone.focus()
    expect(phone).to_have_value("+4915123456789")
    phone.press("Tab")
    expect(phone).to_have_value("01512 3456789")
    assert book.get(contact)["version"] == 1


def test_a_member_is_told_by_name(tab: Tab, book: Book) -> None:
    """Where the server knows one; the list is asked for once."""
    first, second = book.fill(2)
    asked: list[str] = []

    def named(route: Any) -> None:
        asked.append(route.request.url)
        answer = route.fetch()
        body = answer.json()
        body["members"][0]["name"] = "Olga Owner"
        route.fulfill(response=answer, json=body)

    tab.page.route("**/members?*", named)
    tab.open()
    for contact in (first, second):
        open_panel(tab, contact)
        panel = tab.page.locator("#panel")
        expect(panel.locator("option").filter(has_text="Olga Owner")).to_have_count(1)
        expect(panel.locator(".facts")).to_contain_text("by Olga Owner")
        panel.get_by_label("Assigned to").select_option("Olga Owner")
        expect(panel.locator(".told").filter(has_text="Saved")).to_have_count(1)
    assert book.get(second)["assigned_to"] == "page-owner"
    assert len(asked) == 1


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_panel_stands_beside_the_table(tab: Tab, book: Book, width: int) -> None:
    """It covers nothing of it, and both can be used."""
    contact, other = book.fill(2)
    tab.page.set_viewport_size({"width": width, "height": 800})
    tab.open()
    open_panel(tab, contact)
    main = tab.page.locator("#main").bounding_box()
    panel = tab.page.locator("#panel").bounding_box()
    top = tab.page.locator(".top").bounding_box()
    assert main
    assert panel
    assert top
    assert main["x"] + main["width"] <= panel["x"]
    assert panel["x"] + panel["width"] == top["width"] == width
    assert panel["y"] == main["y"] == top["height"]
    tab.row(other).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_have_text(other.name or "")
    tab.page.get_by_role("button", name="Close the panel").click()
    box = tab.page.locator("#main").bounding_box()
    assert box
    assert box["width"] == width


@pytest.mark.parametrize("width", [390, 820, 1279])
def test_what_the_panel_covers_cannot_be_reached(
    tab: Tab, book: Book, width: int
) -> None:
    """Neither by Tab nor by a click; a click beside a drawer closes it, and a wider
    window brings both back."""
    contact = book.add("Anna")
    tab.page.set_viewport_size({"width": width, "height": 800})
    tab.open()
    open_panel(tab, contact)
    inert = ".app > [inert]"
    expect(tab.page.locator(inert)).to_have_count(2)
    tab.page.set_viewport_size({"width": 1300, "height": 800})
    expect(tab.page.locator(inert)).to_have_count(0)
    tab.page.set_viewport_size({"width": width, "height": 800})
    expect(tab.page.locator(inert)).to_have_count(2)
    if width == 390:
        return tab.page.keyboard.press("Escape")
    tab.page.mouse.click(40, 400)
    expect(tab.page.locator("#panel")).to_be_hidden()
    expect(tab.page.locator(inert)).to_have_count(0)
    return expect(tab.row(contact).locator(".name")).to_be_focused()


def test_two_of_one_name_are_told_apart_before_one_is_deleted(
    tab: Tab, book: Book
) -> None:
    """By phone and e-mail, from the panel's menu, too."""
    contact = book.add("Anna", phone="+4915123456789", email="anna@example.org")
    book.add("Anna", email="other@example.org")
    tab.open()
    open_panel(tab, contact)
    tab.page.get_by_role("button", name="Actions", exact=True).click()
    tab.item("Delete…").click()
    dialog = tab.page.get_by_role("alertdialog", name="Delete Anna?")
    expect(dialog).to_contain_text("+49 1512 3456789 · anna@example.org")
    dialog.get_by_role("button", name="Delete contact").click()
    expect(tab.row(contact)).to_have_count(0)
    expect(tab.page.locator("#panel")).to_be_hidden()
