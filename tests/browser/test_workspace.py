"""The workspace itself on the page: its settings, another one, and the way between."""

import phonenumbers
import pytest
from playwright.sync_api import expect

from tests.browser.book import Book, another_book
from tests.browser.settings import Settings, enter, join, look_over, stored
from tests.browser.tab import Tab
from tests.browser.wire import Wire


def test_the_name_and_the_country_are_saved_and_shown_at_once(
    tab: Tab, book: Book
) -> None:
    """With the version that was seen; the list and the filter stay as they are."""
    book.fill(3)
    tab.open("&status=new")
    wire = Wire(tab.page, "PATCH", f"**/workspaces/{book.workspace.id}")
    settings = Settings.open(tab)
    settings.page.get_by_label("Name", exact=True).fill("Adler & Söhne")
    country = settings.page.get_by_label("Country of phone numbers")
    country.select_option("Germany (+49)")
    settings.save()
    settings.said("Saved.")
    found = stored(book)
    assert (found["name"], found["phone_region"]) == ("Adler & Söhne", "DE")
    assert [one.if_match for one in wire.tries] == ['"1"']
    expect(tab.page.locator("#workspace-name")).to_have_text("Adler & Söhne")
    expect(tab.page).to_have_title("Database · Adler & Söhne")
    assert len(tab.rows()) == 3
    country.select_option("None: + and country code needed")
    settings.save()
    settings.said("Saved.")
    assert stored(book)["phone_region"] is None
    settings.button("Close").click()
    tab.page.click("#workspace")
    expect(tab.item("Adler & Söhne")).to_be_visible()


def test_every_country_that_the_server_reads_can_be_chosen(
    tab: Tab, book: Book
) -> None:
    """By its name, with its calling code; and no other."""
    tab.open()
    settings = Settings.open(tab)
    options = settings.page.get_by_label("Country of phone numbers").locator("option")
    expect(options).to_have_count(len(phonenumbers.SUPPORTED_REGIONS) + 1)
    codes: dict[str, str] = options.evaluate_all(
        "(all) => Object.fromEntries(all.filter(({value}) => value).map("
        "({value, text}) => [value, text.match(/^\\S.+ \\(\\+(\\d+)\\)$/)[1]]))"
    )
    assert codes == {
        region: str(phonenumbers.country_code_for_region(region))
        for region in phonenumbers.SUPPORTED_REGIONS
    }


def test_what_is_wrong_is_told_at_its_field(tab: Tab, book: Book) -> None:
    """At its field; nothing is lost."""
    tab.open()
    settings = Settings.open(tab)
    name = settings.page.get_by_label("Name", exact=True)
    name.fill("   ")
    settings.save()
    fault = settings.page.locator("#settings-name-fault")
    expect(fault).to_have_text("Enter a name.")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    name.fill("Eagle")
    settings.page.keyboard.press("Enter")
    settings.said("Saved.")
    expect(fault).to_be_empty()


def test_enter_that_ends_a_composed_word_saves_nothing(tab: Tab, book: Book) -> None:
    """With an input method Enter picks a word; only the next one saves."""
    tab.open()
    settings = Settings.open(tab)
    wire = Wire(tab.page, "PATCH", "**/workspaces/*")
    settings.page.get_by_label("Name", exact=True).fill("")
    session = tab.page.context.new_cdp_session(tab.page)
    word = {"text": "東京", "selectionStart": 2, "selectionEnd": 2}
    session.send("Input.imeSetComposition", word)
    settings.page.keyboard.press("Enter")
    settings.page.keyboard.insert_text("東京")
    assert wire.tries == []
    settings.page.keyboard.press("Enter")
    settings.said("Saved.")
    assert stored(book)["name"] == "東京"


def test_who_was_overtaken_sees_what_is_stored_and_keeps_what_he_typed(
    tab: Tab, book: Book
) -> None:
    """The same field: it asks. Another one: it is saved on the newer version."""
    tab.open()
    settings = Settings.open(tab)
    name = settings.page.get_by_label("Name", exact=True)
    name.fill("Mine")
    book.settle(name="Theirs", phone_region="FR")
    settings.save()
    fault = settings.fault
    expect(fault).to_contain_text("The name is now “Theirs”.")
    expect(fault).to_contain_text("The country is now France (+33).")
    expect(name).to_have_value("Mine")
    expect(tab.page.locator("#workspace-name")).to_have_text("Theirs")
    assert stored(book)["name"] == "Theirs"
    settings.save()
    settings.said("Saved.")
    assert (stored(book)["name"], stored(book)["phone_region"]) == ("Mine", "FR")
    book.settle(phone_region="IT")
    name.fill("Mine again")
    settings.save()
    settings.said("Saved.")
    assert (stored(book)["name"], stored(book)["phone_region"]) == ("Mine again", "IT")


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_who_may_not_change_settings_only_reads_them(
    tab: Tab, book: Book, role: str
) -> None:
    """Nothing looks as if it could be changed."""
    enter(tab, join(book, "reader", role))
    settings = Settings.open(tab)
    expect(settings.part("General").locator("dl")).to_contain_text(book.workspace.name)
    for name in ("Statuses", "General"):
        part = settings.part(name)
        expect(part.get_by_text("Admins and owners can change")).to_be_visible()
        expect(part.locator("input, select, [type=submit]")).to_have_count(0)
    part = settings.part("Statuses")
    expect(part.locator(".pill")).to_have_text([*map(str, LABELS)])
    look_over(tab, "read-only statuses")


