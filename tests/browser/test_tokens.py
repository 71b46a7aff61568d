"""The tokens of machines on the page: made, told once, listed, revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.book import OWNER, Book
from tests.browser.settings import Settings, enter, join, look_over
from tests.browser.tab import Tab
from tests.browser.wire import Wire, unheard


def tokens(tab: Tab, user: str = OWNER) -> tuple[Settings, Locator]:
    """The part of the settings, as somebody opens it."""
    enter(tab, user)
    settings = Settings.open(tab)
    return settings, settings.part("Tokens")


def make(book: Book, name: str, **more: Any) -> tuple[str, str]:
    """The id and the secret of a token that the owner makes."""
    body = {"name": name, "role": "member", **more}
    with book.client() as client:
        answer = client.post("tokens", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["token"]["id"], answer.json()["secret"]


def listed(book: Book) -> list[dict[str, Any]]:
    with book.client() as client:
        found: list[dict[str, Any]] = client.get("tokens").json()["tokens"]
    return found


def asks(book: Book, secret: str) -> int:
    """What a machine is answered."""
    bearer = {"Authorization": f"Bearer {secret}"}
    where = f"{book.site.base}/workspaces/{book.workspace.id}/contacts"
    return httpx.get(where, headers=bearer, timeout=30).status_code


def test_a_token_is_made_and_its_secret_told_once(tab: Tab, book: Book) -> None:
    """Member and 90 days unless somebody says else; it can be copied, opens the
    workspace, and is nowhere on the page afterwards."""
    settings, part = tokens(tab)
    expect(part).to_contain_text("No tokens yet.")
    options = part.get_by_label("Role").locator("option")
    expect(options).to_have_text(["Viewer", "Member", "Admin"])
    expect(part.get_by_label("Expires")).to_have_value("90")
    part.get_by_label("Token name").fill("Website form")
    look_over(tab, "tokens")
    tab.page.keyboard.press("Enter")
    field = part.get_by_label("Secret", exact=True)
    expect(field).to_be_focused()
    expect(part).to_contain_text("it is not shown again")
    secret = field.input_value()
    look_over(tab, "secret")
    settings.button("Copy the secret").click()
    expect(part.get_by_text("Copied").first).to_be_visible()
    assert tab.page.evaluate("navigator.clipboard.readText()") == secret
    assert asks(book, secret) == 200
    settings.button("Done").click()
    expect(part.get_by_label("Token name")).to_be_focused()
    assert secret not in tab.page.content()
    row = part.locator("[data-token-id]")
    expect(row).to_contain_text("Website form")
    expect(row).to_contain_text(f"never used · made by {OWNER}")
    (made,) = listed(book)
    assert (made["name"], made["role"]) == ("Website form", "member")
    ends = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=89) < ends <= timedelta(days=90)


def test_a_secret_that_was_not_copied_is_asked_about(tab: Tab, book: Book) -> None:
    """Esc right after it was made does not lose it; its beginning is in sight."""
    settings, part = tokens(tab)
    tab.page.set_viewport_size({"width": 390, "height": 800})
    part.get_by_label("Token name").fill("n8n")
    tab.page.keyboard.press("Enter")
    field = part.get_by_label("Secret", exact=True)
    expect(field).to_be_focused()
    tab.page.wait_for_timeout(100)
    assert field.evaluate("(node) => [node.scrollLeft, node.selectionStart]") == [0, 0]
    assert field.evaluate("(node) => node.scrollWidth > node.clientWidth")
    tab.page.keyboard.press("Escape")
    expect(settings.dialog).to_contain_text("The token has not been copied")
    look_over(tab, "not copied")
    settings.button("Back to it").click()
    expect(field).to_be_focused()
    settings.button("Copy the secret").click()
    expect(part.get_by_text("Copied").first).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(settings.dialog).to_be_hidden()


def test_what_is_wrong_is_told_at_its_field(tab: Tab, book: Book) -> None:
    """In the server's words; what was typed stays, and is asked about."""
    settings, part = tokens(tab)
    settings.button("Create token").click()
    fault = settings.page.locator("#token-name-fault")
    expect(fault).to_have_text("Enter a name.")
    expect(part.get_by_label("Token name")).to_be_focused()
    look_over(tab, "refused token")
    part.get_by_label("Token name").fill("n8n")
    part.get_by_label("Role").select_option("Admin")
    part.get_by_label("Expires").select_option("In a year")
    tab.page.keyboard.press("Escape")
    settings.button("Keep editing").click()
    settings.button("Create token").click()
    expect(part.get_by_label("Secret", exact=True)).to_be_visible()
    expect(fault).to_be_empty()
    (made,) = listed(book)
    assert made["role"] == "admin"
    ends = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=364) < ends <= timedelta(days=365)


