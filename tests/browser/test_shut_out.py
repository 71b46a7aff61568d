"""A workspace that is not, or no longer, open to who looks at the page."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.book import Book, another_book
from tests.browser.settings import enter, join, look_over
from tests.browser.tab import Tab

_numbers = itertools.count()


@pytest.fixture
def mia(book: Book) -> str:
    """A member, whom the owner can remove."""
    return join(book, f"mia-{next(_numbers)}", "member")


def removed(book: Book, user: str) -> None:
    with book.client() as client:
        assert client.delete(f"members/{user}").is_success


def said(book: Book) -> str:
    return f"You are no longer a member of {book.workspace.name}."


def test_who_is_removed_is_told_by_his_next_search(
    tab: Tab, book: Book, mia: str
) -> None:
    """The contacts vanish at once, also the one beside the list; his other workspace is
    one click away."""
    contact = book.add("Anna")
    other = another_book(book.site, book.store)
    join(other, mia, "member")
    kept = other.add("Otto")
    enter(tab, mia)
    tab.act(contact, "Open")
    expect(tab.page.locator("#panel-name")).to_have_text("Anna")
    removed(book, mia)
    tab.page.locator("#search").fill("An")
    state = tab.page.locator("#state")
    expect(state).to_contain_text(said(book))
    expect(tab.page.locator("tr[data-contact-id]")).to_have_count(0)
    expect(tab.page.locator("#panel")).to_be_hidden()
    expect(tab.page.locator("#progress")).to_be_empty()
    assert "Anna" not in tab.page.content()
    look_over(tab, "removed")
    state.get_by_role("button", name=other.workspace.name).click()
    expect(tab.row(kept)).to_be_visible()
    tab.page.click("#workspace")
    expect(tab.item(book.workspace.name)).to_have_count(0)


def test_who_is_removed_is_told_without_doing_anything(
    tab: Tab, book: Book, mia: str
) -> None:
    """By the next question for what is new; without another workspace he is where
    everybody begins."""
    contact = book.add("Anna")
    enter(tab, mia)
    expect(tab.row(contact)).to_be_visible()
    removed(book, mia)
    tab.page.evaluate("dispatchEvent(new Event('focus'))")
    signin = tab.page.locator("#signin")
    expect(signin.get_by_role("alert").first).to_have_text(said(book))
    expect(signin.get_by_role("button", name="Create workspace")).to_be_visible()
    expect(tab.page.locator("tr[data-contact-id]")).to_have_count(0)
    assert "workspace" not in tab.page.url
    look_over(tab, "removed from the only one")


def test_a_link_leads_who_has_no_workspace_to_where_one_begins(
    tab: Tab, book: Book
) -> None:
    """It says so, and how to go on."""
    token = book.site.token(f"newcomer-{next(_numbers)}")
    tab.page.goto(f"{book.site.base}/#token={token}&workspace={book.slug}")
    state = tab.page.locator("#state")
    expect(state).to_contain_text("This workspace is not open to you")
    look_over(tab, "not open to somebody without any")
    state.get_by_role("button", name="Create or join a workspace").click()
    signin = tab.page.locator("#signin")
    expect(signin.get_by_role("button", name="Sign out")).to_be_visible()
    expect(tab.page.get_by_label("Name", exact=True)).to_be_focused()
    assert "workspace" not in tab.page.url
