"""The form of a contact: to add one, and to edit one; and what it keeps from being
lost."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from chalicelib.model.words import Contact
from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.test_reach import AXE, axe
from tests.browser.wire import Wire
from tests.purge_world import fill

EDIT = """async ([id, field]) => {
  const place = document.querySelector("script[type=module]").src;
  const { run } = await import(new URL("../core/commands.js", place));
  run("edit contact", id, { focus: field });
}"""


def edit(tab: Tab, contact: Contact, field: str = "name") -> Locator:
    tab.page.evaluate(EDIT, [contact.id, field])
    expect(tab.page.locator(f"#edit-{field}")).to_be_focused()
    return tab.page.get_by_role("dialog", name=f"Edit {contact.name}")


def add(tab: Tab) -> Locator:
    tab.page.keyboard.press("n")
    expect(tab.page.locator("#add-name")).to_be_focused()
    return tab.page.get_by_role("dialog", name="Add contact")


def test_what_was_typed_is_not_lost_by_a_slip(tab: Tab, book: Book) -> None:
    """Esc and a click beside ask first; a text selected by dragging past the edge is no
    click; untouched it closes at once."""
    tab.open()
    form, name = add(tab), tab.page.locator("#add-name")
    tab.page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    add(tab)
    name.fill("Anna")
    box = name.bounding_box()
    assert box
    tab.page.mouse.move(box["x"] + 40, box["y"] + 10)
    tab.page.mouse.down()
    tab.page.mouse.move(20, box["y"] + 10, steps=4)
    tab.page.mouse.up()
    expect(form.get_by_text("Discard what you typed?")).to_have_count(0)
    expect(form).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(form.get_by_role("alert").filter(has_text="Discard")).to_be_visible()
    form.get_by_role("button", name="Keep editing").click()
    expect(name).to_be_focused()
    expect(name).to_have_value("Anna")
    tab.page.mouse.click(20, 400)
    form.get_by_role("button", name="Discard").click()
    expect(form).to_be_hidden()
    assert book.stored() == {}


def test_a_tag_alone_is_something_typed(tab: Tab, book: Book) -> None:
    """Even one that is not a chip yet, and it is added with the rest."""
    tab.open()
    form = add(tab)
    form.get_by_label("Tags").fill("vip, gold")
    tab.page.keyboard.press("Escape")
    form.get_by_role("button", name="Keep editing").click()
    form.get_by_label("Name").fill("Anna")
    form.get_by_label("Name").press("Enter")
    expect(tab.toast()).to_contain_text("Anna was added.")
    (made,) = book.stored().values()
    assert made["tags"] == ["vip, gold"]


def test_who_looks_at_a_status_adds_to_it(tab: Tab, book: Book) -> None:
    """So the new contact is among those that are looked at."""
    book.add("Ben", lead_status="qualified")
    tab.open()
    tab.page.click("#filter")
    tab.item("Qualified").click()
    expect(tab.page.locator("#count")).to_have_text("1 contact")
    form = add(tab)
    expect(form.get_by_label("Status")).to_have_value("qualified")
    form.get_by_label("Name").fill("Anna")
    form.get_by_label("Name").press("Enter")
    top = tab.page.locator("tr[data-contact-id] .name").first
    expect(top).to_have_text("Anna")
    assert {one["lead_status"] for one in book.stored().values()} == {"qualified"}


def test_refusals_are_in_peoples_words(tab: Tab, book: Book) -> None:
    """Nothing given, and a score that is none: told at the field, by its label."""
    tab.open()
    form = add(tab)
    wire = Wire(tab.page, "POST", "**/contacts")
    form.get_by_label("Name").press("Enter")
    expect(form.locator("#add-name-fault")).to_have_text(
        "Give a name, a phone or an e-mail."
    )
    form.get_by_label("Name").fill("Anna")
    form.get_by_label("Score").fill("1e")
    form.get_by_label("Score").press("Enter")
    expect(form.locator("#add-lead_score-fault")).to_have_text(
        "Score must be a whole number from 0 to 100."
    )
    expect(form.get_by_label("Score")).to_be_focused()
    form.get_by_label("Score").fill("")
    form.get_by_label("E-mail").fill("nonsense")
    form.get_by_label("E-mail").press("Enter")
    expect(form.locator("#add-email-fault")).to_have_text(
        "E-mail must be a valid e-mail address."
    )
    assert len(wire.tries) == 2  # the score has not been sent


def test_an_edit_sends_what_was_changed(tab: Tab, book: Book) -> None:
    """All fields are there, the one that is meant has the focus; untouched, nothing is
    sent."""
    contact = book.add("Anna", email="anna@example.org", tags=["vip"], lead_score=5)
    tab.open()
    wire = Wire(tab.page, "PATCH", f"**/contacts/{contact.id}")
    form = edit(tab, contact, "email")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    assert wire.tries == []
    form = edit(tab, contact, "tags")
    tab.page.keyboard.type("gold")
    tab.page.keyboard.press("Enter")
    form.get_by_label("Status").select_option("active")
    form.get_by_label("Assigned to").select_option("page-owner")
    form.get_by_role("button", name="Save").click()
    expect(tab.toast()).to_contain_text("Anna was saved.")
    expect(tab.cell(contact, "tags").locator(".chip")).to_have_text(["vip", "gold"])
    assert [one.body for one in wire.tries] == [
        '{"lead_status":"active","tags":["vip","gold"],"assigned_to":"page-owner"}'
    ]
    assert [one.if_match for one in wire.tries] == ['"1"']


def test_an_edit_that_somebody_overtook_is_told_by_field(tab: Tab, book: Book) -> None:
    """412: what was changed here, too, says what it is now; what was not follows; to
    save again is a decision."""
    contact = book.add("Anna", email="a@example.org", source="fair")
    tab.open()
    form = edit(tab, contact, "email")
    theirs = {"email": "theirs@example.org", "source": "website"}
    with book.client() as client:
        client.patch(f"contacts/{contact.id}", json=theirs)
    form.get_by_label("E-mail").fill("mine@example.org")
    form.get_by_label("E-mail").press("Enter")
    expect(form.locator("#edit-email-fault")).to_have_text(
        "Meanwhile changed to: theirs@example.org."
    )
    expect(form.locator("#edit-source-fault")).to_have_text(
        "Meanwhile changed to: website."
    )
    expect(form.get_by_label("Source")).to_have_value("website")
    expect(form.get_by_text("Save again to keep yours.")).to_be_visible()
    assert book.get(contact)["email"] == "theirs@example.org"
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    found = book.get(contact)
    assert (found["email"], found["source"]) == ("mine@example.org", "website")


@pytest.mark.parametrize("height", [844, 420])
def test_on_a_phone_the_form_is_a_sheet(tab: Tab, book: Book, height: int) -> None:
    """It stands at the bottom, as wide as the screen, and its buttons stay in sight."""
    contact = book.add("Anna")
    tab.page.set_viewport_size({"width": 390, "height": height})
    tab.open()
    form = edit(tab, contact)
    box = form.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == height
    expect(form.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
    form.get_by_label("Source").focus()
    expect(form.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_here_either(
    tab: Tab, book: Book, scheme: Any, width: int
) -> None:
    """In the panel with all its kinds of fields, in the form with faults, the palette,
    the keys and the question."""
    kept = {"budget": 5, "visa on": "2026-11-24", "married": True, "crm": {"id": 1}}
    contact = book.add("Anna", phone="+4915123456789", tags=["vip"], metadata=kept)
    fill(book.store, book.member, contact.id, talks=1, says=1, noted=1)
    tab.page.emulate_media(color_scheme=scheme)
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.open()
    tab.page.evaluate(Path(AXE).read_text())
    tab.row(contact).locator(".name").click()
    panel = tab.page.locator("#panel")
    panel.get_by_role("button", name="Add a field").click()
    panel.get_by_role("button", name="Add field").click()
    panel.get_by_label("Score").fill("1e")
    panel.get_by_label("Score").press("Enter")
    expect(panel.locator(".fault").filter(has_text="Score")).to_be_visible()
    panel.get_by_label("Source").fill("fair")
    panel.get_by_label("Source").press("Enter")
    expect(panel.locator(".told").filter(has_text="Saved")).to_be_visible()
    axe(tab, "panel")
    panel.get_by_role("button", name="Close the panel").click()
    form = edit(tab, contact)
    form.get_by_label("Tags").fill("vip")
    form.get_by_role("button", name="Save").click()
    expect(form.locator("#edit-tags-fault")).to_contain_text("already there")
    axe(tab, "form")
    form.get_by_role("button", name="Cancel").click()
    axe(tab, "question")
    form.get_by_role("button", name="Discard").click()
    tab.page.keyboard.press("Control+k")
    expect(tab.page.get_by_role("combobox")).to_be_focused()
    tab.page.keyboard.type("a")
    expect(tab.page.get_by_role("option", name="Anna")).to_be_visible()
    axe(tab, "palette")
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("?")
    expect(tab.page.get_by_role("dialog", name="Keys")).to_be_visible()
    axe(tab, "keys")
