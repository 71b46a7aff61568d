"""The lists of contacts: newest first, one page at a time, never all in memory.

A cursor is the last contact id that was looked at, and nothing more. A page may be
shorter than asked while more follows: `next_cursor` alone says whether it is the last.
"""

import re
from dataclasses import dataclass

from chalicelib.model.words import Contact, Member
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.items import fold
from chalicelib.storage.table import Table
from chalicelib.verbs import access

LOOKED_AT = 1000  # contacts a call when searching; a query stops at 1 MB anyway
CALLS = 5  # for one page: what is not found by then is found on the next


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
    item = table.get(keys.contact(member, claim["contact_id"]))
    if item is None or "deletion_id" in item:
        return [], None
    contact = items.contact(item)
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
    after = wanted.cursor
    page = table.query(
        keys.contacts_with_status(member, status),
        limit=wanted.limit + 1,
        start=keys.contact_after(member, after, status) if after else None,
        newest_first=True,
    )
    listed = [item["sk"] for item in page.items]
    shown = listed[: wanted.limit]
    stored = table.get_many([keys.contact(member, contact_id) for contact_id in shown])
    living = [item for item in stored if item and "deletion_id" not in item]
    found = [items.contact(item) for item in living if item["lead_status"] == status]
    return found, shown[-1] if len(listed) > wanted.limit else None


def _walk(table: Table, member: Member, wanted: Wanted) -> Found:
    where = conditions.STILL_ALIVE
    if wanted.status:
        where &= conditions.has_status(wanted.status)
    if wanted.text:
        where &= conditions.matches(fold(wanted.text), _digits(wanted.text))
    found: list[items.Item] = []
    after = wanted.cursor
    for _ in range(CALLS):
        missing = wanted.limit + 1 - len(found)
        page = table.query(
            keys.contacts(member),
            limit=LOOKED_AT if wanted.text else missing,
            start=keys.contact_after(member, after) if after else None,
            newest_first=True,
            where=where,
        )
        found += page.items
        after = page.start["sk"] if page.start else None
        if after is None or len(found) > wanted.limit:
            break
    shown = [items.contact(item) for item in found[: wanted.limit]]
    return shown, shown[-1].id if len(found) > wanted.limit else after


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
