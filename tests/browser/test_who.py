"""The login page of this machine's provider, as a person meets it in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.browser.test_reach import AXE
from tests.conftest import Server
from tests.visitor import Visitor


@pytest.fixture(params=["light", "dark"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A profile of its own: nobody is signed in."""
    with chromium.new_context(color_scheme=request.param) as context:
        yield context.new_page()


def come(page: Page, server: Server, **more: str) -> tuple[Visitor, list[str]]:
    """Before the question, as the page of the service leads there; and what goes wrong
    on the way."""
    visitor, failures = Visitor(server), list[str]()
    # How the page goes on is not looked at here.
    page.route(f"{visitor.page}page/**", lambda route: route.abort())
    page.on("console", lambda said: heard(said, visitor, failures))
    page.on("request", lambda asked: elsewhere(asked, visitor, failures))
    page.goto(visitor.address(**more))
    return visitor, failures


def heard(said: ConsoleMessage, visitor: Visitor, failures: list[str]) -> None:
    if said.location["url"].startswith(visitor.issuer):
        failures.append(said.text)


def elsewhere(asked: Request, visitor: Visitor, failures: list[str]) -> None:
    if not asked.url.startswith((visitor.issuer, visitor.page)):
        failures.append(asked.url)


def barriers(page: Page) -> list[str]:
    """What axe finds, by its rules' names."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(
        "axe.run().then(({ violations }) => violations.map((one) => one.id))"
    )
    return found


def back(visitor: Visitor) -> Any:
    """The request that brings a code to the page."""
    return lambda asked: asked.url.startswith(f"{visitor.page}?code=")


def test_a_person_is_chosen(page: Page, asking: Server) -> None:
    """One click, and one is back, with a code that is worth tokens; the page's own
    policy lets its form lead on."""
    visitor, failures = come(page, asking)
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    with page.expect_request(back(visitor)) as came:
        page.get_by_role("button", name="Eleanor Voss").click()
    code = came.value.url.partition("code=")[2].partition("&")[0]
    assert visitor.exchange(code).status_code == 200
    assert failures == []


def test_the_keyboard_is_enough(page: Page, asking: Server) -> None:
    """Tab, Enter; or a name and an e-mail, and Enter."""
    visitor, failures = come(page, asking)
    expect(page.get_by_role("button", name="Eleanor Voss")).to_be_focused()
    expect(page.get_by_role("link", name="somebody else")).to_be_in_viewport()
    with page.expect_request(back(visitor)):
        page.keyboard.press("Enter")
    visitor, failures = come(page, asking, prompt="select_account")
    page.get_by_label("Name").fill("Zoë")
    page.get_by_label("E-mail").fill("zoe@example.com")
    with page.expect_request(back(visitor)):
        page.keyboard.press("Enter")
    assert failures == []


def test_a_sign_in_that_is_over_leads_to_the_page(page: Page, asking: Server) -> None:
    """As when one comes Back to it; in a sentence for people."""
    come(page, asking)
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="This sign-in is over")).to_be_visible()
    expect(page.locator("main")).to_contain_text("You have signed in already")
    expect(page.get_by_role("link", name="Back to contactbook")).to_be_visible()


def test_it_can_be_read_and_has_no_barriers(page: Page, asking: Server) -> None:
    """axe finds nothing, in the light and in the dark, also on a phone."""
    come(page, asking)
    page.set_viewport_size({"width": 360, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    assert barriers(page) == []


def test_signing_out_leads_back(page: Page, asking: Server) -> None:
    """By itself where the page says who it is; the next visit is asked again."""
    visitor, failures = come(page, asking)
    with page.expect_request(back(visitor)) as came:
        page.get_by_role("button", name="Maya Iyer").click()
    code = came.value.url.partition("code=")[2].partition("&")[0]
    told = visitor.exchange(code).json()["id_token"]
    with page.expect_request(f"{visitor.page}?state=bye"):
        page.goto(visitor.way_out(told, state="bye"))
    page.goto(visitor.address())
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    assert failures == []
