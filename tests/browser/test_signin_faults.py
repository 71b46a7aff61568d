"""Signing in when something is wrong: it is told, and nobody is let in by it."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import end
from tests.browser.person import ELEANOR, MAYA, Person, is_renewal
from tests.conftest import Server, start_server
from tests.test_provider_life import providers_on
from tests.visitor import sign_in_of

EAGLE = "eagle-overseas"
SECONDS = 6  # how long the tokens of `hasty_site` are good


@pytest.fixture(scope="module")
def hasty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its tokens end after seconds."""
    folder = tmp_path_factory.mktemp("hasty")
    running = start_server(
        folder, DEMO="1", SIGN_IN="provider", TOKEN_SECONDS=str(SECONDS)
    )
    yield running
    end(running)


def asked_state(person: Person) -> str:
    """Presses the button; the state that the page has sent along."""
    expect(person.button()).to_be_visible()
    with person.page.expect_request(lambda one: "code_challenge=" in one.url) as sent:
        person.button().click()
    expect(person.page.get_by_role("heading", name="Who are you?")).to_be_visible()
    return parse_qs(urlsplit(sent.value.url).query)["state"][0]


def provider(person: Person) -> str:
    return f"{sign_in_of(person.site)['issuer']}/**"


def cut_off(route: Route) -> None:
    route.abort("connectionrefused")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("code=abc&state=another&iss={issuer}", 'unexpected "state"'),
        ("code=abc&state={state}&iss=https%3A%2F%2Fevil.example", 'unexpected "iss"'),
        ("code=abc&state={state}", "(issuer) missing"),  # it says that it tells `iss`
        ("code=abc&state={state}&iss={issuer}", "refused"),
        (
            "error=access_denied&error_description=Not+today&state={state}&iss={issuer}",
            "Not today",
        ),
    ],
)
def test_an_answer_that_is_none_lets_nobody_in(
    person: Person, answer: str, said: str
) -> None:
    """With another state, from another provider, with a code that it never gave; the
    button is there again, and works."""
    person.open(f"#workspace={EAGLE}")
    issuer = sign_in_of(person.site)["issuer"]
    filled = answer.format(state=asked_state(person), issuer=issuer)
    person.open(f"?{filled}")
    expect(person.why()).to_contain_text(said)
    expect(person.page.locator("#app")).to_be_hidden()
    assert person.page.url == f"{person.site.base}/#workspace={EAGLE}"
    person.comes_as(ELEANOR)


def test_an_answer_is_good_once(person: Person) -> None:
    """Its address, opened again from a history or by somebody else, opens nothing."""
    person.open()
    with person.page.expect_request(lambda one: "?code=" in one.url) as brought:
        person.comes_as(ELEANOR)
    person.page.goto("about:blank")
    person.page.goto(brought.value.url)
    expect(person.why()).to_contain_text("belongs to no sign-in of this tab")
    expect(person.page.locator("#app")).to_be_hidden()


def test_a_token_in_a_link_signs_nobody_in(person: Person) -> None:
    """Else whoever sends a link would choose as whom it is opened, and what is typed
    would be his. It does not stay in the address either."""
    token = person.site.token("eagle-owner")
    person.open(f"#token={token}&workspace={EAGLE}")
    expect(person.button()).to_be_visible()
    assert token not in person.kept()
    person.comes_as(MAYA)
    expect(person.name()).to_have_text(MAYA)
    person.page.evaluate("(token) => (location.hash = `token=${token}`)", token)
    person.page.wait_for_function("() => !location.hash.includes('token=')")
    person.at_work()
    expect(person.name()).to_have_text(MAYA)


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_clock_that_is_wrong_keeps_nobody_out(
    new_person: Callable[..., Person], hasty_site: Server, minutes: int
) -> None:
    """The machine's clock is five minutes off, and tokens end after seconds."""
    somebody = new_person(hasty_site)
    somebody.page.clock.install(time=datetime.now(UTC) + timedelta(minutes=minutes))
    somebody.open().comes_as(ELEANOR)
    expect(somebody.name()).to_have_text(ELEANOR)


def test_a_provider_that_is_down_is_told(person: Person) -> None:
    """When somebody comes, and again when he presses the button; once it is back, he is
    led to where he wanted to go."""
    where = provider(person)
    person.context.route(where, cut_off)
    person.open(f"#workspace={EAGLE}&q=Amara")
    expect(person.why()).to_contain_text("cannot be reached")
    person.button().click()
    expect(person.why()).to_contain_text("cannot be reached")
    person.context.unroute(where)
    person.comes_as(ELEANOR)
    assert person.page.url.endswith(f"#workspace={EAGLE}&q=Amara")


def test_who_is_signed_in_goes_on_without_the_provider(person: Person) -> None:
    """Until his token ends."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    person.context.route(provider(person), cut_off)
    with person.page.expect_response(lambda one: "q=Priya" in one.url) as found:
        person.page.locator("#search").fill("Priya")
    assert found.value.status == 200
    expect(person.page.locator("tr[data-contact-id]")).to_have_count(1)


def test_a_token_that_ends_in_an_edit_loses_nothing(
    new_person: Callable[..., Person], hasty_site: Server
) -> None:
    """The provider gives no next token: the page asks it without a word, and comes back
    to the same contact, with what was typed."""
    somebody = new_person(hasty_site)
    renewals: list[str] = []

    def refuse(route: Route) -> None:
        if not is_renewal(route.request):
            return route.fallback()
        renewals.append(route.request.url)
        body = '{"error": "invalid_grant"}'
        return route.fulfill(status=400, content_type="application/json", body=body)

    somebody.context.route(provider(somebody), refuse)
    somebody.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    somebody.page.locator("tr[data-contact-id]").first.locator(
        'td[data-col="name"]'
    ).click()
    heading = somebody.page.locator("#panel-name")
    expect(heading).to_be_visible()
    name = heading.text_content() or ""
    note = somebody.page.locator("#panel section > form").get_by_label(
        "Note", exact=True
    )
    note.fill("She wants to fly on the third")
    with somebody.page.expect_navigation(url=f"{hasty_site.base}/?code=*"):
        somebody.page.wait_for_function(
            """async () => {
              const place = document.querySelector("script[type=module]").src;
              const api = await import(new URL("../core/api.js", place));
              return api.get("me").then(() => false, () => true);
            }"""
        )
    expect(heading).to_have_text(name)
    expect(note).to_have_value("She wants to fly on the third")
    assert len(renewals) == 1


def test_keys_may_change_while_somebody_is_signed_in(
    new_person: Callable[..., Person], tmp_path: Path
) -> None:
    """When the next key signs, nobody notices."""
    site = start_server(tmp_path, DEMO="1", SIGN_IN="provider")
    try:
        somebody = new_person(site).open(f"#workspace={EAGLE}").comes_as(ELEANOR)
        (running,) = providers_on(tmp_path)
        os.kill(running, signal.SIGHUP)
        somebody.page.reload()
        somebody.at_work()
        expect(somebody.name()).to_have_text(ELEANOR)
    finally:
        end(site)


def test_the_page_works_when_the_name_cannot_be_kept(person: Person) -> None:
    """Telling the server who somebody is may fail; his work does not wait for it."""
    person.context.route(
        "**/me",
        lambda route: (
            route.fulfill(status=500, body="{}")
            if route.request.method == "PUT"
            else route.fallback()
        ),
    )
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    expect(person.page.locator("tr[data-contact-id]").first).to_be_visible()
