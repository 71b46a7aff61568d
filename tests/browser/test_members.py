"""Who belongs to a workspace, and what each role may change of it on the page."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.book import OWNER, Book, another_book
from tests.browser.settings import Settings, enter, join, look_over, roles
from tests.browser.tab import Tab
from tests.browser.wire import Wire, shorten

STRANGE = "<b>ben</b>/ü"


@pytest.fixture
def people(book: Book) -> dict[str, str]:
    """One of each role, and one more owner."""
    known = {"ada": "admin", "mia": "member", "olga": "owner", "vic": "viewer"}
    for user, role in known.items():
        join(book, user, role)
    return known


def members(tab: Tab, user: str = OWNER) -> Settings:
    """The list of them, as somebody opens it."""
    enter(tab, user)
    settings = Settings.open(tab, "Members…")
    expect(person(settings, user)).to_contain_text("you")
    return settings


def person(settings: Settings, user: str) -> Locator:
    return settings.dialog.locator(f'[data-user-id="{user}"]')


def listed(settings: Settings) -> list[str | None]:
    rows = settings.dialog.locator(".member-row").all()
    return [one.get_attribute("data-user-id") for one in rows]


def test_all_members_are_listed_in_however_many_pages(
    tab: Tab, book: Book, people: dict[str, str]
) -> None:
    """Me first, then by name, as text."""
    join(book, STRANGE, "member")
    shorten(tab.page, "**/members?*", 2)
    settings = members(tab)
    assert listed(settings) == [OWNER, STRANGE, *sorted(people)]
    expect(settings.dialog.locator(".badge-you")).to_have_count(1)
    expect(person(settings, STRANGE).locator(".who-id")).to_have_text(STRANGE)
    look_over(tab, "members")


def test_who_was_added_can_be_assigned_at_once(tab: Tab, book: Book) -> None:
    """The choice in a panel that was open before knows him: the page has one list of
    members, and it is asked for anew when somebody comes."""
    contact = book.add("Anna")
    tab.open()
    tab.row(contact).locator(".name").click()
    choice = tab.page.locator("#panel").get_by_label("Assigned to")
    expect(choice.locator("option")).to_have_text(["Nobody", OWNER])
    settings = Settings.open(tab, "Members…").by_id()
    settings.page.get_by_label("User id").fill("eve")
    settings.button("Add member").click()
    settings.said("eve was added.")
    settings.button("Close").click()
    tab.page.keyboard.press("Escape")
    tab.row(contact).locator(".name").click()
    expect(choice.locator("option")).to_have_text(["Nobody", "eve", OWNER])


def test_a_member_is_added_by_his_user_id(tab: Tab, book: Book) -> None:
    """For the operator, behind a click; at his place in the list, and what is wrong is
    told at its field."""
    join(book, "ada", "admin")
    settings = members(tab).by_id()
    user = settings.page.get_by_label("User id")
    fault = settings.page.locator("#settings-user_id-fault")
    settings.button("Add member").click()
    expect(fault).to_have_text("Enter a user id.")
    expect(user).to_be_focused()
    user.fill("ada")
    settings.page.keyboard.press("Enter")
    expect(fault).to_contain_text("This user is already a member")
    look_over(tab, "refused")
    user.fill("eve@example.org")
    settings.page.get_by_label("Their role", exact=True).select_option("Viewer")
    settings.button("Add member").click()
    settings.said("eve@example.org was added.")
    expect(user).to_have_value("")
    expect(user).to_be_focused()
    assert listed(settings) == [OWNER, "ada", "eve@example.org"]
    assert roles(book)["eve@example.org"] == "viewer"


def test_a_role_is_changed_after_it_was_confirmed(
    tab: Tab, book: Book, people: dict[str, str]
) -> None:
    """Arrow keys go through a select one by one: nobody becomes an owner on the way."""
    settings = members(tab)
    role = settings.page.get_by_label("Role of mia")
    role.select_option("Owner")
    question = person(settings, "mia").locator(".question")
    expect(question).to_contain_text("Make mia an owner? Owner: also manages owners.")
    assert roles(book)["mia"] == "member"
    question.get_by_role("button", name="Cancel").click()
    expect(role).to_have_value("member")
    role.select_option("Admin")
    look_over(tab, "role")
    question.get_by_role("button", name="Change role").click()
    settings.said("mia is now admin.")
    expect(role).to_be_focused()
    assert roles(book) == people | {"mia": "admin", OWNER: "owner"}


def test_removing_says_what_happens_and_asks_first(
    tab: Tab, book: Book, people: dict[str, str]
) -> None:
    """Esc is no; of who has nothing no contacts are told."""
    settings = members(tab)
    remove = settings.button("Remove mia")
    remove.click()
    question = person(settings, "mia").locator(".question")
    expect(question.locator("p")).to_have_text("Remove mia? It takes effect at once.")
    expect(question.get_by_role("combobox")).to_have_count(0)
    settings.page.keyboard.press("Escape")
    expect(remove).to_be_focused()
    assert "mia" in roles(book)
    remove.click()
    question.get_by_role("button", name="Remove").click()
    settings.said("mia was removed.")
    expect(person(settings, "mia")).to_have_count(0)
    assert roles(book).keys() == people.keys() - {"mia"} | {OWNER}


def test_an_admin_touches_no_owner(
    tab: Tab, book: Book, people: dict[str, str]
) -> None:
    """What his role does not allow is not shown as possible."""
    settings = members(tab, "ada")
    for user in (OWNER, "olga"):
        expect(person(settings, user).locator("select, button")).to_have_count(0)
        expect(person(settings, user)).to_contain_text("Owner")
    for name in ("Role", "Role of mia"):
        options = settings.page.get_by_label(name, exact=True).locator("option")
        expect(options).to_have_text(["Viewer", "Member", "Admin"])
    expect(settings.button("Remove mia")).to_be_visible()


@pytest.mark.parametrize("user", ["mia", "vic"])
def test_who_does_not_manage_sees_who_is_there(
    tab: Tab, book: Book, people: dict[str, str], user: str
) -> None:
    """And may only leave."""
    settings = members(tab, user)
    assert set(listed(settings)) == {*people, OWNER}
    assert listed(settings)[0] == user
    part = settings.part("Members")
    expect(part.locator("input, select, summary")).to_have_count(0)
    expect(part.get_by_role("button")).to_have_text(["Leave this workspace…"])
    look_over(tab, "read-only members")


def test_who_makes_less_of_himself_is_warned_and_sees_it_at_once(
    tab: Tab, book: Book, people: dict[str, str]
) -> None:
    """He could not take it back; then the page is that of his new role."""
    settings = members(tab, "ada")
    settings.page.get_by_label("Role of ada").select_option("Viewer")
    question = person(settings, "ada").locator(".question")
    expect(question).to_contain_text("You could not take this back yourself.")
    question.get_by_role("button", name="Change role").click()
    expect(settings.page.get_by_label("Role of mia")).to_have_count(0)
    expect(settings.page.get_by_label("User id")).to_have_count(0)
    settings.button("Close").click()
    expect(tab.page.locator("#add")).to_be_hidden()
    assert roles(book)["ada"] == "viewer"


def test_who_leaves_sees_another_workspace(tab: Tab, book: Book) -> None:
    """Nothing of the one that was left stays, nor can it be chosen."""
    book.add("Anna Secret")
    other = another_book(book.site, book.store)
    contact = other.add("Ben")
    user = join(book, f"of-{book.slug}", "member")
    join(other, user, "member")
    settings = members(tab, user)
    settings.button("Leave this workspace…").click()
    look_over(tab, "leaving")
    settings.button("Leave").click()
    expect(tab.row(contact)).to_be_visible()
    assert user not in roles(book)
    assert "Anna Secret" not in tab.page.content()
    tab.page.click("#workspace")
    expect(tab.item(other.workspace.name)).to_be_focused()
    expect(tab.item(book.workspace.name)).to_have_count(0)


def test_who_leaves_the_last_one_is_on_the_first_screen(tab: Tab, book: Book) -> None:
    """As if he had just come; the panel that was open is empty, too."""
    contact = book.add("Anna Secret")
    enter(tab, join(book, f"of-{book.slug}", "viewer"))
    tab.row(contact).locator(".name").click()
    expect(tab.page.locator("#panel h2")).to_have_text("Anna Secret")
    settings = Settings.open(tab, "Members…")
    settings.button("Leave this workspace…").click()
    settings.button("Leave").click()
    heading = tab.page.get_by_role("heading", name="Welcome to contactbook")
    expect(heading).to_be_visible()
    expect(tab.page.locator("#app")).to_be_hidden()
    assert "Anna Secret" not in tab.page.content()


def test_the_last_owner_stays_and_is_told_why(tab: Tab, book: Book) -> None:
    """In the server's sentence; the workspace stays open."""
    settings = members(tab)
    settings.button("Leave this workspace…").click()
    settings.button("Leave").click()
    fault = settings.dialog.locator(".question [role=alert]")
    expect(fault).to_have_text("A workspace keeps at least one owner.")
    settings.button("Cancel").click()
    expect(settings.button("Leave this workspace…")).to_be_focused()
    assert roles(book) == {OWNER: "owner"}


def test_who_is_gone_by_now_is_told_and_listed_no_more(
    tab: Tab, book: Book, people: dict[str, str]
) -> None:
    """Somebody else was quicker; nothing looks as if it had worked."""
    settings = members(tab)
    wire = Wire(tab.page, "DELETE", "**/members/mia?*")
    settings.button("Remove mia").click()
    expect(settings.button("Remove")).to_be_visible()
    with book.client() as client:
        assert client.delete("members/mia").is_success
    settings.button("Remove").click()
    settings.said("There is no such member in this workspace.")
    assert len(wire.tries) == 1
    expect(person(settings, "mia")).to_have_count(0)
    with book.client() as client:
        assert client.delete("members/vic").is_success
    settings.button("Remove vic").click()
    expect(person(settings, "vic")).to_have_count(0)
    expect(person(settings, "olga")).to_be_visible()