def test_a_secret_that_is_lost_on_the_way_is_said_to_be(tab: Tab, book: Book) -> None:
    """The server tells it once, and the connection broke then: there is one token, it
    can be revoked, and nobody is shown an empty secret."""
    settings, part = tokens(tab)
    wire = Wire(tab.page, "POST", "**/tokens", [unheard])
    part.get_by_label("Token name").fill("n8n")
    settings.button("Create token").click()
    expect(part.get_by_role("alert").last).to_contain_text("its secret was lost")
    expect(part.get_by_label("Secret", exact=True)).to_have_count(0)
    assert len(set(wire.keys)) == 1
    assert [one["name"] for one in listed(book)] == ["n8n"]
    expect(settings.button("Revoke n8n")).to_be_visible()


def test_a_token_is_revoked_after_a_question(tab: Tab, book: Book) -> None:
    """It opens nothing from then on, and is listed behind a quiet line."""
    _, secret = make(book, "n8n")
    make(book, "Website form")
    assert asks(book, secret) == 200
    settings, part = tokens(tab)
    row = part.locator('[data-token-id]:has-text("n8n")')
    expect(row).to_contain_text("last used")
    revoke = settings.button("Revoke n8n")
    revoke.click()
    expect(row).to_contain_text("What uses it is shut out at once.")
    look_over(tab, "revoking")
    tab.page.keyboard.press("Escape")
    expect(revoke).to_be_focused()
    assert asks(book, secret) == 200
    tab.page.keyboard.press("Enter")
    settings.button("Revoke").click()
    settings.said("“n8n” was revoked.")
    expect(part.locator("[data-token-id]")).to_have_count(1)
    expect(settings.button("Revoke Website form")).to_be_focused()
    assert asks(book, secret) == 401
    settings.button("Close").click()
    settings, part = tokens(tab)
    expect(part.locator("[data-token-id] .who-id")).to_have_text(["Website form"])
    settings.button("Revoke Website form").click()
    settings.button("Revoke").click()
    expect(part).to_contain_text("No token opens this workspace.")
    expect(part.get_by_text("n8n · revoked")).to_be_hidden()
    part.get_by_text("2 revoked").click()
    expect(part.get_by_text("n8n · revoked")).to_be_visible()
    look_over(tab, "revoked")


def test_one_that_has_expired_is_told_as_such(tab: Tab, book: Book) -> None:
    """By the clock of who looks; it can be revoked all the same."""
    token_id, _ = make(book, "n8n", expires_in_days=1)
    settings, part = tokens(tab)
    row = part.locator(f'[data-token-id="{token_id}"]')
    expect(row).to_contain_text("Expires")
    expect(row.get_by_text("expired", exact=True)).to_have_count(0)
    tab.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=2))
    settings.button("Close").click()
    settings = Settings.open(tab)
    part = settings.part("Tokens")
    expect(row.get_by_text("expired", exact=True)).to_be_visible()
    expect(settings.button("Revoke n8n")).to_be_visible()
    look_over(tab, "expired token")


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_who_does_not_manage_sees_them_without_buttons(
    tab: Tab, book: Book, role: str
) -> None:
    """Which machines come in is no secret; only their secrets are."""
    make(book, "n8n")
    _, part = tokens(tab, join(book, "reader", role))
    expect(part.locator("[data-token-id]")).to_contain_text("n8n")
    expect(part.locator("input, select, button")).to_have_count(0)
    look_over(tab, "read-only tokens")


def test_what_a_machine_has_done_is_told_by_its_tokens_name(
    tab: Tab, book: Book
) -> None:
    """Also when it was revoked; the id stands in the title, and the names are asked
    for once, when the first machine is met."""
    token_id, secret = make(book, "Website form")
    anna = book.add("Anna")
    bearer = {"Authorization": f"Bearer {secret}"}
    where = f"{book.site.base}/workspaces/{book.workspace.id}/contacts/{anna.id}"
    for content in ("First", "Second"):
        body = {"content": content}
        answer = httpx.post(f"{where}/notes", json=body, headers=bearer, timeout=30)
        assert answer.status_code == 201, answer.text
    answer = httpx.patch(where, json={"lead_score": 7}, headers=bearer, timeout=30)
    assert answer.status_code == 200, answer.text
    with book.client() as client:
        assert client.delete(f"tokens/{token_id}").status_code == 204
    tab.open()
    asked = Wire(tab.page, "GET", "**/tokens?*")
    tab.row(anna).locator(".name").click()
    by = tab.page.locator("#panel .note-item .by bdi")
    expect(by).to_have_text(["Website form", "Website form"])
    expect(by.first).to_have_attribute("title", token_id)
    facts = tab.page.locator("#panel .facts")
    expect(facts).to_contain_text("by Website form")
    assert token_id not in tab.page.locator("#panel").inner_text()
    assert len(asked.tries) == 1
