"""`make screenshots`: the pictures of docs/images, from the demo data at a fixed time,
so that the same page gives the same pictures."""

import json
import os
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from playwright.sync_api import Browser, Page, sync_playwright

from chalicelib.model.words import Member
from chalicelib.storage import table
from chalicelib.verbs import access, conversations, messages, notes, search
from local import demo, engine
from local.__main__ import environment
from local.tokens import jwks_path
from tests.browser.conftest import QUIET, chromium_path, end
from tests.conftest import STAGE, Server, start_server

NOW = datetime(2026, 3, 17, 9, 41, tzinfo=UTC)
IMAGES = engine.ROOT / "docs/images"
WHO = "Fatima Al-Mansouri"
NOTES = (
    "Prefers to be called after 4 pm. Speaks Arabic and English.",
    "Sent the family's documents; passports of the two children are still missing.",
    "Paid the first instalment. Visa appointment on 2 April.",
)
TALK = (
    ("inbound", "Good morning! Is there any news about the appointment?"),
    ("outbound", "Good morning, Fatima. Yes: Thursday 2 April at 10:30."),
    ("outbound", "Please bring all four passports and the receipt."),
    ("inbound", "Wonderful, thank you so much!"),
)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder), DEMO="0")
        try:
            tell_a_story(server)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium_path(), args=list(QUIET)
                )
                take_all(browser, server)
                browser.close()
        finally:
            end(server)


def tell_a_story(server: Server) -> None:
    """The demo, and what has been said and noted since; ids come from a fixed seed."""
    endpoint = json.loads((server.data_dir / "engine.json").read_text())["endpoint"]
    stage = {**STAGE, "TABLE_NAME": "contactbook-local"}
    os.environ.update(environment(endpoint, jwks_path(server.data_dir), stage))
    with mock.patch("os.urandom", random.Random(4).randbytes):
        demo.make(NOW - timedelta(minutes=3))
        store = table.connect()
        member = access.enter(store, "eagle-overseas", "eagle-owner")
        found, _ = search.contacts(store, member, search.Wanted(limit=40))
        for number, contact in enumerate(found):
            if contact.name == WHO:
                talk(store, member, contact.id)
            elif number % 5 != 0:
                then = NOW - timedelta(minutes=11 + 47 * number * number)
                body = {"content": "Called; no answer yet."}
                notes.add(store, member, contact.id, body=body, now=then)


def talk(store: table.Table, member: Member, contact_id: str) -> None:
    """2 conversations, 14 messages and 3 notes."""
    for number, text in enumerate(NOTES):
        then = NOW - timedelta(days=6 - 2 * number, hours=3)
        notes.add(store, member, contact_id, body={"content": text}, now=then)
    for channel, count in (("email", 10), ("whatsapp", 4)):
        began = NOW - timedelta(hours=30 if channel == "email" else 2)
        body = {"channel": channel}
        chat = conversations.start(store, member, contact_id, body=body, now=began)
        place = messages.Place(store, member, contact_id, chat.id)
        for number in range(count):
            direction, text = TALK[number % len(TALK)]
            body = {"direction": direction, "content": text}
            then = began + timedelta(minutes=7 * number)
            messages.receive(place, [body], now=then)


def take_all(browser: Browser, server: Server) -> None:
    for scheme in ("light", "dark"):
        page = visit(browser, server, scheme, 1440, 900)
        shoot(page, f"table-{scheme}")
    page = visit(browser, server, "light", 390, 844)
    shoot(page, "phone")
    page = visit(browser, server, "light", 1440, 1080)
    page.get_by_role("link", name=WHO, exact=True).click()
    page.locator("[data-conversation-id] button").first.click()
    page.locator("[data-message-id]").last.wait_for()
    page.locator(".panel-body").evaluate("(body) => body.scrollTo(0, 0)")
    shoot(page, "panel")
    page = visit(browser, server, "light", 1440, 900)
    page.get_by_role("button", name=f"Actions for {WHO}").click()
    page.locator("#menu").get_by_text("Delete…").click()
    page.get_by_text("3 notes").wait_for()
    shoot(page, "confirm")
    page = visit(browser, server, "light", 1440, 900)
    page.click("#workspace")
    page.locator("#menu").get_by_text("Settings…").click()
    page.get_by_role("tab", name="Statuses").click()
    page.get_by_role("button", name="Add status").wait_for()
    shoot(page, "settings")
    page = visit(browser, server, "light", 1440, 900)
    page.click("#workspace")
    page.locator("#menu").get_by_text("Members…").click()
    page.get_by_label("E-mail").fill("grace.lindqvist@example.com")
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("button", name="Copy link").wait_for()
    shoot(page, "members")
    page = visit(browser, server, "light", 1440, 900)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("fatima")
    page.get_by_role("option", name=WHO).wait_for()
    shoot(page, "palette")


def visit(
    browser: Browser, server: Server, scheme: str, width: int, height: int
) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page.clock.set_fixed_time(NOW)
    page.goto(f"{server.base}/#token={server.token('eagle-owner')}")
    page.wait_for_selector("#grid[aria-busy=false]")
    return page


def shoot(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
