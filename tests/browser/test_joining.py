"""Who is invited: what waits for him, on the first screen, in the menu, by a link."""

import itertools
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.book import Book, another_book
from tests.browser.people import call, invited
from tests.browser.settings import enter, join, look_over
from tests.browser.tab import Tab

_numbers = itertools.count()
TOKEN = (
    "An invitation is for an e-mail, and a sign-in with a token does not tell yours."
)


@pytest.fixture
def ida(book: Book) -> str:
    """Somebody whose e-mail is known, and who is in no workspace."""
    user = f"ida-{next(_numbers)}"
    return call(book, user, "Ida Ipsum", f"{user}@example.org")


def open_page(tab: Tab, user: str, rest: str = "") -> None:
    site = tab.book.site
    tab.page.goto("about:blank")
    tab.page.goto(f"{site.base}/#token={site.token(user)}{rest}")


def asked(tab: Tab) -> Locator:
    return tab.page.locator("[data-invitation-id]")


def test_the_first_screen_shows_what_one_is_invited_to(
    tab: Tab, book: Book, ida: str
) -> None:
    """Above what one could begin on one's own; each with its own buttons, and the focus
    on the first."""
    other = another_book(book.site, book.store)
    invited(book, f"{ida}@example.org")
    invited(other, f"{ida}@example.org", "admin")
    open_page(tab, ida)
    expect(asked(tab)).to_have_count(2)
    expect(asked(tab).last).to_contain_text(
        f"{book.workspace.name} invites you as member."
    )
    expect(asked(tab).first).to_contain_text(
        f"{other.workspace.name} invites you as admin."
    )
    expect(asked(tab).first).to_contain_text("open until")
    accept = tab.page.get_by_role("button", name=f"Accept: {other.workspace.name}")
    expect(accept).to_be_focused()
    expect(tab.page.locator("#signin")).to_contain_text(
        f"Signed in as Ida Ipsum {ida}@example.org"
    )
    look_over(tab, "invited first screen")


def test_a_token_is_no_sign_in_that_tells_an_e_mail(
    tab: Tab, book: Book, ida: str
) -> None:
    """It is said so, with a way on that leads back to the invitation, which stays."""
    made = invited(book, f"{ida}@example.org")
    open_page(tab, ida)
    accept = tab.page.get_by_role("button", name="Accept")
    accept.click()
    expect(tab.page.locator(".request")).to_have_count(0)
    expect(asked(tab).get_by_role("alert")).to_contain_text(TOKEN)
    expect(accept).to_be_focused()
    look_over(tab, "without an ID token")
    tab.page.get_by_role("button", name="Sign out to use another").click()
    expect(tab.page.get_by_label("Token")).to_be_visible()
    assert made["id"] in tab.page.url
    tab.page.get_by_label("Token").fill(book.site.token(ida))
    tab.page.keyboard.press("Enter")
    expect(accept).to_be_focused()
    assert made["id"] in tab.page.url
    tab.page.get_by_role("button", name="Sign out", exact=True).click()
    expect(tab.page.get_by_label("Token")).to_be_visible()
    assert made["id"] in tab.page.url


def test_who_has_workspaces_finds_invitations_in_their_menu(
    tab: Tab, book: Book, ida: str
) -> None:
    """Beneath the workspaces, counted; Esc closes the dialog and decides nothing."""
    other = another_book(book.site, book.store)
    join(book, ida, "member")
    invited(other, f"{ida}@example.org")
    enter(tab, ida)
    tab.page.click("#workspace")
    tab.item("1 invitation").click()
    dialog = tab.page.get_by_role("dialog", name="Invitations")
    expect(dialog).to_contain_text(f"{other.workspace.name} invites you as member.")
    expect(dialog.get_by_role("button", name="Accept")).to_be_focused()
    look_over(tab, "invitations")
    tab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    tab.page.click("#workspace")
    expect(tab.item("1 invitation")).to_be_visible()


def test_the_link_shows_it_to_who_has_workspaces(
    tab: Tab, book: Book, ida: str
) -> None:
    """As a dialog over the workspace that he knows; a reload shows it again until it is
    answered or closed."""
    other = another_book(book.site, book.store)
    join(book, ida, "member")
    made = invited(other, f"{ida}@example.org")
    open_page(tab, ida, f"&{made['link'].partition('#')[2]}")
    dialog = tab.page.get_by_role("dialog", name="Invitation")
    expect(dialog).to_contain_text(f"{other.workspace.name} invites you as member.")
    expect(tab.page.locator("#workspace-name")).to_have_text(book.workspace.name)
    look_over(tab, "invitation by link")
    expect(tab.page.locator(".toast")).to_have_count(0)
    tab.page.reload()
    expect(dialog).to_contain_text(f"{other.workspace.name} invites you as member.")
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("dialog")).to_have_count(0)
    expect(tab.page).to_have_url(re.compile(f"#workspace={book.slug}$"))
    tab.reload()
    expect(tab.toast()).to_contain_text(f"{other.workspace.name} invites you.")
    expect(tab.page.get_by_role("dialog")).to_have_count(0)
    tab.toast().get_by_role("button", name="Show").click()
    expect(tab.page.get_by_role("dialog", name="Invitations")).to_be_visible()
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Control+k")
    tab.page.keyboard.type("invitation")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("dialog", name="Invitations")).to_be_visible()


def test_the_link_of_somebody_else_is_shown_without_its_workspace(
    tab: Tab, book: Book, ida: str
) -> None:
    """Nothing of the workspace is told to who is not invited by this e-mail."""
    made = invited(book, "somebody-else@example.org")
    open_page(tab, ida, f"&{made['link'].partition('#')[2]}")
    dialog = tab.page.get_by_role("dialog", name="Invitation")
    expect(dialog).to_contain_text(
        f"This invitation does not wait for {ida}@example.org. It may be for another "
        "e-mail, or over."
    )
    other = dialog.get_by_role("button", name="Sign out to use another")
    expect(other).to_be_focused()
    expect(dialog.get_by_role("button", name="Accept")).to_have_count(0)
    assert book.workspace.name not in tab.page.content()
    look_over(tab, "somebody else's invitation")


def test_the_link_of_a_workspace_that_one_is_in_opens_it(
    tab: Tab, book: Book, ida: str
) -> None:
    """Accepted before, or added meanwhile: there is nothing to decide."""
    contact = book.add("Anna")
    made = invited(book, f"{ida}@example.org")
    join(book, ida, "member")
    open_page(tab, ida, f"&{made['link'].partition('#')[2]}")
    expect(tab.row(contact)).to_be_visible()
    expect(tab.page.get_by_role("dialog")).to_have_count(0)


def test_a_link_that_is_not_whole_says_so(tab: Tab, book: Book, ida: str) -> None:
    """And the page works all the same."""
    open_page(tab, ida, "&invitation=inv_0123")
    expect(tab.toast()).to_contain_text("The link of the invitation is not whole.")
    expect(tab.page.get_by_label("Name", exact=True)).to_be_visible()
