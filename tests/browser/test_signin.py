"""Signing in, as somebody meets it: the real page, the real provider, real Chromium."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.person import ELEANOR, MAYA, NORA, Person, is_renewal
from tests.browser.test_page import LOADED

EAGLE = "eagle-overseas"


def test_the_first_visit_leads_to_work(person: Person) -> None:
    """The address, a person, and the contacts: nothing is pasted. What opens the API is
    in no place of the browser that outlives the page, and not in its history."""
    person.open()
    expect(person.button()).to_be_focused()
    expect(person.why()).to_be_hidden()
    person.comes_as(ELEANOR)
    expect(person.name()).to_have_text(ELEANOR)
    expect(person.page.locator("tr[data-contact-id]").first).to_be_visible()
    assert person.page.url == f"{person.site.base}/#workspace={EAGLE}"
    kept = json.loads(person.kept())
    assert kept[:2] == [{}, {"contactbook.workspace": EAGLE}]
    assert "eyJ" not in person.kept()


def test_a_link_leads_there_after_signing_in(person: Person) -> None:
    """To the contact that it names, through the provider and back."""
    with person.site.client("eagle-owner") as client:
        found = client.get(f"/workspaces/{EAGLE}/contacts?limit=9").json()["contacts"]
    contact = found[-1]
    person.open(f"#workspace={EAGLE}&contact={contact['id']}")
    person.comes_as(MAYA)
    expect(person.page.locator("#panel-name")).to_have_text(contact["name"])
    assert person.page.url.endswith(f"&contact={contact['id']}")


def test_a_reload_and_a_new_tab_ask_nothing(person: Person) -> None:
    """While the provider's session lasts; and what was open is open again."""
    person.open(f"#workspace={EAGLE}&q=Amara").comes_as(ELEANOR)
    person.page.reload()
    person.at_work()
    assert person.page.url.endswith(f"#workspace={EAGLE}&q=Amara")
    other = person.new_tab().open()
    other.at_work()
    expect(other.name()).to_have_text(ELEANOR)


def test_back_does_not_lead_into_a_circle(person: Person) -> None:
    """Whoever was told that he has to sign in is told it once: the page never leaves by
    itself again. An answer that was used is gone from the address."""
    person.open()
    expect(person.button()).to_be_visible()
    assert "?" not in person.page.url
    gone: list[str] = []
    person.page.on("framenavigated", lambda frame: gone.append(frame.url))
    person.page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    expect(person.button()).to_be_visible()
    assert gone == []


def test_signing_out_ends_every_tab_and_the_providers_session(person: Person) -> None:
    """And whoever comes next is asked who he is; he does not see what the last one had
    written and not saved."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    other = person.new_tab().open()
    other.at_work()
    person.page.bring_to_front()
    person.sign_out()
    expect(person.why()).to_have_text("You have signed out.")
    expect(other.why()).to_have_text("You have signed out in another tab.")
    expect(other.page.locator("#app")).to_be_hidden()
    assert re.fullmatch(f"{person.site.base}/#?", person.page.url)
    assert "contactbook.drafts" not in person.kept()
    person.button().click()
    person.choose(NORA)
    expect(person.page.get_by_role("heading", name="Welcome")).to_be_visible()
    expect(person.page.locator(".signed-in")).to_contain_text(NORA)
    expect(other.name()).to_have_text(NORA)  # by itself, to the address it had


def test_signing_in_weighs_less_than_120_kb(person: Person) -> None:
    """The protocol's library and what stands around it, uncompressed: once for each
    build, since a file never changes under its address. Compressed it is 35 kB."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    loaded: dict[str, list[int]] = person.page.evaluate(LOADED)
    sizes = {
        name: size
        for name, size in loaded.items()
        if "/entry/" in name or "/vendor/" in name
    }
    assert any("oauth4webapi" in name for name in sizes)
    assert sum(plain for plain, _ in sizes.values()) < 120_000, sizes
    assert sum(packed for _, packed in sizes.values()) < 35_000, sizes


def test_names_come_with_the_sign_in(new_person: Callable[..., Person]) -> None:
    """Somebody types his name at the provider: so he is called, and known here."""
    somebody = new_person().open()
    somebody.button().click()
    somebody.page.get_by_label("Name").fill("Zoë Ångström")
    somebody.page.get_by_label("E-mail").fill("zoe@example.com")
    somebody.page.get_by_role("button", name="Sign in").click()
    expect(somebody.page.locator(".signed-in")).to_contain_text("Zoë Ångström")
    expect(somebody.page.locator(".signed-in")).to_contain_text("zoe@example.com")


def test_a_token_is_renewed_before_it_ends(new_person: Callable[..., Person]) -> None:
    """Once, however much is asked meanwhile; the clock is moved to just before the end
    of an hour. The page stays where it is."""
    somebody = new_person()
    somebody.page.clock.install()
    somebody.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    renewals: list[str] = []
    somebody.page.on(
        "request", lambda one: renewals.append(one.url) if is_renewal(one) else None
    )
    with somebody.page.expect_request(is_renewal):
        somebody.page.clock.fast_forward("59:30")
        somebody.page.evaluate(
            """async () => {
              const place = document.querySelector("script[type=module]").src;
              const api = await import(new URL("../core/api.js", place));
              await Promise.all([1, 2, 3, 4].map(() => api.get("me")));
            }"""
        )
    assert len(renewals) == 1
    expect(somebody.name()).to_have_text(ELEANOR)
