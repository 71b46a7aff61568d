"""Removing a status: where do its contacts go?"""

from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from chalicelib.model.words import Contact
from tests.browser.book import Book
from tests.browser.settings import Settings, look_over, stored
from tests.browser.tab import Tab
from tests.browser.wire import Held, Wire, answered, shorten

USED = 7
OTHERS = ("New", "Contacted", "Active", "Qualified", "Converted", "Archived")


@pytest.fixture
def lost(book: Book) -> list[Contact]:
    """The contacts whose status goes, among others."""
    book.fill(2)
    return book.fill(USED, lead_status="lost")


@pytest.fixture
def settings(tab: Tab, lost: list[Contact]) -> Settings:
    tab.open()
    return Settings.open(tab).statuses()


def statuses(book: Book) -> dict[str, Any]:
    return {one["key"]: one for one in stored(book)["lead_statuses"]}


def among(book: Book, status: str) -> int:
    return [one["lead_status"] for one in book.stored().values()].count(status)


def ask(settings: Settings) -> Locator:
    """The question what becomes of the contacts, where it is asked."""
    settings.button("Remove Lost").click()
    question = settings.dialog.locator("[data-status=lost] .question")
    expect(question.get_by_label("Move them to")).to_be_focused()
    return question


def move(settings: Settings, to: str = "Archived") -> Locator:
    question = ask(settings)
    question.get_by_label("Move them to").select_option(to)
    question.get_by_role("button", name="Move and remove").click()
    return settings.dialog.locator("[data-status=lost] .below")


