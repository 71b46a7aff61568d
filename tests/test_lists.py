"""No list ends early in silence: every one comes whole, page by page, also beyond the
1 MB at which a query stops by itself, and only the last page says that it is the
last."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import (
    conversations,
    members,
    messages,
    notes,
    search,
    workspaces,
)
from chalicelib.verbs.messages import Place
from tests.conftest import NOW, Server, add, delete

LONG_IDS = [f"{number:02d}" + "ü" * 126 + "%" for number in range(30)]  # 255 bytes
Page = Callable[[str | None], tuple[list[Any], str | None]]


def walked(page: Page) -> list[list[Any]]:
    """Every page up to the one that says it is the last."""
    pages: list[list[Any]] = []
    cursor: str | None = None
    while not pages or cursor:
        found, cursor = page(cursor)
        pages.append(found)
        assert len(pages) < 100, "a list without an end"
    return pages


def flat(pages: list[list[Any]]) -> list[Any]:
    return [one for page in pages for one in page]


def test_notes_beyond_a_megabyte_all_come(real_table: Table, amy: Member) -> None:
    """60 notes of 10,000 emoji are 2.4 MB: asked for by hundreds, they come in three
    pages, each one once, newest first."""
    where = (real_table, amy, add(real_table, amy).id)
    body = {"content": "🦅" * 10_000}
    moments = [NOW + timedelta(seconds=number) for number in range(60)]
    made = [notes.add(*where, body=body, now=moment) for moment in moments]
    pages = walked(lambda after: notes.page(*where, limit=100, cursor=after))
    assert flat(pages) == made[::-1]
    assert [len(page) for page in pages] == [26, 26, 8]
    cursor = notes.page(*where, limit=100, cursor=None)[1]
    assert cursor == pages[0][-1].id  # of its kind, whatever stopped the page


def test_messages_beyond_a_megabyte_all_come(real_table: Table, amy: Member) -> None:
    """110 messages of 10,000 Cyrillic letters are 2.2 MB."""
    contact = add(real_table, amy)
    where = (real_table, amy, contact.id)
    chat = conversations.start(*where, body={"channel": "sms"}, now=NOW)
    place = Place(*where, chat.id)
    body = {"direction": "inbound", "content": "Ж" * 10_000}
    for start in range(0, 110, 10):
        moment = NOW + timedelta(seconds=start)
        messages.receive(place, [body] * 10, now=moment)
    pages = walked(lambda after: messages.page(place, limit=100, cursor=after))
    found = flat(pages)
    assert len({message.id for message in found}) == len(found) == 110
    assert found == sorted(found, key=lambda message: message.id, reverse=True)
    assert len(pages) == 3


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_conversations_all_come(real_table: Table, amy: Member, limit: int) -> None:
    """And nothing else of the contact: neither its notes nor its history."""
    where = (real_table, amy, add(real_table, amy).id)
    made = [
        conversations.start(
            *where, body={"channel": "sms"}, now=NOW + timedelta(seconds=number)
        )
        for number in range(21)
    ]
    notes.add(*where, body={"content": "x"}, now=NOW)
    pages = walked(lambda after: conversations.page(*where, limit=limit, cursor=after))
    assert flat(pages) == made[::-1]
    assert len(pages) == -(-21 // limit)  # none is empty, none is short


def test_members_with_the_longest_ids_all_come(server: Server) -> None:
    """30 members whose ids have 255 bytes, over HTTP, at the default limit: 25, and
    the rest behind a cursor that is such an id."""
    with server.client("lists-owner") as http:
        body = {"name": "Long names", "slug": "long-names"}
        path = http.post("/workspaces", json=body).headers["location"] + "/members"
        for user_id in LONG_IDS:
            answer = http.post(path, json={"user_id": user_id, "role": "viewer"})
            assert answer.status_code == 201, answer.text
        pages = walked(lambda after: listed(http, path, "members", after))
    assert [len(page) for page in pages] == [25, 6]
    assert [one["user_id"] for one in flat(pages)] == [*LONG_IDS, "lists-owner"]


def listed(
    http: httpx.Client, path: str, name: str, cursor: str | None
) -> tuple[list[Any], str | None]:
    answer = http.get(path, params={"cursor": cursor} if cursor else {})
    assert answer.status_code == 200, answer.text
    return answer.json()[name], answer.json()["next_cursor"]


def test_members_who_leave_make_a_page_shorter_not_the_last(
    real_table: Table, amy: Member
) -> None:
    """A page is looked at before those who are leaving are left out of it."""
    for number in range(9):
        body = {"user_id": f"b{number}", "role": "viewer"}
        members.add(real_table, amy, body, now=NOW)
    for number in range(5):
        members.close(real_table, amy, f"b{number}", now=NOW)
    pages = walked(lambda after: members.page(real_table, amy, limit=3, cursor=after))
    assert [one.user_id for one in flat(pages)] == ["amy", "b5", "b6", "b7", "b8"]


def test_my_workspaces_go_on_beyond_a_page(real_table: Table) -> None:
    """Oldest first, over both sorts of pages: full ones, and one that ends with the
    last."""
    made = []
    for number in range(8):
        body = {"name": "W", "slug": f"mine-{number}"}
        moment = NOW + timedelta(seconds=number)
        made.append(workspaces.create(real_table, "amy", body, now=moment).id)
    for limit in (3, 4, 8, 100):
        pages = walked(
            lambda after, most=limit: workspaces.page(
                real_table, "amy", limit=most, cursor=after
            )
        )
        assert [one["id"] for one in flat(pages)] == made
        assert len(pages) == -(-8 // limit)


def test_contacts_of_a_status_all_come(real_table: Table, amy: Member) -> None:
    """Those that are being deleted are left out, and end no page for the others."""
    ids = [add(real_table, amy, lead_status="lost").id for _ in range(12)]
    add(real_table, amy)
    for contact_id in ids[2:6]:
        delete(real_table, amy, contact_id, seconds=0)
    wanted = search.Wanted(3, status="lost")
    pages = walked(
        lambda after: search.contacts(real_table, amy, replace(wanted, cursor=after))
    )
    left = {*ids[:2], *ids[6:]}
    found = [one.id for one in flat(pages)]
    assert found == sorted(left, reverse=True)


def test_contacts_with_large_metadata_all_come(real_table: Table, amy: Member) -> None:
    """70 contacts with 16 KB each: 1.1 MB of metadata, in one page of a hundred."""
    body = {"metadata": {"text": "x" * 16_000}}
    ids = [add(real_table, amy, **body).id for _ in range(70)]
    pages = walked(
        lambda after: search.contacts(real_table, amy, search.Wanted(100, cursor=after))
    )
    found = flat(pages)
    assert [one.id for one in found] == sorted(ids, reverse=True)
    assert all(one.metadata == body["metadata"] for one in found)
