"""Every item that the table holds for a book, one kind each, from the contract's and
the house's words alone: attributes of the indexes, too."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.model.clock import timestamp
from tests.prove.book import Book, Json
from tests.prove.expected import expected_terms, folded

Items = dict[tuple[str, str], Json]  # place > the item without its key

KEPT_HISTORY, KEPT_RECEIPTS = timedelta(days=400), timedelta(days=90)
SECOND_LOOK = timedelta(seconds=60)
UNSTORED = ("id", "workspace_id", "metadata")
# Of these the lists tell the rest, and verbs the answers.
INDEXED = ("gsi1pk", "gsi1sk", "duepk", "duesk", "listed", "contact_id")


def comparable(kind: str, item: Json) -> Json:
    """An item as it is compared: JSON that was kept as text is read, a shard is any."""
    for name in ("changes", "metadata"):
        if isinstance(item.get(name), str):
            item[name] = json.loads(item[name])
    if "duepk" in item:
        item["duepk"] = item["duepk"].partition("#")[0]
    if kind in ("children", "workspace", "once", "said", "profile"):
        return {name: value for name, value in item.items() if name in INDEXED}
    return item


def _workspace(book: Book) -> Items:
    listed = {"gsi1pk": f"user#{book.me}", "gsi1sk": book.workspace_id}
    member = f"member#{book.me}"
    return {
        (book.workspace_id, "workspace"): {},
        (book.workspace_id, member): listed,
        ("slug", "workspace"): {},
        ("slug", member): {},
    }


def _contacts(book: Book) -> Items:
    return {("", one["id"]): _contact(book, one) for one in book.contacts.values()}


def _contact(book: Book, contact: Json) -> Json:
    shown = contact["name"] or contact["email"] or contact["phone"]
    item = {
        **{name: value for name, value in contact.items() if name not in UNSTORED},
        "touched_at": book.touched[contact["id"]],
        "listed": book.workspace_id,
        "sort_name": folded(shown),
        "gsi1pk": f"{book.workspace_id}#status#{contact['lead_status']}",
        "gsi1sk": contact["id"],
    }
    if contact["metadata"]:
        item["metadata_version"] = book.metadata_at[contact["id"]]
    return _stored(item)


def _claims(book: Book) -> Items:
    return {("", claim): {"contact_id": owner} for claim, owner in book.claims()}


def _receipts(book: Book) -> Items:
    gone = f"{book.workspace_id}#gone"
    return {
        ("", one["id"]): _receipt(one) | {"gsi1pk": gone}
        for one in book.receipts.values()
    }


def _receipt(receipt: Json) -> Json:
    at = datetime.fromisoformat(receipt["finished_at"])
    told = {n: v for n, v in receipt.items() if n not in ("id", "status", "progress")}
    return told | {
        "expires_at": int((at + KEPT_RECEIPTS).timestamp()),
        "duepk": "due",
        "duesk": f"{timestamp(at + SECOND_LOOK)}#{receipt['id']}",
        "gsi1sk": f"{receipt['finished_at']}#{receipt['contact_id']}",
    }


def _metadata(book: Book) -> Items:
    return {
        (one["id"], "metadata"): {
            "metadata": one["metadata"],
            "version": book.metadata_at[one["id"]],
        }
        for one in book.contacts.values()
        if one["metadata"]
    }


def _history(book: Book) -> Items:
    """One row a version, from the first on."""
    found: Items = {}
    for contact_id, contact in book.contacts.items():
        rows = book.rows[contact_id]
        assert [row["version"] for row in rows] == [*range(1, contact["version"] + 1)]
        for row in rows:
            place = (contact_id, f"chg#{row['version']:08d}")
            found[place] = _row(book.workspace_id, contact_id, row)
    return found


def _row(workspace: str, contact_id: str, row: Json) -> Json:
    at = datetime.fromisoformat(row["at"])
    return {
        "at": row["at"],
        "by": row["by"],
        "action": row["action"],
        "via": "",
        "changes": row["changes"],
        "expires_at": int((at + KEPT_HISTORY).timestamp()),
        "gsi1pk": f"{workspace}#log#{row['at'][:10]}",
        "gsi1sk": f"{row['at']}#{contact_id}#{row['version']:08d}",
    }


def _terms(book: Book) -> Items:
    return {
        (term, contact_id): {"t": text} if text else {}
        for contact_id, contact in book.contacts.items()
        for term, text in expected_terms(contact).items()
    }


def _children(book: Book) -> Items:
    found: Items = {}
    for contact_id in book.contacts:
        home = f"{book.workspace_id}#{contact_id}#time"

        def timed(one: str, home: str = home) -> Json:
            return {"gsi1pk": home, "gsi1sk": one.partition("_")[2]}

        found |= {(contact_id, note): timed(note) for note in book.notes[contact_id]}
        found |= {(contact_id, talk): {} for talk in book.talks[contact_id]}
        for talk, said in book.said[contact_id].items():
            for one in said:
                found[contact_id, f"msg#{talk}#{one['id']}"] = timed(one["id"])
                if one["external_id"]:
                    found[contact_id, f"ext#{talk}#{one['external_id']}"] = {}
    return found


def _once(book: Book) -> Items:
    kept = book.answered.items()
    return {(key, "once"): _stored({"contact_id": owner}) for key, owner in kept}


def _said(book: Book) -> Items:
    """What was answered goes with the contact."""
    kept = book.answered.items()
    return {(one, f"said#{key}"): {} for key, one in kept if one in book.contacts}


def _stored(item: Json) -> Json:
    return {name: value for name, value in item.items() if value is not None}


KINDS: dict[str, Callable[[Book], Items]] = {
    "workspace": _workspace,
    "profile": lambda book: {("", "profile"): {}},
    "contacts": _contacts,
    "claims": _claims,
    "receipts": _receipts,
    "children": _children,
    "metadata": _metadata,
    "history": _history,
    "terms": _terms,
    "once": _once,
    "said": _said,
}
