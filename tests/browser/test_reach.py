"""Whom the page serves: those with a keyboard, a screen reader or a phone, those in the
dark, and those who want less motion."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from local.engine import ROOT
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.purge_world import fill

AXE = ROOT / ".engine/node_modules/axe-core/axe.min.js"


def test_everything_is_reached_by_keyboard(tab: Tab, book: Book) -> None:
    """Arrows in the table, Enter opens, a letter picks a status, / searches, Esc goes
    back; the table is one stop for Tab."""
    older, newer = book.fill(2)
    tab.open().at_hand()
    keyboard = tab.page.keyboard
    tab.page.locator("#add").focus()
    keyboard.press("Tab")
    expect(tab.row(newer).locator(".name")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(tab.row(older).locator(".name")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(tab.cell(older, "email")).to_be_focused()
    keyboard.press("ArrowRight")
    keyboard.press("Enter")
    keyboard.press("q")
    keyboard.press("Enter")
    tab.saved(older)
    assert (tab.status(older), tab.status(newer)) == ("Qualified", "New")
    expect(tab.row(older).locator(".pill")).to_be_focused()
    keyboard.press("Home")
    keyboard.press("Enter")
    expect(tab.page.locator("#panel h2")).to_be_focused()
    keyboard.press("Escape")
    expect(tab.row(older).locator(".name")).to_be_focused()
    keyboard.press("/")
    expect(tab.page.locator("#search")).to_be_focused()
    keyboard.press("Escape")
    expect(tab.row(older).locator(".name")).to_be_focused()
    keyboard.press("Delete")
    expect(
        tab.page.get_by_role("alertdialog", name="Delete Person 0000?")
    ).to_be_visible()


def axe(tab: Tab, where: str) -> None:
    """No violation of WCAG 2 A and AA, nor of axe's best practices."""
    # What is still fading in has not its own contrast yet.
    tab.page.evaluate(
        "Promise.all(document.getAnimations().map((one) => "
        "one.effect.getTiming().iterations === Infinity ? 0 : one.finished))"
    )
    result = tab.page.evaluate("() => axe.run()")
    found = [
        (broken["id"], node["html"][:160], node.get("failureSummary", "")[:300])
        for broken in result["violations"]
        for node in broken["nodes"]
    ]
    assert found == [], where


@pytest.mark.parametrize(
    ("scheme", "width"),
    [("light", 1440), ("dark", 1440), ("light", 820), ("light", 390), ("dark", 320)],
)
def test_axe_finds_no_violation(tab: Tab, book: Book, scheme: Any, width: int) -> None:
    """On the table, an editor, the menu, the panel, both dialogs, a toast, the states
    and the sign-in; in both themes, on a laptop and on a phone."""
    for number, status in enumerate(book.workspace.status_keys):
        book.add(f"Person {number}", lead_status=status, tags=["vip"], lead_score=50)
    contact = book.made[-1]
    fill(book.store, book.member, contact.id, talks=1, says=3, noted=2)
    tab.page.emulate_media(color_scheme=scheme)
    tab.page.set_viewport_size({"width": width, "height": 800})
    tab.open()
    tab.page.evaluate(Path(AXE).read_text())
    axe(tab, "table")
    tab.row(contact).locator(".pill").click()
    axe(tab, "menu")
    tab.page.keyboard.press("Escape")
    tab.row(contact).locator(".name").click()
    tab.page.locator("[data-conversation-id] button").first.click()
    expect(tab.page.locator("[data-message-id]")).to_have_count(3)
    axe(tab, "panel")
    tab.page.keyboard.press("Escape")
    if width > 720:
        tab.row(contact).locator(".name").focus()
        tab.page.keyboard.press("F2")
        tab.page.locator("form.editor input").first.fill("")
        tab.page.keyboard.press("Enter")
        expect(tab.page.locator("form.editor [role=alert]")).to_contain_text("a name")
        axe(tab, "editor")
        tab.page.keyboard.press("Escape")
    tab.act(contact, "Edit…")
    expect(tab.page.get_by_role("dialog")).to_be_visible()
    axe(tab, "sheet")
    tab.page.keyboard.press("Escape")
    tab.act(contact, "Delete…")
    expect(tab.page.get_by_role("alertdialog")).to_contain_text("2 notes")
    axe(tab, "question")
    tab.page.get_by_role("button", name="Delete contact").click()
    expect(tab.toast()).to_contain_text("was deleted")
    axe(tab, "toast")
    tab.page.click("#add")
    tab.page.get_by_role("dialog").get_by_role("button", name="Add contact").click()
    expect(tab.page.locator("#add-name-fault")).not_to_be_empty()
    axe(tab, "add")
    tab.page.keyboard.press("Escape")
    tab.page.fill("#search", "nobody at all")
    expect(tab.page.locator("#state")).to_be_visible()
    axe(tab, "no match")
    tab.page.click("#me")
    tab.item("Sign out").click()
    expect(tab.page.get_by_label("Token")).to_be_focused()
    axe(tab, "sign-in")


def test_the_theme_follows_the_system_until_it_is_chosen(
    chromium: Browser, book: Book
) -> None:
    """The choice stays, and is there before the first paint."""
    with chromium.new_context(color_scheme="dark") as context:
        page = context.new_page()
        tab = Tab(page, book).open()
        background = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(background) == "rgb(16, 18, 22)"
        page.click("#theme")
        tab.item("Light").click()
        assert page.evaluate(background) == "rgb(255, 255, 255)"
        tab.reload()
        assert page.evaluate(background) == "rgb(255, 255, 255)"


def test_who_wants_less_motion_gets_none(tab: Tab, book: Book) -> None:
    """prefers-reduced-motion: nothing moves by itself."""
    contact = book.add("Anna")
    tab.page.emulate_media(reduced_motion="reduce")
    tab.open()
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_be_focused()
    assert tab.page.evaluate("document.getAnimations().length") == 0
