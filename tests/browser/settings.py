"""The workspace's settings in the words of the person who opens them, and that person
in whatever role."""

from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect

from tests.browser.book import Book
from tests.browser.tab import Tab
from tests.browser.test_reach import AXE, axe

Item = Literal["Settings…", "Members…", "New workspace…"]
LOOKS: tuple[tuple[Any, int], ...] = (
    ("light", 1440),
    ("dark", 1440),
    ("light", 390),
    ("dark", 390),
)


def enter(tab: Tab, user: str) -> None:
    """Somebody opens the workspace of the book."""
    book = tab.book
    tab.page.goto("about:blank")
    link = f"{book.site.base}/#token={book.site.token(user)}&workspace={book.slug}"
    tab.page.goto(link)
    tab.settled()


def join(book: Book, user: str, role: str) -> str:
    """Somebody is added by the owner."""
    with book.client() as client:
        answer = client.post("members", json={"user_id": user, "role": role})
    assert answer.status_code == 201, answer.text
    return user


def stored(book: Book) -> dict[str, Any]:
    """The workspace as the server has it."""
    with book.client() as client:
        found: dict[str, Any] = client.get("").json()["workspace"]
    return found


def roles(book: Book) -> dict[str, str]:
    with book.client() as client:
        found = client.get("members").json()["members"]
    return {one["user_id"]: one["role"] for one in found}


def look_over(tab: Tab, where: str) -> None:
    """axe finds nothing, in both themes, on a desk and on a phone."""
    size = tab.page.viewport_size
    tab.page.evaluate(AXE.read_text())
    for scheme, width in LOOKS:
        tab.page.emulate_media(color_scheme=scheme)
        tab.page.set_viewport_size({"width": width, "height": 800})
        axe(tab, f"{where}, {scheme}, {width}")
    assert size
    tab.page.set_viewport_size(size)


@dataclass
class Settings:
    """The open dialog."""

    tab: Tab

    @classmethod
    def open(cls, tab: Tab, item: Item = "Settings…") -> "Settings":
        tab.page.click("#workspace")
        tab.item(item).click()
        return cls(tab)

    @property
    def page(self) -> Page:
        return self.tab.page

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def part(self, name: str) -> Locator:
        """Its panel, after the tab was chosen."""
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def statuses(self) -> "Settings":
        expect(self.part("Statuses").locator("li").first).to_be_visible()
        return self

    def by_id(self) -> "Settings":
        """Where somebody is added whose user id is known."""
        self.dialog.get_by_text("Add by user id").click()
        return self

    def labels(self) -> list[str]:
        """The names of the open statuses, as they stand in the inputs."""
        inputs = self.dialog.locator(".status-row input:not([type=color])").all()
        return [one.input_value() for one in inputs]

    def name_of(self, key: str) -> Locator:
        row = self.dialog.locator(f'.status-row[data-status="{key}"]')
        return row.get_by_role("textbox")

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name, exact=True)

    def save(self) -> None:
        self.button("Save").click()

    def said(self, text: str) -> None:
        expect(self.dialog.locator(".said:visible")).to_have_text(text)

    @property
    def fault(self) -> Locator:
        """What is wrong with the whole, in the part that is shown."""
        return self.dialog.locator("[role=tabpanel]:not([hidden]) .fault.whole")
