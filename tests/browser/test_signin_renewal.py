"""The next token: asked for once, taken from nobody else, and what happens without."""

from collections.abc import Callable
from urllib.parse import parse_qs

from playwright.sync_api import Request, Route, expect

from tests.browser.person import (
    ELEANOR,
    Person,
    hold,
    is_question,
    is_renewal,
    refuse_renewals,
    told_otherwise,
)
from tests.visitor import sign_in_of

EAGLE = "eagle-overseas"
WORK = f"#workspace={EAGLE}"
# What the page's own modules do, from outside of them.
ASK_FOUR = """async () => {
  const place = document.querySelector("script[type=module]").src;
  const api = await import(new URL("../core/api.js", place));
  const four = [1, 2, 3, 4].map(() => api.get("me"));
  return (await Promise.allSettled(four)).map(({ status }) => status);
}"""
TOKEN = """async () => {
  const place = document.querySelector("script[type=module]").src;
  return (await import(new URL("../core/session.js", place))).token();
}"""
EXPIRED = {
    "status": 401,
    "content_type": "application/problem+json",
    "body": '{"code": "unauthenticated", "detail": "The token has expired."}',
}


def provider(person: Person) -> str:
    return f"{sign_in_of(person.site)['issuer']}/**"


def cut_off(route: Route) -> None:
    route.abort("connectionrefused")


def noted(person: Person, wanted: Callable[[Request], bool]) -> list[Request]:
    """Those requests from now on."""
    found: list[Request] = []
    person.context.on("request", lambda one: found.append(one) if wanted(one) else None)
    return found


def refuse_old(person: Person) -> None:
    """The server takes the token of now no more, but the next one."""
    old = person.page.evaluate(TOKEN)

    def refuse(route: Route) -> None:
        if route.request.headers.get("authorization") == f"Bearer {old}":
            route.fulfill(**EXPIRED)  # type: ignore[arg-type]
        else:
            route.fallback()

    person.context.route("**/me*", refuse)


def test_many_that_are_refused_share_one_renewal(person: Person) -> None:
    """Each is asked once more with the next token, and answered; nothing is left. The
    next renewal sends what the first one was given."""
    person.open(WORK).comes_as(ELEANOR)
    renewals = noted(person, is_renewal)
    questions = noted(person, is_question)
    for _ in range(2):
        refuse_old(person)
        assert person.page.evaluate(ASK_FOUR) == ["fulfilled"] * 4
    sent = [parse_qs(one.post_data or "")["refresh_token"][0] for one in renewals]
    assert len(set(sent)) == len(sent) == 2
    assert questions == []


def test_many_that_end_at_once_ask_the_provider_once(person: Person) -> None:
    """Without a next token the page is left one time; else an answer would meet the
    state of another question."""
    person.open(WORK).comes_as(ELEANOR)
    person.touch()
    refuse_renewals(person)
    refuse_old(person)
    questions = noted(person, is_question)
    with person.page.expect_navigation(url=f"{person.site.base}/?code=*"):
        person.page.evaluate(f"() => {{ ({ASK_FOUR})() }}")
    person.at_work()
    expect(person.name()).to_have_text(ELEANOR)
    assert len(questions) == 1


def test_who_has_signed_out_is_not_signed_in_by_a_late_renewal(person: Person) -> None:
    """It was under way when the other tab signed out."""
    person.open(WORK).comes_as(ELEANOR)
    other = person.new_tab().open()
    other.at_work()
    held: list[Route] = []
    other.page.route(provider(person), hold(held))
    refuse_old(other)
    with other.page.expect_request(is_renewal) as asked:
        other.page.evaluate(f"() => {{ ({ASK_FOUR})() }}")
    person.page.bring_to_front()
    person.sign_out()
    expect(other.why()).to_have_text("You have signed out in another tab.")
    with other.page.expect_event("requestfinished", lambda one: one == asked.value):
        tokens = {
            "access_token": "late",
            "token_type": "bearer",
            "expires_in": 3600,
            "refresh_token": "late",
        }
        cors = {"Access-Control-Allow-Origin": person.site.base}
        held[0].fulfill(json=tokens, headers=cors)
    assert other.page.evaluate(TOKEN) is None
    expect(other.button()).to_be_visible()


