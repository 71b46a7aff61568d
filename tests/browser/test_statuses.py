"""The statuses of a workspace, as its admins make them."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.book import Book
from tests.browser.settings import Settings, look_over, stored
from tests.browser.tab import Tab
from tests.browser.wire import Wire, unheard

KEYS = ["new", "contacted", "active", "qualified", "converted", "archived", "lost"]


@pytest.fixture
def settings(tab: Tab, book: Book) -> Settings:
    """Its statuses, over a list of two contacts."""
    book.fill(2, lead_status="active")
    tab.open()
    return Settings.open(tab).statuses()


def open_keys(book: Book) -> list[str]:
    return [one["key"] for one in stored(book)["lead_statuses"] if "closed" not in one]


def one(book: Book, key: str) -> dict[str, Any]:
    found = {one["key"]: one for one in stored(book)["lead_statuses"]}
    status: dict[str, Any] = found[key]
    return status


def test_a_status_is_renamed_and_recoloured_and_its_key_stays(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """Rows, menu and filter show it at once, and the list is not loaded again."""
    lists = Wire(tab.page, "GET", "**/contacts?*")
    settings.name_of("active").fill("Running")
    settings.button("Colour of Running").click()
    settings.button("Pink").click()
    settings.save()
    settings.said("Saved.")
    assert one(book, "active") == {
        "key": "active",
        "label": "Running",
        "color": "#f472b6",
    }
    assert open_keys(book) == KEYS
    settings.button("Close").click()
    assert [tab.status(contact) for contact in book.made] == ["Running", "Running"]
    pill = tab.row(book.made[0]).locator(".pill")
    assert pill.evaluate("(node) => node.style.getPropertyValue('--c')") == "#f472b6"
    tab.page.click("#filter")
    expect(tab.item("Running")).to_be_visible()
    assert lists.tries == []


def test_the_filter_follows_the_status_that_it_shows(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """Renamed it is named anew; and the open panel, too."""
    settings.button("Close").click()
    tab.page.click("#filter")
    tab.item("Active").click()
    tab.row(book.made[0]).locator(".name").click()
    expect(tab.page.locator("#panel .pill")).to_have_text("Active")
    tab.settled()
    Settings.open(tab).statuses()
    settings.name_of("active").fill("Running")
    settings.save()
    settings.said("Saved.")
    settings.button("Close").click()
    expect(tab.page.locator("#filter-name")).to_have_text("Running")
    expect(tab.page.locator("#panel .pill")).to_have_text("Running")
    assert len(tab.rows()) == 2


def test_a_new_status_has_a_key_of_its_name_and_a_colour_of_its_own(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """Typed as people write; a taken key gets a number, and no key ever changes."""
    for label in ("Über-prüft!", "Új", "Active", "مؤجل"):
        settings.button("Add status").click()
        expect(settings.dialog.locator(".status-row input").last).to_be_focused()
        settings.page.keyboard.type(label)
    settings.save()
    settings.said("Saved.")
    assert open_keys(book) == [*KEYS, "uber_pruft", "uj", "active_2", "status"]
    statuses = stored(book)["lead_statuses"]
    assert len({one["color"] for one in statuses}) == len(statuses)
    settings.name_of("uber_pruft").fill("Reviewed")
    settings.save()
    settings.said("Saved.")
    assert one(book, "uber_pruft")["label"] == "Reviewed"


def test_a_status_without_a_name_is_refused_at_its_field(
    settings: Settings, book: Book
) -> None:
    """And a workspace that is full says so before anything is typed."""
    settings.button("Add status").click()
    settings.save()
    fault = settings.dialog.locator(".status-row .fault").last
    expect(fault).to_have_text("A status needs a name.")
    expect(settings.dialog.locator(".status-row input").last).to_be_focused()
    for _ in range(12):
        settings.button("Add status").click()
    expect(settings.dialog.locator(".status-row")).to_have_count(20)
    add = settings.button("Add status")
    expect(add).to_have_attribute("aria-disabled", "true")
    expect(add).to_have_accessible_description(
        "A workspace has at most 20 statuses; closed ones count."
    )
    add.click(force=True)
    expect(settings.dialog.locator(".status-row")).to_have_count(20)
    assert open_keys(book) == KEYS


def test_an_answer_that_was_lost_makes_no_second_status(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """Saved, but never told: saving again finds it there."""
    settings.button("Add status").click()
    settings.page.keyboard.type("Paused")
    Wire(tab.page, "PATCH", "**/workspaces/*", [unheard] * 3)
    settings.save()
    expect(settings.fault).to_contain_text("cannot be reached")
    assert open_keys(book)[-1] == "paused"
    settings.save()
    expect(settings.fault).to_contain_text("was added")
    settings.save()
    settings.said("Nothing has changed.")
    assert open_keys(book) == [*KEYS, "paused"]


def test_statuses_are_ordered_by_keyboard(settings: Settings, book: Book) -> None:
    """By buttons and by Alt with an arrow; the focus stays, and the place is said."""
    spoken = settings.dialog.locator(".unseen[role=status]")
    up = settings.button("Move Active up")
    up.focus()
    settings.page.keyboard.press("Enter")
    expect(spoken).to_have_text("Active: place 2 of 7")
    expect(up).to_be_focused()
    settings.page.keyboard.press("Enter")
    expect(spoken).to_have_text("Active: place 1 of 7")
    settings.name_of("lost").focus()
    settings.page.keyboard.press("Alt+ArrowUp")
    expect(spoken).to_have_text("Lost: place 6 of 7")
    expect(settings.name_of("lost")).to_be_focused()
    settings.save()
    settings.said("Saved.")
    order = ["active", "new", "contacted", "qualified", "converted", "lost", "archived"]
    assert open_keys(book) == order


def drag(page: Page, settings: Settings, key: str, to: str) -> None:
    row = settings.dialog.locator(f"[data-status={key}] .handle")
    target = settings.dialog.locator(f"[data-status={to}]")
    row.hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box
    for part in (0.5, 0.9):
        page.mouse.move(box["x"] + 20, box["y"] + box["height"] * part, steps=8)
    page.mouse.up()


def test_statuses_are_ordered_by_dragging(settings: Settings, book: Book) -> None:
    """By the handle; it lies where it was let go."""
    drag(settings.page, settings, "contacted", "converted")
    assert settings.labels()[1:5] == ["Active", "Qualified", "Converted", "Contacted"]
    spoken = settings.dialog.locator(".unseen[role=status]")
    expect(spoken).to_have_text("Contacted: place 5 of 7")
    settings.save()
    settings.said("Saved.")
    assert open_keys(book)[1:5] == ["active", "qualified", "converted", "contacted"]


def test_a_colour_that_is_near_another_is_told_and_allowed(
    settings: Settings, book: Book
) -> None:
    """From the palette or any other; the keyboard opens it, and Esc closes it only."""
    color = settings.button("Colour of Archived")
    color.press("Enter")
    expect(settings.button("Grey")).to_be_focused()
    look_over(settings.tab, "palette")
    other = settings.page.get_by_label("Another colour").last
    other.fill("#b51424")
    hint = settings.dialog.locator("#status-archived-hint")
    expect(hint).to_have_text("Its colour is much like that of “Lost”.")
    settings.page.keyboard.press("Escape")
    expect(color).to_be_focused()
    expect(settings.dialog.locator(".swatches")).to_have_count(0)
    settings.save()
    settings.said("Saved.")
    assert one(book, "archived")["color"] == "#b51424"


def test_what_others_have_changed_meanwhile_stays(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """It says what, keeps what was typed, and applies it to what is stored now."""
    settings.name_of("active").fill("Running")
    settings.button("Add status").click()
    settings.page.keyboard.type("Mine")
    theirs = [one for one in stored(book)["lead_statuses"] if one["key"] != "archived"]
    theirs[1]["label"] = "Called"
    theirs.append({"key": "theirs", "label": "Theirs", "color": "#000000"})
    book.settle(lead_statuses=theirs)
    settings.save()
    fault = settings.fault
    for said in (
        "“Contacted” is now called “Called”.",
        "“Theirs” was added.",
        "“Archived” was removed.",
        "save again to apply it",
    ):
        expect(fault).to_contain_text(said)
    look_over(tab, "overtaken")
    named = ["New", "Called", "Running", "Qualified", "Converted", "Lost"]
    assert settings.labels() == [*named, "Mine", "Theirs"]
    assert one(book, "active")["label"] == "Active"
    settings.save()
    settings.said("Saved.")
    labels = [one["label"] for one in stored(book)["lead_statuses"]]
    assert labels == [*named, "Mine", "Theirs", "Archived"]
    assert one(book, "archived")["closed"] is True
