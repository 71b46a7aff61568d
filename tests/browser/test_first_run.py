"""The first screen of a person who is in no workspace."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.book import Book
from tests.browser.settings import join, look_over
from tests.browser.tab import Tab

_numbers = itertools.count()


@pytest.fixture
def newcomer(tab: Tab, book: Book) -> str:
    """Somebody whom no workspace knows, with the page before him."""
    user = f"newcomer-{next(_numbers)}"
    tab.page.goto(f"{book.site.base}/#token={book.site.token(user)}")
    expect(tab.page.get_by_label("Name", exact=True)).to_be_focused()
    return user


def test_it_says_who_is_signed_in_and_what_can_be_done(tab: Tab, newcomer: str) -> None:
    """No table, no skeleton of one; his user id can be handed to an admin."""
    signin = tab.page.locator("#signin")
    expect(signin).to_contain_text(f"Signed in as {newcomer}")
    expect(signin).to_contain_text(
        "Ask an admin of your team to invite your e-mail, or to add you by your user "
        "id."
    )
    expect(tab.page.locator("#app")).to_be_hidden()
    expect(tab.page.locator(".skeleton")).to_have_count(0)
    expect(tab.page.locator(".toast")).to_have_count(0)
    expect(tab.page).to_have_title("Welcome · contactbook")
    tab.page.get_by_role("button", name="Copy my user id").click()
    expect(signin.get_by_role("button", name="Copied")).to_be_visible()
    assert tab.page.evaluate("navigator.clipboard.readText()") == newcomer
    look_over(tab, "first run")


def test_a_workspace_is_created_and_opens_empty(
    tab: Tab, book: Book, newcomer: str
) -> None:
    """A short name that is taken is told at its field; then the first contact can be
    added."""
    slug = tab.page.get_by_label("Short name")
    tab.page.keyboard.type("Été à Paris")
    expect(slug).to_have_value("ete-a-paris")
    slug.fill(book.slug)
    tab.page.keyboard.press("Enter")
    fault = tab.page.locator("#settings-slug-fault")
    expect(fault).to_have_text("Another workspace has this slug.")
    expect(slug).to_be_focused()
    look_over(tab, "slug taken")
    slug.fill(f"paris-{newcomer}")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#workspace-name")).to_have_text("Été à Paris")
    state = tab.page.locator("#state")
    expect(state).to_contain_text("No contacts yet")
    expect(tab.page.locator("#signin")).to_be_hidden()
    expect(tab.page.locator("#add")).to_be_focused()
    state.get_by_role("button", name="Add contact").click()
    expect(tab.page.get_by_role("dialog", name="Add contact")).to_be_visible()
    tab.page.keyboard.press("Escape")
    tab.reload()
    expect(tab.page.locator("#workspace-name")).to_have_text("Été à Paris")


def test_the_keys_of_the_table_do_nothing_there(tab: Tab, newcomer: str) -> None:
    """Nor does anything fail (every test holds that)."""
    tab.page.get_by_role("button", name="Look again").focus()
    for key in ("n", "/", "ArrowDown", "Delete", "Escape", "F2"):
        tab.page.keyboard.press(key)
    expect(tab.page.get_by_role("dialog")).to_have_count(0)
    expect(tab.page.get_by_role("button", name="Look again")).to_be_focused()
    tab.page.get_by_label("Name", exact=True).focus()
    tab.page.keyboard.type("n/")
    expect(tab.page.get_by_label("Name", exact=True)).to_have_value("n/")


def test_who_was_added_meanwhile_looks_again(
    tab: Tab, book: Book, newcomer: str
) -> None:
    """And is in; before that the screen stays what it was."""
    contact = book.add("Anna")
    look = tab.page.get_by_role("button", name="Look again")
    look.click()
    expect(tab.page.get_by_label("Name", exact=True)).to_be_focused()
    expect(tab.page.locator(".skeleton")).to_have_count(0)
    join(book, newcomer, "member")
    look.click()
    expect(tab.row(contact)).to_be_visible()
    expect(tab.page.locator("#signin")).to_be_hidden()


def test_one_can_sign_out_there(tab: Tab, newcomer: str) -> None:
    """Back to the token."""
    tab.page.get_by_role("button", name="Sign out").click()
    expect(tab.page.get_by_label("Token")).to_be_focused()
    expect(tab.page.locator("#signin-why")).to_be_hidden()
    assert newcomer not in tab.page.locator("#signin").inner_text()


@pytest.mark.parametrize("size", [(390, 700), (320, 220)])
def test_all_of_it_can_be_reached_on_a_small_screen(
    tab: Tab, newcomer: str, size: tuple[int, int]
) -> None:
    """Also at 400 % zoom."""
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    for name in ("Sign out", "Create workspace", "Look again"):
        button = tab.page.get_by_role("button", name=name)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=1)
    signin = tab.page.locator("#signin")
    assert signin.evaluate("(node) => node.scrollWidth <= node.clientWidth")
