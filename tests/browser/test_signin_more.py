"""Signing in and out where a provider, a link or a browser is not as one expects."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import end
from tests.browser.person import ELEANOR, Person, hold, is_question, told_otherwise
from tests.conftest import start_server
from tests.test_provider_life import providers_on
from tests.visitor import sign_in_of

EAGLE = "eagle-overseas"
WORK = f"#workspace={EAGLE}"


def provider(person: Person) -> str:
    return f"{sign_in_of(person.site)['issuer']}/**"


@pytest.mark.parametrize(
    "answer", ["error=server_error", "code=abc", "state=abc", "error=login_required"]
)
def test_an_answer_that_is_not_whole_is_refused(person: Person, answer: str) -> None:
    """It is told, and the provider is not asked again by itself: it could give the same
    answer for ever."""
    questions: list[str] = []
    person.context.on(
        "request", lambda one: questions.append(one.url) if is_question(one) else None
    )
    person.open(f"?{answer}{WORK}")
    expect(person.why()).to_contain_text("belongs to no sign-in of this tab")
    assert questions == []
    assert person.page.url == f"{person.site.base}/{WORK}"


def test_back_leads_to_where_one_came_from(person: Person) -> None:
    """Asking without a word leaves no step behind that would lead forward again."""
    person.page.goto("data:text/html,before")
    person.open(WORK)
    expect(person.button()).to_be_visible()
    person.page.go_back()
    assert person.page.url == "data:text/html,before"


def test_back_from_the_provider_finds_a_button_that_works(person: Person) -> None:
    """Also where the browser has kept the page as it was left."""
    person.open(WORK)
    expect(person.button()).to_be_visible()
    held: list[Route] = []
    person.context.route(provider(person), hold(held))
    with person.page.expect_request(provider(person)):
        person.button().click()
    expect(person.button()).to_be_disabled()
    person.page.evaluate(
        "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    )
    assert person.button().is_enabled()
    held[0].abort()
    person.context.unroute(provider(person))
    expect(person.why()).to_contain_text("cannot be reached")
    person.comes_as(ELEANOR)


def test_signing_out_without_the_provider_says_what_has_ended(person: Person) -> None:
    """Here, at once; and there, where it could not be ended, nobody is let in by the
    old session without being asked."""
    person.open(WORK).comes_as(ELEANOR)
    person.context.route(provider(person), lambda route: route.abort())
    person.sign_out()
    expect(person.why()).to_contain_text("there you may still be signed in")
    expect(person.page.locator("#app")).to_be_hidden()
    person.context.unroute(provider(person))
    with person.page.expect_request(is_question) as asked:
        person.button().click()
    assert parse_qs(urlsplit(asked.value.url).query)["prompt"] == ["login"]
    expect(person.page.get_by_role("heading", name="Who are you?")).to_be_visible()


def test_a_provider_without_a_way_out_asks_who_comes_next(person: Person) -> None:
    """Its session cannot be ended by the page: it does not decide who is next."""

    def without(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        del told["end_session_endpoint"]
        route.fulfill(response=answer, json=told)

    person.context.route("**/.well-known/openid-configuration", without)
    person.open(WORK).comes_as(ELEANOR)
    person.sign_out()
    expect(person.why()).to_have_text("You have signed out.")
    with person.page.expect_request(is_question) as asked:
        person.button().click()
    assert parse_qs(urlsplit(asked.value.url).query)["prompt"] == ["login"]


def test_after_signing_out_nobody_is_signed_in_by_himself(person: Person) -> None:
    """Also where the provider's session goes on: to sign in is a choice then."""
    person.open(WORK).comes_as(ELEANOR)
    issuer = sign_in_of(person.site)["issuer"]
    person.context.route(
        f"{issuer}/session/end*",
        lambda route: route.fulfill(
            status=303, headers={"Location": f"{person.site.base}/"}
        ),
    )
    person.sign_out()
    expect(person.why()).to_have_text("You have signed out.")
    expect(person.page.locator("#app")).to_be_hidden()
    person.button().click()
    person.at_work()


def test_another_tab_cannot_say_who_somebody_is(person: Person) -> None:
    """A token that is told between tabs signs nobody in where there is a provider."""
    token = person.site.token("eagle-owner")
    person.open(WORK)
    expect(person.button()).to_be_visible()
    other = person.new_tab().open()
    expect(other.button()).to_be_visible()
    other.page.evaluate(
        """(token) => {
          const tabs = new BroadcastChannel("contactbook.session");
          tabs.postMessage({ token });
        }""",
        token,
    )
    person.page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    person.page.reload()
    expect(person.button()).to_be_visible()
    assert token not in person.kept()


def test_a_token_in_a_link_does_not_interrupt_work(person: Person) -> None:
    """It is thrown away; the page is not left for it."""
    person.open(WORK).comes_as(ELEANOR)
    questions: list[str] = []
    person.context.on(
        "request", lambda one: questions.append(one.url) if is_question(one) else None
    )
    token = person.site.token("eagle-member")
    with person.page.expect_response("**/me?*"):
        person.page.evaluate("(token) => (location.hash = `token=${token}`)", token)
    person.at_work()
    expect(person.name()).to_have_text(ELEANOR)
    assert questions == []
    assert token not in person.kept()


@pytest.mark.parametrize(
    ("audience", "resource"),
    [("https://api.example", ["https://api.example"]), ("contactbook", None)],
)
def test_the_audience_is_asked_for(
    person: Person, audience: str, resource: list[str] | None
) -> None:
    """In the words of those who do not know the standard's, and in the standard's where
    it is an address."""

    def told(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        found["sign_in"]["audience"] = audience
        route.fulfill(response=answer, json=found)

    person.context.route("**/config", told)
    with person.page.expect_request(is_question) as asked:
        person.open(WORK)
    sent = parse_qs(urlsplit(asked.value.url).query)
    assert sent["audience"] == [audience]
    assert sent.get("resource") == resource
    assert sent["prompt"] == ["none"]
    assert sent["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"iss": "https://evil.example"}, {"aud": "x"}, {"exp": 9}],
)
def test_an_id_token_that_was_not_asked_for_lets_nobody_in(
    person: Person, claims: dict[str, object]
) -> None:
    """Of another question, provider or client, or of long ago."""

    def otherwise(route: Route) -> None:
        told_otherwise(route, **claims)

    person.open(WORK)
    person.context.route("**/token", otherwise)
    person.button().click()
    person.choose(ELEANOR)
    expect(person.why()).to_contain_text("cannot be trusted")
    expect(person.page.locator("#app")).to_be_hidden()
    person.context.unroute("**/token", otherwise)
    person.button().click()
    person.at_work()


def test_a_provider_that_has_gone_is_not_what_one_is_left_with(
    new_person: Callable[..., Person], tmp_path: Path
) -> None:
    """What the browser has kept of it does not say that it is there. Nobody is let in
    without being asked, also after a reload."""
    site = start_server(tmp_path, DEMO="1", SIGN_IN="provider")
    try:
        somebody = new_person(site).open(WORK).comes_as(ELEANOR)
        (running,) = providers_on(tmp_path)
        os.kill(running, signal.SIGSTOP)
        somebody.sign_out()
        expect(somebody.why()).to_contain_text("there you may still be signed in")
        os.kill(running, signal.SIGCONT)
        somebody.page.reload()
        expect(somebody.why()).to_contain_text("there you may still be signed in")
    finally:
        end(site)
