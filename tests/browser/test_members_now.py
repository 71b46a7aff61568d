"""Members and invitations as they are by now, and one question at a time."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.book import OWNER, Book
from tests.browser.people import call, come, invited
from tests.browser.settings import Settings, enter, join, look_over, roles
from tests.browser.tab import Tab

FOCUS = "dispatchEvent(new Event('focus'))"


@pytest.fixture
def settings(tab: Tab, book: Book) -> Settings:
    """The owner's list; an admin and a member are there, too."""
    join(book, "ada", "admin")
    join(book, "mia", "member")
    enter(tab, OWNER)
    opened = Settings.open(tab, "Members…")
    expect(person(opened, OWNER)).to_contain_text("you")
    return opened


def person(settings: Settings, user: str) -> Locator:
    return settings.dialog.locator(f'[data-user-id="{user}"]')


def test_a_refused_role_is_not_shown_as_given(book: Book, settings: Settings) -> None:
    """The choice shows what is stored, after a refusal as after a no."""
    role = settings.page.get_by_label(f"Role of {OWNER}")
    role.select_option("Member")
    question = person(settings, OWNER).locator(".question")
    expect(question).to_contain_text("Make yourself a member? Member: adds")
    settings.button("Change role").click()
    told = "A workspace keeps at least one owner."
    expect(question.get_by_role("alert")).to_have_text(told)
    expect(role).to_have_value("owner")
    settings.button("Cancel").click()
    expect(role).to_have_value("owner")
    expect(role).to_be_focused()
    assert roles(book)[OWNER] == "owner"


def test_one_question_is_open_at_a_time(settings: Settings) -> None:
    """The next one withdraws it, and what it would have changed."""
    invite = settings.page.get_by_label("E-mail")
    invite.fill("ida@example.org")
    invite.press("Enter")
    role = settings.page.get_by_label("Role of ada")
    questions = settings.dialog.locator(".question")
    role.select_option("Viewer")
    settings.button("Remove mia").click()
    expect(questions).to_have_count(1)
    expect(questions).to_contain_text("Remove mia?")
    expect(role).to_have_value("admin")
    settings.button("Take back the invitation of ida@example.org").click()
    expect(questions).to_have_count(1)
    expect(questions).to_contain_text("Take back the invitation")
    settings.button("Leave this workspace…").click()
    expect(questions).to_have_count(1)
    expect(questions).to_contain_text("You are out at once.")
    look_over(settings.tab, "one question")


def test_who_came_meanwhile_is_there_when_somebody_looks_again(
    book: Book, settings: Settings
) -> None:
    """When the window is looked at again, and when the tab is chosen again; the control
    that had the focus keeps it, and a question stays."""
    settings.page.get_by_label("Role of mia").focus()
    join(book, "ben", "member")
    invited(book, "ida@example.org")
    settings.page.evaluate(FOCUS)
    expect(person(settings, "ben")).to_be_visible()
    expect(settings.dialog.locator("[data-invitation-id]")).to_have_count(1)
    expect(settings.page.get_by_label("Role of mia")).to_be_focused()
    settings.part("General")
    join(book, "cleo", "member")
    settings.part("Members")
    expect(person(settings, "cleo")).to_be_visible()
    settings.button("Remove mia").click()
    expect(settings.dialog.locator(".question")).to_be_visible()
    with settings.page.expect_response("**/invitations?*"):
        settings.page.evaluate(FOCUS)
    expect(settings.dialog.locator(".question")).to_be_visible()


def test_i_am_first_and_the_others_follow_by_name(tab: Tab, book: Book) -> None:
    """Not by their ids, which nobody sees."""
    for user, name in (("1", "zoe"), ("2", "Émile"), ("3", "Frank"), ("4", "anna")):
        known = call(book, f"{user}-{book.slug}", name, f"{user}@example.org")
        come(book, join(book, known, "member"))
    enter(tab, OWNER)
    settings = Settings.open(tab, "Members…")
    names = settings.dialog.locator(".who-id")
    expect(names).to_have_text([OWNER, "anna", "Émile", "Frank", "zoe"])


def test_leaving_stands_on_the_line_of_the_others(settings: Settings) -> None:
    """Its words begin where the names above it do."""
    leave = settings.button("Leave this workspace…")
    left = leave.evaluate(
        "(node) => node.getBoundingClientRect().x"
        " + parseFloat(getComputedStyle(node).paddingLeft)"
    )
    box = settings.dialog.locator(".member-list").first.bounding_box()
    assert box
    assert left == box["x"]
