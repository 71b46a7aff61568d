"""The columns: chosen, ordered, sized, by pointer and by keyboard, and remembered."""

from playwright.sync_api import Locator, expect

from tests.browser.book import Book
from tests.browser.tab import Tab


def headings(tab: Tab) -> list[str]:
    found: list[str] = tab.page.eval_on_selector_all(
        "#grid th", "(all) => all.map((one) => one.dataset.col)"
    )
    return found


def cells(tab: Tab) -> list[str]:
    found: list[str] = tab.page.eval_on_selector_all(
        "tr[data-contact-id]:first-of-type td",
        "(all) => all.map((one) => one.dataset.col)",
    )
    return found


def heading(tab: Tab, name: str) -> Locator:
    return tab.page.locator(f"#grid th[data-col={name}]")


def width(node: Locator) -> float:
    box = node.bounding_box()
    assert box
    return box["width"]


def test_a_column_is_moved_by_dragging_its_heading(tab: Tab, book: Book) -> None:
    """The cells follow, in the document, too: what is seen next is what the keys reach
    next; and a reload keeps it."""
    book.fill(2)
    tab.open().at_hand()
    heading(tab, "score").drag_to(heading(tab, "email"))
    expected = ["name", "score", "email", "status", "tags"]
    assert headings(tab)[:5] == expected
    assert cells(tab)[:5] == expected
    tab.reload()
    assert headings(tab)[:5] == expected
    tab.page.locator("tr[data-contact-id] .name").first.focus()
    tab.page.keyboard.press("ArrowRight")
    expect(tab.page.locator("td[data-col=score]:focus")).to_be_visible()


def test_a_column_is_sized_by_dragging_its_edge(tab: Tab, book: Book) -> None:
    """The heading and its cells alike; a double click makes it as wide as it was."""
    contact = book.add("Anna", email="anna@example.org")
    tab.open().at_hand()
    before = width(heading(tab, "email"))
    box = heading(tab, "email").locator(".sizer").bounding_box()
    assert box
    tab.page.mouse.move(box["x"] + 4, box["y"] + 4)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 84, box["y"] + 4, steps=4)
    tab.page.mouse.up()
    assert abs(width(heading(tab, "email")) - before - 80) < 3
    assert width(tab.cell(contact, "email")) == width(heading(tab, "email"))
    tab.reload()
    assert abs(width(heading(tab, "email")) - before - 80) < 3
    tab.at_hand()
    heading(tab, "email").locator(".sizer").dblclick()
    assert abs(width(heading(tab, "email")) - before) < 3


def test_the_keyboard_moves_and_sizes_columns(tab: Tab, book: Book) -> None:
    """From the first row up to the headings; Shift sizes, Alt moves, focus stays."""
    book.fill(2)
    tab.open()
    tab.page.locator("tr[data-contact-id] td[data-col=email]").first.focus()
    tab.page.keyboard.press("ArrowUp")
    expect(heading(tab, "email")).to_be_focused()
    before = width(heading(tab, "email"))
    tab.page.keyboard.press("Shift+ArrowRight")
    expect(heading(tab, "email")).to_be_focused()
    assert abs(width(heading(tab, "email")) - before - 16) < 2
    tab.page.keyboard.press("Alt+ArrowRight")
    expect(heading(tab, "email")).to_be_focused()
    assert headings(tab)[:3] == ["name", "status", "email"]
    tab.page.keyboard.press("ArrowDown")
    expect(tab.page.locator("td[data-col=email]:focus")).to_be_visible()


def test_rows_are_compact_or_roomy(tab: Tab, book: Book) -> None:
    """40 or 57 pixels high; remembered; the row that was seen first still is."""
    book.fill(60)
    tab.open()
    row = tab.page.locator("tr[data-contact-id]").first

    def height() -> float:
        box = row.bounding_box()
        assert box
        return box["height"]

    assert height() == 57
    tab.page.click("#columns")
    tab.item("Compact rows").click()
    tab.page.keyboard.press("Escape")
    assert height() == 40
    tab.reload()
    assert height() == 40


def test_tags_end_in_a_number_and_never_in_the_middle_of_a_letter(
    tab: Tab, book: Book
) -> None:
    """As many whole chips as fit, then how many more there are; wider shows more."""
    tags = ["premium", "family", "priority", "follow up", "berlin", "referral"]
    contact = book.add("Anna", tags=tags)
    tab.open()
    chips = tab.cell(contact, "tags").locator(".chip")

    def shown() -> list[str]:
        cut = chips.evaluate_all(
            "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
        )
        assert cut == 0
        return chips.all_inner_texts()

    few = shown()
    assert few[:-1] == tags[: len(few) - 1]
    assert few[-1] == f"+{len(tags) - len(few) + 1}"
    tab.page.set_viewport_size({"width": 1900, "height": 800})
    expect(chips.last).not_to_have_text(few[-1])
    assert len(shown()) > len(few)


def test_an_empty_cell_shows_that_it_is_empty(tab: Tab, book: Book) -> None:
    """A faint dash, which is no text that anybody would copy."""
    contact = book.add("Anna")
    tab.open()
    for column in ("email", "tags", "assignee", "activity"):
        cell = tab.cell(contact, column)
        dash = cell.evaluate("(node) => getComputedStyle(node, '::before').content")
        assert dash == '"–"'
        assert cell.inner_text().strip() == ""


def test_numbers_align_and_their_bars_begin_at_one_place(tab: Tab, book: Book) -> None:
    """However many digits they have."""
    made = [book.add(f"S {score}", lead_score=score) for score in (0, 7, 100)]
    tab.open()
    ends = {
        tab.cell(one, "score").evaluate(
            """(node) => {
              const range = document.createRange();
              range.selectNodeContents(node.querySelector(".score"));
              return Math.round(range.getBoundingClientRect().right);
            }"""
        )
        for one in made
    }
    assert len(ends) == 1


def test_the_assignee_is_a_column(tab: Tab, book: Book) -> None:
    """By name where it is known, else by the user's id."""
    contact = book.add("Anna", assigned_to="page-owner")
    tab.open()
    expect(tab.cell(contact, "assignee")).to_have_text("page-owner")
