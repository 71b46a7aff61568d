"""The whole of a workspace against its book: every list by every way, and each item of
the table, one kind at a time, until none is left over."""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chalicelib.model.words import Member, as_json
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, notes, search
from tests.conftest import everything
from tests.prove.book import Book, Json
from tests.prove.drawn import PHONES, STATUSES
from tests.prove.expected import expected_terms

Keys = set[tuple[str, str]]


def look_over(table: Table, member: Member, book: Book, dice: random.Random) -> None:
    lists_agree(table, member, book, dice)
    children_agree(table, member, book, dice)
    for kind in KINDS:
        keys_agree(table, book, kind)
    assert Sorted(table, book).kinds.keys() <= KINDS.keys()


def lists_agree(table: Table, member: Member, book: Book, dice: random.Random) -> None:
    """Newest first, each once, by whatever page size; of a status, of a phone; and one
    by one."""
    newest = sorted(book.contacts, reverse=True)
    assert _all(_contacts(table, member, dice)) == [book.contacts[i] for i in newest]
    for status in STATUSES:
        wanted = [i for i in newest if book.contacts[i]["lead_status"] == status]
        listed = _all(_contacts(table, member, dice, status=status))
        assert [one["id"] for one in listed] == wanted
    for phone in PHONES:
        wanted = [i for i in newest if book.contacts[i]["phone"] == phone]
        listed = _all(_contacts(table, member, dice, phone=phone))
        assert [one["id"] for one in listed] == wanted
    for contact_id, contact in book.contacts.items():
        assert as_json(contacts.get(table, member, contact_id)) == contact


def children_agree(
    table: Table, member: Member, book: Book, dice: random.Random
) -> None:
    """Notes, conversations and messages, newest first, each once."""
    for contact_id in book.contacts:
        place = (table, member, contact_id)
        noted = _all(_pages(partial(notes.page, *place), dice))
        assert noted == _newest(book.notes[contact_id])
        talks = _all(_pages(partial(conversations.page, *place), dice))
        assert talks == _newest(book.talks[contact_id])
        for talk, said in book.said[contact_id].items():
            ask = partial(conversations.messages, *place, talk)
            told = _all(_pages(ask, dice))
            assert told == sorted(said, key=lambda one: one["id"], reverse=True)


def keys_agree(table: Table, book: Book, kind: str) -> None:
    """The items of this kind are exactly those that the book predicts."""
    stored = Sorted(table, book).kinds.get(kind, set())
    predicted = KINDS[kind](book)
    assert stored == predicted, (
        f"{kind}: too many are {sorted(stored - predicted)[:9]}, "
        f"missing are {sorted(predicted - stored)[:9]}"
    )


class Sorted:
    """Every item of the table, by what it is; a claim also by whose it is."""

    def __init__(self, table: Table, book: Book) -> None:
        self.kinds: dict[str, Keys] = {}
        for (partition, key), item in everything(table).items():
            kind, place = _kind(book.workspace_id, partition, key)
            if kind == "claims":
                place = (key, item["contact_id"]["S"])
            self.kinds.setdefault(kind, set()).add(place)


def _kind(workspace: str, partition: str, key: str) -> tuple[str, tuple[str, str]]:
    home, _, rest = partition.partition("#")
    if home == "slug" or (
        partition == workspace and re.match("workspace|member#", key)
    ):
        return "workspace", (home, key)
    if partition == workspace:
        kinds = {"con_": "contacts", "del_": "receipts"}
        kind = kinds.get(key[:4], "claims" if re.match("(phone|email)#", key) else "?")
        return kind, ("", key)
    if home == workspace and rest.startswith("find#"):
        return "terms", (rest.removeprefix("find#"), key)
    if home == workspace and rest.startswith("con_"):
        return _kind_of_child(rest, key)
    return "?", (partition, key)


def _kind_of_child(contact_id: str, key: str) -> tuple[str, tuple[str, str]]:
    if key.startswith("chg#"):
        return "history", (contact_id, str(int(key.removeprefix("chg#"))))
    if key == "metadata":
        return "metadata", (contact_id, key)
    kind = "children" if re.match("note_|conv_|msg#|ext#", key) else "?"
    return kind, (contact_id, key)


# --- what the book predicts, one kind each


def _workspace(book: Book) -> Keys:
    doors = (book.workspace_id, "slug")
    return {(door, key) for door in doors for key in ("workspace", f"member#{book.me}")}


def _contacts_there(book: Book) -> Keys:
    return {("", contact_id) for contact_id in book.contacts}


def _receipts(book: Book) -> Keys:
    return {("", deletion_id) for deletion_id in book.receipts}


def _metadata(book: Book) -> Keys:
    having = [i for i, contact in book.contacts.items() if contact["metadata"]]
    return {(contact_id, "metadata") for contact_id in having}


def _history(book: Book) -> Keys:
    """One row a version, from the first on."""
    return {
        (contact_id, str(version))
        for contact_id, contact in book.contacts.items()
        for version in range(1, contact["version"] + 1)
    }


def _terms(book: Book) -> Keys:
    return {
        (term, contact_id)
        for contact_id, contact in book.contacts.items()
        for term in expected_terms(contact)
    }


def _children(book: Book) -> Keys:
    found: Keys = set()
    for contact_id in book.contacts:
        found |= {(contact_id, note) for note in book.notes[contact_id]}
        found |= {(contact_id, talk) for talk in book.talks[contact_id]}
        for talk, said in book.said[contact_id].items():
            found |= {(contact_id, f"msg#{talk}#{one['id']}") for one in said}
            external = [one["external_id"] for one in said if one["external_id"]]
            found |= {(contact_id, f"ext#{talk}#{one}") for one in external}
    return found


KINDS: dict[str, Callable[[Book], Keys]] = {
    "workspace": _workspace,
    "contacts": _contacts_there,
    "claims": lambda book: set(book.claims()),
    "receipts": _receipts,
    "children": _children,
    "metadata": _metadata,
    "history": _history,
    "terms": _terms,
}


def places_of(items: Mapping[tuple[str, str], Any], workspace: str) -> Json:
    """The claims of a workspace, and how many contacts and children it has."""
    kinds = [(_kind(workspace, *place), place) for place in items]
    claims = {key for (kind, _), (_, key) in kinds if kind == "claims"}
    counted = Counter(kind for (kind, _), _ in kinds)
    return {
        "claims": claims,
        "contacts": counted["contacts"],
        "children": counted["children"],
    }


# --- pages, whatever their size


def _contacts(
    table: Table, member: Member, dice: random.Random, **only: str
) -> list[Any]:
    found, cursor = [], None
    while True:
        wanted = search.Wanted(dice.randint(1, 9), cursor, **only)
        page, cursor = search.contacts(table, member, wanted)
        found += page
        if cursor is None:
            return found


def _pages(page: Callable[..., Any], dice: random.Random) -> list[Any]:
    found, cursor = [], None
    while True:
        shown, cursor = page(limit=dice.randint(1, 9), cursor=cursor)
        found += shown
        if cursor is None:
            return found


def _all(found: list[Any]) -> list[Json]:
    return [as_json(one) for one in found]


def _newest(kept: dict[str, Json]) -> list[Json]:
    return [kept[one] for one in sorted(kept, reverse=True)]
