"""The lists of contacts: complete, newest first, bounded."""

from datetime import timedelta

import pytest

from chalicelib.base.cost import metered
from chalicelib.model.words import Contact, Member
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Change
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, search
from chalicelib.verbs.search import Wanted
from tests.conftest import NOW, add, delete, found

STATUSES = ("new", "active", "lost")


def made(table: Table, member: Member, count: int) -> list[Contact]:
    """Contacts a second apart, the newest first."""
    created = [
        contacts.create(
            table,
            member,
            {
                "name": f"Person {number}",
                "phone": f"+4915112345{number:03}",
                "lead_status": STATUSES[number % 3],
            },
            now=NOW + timedelta(seconds=number),
        )
        for number in range(count)
    ]
    return created[::-1]


def walked(table: Table, member: Member, wanted: Wanted) -> list[Contact]:
    """Every page by its cursor, each within the limit."""
    seen: list[Contact] = []
    cursor = None
    for _ in range(100):
        page, cursor = search.contacts(
            table,
            member,
            Wanted(wanted.limit, cursor, wanted.status, wanted.phone, wanted.text),
        )
        assert len(page) <= wanted.limit
        seen += page
        if cursor is None:
            return seen
    raise AssertionError("the list has no end")


def test_every_contact_is_reached_once_newest_first(
    table: Table, eagle: Member, harbor: Member
) -> None:
    """No list ends before its end, whatever the page's size, and none shows another's
    contacts."""
    everyone = made(table, eagle, 23)
    made(table, harbor, 3)
    for limit in (1, 7, 22, 23, 24, 100):
        assert walked(table, eagle, Wanted(limit)) == everyone


def test_the_last_page_says_that_it_is_the_last(table: Table, eagle: Member) -> None:
    """next_cursor is null exactly when nothing follows, also on a full last page."""
    made(table, eagle, 4)
    page, cursor = search.contacts(table, eagle, Wanted(2))
    assert cursor == page[-1].id
    assert search.contacts(table, eagle, Wanted(2, cursor))[1] is None
    assert search.contacts(table, eagle, Wanted(4))[1] is None


def test_a_status_lists_its_contacts_and_only_them(
    table: Table, eagle: Member, harbor: Member
) -> None:
    """The filter goes through the index and shows what the table holds."""
    everyone = made(table, eagle, 20)
    made(table, harbor, 5)
    expected = [one for one in everyone if one.lead_status == "active"]
    for limit in (1, 3, 100):
        assert walked(table, eagle, Wanted(limit, status="active")) == expected
    moved = contacts.set_status(
        table, eagle, expected[0].id, body={"lead_status": "lost"}, now=NOW
    )
    assert walked(table, eagle, Wanted(5, status="active")) == expected[1:]
    assert moved in walked(table, eagle, Wanted(5, status="lost"))


def test_a_stale_index_entry_shows_no_wrong_row(
    real_table: Table,
) -> None:
    """The index may be a moment behind on AWS: what has left the status is not
    shown."""
    eagle = found(real_table, "eagle", "amy")
    one = add(real_table, eagle, lead_status="active")
    # The item says lost while its index entry still says active.
    real_table.update(
        keys.contact(eagle, one.id),
        Change(set={"lead_status": "lost"}),
        conditions.ALIVE,
    )
    assert search.contacts(real_table, eagle, Wanted(9, status="active")) == ([], None)


def test_a_phone_finds_its_one_contact(table: Table, eagle: Member) -> None:
    """A phone is looked up by its claim, and combined with the other filters."""
    everyone = made(table, eagle, 5)
    wanted = everyone[2]
    phone = wanted.phone
    assert search.contacts(table, eagle, Wanted(9, phone=phone)) == ([wanted], None)
    status, other = wanted.lead_status, everyone[1].lead_status
    for fits, filters in (
        (True, Wanted(9, phone=phone, status=status, text="person 2")),
        (False, Wanted(9, phone=phone, status=other)),
        (False, Wanted(9, phone=phone, text="nobody")),
        (False, Wanted(9, phone="+4915112399999")),
        (False, Wanted(9, phone=phone, cursor=wanted.id)),
    ):
        assert search.contacts(table, eagle, filters) == (
            [wanted] if fits else [],
            None,
        )


def test_a_text_is_found_in_name_email_and_phone(table: Table, eagle: Member) -> None:
    """Without case and accents; a phone in national spelling too."""
    muller = add(
        table,
        eagle,
        name="Anna MÜLLER",
        email="Anna.M@Example.org",
        phone="+4915112345678",
    )
    add(table, eagle, name="Someone Else")
    for text in (
        "müll",
        "MULLER",
        "anna.m@ex",
        "0151 1234",
        "+49 (151) 12-345",
        "345678",
    ):
        assert search.contacts(table, eagle, Wanted(9, text=text)) == ([muller], None)
    for text in ("miller", "999999", "12", "\u0301"):
        assert search.contacts(table, eagle, Wanted(9, text=text)) == ([], None)


def test_a_search_goes_on_where_it_stopped(
    table: Table, eagle: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search looks at a bounded number of contacts a page, and the next page goes on:
    nothing is skipped and nothing comes twice."""
    everyone = made(table, eagle, 30)
    monkeypatch.setattr(search, "MOST_RCU", 8)  # four contacts, as large as can be
    monkeypatch.setattr(search, "CALLS", 2)
    expected = [one for one in everyone if "7" in (one.name or "")]
    with metered() as cost:
        assert walked(table, eagle, Wanted(2, text="Person 7")) == [expected[-1]]
        assert walked(table, eagle, Wanted(2, text="Person")) == everyone
        active = Wanted(2, text="person", status="active")
        assert walked(table, eagle, active) == [
            one for one in everyone if one.lead_status == "active"
        ]
    assert cost.calls > 20


def test_a_contact_being_deleted_is_in_no_list(table: Table, eagle: Member) -> None:
    """From the fence on a contact is gone from every list, and pages stay full."""
    everyone = made(table, eagle, 9)
    for doomed in everyone[2:5]:
        assert delete(table, eagle, doomed.id, seconds=0).status == "running"
    left = everyone[:2] + everyone[5:]
    assert search.contacts(table, eagle, Wanted(4))[0] == left[:4]
    assert walked(table, eagle, Wanted(4)) == left
    assert walked(table, eagle, Wanted(4, text="person")) == left
    gone = everyone[3]
    assert gone not in walked(table, eagle, Wanted(4, status=gone.lead_status))
    assert walked(table, eagle, Wanted(4, phone=gone.phone)) == []


def test_a_cursor_of_another_workspace_leads_nowhere_else(
    table: Table, eagle: Member, harbor: Member
) -> None:
    """A cursor is a position in the caller's own list, whoever's id it is."""
    theirs = made(table, harbor, 3)
    own = made(table, eagle, 3)
    older = [one for one in own if one.id < theirs[0].id]
    assert search.contacts(table, eagle, Wanted(9, theirs[0].id)) == (older, None)
    new = [one for one in older if one.lead_status == "new"]
    wanted = Wanted(9, theirs[0].id, status="new")
    assert search.contacts(table, eagle, wanted) == (new, None)