LABELS = ["New", "Contacted", "Active", "Qualified", "Converted", "Archived", "Lost"]


def test_the_tabs_are_one_stop_and_arrows_go_between_them(tab: Tab, book: Book) -> None:
    """As the ARIA Authoring Practices have it; what was typed in one stays, and is
    asked about before it is lost."""
    tab.open()
    settings = Settings.open(tab)
    keyboard = tab.page.keyboard
    expect(settings.page.get_by_role("tab", name="General")).to_be_focused()
    settings.page.get_by_label("Name", exact=True).fill("Typed")
    settings.page.get_by_role("tab", name="General").focus()
    for key, tab_name in (
        ("ArrowLeft", "Tokens"),
        ("Home", "General"),
        ("ArrowRight", "Statuses"),
        ("End", "Tokens"),
        ("ArrowRight", "General"),
    ):
        keyboard.press(key)
        expect(settings.page.get_by_role("tab", name=tab_name)).to_be_focused()
        expect(settings.page.get_by_role("tabpanel", name=tab_name)).to_be_visible()
    expect(settings.page.locator("[role=tab][tabindex='0']")).to_have_count(1)
    expect(settings.page.get_by_label("Name", exact=True)).to_have_value("Typed")
    look_over(tab, "general")
    keyboard.press("Escape")
    expect(settings.button("Keep editing")).to_be_focused()
    settings.button("Discard").click()
    expect(settings.dialog).to_have_count(0)
    assert stored(book)["name"] == book.workspace.name


def test_a_workspace_is_created_from_the_menu_and_opened(tab: Tab, book: Book) -> None:
    """The short name follows the name until it is written by hand."""
    book.fill(2)
    tab.open()
    settings = Settings.open(tab, "New workspace…")
    name, slug = (
        settings.page.get_by_label(label, exact=True)
        for label in ("Name", "Short name")
    )
    expect(name).to_be_focused()
    name.fill("Müller & Söhne: Straße")
    expect(slug).to_have_value("muller-sohne-strasse")
    slug.fill(book.slug)
    name.fill("Second")
    settings.page.keyboard.press("Enter")
    fault = settings.page.locator("#settings-slug-fault")
    expect(fault).to_have_text("Another workspace has this slug.")
    look_over(tab, "create")
    slug.fill("!")
    settings.page.keyboard.press("Enter")
    expect(fault).to_contain_text("Short name must be 3 to 40")
    slug.fill(f"{book.slug}-second")
    settings.page.keyboard.press("Enter")
    expect(tab.page.locator("#workspace-name")).to_have_text("Second")
    expect(tab.page.locator("#state")).to_contain_text("No contacts yet")
    expect(settings.dialog).to_have_count(0)
    assert tab.rows() == {}
    tab.page.click("#workspace")
    expect(tab.item(book.workspace.name)).to_have_count(1)


def test_workspaces_are_switched_by_keyboard(tab: Tab, book: Book) -> None:
    """Enter opens the menu on the one that is shown; a letter and arrows move."""
    other = another_book(book.site, book.store)
    other.settle(name="Zebra")
    contact = other.add("Anna")
    tab.open()
    tab.page.locator("#workspace").focus()
    keyboard = tab.page.keyboard
    keyboard.press("Enter")
    expect(tab.item(book.workspace.name)).to_be_focused()
    keyboard.press("z")
    expect(tab.item("Zebra")).to_be_focused()
    keyboard.press("Enter")
    expect(tab.row(contact)).to_be_visible()
    expect(tab.page.locator("#workspace")).to_be_focused()
    keyboard.press("Enter")
    expect(tab.item("Zebra")).to_be_focused()
    keyboard.press("End")
    expect(tab.item("New workspace…")).to_be_focused()
    keyboard.press("ArrowUp")
    expect(tab.item("Members…")).to_be_focused()


@pytest.mark.parametrize("size", [(390, 700), (320, 480), (320, 220)])
def test_on_a_phone_the_button_to_save_stays_in_sight(
    tab: Tab, book: Book, size: tuple[int, int]
) -> None:
    """Also at 400 % zoom; nothing is cut off at the side."""
    book.fill(2)
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    tab.open()
    settings = Settings.open(tab).statuses()
    expect(settings.button("Save")).to_be_in_viewport(ratio=1)
    settings.name_of("lost").scroll_into_view_if_needed()
    expect(settings.button("Save")).to_be_in_viewport(ratio=1)
    if size[1] >= 480:
        expect(settings.page.get_by_role("tab", name="Members")).to_be_in_viewport()
        assert settings.dialog.evaluate("(it) => it.scrollHeight <= it.clientHeight")
    for name in ("Statuses", "General", "Members", "Tokens"):
        part = settings.part(name)
        assert part.evaluate("(node) => node.scrollWidth <= node.clientWidth")
        scroll = part.locator(".scroll")
        assert scroll.evaluate("(node) => node.scrollWidth <= node.clientWidth")
