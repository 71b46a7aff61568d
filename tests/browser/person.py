"""Somebody at a browser of his own, who signs in at the provider of this machine."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from tests.conftest import Server

ELEANOR, MAYA, NORA = "Eleanor Voss", "Maya Iyer", "Nora Quinn"
# What a browser keeps of this page, anywhere that another script could look later.
KEPT = """() => JSON.stringify([
  { ...sessionStorage }, { ...localStorage },
  location.href, history.state, document.cookie,
])"""


@dataclass
class Person:
    """A browser with its cookies; `page` is the tab in front."""

    context: BrowserContext
    site: Server
    page: Page

    def open(self, rest: str = "") -> "Person":
        self.page.goto(self.site.base + "/" + rest)
        return self

    def comes_as(self, name: str) -> "Person":
        """From the page's one button to who he is, and to work."""
        self.button().click()
        self.choose(name)
        self.at_work()
        return self

    def choose(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def button(self) -> Locator:
        return self.page.locator("#signin").get_by_role("button", name="Sign in")

    def why(self) -> Locator:
        return self.page.locator("#signin-why")

    def at_work(self) -> None:
        """The list shows contacts; the page says who he is."""
        expect(self.page.locator("#grid[aria-busy=false]")).to_be_visible()

    def touch(self) -> "Person":
        """He does something, whatever it is: the page is not alone."""
        self.page.locator("#count").click()
        return self

    def name(self) -> Locator:
        return self.page.locator("#me-name")

    def new_tab(self) -> "Person":
        return Person(self.context, self.site, self.context.new_page())

    def sign_out(self) -> None:
        self.page.locator("#me").click()
        self.page.get_by_role("menuitem", name="Sign out").click()

    def kept(self) -> str:
        found: str = self.page.evaluate(KEPT)
        return found


def is_renewal(request: Request) -> bool:
    return "grant_type=refresh_token" in (request.post_data or "")


def is_question(request: Request) -> bool:
    """The page is left for the provider."""
    return "code_challenge=" in request.url


def refuse_renewals(person: Person) -> list[str]:
    """From now on the provider gives no next token; which it was asked for."""
    found: list[str] = []

    def refuse(route: Route) -> None:
        if not is_renewal(route.request):
            return route.fallback()
        found.append(route.request.url)
        body = '{"error": "invalid_grant"}'
        return route.fulfill(status=400, content_type="application/json", body=body)

    person.context.route("**/token", refuse)
    return found
