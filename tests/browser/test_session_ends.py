"""A session ends for all that is under way in it: nothing of it is sent later, and no
tab goes on with it."""

from playwright.sync_api import Route, expect

from tests.browser.book import Book
from tests.browser.person import ELEANOR, Person
from tests.browser.tab import Tab
from tests.browser.wire import SETTLED


def test_what_one_began_is_not_sent_by_the_next(timed_tab: Tab, book: Book) -> None:
    """The server was busy, he has signed out, and somebody else is in: what was to be
    tried again is his no more, and nobody else's."""
    anna = book.add("Anna")
    tab = timed_tab.open()
    tab.at_hand()
    tries: list[str | None] = []

    def busy(route: Route) -> None:
        if route.request.method != "PATCH":
            return route.fallback()
        tries.append(route.request.headers.get("authorization"))
        return route.fulfill(status=503, headers={"Retry-After": "4"}, body="{}")

    tab.page.route("**/contacts/*", busy)
    tab.stop_the_clock()
    with tab.page.expect_request(lambda one: one.method == "PATCH"):
        tab.edit(anna, "email", "anna@example.org")
    tab.page.locator("#me").click()
    tab.page.clock.run_for(1_000)
    tab.page.get_by_role("menuitem", name="Sign out").click()
    tab.page.get_by_label("Token").fill(book.site.token("page-next"))
    tab.page.get_by_role("button", name="Sign in").click()
    tab.page.clock.run_for(1_000)
    expect(tab.page.get_by_role("heading", name="Welcome")).to_be_visible()
    tab.page.clock.run_for(10_000)
    tab.page.clock.resume()
    tab.page.evaluate(SETTLED)
    assert len(tries) == 1
    assert book.get(anna)["email"] is None


def test_signing_out_reaches_a_tab_that_is_coming_in(person: Person) -> None:
    """It has its tokens, but does not know yet whose they are: when it does, it learns
    that he has signed out."""
    person.open().comes_as(ELEANOR)
    other = person.new_tab()
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "GET":
            held.append(route)
        else:
            route.fallback()

    other.page.route("**/me?*", hold)
    with other.page.expect_request(lambda one: "/me?" in one.url):
        other.open()
    person.page.bring_to_front()
    person.sign_out()
    expect(person.why()).to_have_text("You have signed out.")
    for route in held:
        route.continue_()
    expect(other.why()).to_have_text("You have signed out in another tab.")
    expect(other.page.locator("#app")).to_be_hidden()
