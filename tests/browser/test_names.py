"""People are told by name wherever they are shown; their ids only in details."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.book import OWNER, Book
from tests.browser.people import call, come
from tests.browser.settings import Settings, enter, join, look_over
from tests.browser.tab import Tab
from tests.browser.wire import SETTLED, Held, Wire


@pytest.fixture
def amara(book: Book) -> str:
    """A member whose provider tells who she is."""
    user = call(book, f"auth0|{book.slug}", "Amara Okafor", "amara@example.org")
    join(book, user, "member")
    return come(book, user)


def test_members_are_listed_by_name_and_e_mail(
    tab: Tab, book: Book, amara: str
) -> None:
    """Who has no name is listed by his id; everybody's id is in the title."""
    join(book, "nameless", "viewer")
    enter(tab, amara)
    settings = Settings.open(tab, "Members…")
    row = settings.dialog.locator(f'[data-user-id="{amara}"]')
    expect(row.locator(".who-id")).to_have_text("Amara Okafor")
    expect(row.locator(".who-id")).to_have_attribute("title", amara)
    expect(row).to_contain_text("amara@example.org")
    expect(row).to_contain_text("you")
    assert amara not in settings.dialog.inner_text()
    nobody = settings.dialog.locator('[data-user-id="nameless"] .who-id')
    expect(nobody).to_have_text("nameless")


def test_a_contact_says_by_name_whose_it_is_and_who_was_at_it(
    tab: Tab, book: Book, amara: str
) -> None:
    """In the list, the panel's choice, its notes and details; no id is to be read."""
    anna = book.add("Anna", assigned_to=amara)
    with book.site.client(amara) as client:
        where = f"/workspaces/{book.slug}/contacts/{anna.id}"
        answer = client.post(f"{where}/notes", json={"content": "Hello"})
        assert answer.status_code == 201, answer.text
        answer = client.patch(where, json={"lead_score": 7})
        assert answer.status_code == 200, answer.text
    tab.open()
    cell = tab.cell(anna, "assignee").locator(".cut")
    expect(cell).to_have_text("Amara Okafor")
    expect(cell).to_have_attribute("title", amara)
    tab.row(anna).locator(".name").click()
    panel = tab.page.locator("#panel")
    choice = panel.get_by_label("Assigned to")
    expect(choice.locator("option:checked")).to_have_text("Amara Okafor")
    expect(panel.locator(".note-item .by bdi")).to_have_text("Amara Okafor")
    expect(panel.locator(".note-item .by bdi")).to_have_attribute("title", amara)
    expect(panel.locator(".facts")).to_contain_text("by Amara Okafor")
    assert amara not in tab.page.locator("body").inner_text()


def test_no_id_is_seen_while_names_are_on_their_way(
    tab: Tab, book: Book, amara: str
) -> None:
    """The cell is empty until then."""
    anna = book.add("Anna", assigned_to=amara)
    names = Held(tab.page, "GET", "**/members?*")
    tab.open()
    names.until(1)
    assert tab.cell(anna, "assignee").inner_text() == ""
    assert amara not in tab.page.locator("body").inner_text()
    names.release()
    expect(tab.cell(anna, "assignee")).to_have_text("Amara Okafor")


def test_the_list_asks_once_for_all_names(tab: Tab, book: Book, amara: str) -> None:
    """Also of one who has come since: it is asked once more, and no further."""
    contacts = book.fill(3, assigned_to=amara)
    wire = Wire(tab.page, "GET", "**/members?*")
    tab.open()
    for one in contacts:
        expect(tab.cell(one, "assignee")).to_have_text("Amara Okafor")
    assert len(wire.tries) == 1
    come(book, call(book, join(book, f"b{book.slug}", "member"), "Ben Bauer"))
    with book.client() as client:
        body = {"assigned_to": f"b{book.slug}"}
        assert client.patch(f"contacts/{contacts[0].id}", json=body).is_success
    tab.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(tab.cell(contacts[0], "assignee")).to_have_text("Ben Bauer")
    assert len(wire.tries) == 2


