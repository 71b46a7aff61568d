"""The lists of contacts: newest first, one page at a time, never all in memory.

A cursor is the last contact id that was looked at, and nothing more. A page may be
shorter than asked while more follows: `next_cursor` alone says whether it is the last.
"""

import re
from dataclasses import dataclass

from chalicelib.commit import whole
from chalicelib.model.errors import ContactNotFound
from chalicelib.model.terms import fold
from chalicelib.model.words import Contact, Member
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.items import Item
from chalicelib.storage.table import Table
from chalicelib.verbs import access

CALLS = 5  # for one page: what is not found by then is found on the next
MOST_RCU = 64  # for one page of a text: no viewer can starve a workspace
LARGEST = 8192  # bytes; no contact has more without its metadata


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: all, or of one status, with one phone, or matching a text."""

    limit: int
    cursor: str | None = None
    status: str | None = None
    phone: str | None = None
    text: str | None = None


Found = tuple[list[Contact], str | None]


def contacts(table: Table, member: Member, wanted: Wanted) -> Found:
    """A page of contacts and the cursor of the next, or None after the last."""
    access.allow(member, "read")
    if wanted.text and not fold(wanted.text):  # a lone accent is in no name
        return [], None
    if wanted.phone:
        return _with_phone(table, member, wanted)
    if wanted.status and not wanted.text:
        return _with_status(table, member, wanted)
    return _walk(table, member, wanted)


def _with_phone(table: Table, member: Member, wanted: Wanted) -> Found:
    """One claim, one contact. With a text or a cursor as well, the claim still decides
    first: a phone belongs to one contact at most."""
    claim = table.get(keys.phone(member, wanted.phone or ""))
    if claim is None:
        return [], None
    try:
        contact = whole.living(table, member, claim["contact_id"])
    except ContactNotFound:
        return [], None
    fits = (
        wanted.status in (None, contact.lead_status)
        and (wanted.cursor is None or contact.id < wanted.cursor)
        and (wanted.text is None or _matches(contact, wanted.text))
    )
    return [contact] if fits else [], None


def _with_status(table: Table, member: Member, wanted: Wanted) -> Found:
    """The index says where, the table says what: a contact that has left the status or
    is being deleted is not shown, even while the index still lists it."""
    status = wanted.status or ""
    start = wanted.cursor and keys.contact_after(member, wanted.cursor, status)
    page = table.query(
        keys.contacts_with_status(member, status),
        limit=wanted.limit + 1,
        start=start or None,
        newest_first=True,
    )
    listed, after = page.first(wanted.limit)
    stored = table.get_many([keys.contact(member, item["sk"]) for item in listed])
    fitting = [item for item in stored if item and item["lead_status"] == status]
    return whole.many(table, member, fitting), after


def _walk(table: Table, member: Member, wanted: Wanted) -> Found:
    """The contacts themselves, newest first. A text is compared with each, in steps
    that cannot cost more than the bound even if every contact is as large as can be."""
    where = conditions.STILL_ALIVE
    if wanted.status:
        where &= conditions.has_status(wanted.status)
    found: list[Item] = []
    after, spent = wanted.cursor, 0.0
    for _ in range(CALLS):
        room = int((MOST_RCU - spent) * 4096 / LARGEST)
        missing = wanted.limit + 1 - len(found)
        page = table.query(
            keys.contacts(member),
            limit=max(1, room) if wanted.text else missing,
            start=keys.contact_after(member, after) if after else None,
            newest_first=True,
            where=where,
        )
        spent += page.rcu
        found += [item for item in page.items if _fits(item, wanted.text)]
        after = page.start["sk"] if page.start else None
        if after is None or len(found) > wanted.limit:
            break
    shown = found[: wanted.limit]
    after = shown[-1]["sk"] if len(found) > wanted.limit else after
    return whole.many(table, member, shown), after


def _fits(item: Item, text: str | None) -> bool:
    return text is None or _matches(items.contact(item, None), text)


def _digits(text: str) -> str:
    """What of a text can be part of an E.164 number: no leading zeros, 3 at least."""
    if re.search(r"[^\d\s()+./-]", text):
        return ""
    digits = re.sub(r"\D", "", text).lstrip("0")
    return digits if len(digits) >= 3 else ""


def _matches(contact: Contact, text: str) -> bool:
    digits = _digits(text)
    folded = (fold(value) for value in (contact.name, contact.email) if value)
    return any(fold(text) in value for value in folded) or bool(
        digits and digits in (contact.phone or "")
    )