def test_an_unused_status_goes_after_a_question_and_can_be_opened_again(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """Until it has gone for good it is shown as closed. Nothing that was typed beside
    it is lost, nor saved with it."""
    settings.name_of("active").fill("Running")
    remove = settings.button("Remove Qualified")
    remove.click()
    question = settings.dialog.locator("[data-status=qualified] .question")
    expect(question).to_contain_text("No contact has “Qualified”.")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(remove).to_be_focused()
    remove.click()
    question.get_by_role("button", name="Remove").click()
    settings.said("“Qualified” was removed.")
    closed = settings.dialog.locator(".closed-row")
    expect(closed).to_contain_text("Closed: nobody can choose it.")
    assert statuses(book)["qualified"]["closed"] is True
    assert statuses(book)["active"]["label"] == "Active"
    expect(settings.name_of("active")).to_have_value("Running")
    look_over(tab, "closed")
    settings.button("Open again: Qualified").click()
    settings.said("It can be chosen again.")
    expect(closed).to_have_count(0)
    assert "closed" not in statuses(book)["qualified"]
    expect(settings.name_of("qualified")).to_be_focused()


def test_the_first_status_cannot_be_removed_and_says_why(settings: Settings) -> None:
    """Every contact begins with it."""
    remove = settings.button("Remove New")
    expect(remove).to_have_attribute("aria-disabled", "true")
    expect(remove).to_have_accessible_description(
        "Every new contact begins with it, so it cannot be removed."
    )
    remove.click(force=True)
    expect(settings.dialog.locator(".question")).to_have_count(0)


def test_the_contacts_of_a_status_move_before_it_goes(
    settings: Settings, tab: Tab, book: Book, lost: list[Contact]
) -> None:
    """In however many pages; each from the status that it was in. The list shows it."""
    shorten(tab.page, "**/contacts?*lead_status=lost*", 3)
    wire = Wire(tab.page, "PUT", "**/status")
    move(settings)
    settings.said(f"“Lost” was removed. {USED} contacts moved.")
    assert statuses(book)["lost"]["closed"] is True
    assert (among(book, "archived"), among(book, "new")) == (USED, 2)
    body = '{"lead_status":"archived","from":"lost"}'
    assert [one.body for one in wire.tries] == [body] * USED
    settings.button("Close").click()
    assert {tab.status(contact) for contact in lost} == {"Archived"}


def test_it_asks_where_they_go_and_does_nothing_before(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """No status is proposed: a wrong one could not be told apart afterwards."""
    question = ask(settings)
    expect(question).to_contain_text("7 contacts have “Lost”.")
    expect(question.locator("option")).to_have_text(["Choose a status", *OTHERS])
    question.get_by_role("button", name="Move and remove").click()
    expect(question.get_by_role("alert")).to_have_text("Choose where its contacts go.")
    look_over(tab, "question")
    question.get_by_role("button", name="Cancel").click()
    expect(settings.button("Remove Lost")).to_be_focused()
    assert among(book, "lost") == USED


def test_it_says_how_far_it_is_and_can_be_stopped(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """What has moved stays moved, and the status stays."""
    held = Held(tab.page, "PUT", "**/status", free=2)
    below = move(settings)
    held.until(1)
    expect(below.get_by_role("status")).to_have_text(
        "2 moved from “Lost” to “Archived”"
    )
    expect(settings.dialog.locator(".settings-foot").last).to_have_attribute(
        "inert", ""
    )
    look_over(tab, "moving")
    below.get_by_role("button", name="Stop").click()
    held.release()
    expect(below).to_contain_text("3 contacts moved. It was stopped.")
    expect(below).to_contain_text("4 contacts have “Lost”.")
    assert (among(book, "lost"), among(book, "archived")) == (4, 3)
    assert "closed" not in statuses(book)["lost"]


def test_who_closes_the_dialog_has_stopped_it(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """And is told."""
    held = Held(tab.page, "PUT", "**/status", free=1)
    move(settings)
    held.until(1)
    tab.page.keyboard.press("Escape")
    held.release()
    expect(tab.toast()).to_contain_text("“Lost” was not removed. 2 contacts moved.")
    assert among(book, "archived") == 2


def test_one_that_cannot_be_moved_stops_no_other_and_is_named(
    settings: Settings, tab: Tab, book: Book, lost: list[Contact]
) -> None:
    """Nor a page after it; then the status stays, and it can be tried again."""
    shorten(tab.page, "**/contacts?*lead_status=lost&limit=100*", 3)
    broken = lost[3]
    where = f"**/{broken.id}/status"
    tab.refuse(where, 500, "Something went wrong on our side.")
    below = move(settings)
    told = (
        f"{USED - 1} contacts moved. {broken.name} could not be moved: Something went"
    )
    expect(below).to_contain_text(told)
    expect(below).to_contain_text("1 contact has “Lost”.")
    assert among(book, "lost") == 1
    tab.page.unroute(where)
    move(settings, "New")
    settings.said("“Lost” was removed. 1 contact moved.")
    assert statuses(book)["lost"]["closed"] is True


def test_what_somebody_else_does_meanwhile_is_right(
    settings: Settings, tab: Tab, book: Book, lost: list[Contact]
) -> None:
    """A contact that he has set stays as he set it; one that gets the status while the
    others move is moved, too."""
    theirs, newcomer = lost[2], book.made[0]

    def meanwhile(route: Route) -> None:
        with book.client() as client:
            for one, status in ((theirs, "qualified"), (newcomer, "lost")):
                place = f"contacts/{one.id}/status"
                assert client.put(place, json={"lead_status": status}).is_success
        route.fallback()

    Wire(tab.page, "PUT", "**/status", [meanwhile])
    move(settings)
    settings.said(f"“Lost” was removed. {USED} contacts moved.")
    assert book.get(theirs)["lead_status"] == "qualified"
    assert book.get(newcomer)["lead_status"] == "archived"
    assert tab.status(theirs) == "Qualified"


def test_where_nothing_can_be_moved_it_ends_soon(
    settings: Settings, tab: Tab, book: Book
) -> None:
    """Five in a row are no single contacts any more."""
    losses = [answered(403, x_none="")] * 10
    wire = Wire(tab.page, "PUT", "**/status", losses)
    below = move(settings)
    expect(below).to_contain_text("0 contacts moved.")
    assert len(wire.tries) == 5
    assert among(book, "lost") == USED


def test_settings_that_others_change_do_not_stop_a_removal(
    settings: Settings, book: Book
) -> None:
    """It is taken out of what is stored by then."""
    question = ask(settings)
    question.get_by_label("Move them to").select_option("New")
    book.settle(name="Renamed meanwhile")
    question.get_by_role("button", name="Move and remove").click()
    settings.said(f"“Lost” was removed. {USED} contacts moved.")
    assert stored(book)["name"] == "Renamed meanwhile"
