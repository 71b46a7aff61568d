"""Deleting on the page: asked first, told exactly, and never more than was meant."""

from playwright.sync_api import Response, expect

from tests.browser.book import Book, another_book
from tests.browser.tab import Tab
from tests.browser.wire import Held, Wire
from tests.purge_world import fill, pour


def test_a_delete_names_the_contact_and_asks_first(tab: Tab, book: Book) -> None:
    """Esc deletes nothing and gives the focus back; Delete takes this contact alone,
    and its neighbour has the focus."""
    first, contact, last = book.fill(3)
    tab.open()
    tab.act(contact, "Delete…")
    dialog = tab.page.get_by_role("alertdialog", name="Delete Person 0001?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(tab.cell(contact, "more").locator("button")).to_be_focused()
    assert len(book.stored()) == 3
    before = tab.rows()
    tab.act(contact, "Delete…")
    dialog.get_by_role("button", name="Delete contact").click()
    expect(tab.toast()).to_have_text("Person 0001 was deleted.")
    expect(tab.row(contact)).to_have_count(0)
    expect(tab.page.locator("#count")).to_have_text("2 contacts")
    before.pop(contact.id)
    assert tab.rows() == before
    assert set(book.stored()) == {first.id, last.id}
    expect(tab.row(first).locator(".name")).to_be_focused()


def test_a_refused_delete_keeps_the_row_and_says_why(tab: Tab, book: Book) -> None:
    """In the dialog, with the request's id; the question stands again."""
    contact = book.add("Anna")
    tab.open()
    tab.act(contact, "Delete…")
    dialog = tab.page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("It cannot be undone.")
    tab.refuse(f"**/contacts/{contact.id}", 500, "Something went wrong on our side.")
    dialog.get_by_role("button", name="Delete contact").click()
    expect(dialog).to_contain_text("Something went wrong on our side.")
    expect(dialog).to_contain_text("req-of-the-test")
    expect(tab.row(contact)).to_have_count(1)
    assert set(book.stored()) == {contact.id}


def test_a_delete_that_somebody_overtook_says_what_changed(
    tab: Tab, book: Book
) -> None:
    """412: what somebody has written meanwhile is not deleted unseen; to press Delete
    again is a decision, on the contact as it is now."""
    contact = book.add("Anna", email="a@example.org")
    tab.open()
    with tab.page.expect_response(f"**/contacts/{contact.id}"):
        tab.act(contact, "Delete…")
    wire = Wire(tab.page, "DELETE", f"**/contacts/{contact.id}")
    with book.client() as client:
        client.patch(f"contacts/{contact.id}", json={"email": "theirs@example.org"})
    dialog = tab.page.get_by_role("alertdialog")
    dialog.get_by_role("button", name="Delete contact").click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("E-mail is now theirs@example.org")
    expect(tab.cell(contact, "email")).to_have_text("theirs@example.org")
    assert book.get(contact)["email"] == "theirs@example.org"
    dialog.get_by_role("button", name="Delete contact").click()
    expect(tab.toast()).to_have_text("Anna was deleted.")
    assert book.stored() == {}
    assert [one.if_match for one in wire.tries] == ['"1"', '"2"']
    assert wire.keys[0] != wire.keys[1]


def test_a_delete_counts_what_goes_and_what_went(tab: Tab, book: Book) -> None:
    """Before: from the counters, as they are now. After: from the receipt."""
    contact = book.add("Anna")
    tab.open()
    fill(book.store, book.member, contact.id, talks=2, says=14, noted=3)
    tab.act(contact, "Delete…")
    dialog = tab.page.get_by_role("alertdialog", name="Delete Anna?")
    counts = "2 conversations, 14 messages and 3 notes"
    expect(dialog).to_contain_text(f"This also deletes {counts}.")
    dialog.get_by_role("button", name="Delete contact").click()
    expect(tab.toast()).to_have_text(f"Anna was deleted with {counts}.")
    assert book.stored() == {}


def test_a_large_delete_shows_how_far_it_is(tab: Tab, book: Book) -> None:
    """5,000 messages: 202 first; the page goes on until the receipt is there, even if
    another workspace is open by then and versions must be named, and the receipt's
    counts are exact. The row has gone at the first answer."""
    contact, other = book.add("Anna"), book.add("Ben")
    elsewhere = another_book(book.site, book.store)
    book.settle(require_if_match=True)
    pour(book.store, book.member, contact, 5000)
    tab.open()

    def asked(answer: Response) -> bool:
        return answer.request.method == "DELETE"

    tab.act(contact, "Delete…")
    dialog = tab.page.get_by_role("alertdialog", name="Delete Anna?")
    expect(dialog).to_contain_text("5,000 messages")
    held = Held(tab.page, "DELETE", f"**/contacts/{contact.id}", free=1)
    with tab.page.expect_response(asked) as first:
        dialog.get_by_role("button", name="Delete contact").click()
    assert first.value.status == 202
    expect(dialog.get_by_role("progressbar")).to_be_visible()
    gone = first.value.json()["deletion"]["progress"]
    told = f"{gone:,} of about 5,000 items deleted."
    expect(dialog.get_by_role("status")).to_contain_text(told)
    expect(tab.row(contact)).to_have_count(0)
    tab.page.keyboard.press("Escape")
    tab.page.click("#workspace")
    tab.item(elsewhere.workspace.name).click()
    expect(tab.page.locator("#workspace-name")).to_have_text(elsewhere.workspace.name)
    held.release()
    tab.toast().wait_for(timeout=120_000)
    expect(tab.toast()).to_have_text("Anna was deleted with 5,000 messages.")
    expect(dialog).to_be_hidden()
    assert set(book.stored()) == {other.id}
