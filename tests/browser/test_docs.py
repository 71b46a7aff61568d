"""The page of the API: what openapi.json says, for people."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.tab import Tab
from tests.browser.test_reach import AXE, axe
from tests.conftest import Server


def opened(tab: Tab, site: Server, rest: str = "") -> Tab:
    tab.page.goto(f"{site.base}/docs{rest}")
    tab.page.wait_for_selector("#described[aria-busy=false]")
    return tab


def test_every_route_and_thing_is_shown(tab: Tab, site: Server) -> None:
    """Each operation, schema and code of the document, and nothing from elsewhere."""
    whole = httpx.get(f"{site.base}/openapi.json").json()
    opened(tab, site)
    named = {
        told["operationId"]
        for item in whole["paths"].values()
        for told in item.values()
    }
    named |= {f"schema-{name}" for name in whole["components"]["schemas"]}
    sections = tab.page.locator("main section[id]")
    assert set(sections.evaluate_all("(all) => all.map(({ id }) => id)")) == named
    text = tab.page.locator("main").text_content() or ""
    for code in ("contact_not_found", "phone_taken", "version_mismatch", "busy"):
        assert code in text


def test_a_route_is_found_by_a_word(tab: Tab, site: Server) -> None:
    """A path, a field or a code; the rest is out of the way meanwhile."""
    opened(tab, site)
    tab.page.fill("#find", "slug_taken")
    expect(tab.page.locator("main section:visible")).to_have_count(
        2
    )  # it, and the introduction
    tab.page.fill("#find", "nothing says this")
    expect(tab.page.locator("#none")).to_have_text("Nothing here says that.")


def test_a_route_has_an_address(tab: Tab, site: Server) -> None:
    """A link leads to it, also in a fresh tab."""
    opened(tab, site, "#contacts_delete")
    section = tab.page.locator("#contacts_delete")
    expect(section).to_be_in_viewport()
    expect(section.locator("h2")).to_contain_text("Delete a contact")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_no_violation(
    tab: Tab, site: Server, scheme: Any, width: int
) -> None:
    """In both themes, on a laptop and on a phone."""
    tab.page.emulate_media(color_scheme=scheme)
    tab.page.set_viewport_size({"width": width, "height": 800})
    opened(tab, site)
    tab.page.evaluate(Path(AXE).read_text())
    tab.page.locator("details").first.locator("summary").click()
    axe(tab, "docs")