def test_a_provider_that_is_ill_is_asked_again(
    new_person: Callable[..., Person],
) -> None:
    """To fail is not to refuse: after a while it is asked with the same token, and the
    page is never left for it."""
    somebody = new_person()
    somebody.page.clock.install()
    somebody.open(WORK).comes_as(ELEANOR)
    before = somebody.page.evaluate(TOKEN)
    questions = noted(somebody, is_question)
    where = provider(somebody)
    somebody.context.route(where, lambda route: route.fulfill(status=503, body="ill"))
    with somebody.page.expect_request(is_renewal):
        somebody.page.clock.fast_forward("59:05")
        assert somebody.page.evaluate(ASK_FOUR) == ["fulfilled"] * 4
    somebody.context.unroute(where)
    with somebody.page.expect_request(is_renewal):
        somebody.page.clock.fast_forward("00:11")
        assert somebody.page.evaluate(ASK_FOUR) == ["fulfilled"] * 4
    assert somebody.page.evaluate(TOKEN) != before
    assert questions == []


def test_a_token_that_ends_without_the_provider_is_told(person: Person) -> None:
    """The page is not left for an address where nobody answers; once the provider is
    back, the button leads to where he was."""
    person.open(f"{WORK}&q=Amara").comes_as(ELEANOR).touch()
    where = provider(person)
    person.context.route(where, cut_off)
    refuse_old(person)
    person.page.evaluate(f"() => {{ ({ASK_FOUR})() }}")
    expect(person.why()).to_contain_text("cannot be reached")
    expect(person.page.locator("#app")).to_be_hidden()
    assert person.page.url == f"{person.site.base}/{WORK}&q=Amara"
    person.context.unroute(where)
    person.button().click()
    person.at_work()
    assert person.page.url == f"{person.site.base}/{WORK}&q=Amara"


def test_a_provider_that_is_silent_holds_nothing_up(
    new_person: Callable[..., Person],
) -> None:
    """The next token does not come, but this one is still good."""
    somebody = new_person()
    somebody.page.clock.install()
    somebody.open(WORK).comes_as(ELEANOR)
    somebody.context.route(provider(somebody), lambda route: None)
    with somebody.page.expect_request(is_renewal):
        somebody.page.clock.fast_forward("59:30")
        asked = somebody.page.evaluate(ASK_FOUR)
    assert asked == ["fulfilled"] * 4
    expect(somebody.name()).to_have_text(ELEANOR)


def test_a_token_that_is_never_taken_makes_no_circle(person: Person) -> None:
    """A server that refuses every token, also one that has just come: the provider is
    asked once more, and then the person."""
    person.open(WORK).comes_as(ELEANOR).touch()
    person.context.route("**/changes*", lambda route: route.fulfill(**EXPIRED))  # type: ignore[arg-type]
    questions = noted(person, is_question)
    person.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(person.button()).to_be_visible()
    expect(person.why()).to_have_text("The token has expired.")
    assert len(questions) == 1


def test_an_id_token_of_somebody_else_is_not_taken(person: Person) -> None:
    """A renewal goes on with the same person, or not at all."""
    person.open(WORK).comes_as(ELEANOR).touch()
    refuse_old(person)
    first = person.page.evaluate(TOKEN)

    def mixed(route: Route) -> None:
        if is_renewal(route.request):
            return told_otherwise(route, sub="eagle-member")
        return route.fallback()

    person.context.route(provider(person), mixed)
    with person.page.expect_navigation(url=f"{person.site.base}/?code=*"):
        person.page.evaluate(f"() => {{ ({ASK_FOUR})() }}")
    person.at_work()
    expect(person.name()).to_have_text(ELEANOR)
    assert person.page.evaluate(TOKEN) != first
