"""The end of a sign-in while somebody types: nothing of it is lost, whatever it was."""

from collections.abc import Callable

from playwright.sync_api import Locator, Route, expect

from tests.browser.person import ELEANOR, MAYA, Person, refuse_renewals
from tests.conftest import Server

EAGLE = "eagle-overseas"
TYPED = "typed@example.com"
KEPT = "This was not saved when your sign-in ended."


def ends(person: Person, where: str, method: str) -> None:
    """The token ends with the next such request, and the provider gives no other."""
    refuse_renewals(person)

    def refuse(route: Route) -> None:
        if route.request.method != method:
            return route.fallback()
        person.context.unroute(where, refuse)
        said = '{"code": "unauthenticated", "detail": "The token has expired."}'
        return route.fulfill(
            status=401, content_type="application/problem+json", body=said
        )

    person.context.route(where, refuse)


def comes_back(person: Person, act: Callable[[], None]) -> None:
    """By what is done the page is left, and is back without a word."""
    with person.page.expect_navigation(url=f"{person.site.base}/?code=*"):
        act()
    person.at_work()


def look(person: Person) -> None:
    """The page asks what has changed, as when it gets the focus."""
    person.page.evaluate("dispatchEvent(new Event('focus'))")


def first_row(person: Person) -> Locator:
    return person.page.locator("tr[data-contact-id]").first


def dialog(person: Person) -> Locator:
    return person.page.locator("dialog[open]")


def stored(site: Server, contact_id: str) -> dict[str, object]:
    with site.client("eagle-owner") as client:
        found = client.get(f"/workspaces/{EAGLE}/contacts/{contact_id}").json()
    contact: dict[str, object] = found["contact"]
    return contact


def test_a_cell(person: Person) -> None:
    """It comes back as the form of that contact, is saved from there, and nothing of it
    stays behind."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    row = first_row(person)
    contact = row.get_attribute("data-contact-id") or ""
    row.locator('td[data-col="email"]').click()
    field = row.locator('td[data-col="email"] input')
    expect(field).to_be_focused()
    field.fill(TYPED)
    ends(person, "**/contacts/*", "PATCH")
    comes_back(person, lambda: field.press("Enter"))
    expect(dialog(person)).to_contain_text(KEPT)
    email = dialog(person).get_by_label("E-mail")
    expect(email).to_have_value(TYPED)
    expect(email).to_be_focused()
    assert stored(person.site, contact)["email"] != TYPED
    dialog(person).get_by_role("button", name="Save").click()
    expect(dialog(person)).to_have_count(0)
    assert stored(person.site, contact)["email"] == TYPED
    assert TYPED not in person.kept()
    assert "contactbook.typed" not in person.kept()


def test_a_field_of_the_panel(person: Person) -> None:
    """Also when it is not the saving that ends it, but a question behind it; the same
    contact is open beneath."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    first_row(person).locator('td[data-col="name"]').click()
    panel = person.page.locator("#panel")
    name = panel.locator("#panel-name").text_content() or ""
    panel.get_by_label("Source").fill("a fair in Lagos")
    ends(person, "**/changes*", "GET")
    comes_back(person, lambda: look(person))
    expect(dialog(person).get_by_label("Source")).to_have_value("a fair in Lagos")
    expect(panel.locator("#panel-name")).to_have_text(name)


def test_a_change_meanwhile_is_told(person: Person) -> None:
    """What somebody else has saved since is not overwritten by what comes back."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    row = first_row(person)
    contact = row.get_attribute("data-contact-id") or ""
    row.locator('td[data-col="score"]').click()
    field = row.locator('td[data-col="score"] input')
    field.fill("71")
    with person.site.client("eagle-owner") as client:
        where = f"/workspaces/{EAGLE}/contacts/{contact}"
        assert client.patch(where, json={"lead_score": 12}).status_code == 200
    ends(person, "**/contacts/*", "PATCH")
    comes_back(person, lambda: field.press("Enter"))
    expect(dialog(person).get_by_label("Score")).to_have_value("71")
    dialog(person).get_by_role("button", name="Save").click()
    expect(dialog(person)).to_contain_text("Meanwhile changed to: 12")
    assert stored(person.site, contact)["lead_score"] == 12


def test_a_new_contact(person: Person) -> None:
    """It comes back as it was filled in, and is added once."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    person.page.locator("#add").click()
    dialog(person).get_by_label("Name").fill("Typed Before")
    dialog(person).get_by_label("Tags").fill("fair")
    ends(person, "**/contacts", "POST")
    add = dialog(person).get_by_role("button", name="Add contact")
    comes_back(person, add.click)
    expect(dialog(person).get_by_label("Name")).to_have_value("Typed Before")
    add.click()
    expect(dialog(person)).to_have_count(0)
    with person.site.client("eagle-owner") as client:
        path = f"/workspaces/{EAGLE}/contacts?q=Typed+Before"
        (found,) = client.get(path).json()["contacts"]
    assert found["tags"] == ["fair"]


def test_what_cannot_be_kept_is_not_left(person: Person) -> None:
    """Settings and more fields: the page stays until the person says so."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    gone: list[str] = []
    first_row(person).locator('td[data-col="name"]').click()
    person.page.get_by_role("button", name="Add a field").click()
    value = person.page.locator("#more-value")
    value.fill("of forty signs")
    ends(person, "**/changes*", "GET")
    person.page.on("framenavigated", lambda frame: gone.append(frame.url))
    look(person)
    said = person.page.locator(".toast.error")
    expect(said).to_contain_text("what you typed here cannot be kept")
    expect(value).to_have_value("of forty signs")
    assert gone == []
    comes_back(person, said.get_by_role("button", name="Sign in again").click)


def test_settings_that_were_typed_are_not_left(person: Person) -> None:
    """The same in a dialog, where it is told inside."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    person.page.locator("#workspace").click()
    person.page.get_by_role("menuitem", name="Settings…").click()
    name = dialog(person).get_by_label("Name", exact=True)
    name.fill("Eagle Under Way")
    ends(person, "**/changes*", "GET")
    look(person)
    said = dialog(person).locator(".leaving")
    expect(said).to_contain_text("what you typed here cannot be kept")
    expect(name).to_have_value("Eagle Under Way")
    comes_back(person, said.get_by_role("button", name="Sign in again").click)
    expect(dialog(person)).to_have_count(0)


def test_it_is_shown_to_nobody_else(person: Person) -> None:
    """Somebody else signs in at the provider meanwhile: he finds his own work only."""
    person.open(f"#workspace={EAGLE}").comes_as(ELEANOR)
    row = first_row(person)
    row.locator('td[data-col="email"]').click()
    field = row.locator('td[data-col="email"] input')
    field.fill(TYPED)
    ends(person, "**/contacts/*", "PATCH")
    person.context.clear_cookies()
    field.press("Enter")
    person.comes_as(MAYA)
    expect(person.name()).to_have_text(MAYA)
    assert "contactbook.typed" not in person.kept()
    assert dialog(person).count() == 0
