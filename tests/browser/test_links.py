"""Addresses: what is open stands in them, and they lead back to it from anywhere."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.book import Book, another_book
from tests.browser.tab import Tab

PHONE = {"width": 390, "height": 844}


def follow(tab: Tab, rest: str) -> None:
    """A link that is pasted into the open tab: only what is behind the # differs."""
    tab.page.evaluate("(rest) => { location.hash = rest; }", rest)


def test_a_link_pasted_into_an_open_tab_is_followed(tab: Tab, book: Book) -> None:
    """To a contact, to a filter, to another workspace."""
    first, second = book.add("First"), book.add("Second", lead_status="active")
    other = another_book(book.site, book.store)
    third = other.add("Third")
    tab.open()
    heading = tab.page.locator("#panel h2")
    follow(tab, f"workspace={book.slug}&contact={first.id}")
    expect(heading).to_have_text("First")
    follow(tab, f"workspace={book.slug}&contact={second.id}&status=active")
    expect(heading).to_have_text("Second")
    expect(tab.row(first)).to_have_count(0)
    follow(tab, f"workspace={other.slug}&contact={third.id}")
    expect(tab.page.locator("#workspace-name")).to_have_text(other.workspace.name)
    expect(heading).to_have_text("Third")


def test_a_link_to_a_workspace_that_is_not_mine_says_so(tab: Tab, book: Book) -> None:
    """Instead of opening another one; and it offers those that are mine."""
    contact = book.add("Anna")
    tab.open()
    follow(tab, "workspace=somebody-elses")
    state = tab.page.locator("#state")
    expect(state).to_contain_text("You are not a member of “somebody-elses”")
    expect(tab.row(contact)).to_have_count(0)
    expect(tab.page.locator("#add")).to_be_hidden()
    state.get_by_role("button", name=book.workspace.name, exact=True).click()
    expect(tab.row(contact)).to_be_visible()
    tab.page.goto("about:blank")
    tab.page.goto(
        f"{book.site.base}/#token={book.site.token('page-owner')}&workspace=no"
    )
    expect(state).to_contain_text("You are not a member of “no”")


def test_nothing_is_lost_on_the_way_through_sign_in(tab: Tab, book: Book) -> None:
    """The link is followed when the token has been given."""
    contact = book.add("Anna", lead_status="active")
    rest = f"#workspace={book.slug}&status=active&contact={contact.id}"
    tab.page.goto(f"{book.site.base}/{rest}")
    tab.page.get_by_label("Token").fill(book.site.token("page-owner"))
    tab.page.get_by_role("button", name="Sign in").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Anna")
    expect(tab.page.locator("#filter-name")).to_have_text("Active")
    assert rest.removeprefix("#") in tab.page.url


def test_who_signs_in_again_is_where_he_was(tab: Tab, book: Book) -> None:
    """The token has expired in the middle: the contact and its filter are still in the
    address, and open again."""
    contact = book.add("Anna", lead_status="active")
    tab.open("&status=active")
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Anna")
    tab.page.evaluate("sessionStorage.setItem('contactbook.token', 'expired')")
    tab.choose(contact, "Lost")
    tab.page.get_by_label("Token").fill(book.site.token("page-owner"))
    tab.page.get_by_role("button", name="Sign in").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Anna")
    expect(tab.page.locator("#filter-name")).to_have_text("Active")


def test_a_row_opens_in_a_new_tab(
    tab: Tab, book: Book, context: BrowserContext
) -> None:
    """By ctrl-click and by the middle button, as any link; the new tab is signed in,
    and the old one stays as it was."""
    contact = book.add("Anna")
    tab.open()
    for options in ({"modifiers": ["ControlOrMeta"]}, {"button": "middle"}):
        with context.expect_page() as opened:
            tab.row(contact).locator(".name").click(**options)  # type: ignore[arg-type]
        fresh = opened.value
        expect(fresh.locator("#panel h2")).to_have_text("Anna")
        expect(tab.page.locator("#panel")).to_be_hidden()
        fresh.close()


def test_signing_out_signs_out_everywhere(
    tab: Tab, book: Book, new_tab: Callable[[], Tab]
) -> None:
    """A tab that was opened from a link is signed in by another; it leaves with it."""
    book.add("Anna Secret")
    tab.open()
    second = new_tab()
    second.page.goto(f"{book.site.base}/#workspace={book.slug}")
    expect(second.page.get_by_text("Anna Secret")).to_be_visible()
    tab.page.click("#me")
    tab.item("Sign out").click()
    for one in (tab, second):
        expect(one.page.get_by_label("Token")).to_be_visible()
        assert "Anna Secret" not in one.page.content()


def test_on_a_phone_the_card_opens_and_back_closes(tab: Tab, book: Book) -> None:
    """Wherever the card is touched; Back leads to the list and not out of the page, and
    so does the cross, which leaves no step behind."""
    contact = book.add("Anna", phone="+49 1512 3456789", tags=["vip"])
    tab.page.set_viewport_size(PHONE)
    tab.open()
    panel = tab.page.locator("#panel")
    for part in (".avatar", ".phone", ".chips"):
        tab.row(contact).locator(part).click()
        expect(panel.locator("h2")).to_have_text("Anna")
        tab.page.go_back()
        expect(panel).to_be_hidden()
        expect(tab.row(contact)).to_be_visible()
    steps = tab.page.evaluate("history.length")
    tab.row(contact).locator(".name").click()
    panel.get_by_role("button", name="Close the panel").click()
    expect(panel).to_be_hidden()
    assert f"contact={contact.id}" not in tab.page.url
    tab.page.go_forward()
    expect(panel.locator("h2")).to_have_text("Anna")
    assert tab.page.evaluate("history.length") == steps
