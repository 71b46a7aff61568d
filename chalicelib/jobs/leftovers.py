"""What remains of a contact in the store, for the operator who wants to be sure: the
contact, its children of every kind, its claims and search terms, its places in the
lists of a status. (What is due is an attribute of the contact, or of its receipt.)"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.jobs import purge
from chalicelib.model import terms
from chalicelib.model.errors import DeletionNotFound
from chalicelib.model.ids import deletion_id
from chalicelib.model.words import Member, as_json
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access

LOOKED_AT = 1000  # items a query


def check(
    table: Table, member: Member, contact_id: str, *, now: datetime
) -> dict[str, Any]:
    """Counts by kind and in all, and the deletion's receipt if there is one; reads
    every claim of the workspace, so it is for the console, not for a page."""
    access.allow(member, "read")
    contact = table.get(keys.contact(member, contact_id))
    found = Counter(
        contact=int(contact is not None),
        claims=_claims(table, member, contact_id),
        terms=_terms(table, member, contact) if contact else 0,
        index_entries=_index_entries(table, member, contact_id),
    )
    children = keys.children(member, contact_id)
    for item in _all(table, children, None):
        found[item["sk"].split("_")[0].split("#")[0]] += 1
    try:
        wanted = deletion_id(contact_id)
        deletion = as_json(purge.receipt(table, member, wanted, now=now))
    except DeletionNotFound:
        deletion = None
    return {"leftovers": dict(found), "total": found.total(), "deletion": deletion}


def _claims(table: Table, member: Member, contact_id: str) -> int:
    where = conditions.claimed_by(contact_id)
    return sum(1 for run in keys.claims(member) for _ in _all(table, run, where))


def _index_entries(table: Table, member: Member, contact_id: str) -> int:
    statuses = member.workspace.status_keys
    runs = [keys.contacts_with_status(member, status) for status in statuses]
    found = [
        run
        for run in runs
        if table.query(replace(run, prefix=contact_id), limit=1).items
    ]
    return len(found)


def _terms(table: Table, member: Member, item: items.Item) -> int:
    """Those that the contact still has; one that is gone cannot be asked."""
    known = terms.of(items.contact(item, None))
    wanted = [keys.term(member, term, item["sk"]) for term in known]
    return sum(found is not None for found in table.get_many(wanted))


def _all(
    table: Table, run: keys.Range, where: conditions.Condition | None
) -> Iterator[Any]:
    """Every item of a run, keys only, a page at a time."""
    start = None
    while True:
        page = table.query(
            run, limit=LOOKED_AT, start=start, where=where, keys_only=True
        )
        yield from page.items
        if page.start is None:
            return
        start = page.start
