"""The whole of a workspace against its book: every list by every way, and each item of
the table, whole, one kind at a time, until none is left over."""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chalicelib.model.words import Member, as_json
from chalicelib.storage.expressions import unpacked
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, messages, notes, search
from chalicelib.verbs.messages import Place
from tests.conftest import everything
from tests.prove.book import CLEARED, Book, Json
from tests.prove.drawn import PHONES, STATUSES
from tests.prove.predicted import KINDS, Items, comparable

OWNER = "amy"


def look_over(table: Table, member: Member, book: Book, dice: random.Random) -> None:
    lists_agree(table, member, book, dice)
    children_agree(table, member, book, dice)
    for kind in KINDS:
        items_agree(table, book, kind)
    history_tells_all(table, book)
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
            ask = partial(messages.page, Place(*place, talk))
            told = _all(_pages(ask, dice))
            assert told == sorted(said, key=lambda one: one["id"], reverse=True)


def items_agree(table: Table, book: Book, kind: str) -> None:
    """The items of this kind are exactly those that the book predicts, whole."""
    stored, predicted = Sorted(table, book).kinds.get(kind, {}), KINDS[kind](book)
    more, less = stored.keys() - predicted.keys(), predicted.keys() - stored.keys()
    assert (more, less) == (set(), set()), kind
    for place, item in predicted.items():
        assert stored[place] == item, f"{kind} {place}"


def history_tells_all(table: Table, book: Book) -> None:
    """The rows alone, replayed from nothing, give each contact as it is; each begins
    where the one before has ended."""
    rows = Sorted(table, book).kinds.get("history", {})
    for contact_id, contact in book.contacts.items():
        mine = sorted(sk for owner, sk in rows if owner == contact_id)
        replayed: Json = {"metadata": {}}
        for sk in mine:
            _replay(replayed, rows[contact_id, sk]["changes"])
        assert replayed == {n: contact[n] for n in CLEARED if n in replayed}
        left = {n: contact[n] for n in CLEARED if n not in replayed}
        assert set(left.values()) <= {None}, contact_id


def _replay(fields: Json, changes: Json) -> None:
    for name, move in changes.items():
        if name != "metadata":
            assert fields.get(name) == move["from"]
            fields[name] = move["to"]
            continue
        for key, moved in move.items():
            was = {"from": fields[name][key]} if key in fields[name] else {}
            assert was == {side: v for side, v in moved.items() if side == "from"}
            fields[name].pop(key, None)
            fields[name] |= {key: moved["to"]} if "to" in moved else {}


class Sorted:
    """Every item of the table, whole, by what it is."""

    def __init__(self, table: Table, book: Book) -> None:
        self.kinds: dict[str, Items] = {}
        for (partition, key), typed in everything(table).items():
            kind, place = _kind(book.workspace_id, partition, key)
            item = unpacked(typed)
            assert (item.pop("pk"), item.pop("sk")) == (partition, key)
            self.kinds.setdefault(kind, {})[place] = comparable(kind, item)


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
    if home == workspace and rest.startswith("once#"):
        return "once", (rest.removeprefix("once#"), key)
    if partition == f"user#{OWNER}":
        return "profile", ("", key)
    if home == workspace and rest.startswith("con_"):
        return _kind_of_child(rest, key)
    return "?", (partition, key)


def _kind_of_child(contact_id: str, key: str) -> tuple[str, tuple[str, str]]:
    if key.startswith("chg#"):
        return "history", (contact_id, key)
    if key == "metadata" or key.startswith("said#"):
        return key.partition("#")[0], (contact_id, key)
    kind = "children" if re.match("note_|conv_|msg#|ext#", key) else "?"
    return kind, (contact_id, key)


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