def test_who_is_no_member_is_told_by_his_id(tab: Tab, book: Book, amara: str) -> None:
    """And the page does not ask for him for ever."""
    anna = book.add("Anna", assigned_to=amara)
    asked: list[str] = []

    def without_her(route: Route) -> None:
        asked.append(route.request.url)
        answer = route.fetch()
        told = answer.json()
        told["members"] = [one for one in told["members"] if one["user_id"] != amara]
        route.fulfill(response=answer, json=told)

    tab.page.route("**/members?*", without_her)
    tab.open()
    expect(tab.cell(anna, "assignee")).to_have_text(amara)
    tab.page.evaluate(SETTLED)
    tab.page.evaluate(SETTLED)
    assert len(asked) == 1


def test_two_of_one_name_are_told_apart(tab: Tab, book: Book, amara: str) -> None:
    """Where one is chosen, and where one is named, by the e-mail."""
    other = call(book, f"other-{book.slug}", "Amara Okafor", "second@example.org")
    come(book, join(book, other, "member"))
    anna = book.add("Anna", assigned_to=other)
    tab.open()
    cell = tab.cell(anna, "assignee")
    expect(cell).to_have_text("Amara Okafor (second@example.org)")
    settings = Settings.open(tab, "Members…")
    for email in ("amara@example.org", "second@example.org"):
        button = settings.button(f"Remove Amara Okafor ({email})")
        expect(button).to_be_visible()


def test_the_menu_at_the_top_says_who_i_am(tab: Tab, book: Book, amara: str) -> None:
    """My name on the button, my e-mail in the menu; my user id can be copied for those
    who ask for it; all by keyboard."""
    enter(tab, amara)
    me = tab.page.locator("#me")
    expect(me).to_have_text("Amara Okafor")
    expect(me).to_have_attribute("title", amara)
    tab.at_hand()
    me.focus()
    tab.page.keyboard.press("Enter")
    menu = tab.page.get_by_role("menu", name="Account")
    who = menu.locator(".told")
    expect(who).to_contain_text("Amara Okafor")
    expect(who).to_contain_text("amara@example.org")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    edges = [
        tab.item(one).locator("span").last for one in ("Copy my user id", "Sign out")
    ]
    assert len({one.bounding_box()["x"] for one in edges}) == 1  # type: ignore[index]
    look_over(tab, "account")
    tab.page.keyboard.press("Enter")
    expect(tab.toast()).to_contain_text("The id was copied.")
    assert tab.page.evaluate("navigator.clipboard.readText()") == amara
    me.click()
    expect(tab.item("Sign out")).to_be_visible()


def test_who_has_no_name_is_told_by_his_id(tab: Tab, book: Book) -> None:
    """As before there were names."""
    anna = book.add("Anna", assigned_to=OWNER)
    tab.open()
    expect(tab.page.locator("#me")).to_have_text(OWNER)
    expect(tab.cell(anna, "assignee")).to_have_text(OWNER)


def test_a_token_that_is_made_later_is_asked_for_once_more(
    tab: Tab, book: Book
) -> None:
    """By its name where it has done something; an unknown one is asked for once."""
    asked: list[str] = []
    tab.open()
    tab.page.on("request", lambda one: "/tokens?" in one.url and asked.append(one.url))
    assert tab.page.evaluate(CALLED, "key_none") == "key_none"
    assert tab.page.evaluate(CALLED, "key_none") == "key_none"
    assert len(asked) == 2
    with book.client() as client:
        made = client.post("tokens", json={"name": "Night import", "role": "member"})
    assert made.status_code == 201, made.text
    assert tab.page.evaluate(CALLED, made.json()["token"]["id"]) == "Night import"
    assert len(asked) == 3


CALLED = """async (key) => {
  const place = document.querySelector("script[type=module]").src;
  const people = await import(new URL("../core/people.js", place));
  return people.called(key);
}"""
