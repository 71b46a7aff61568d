"""What remains of a contact in the store, for the operator who wants to be sure: the
contact, its children of every kind, its claims, its places in the index."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.jobs import purge
from chalicelib.model.errors import DeletionNotFound
from chalicelib.model.ids import deletion_id
from chalicelib.model.words import Member, as_json
from chalicelib.storage import conditions, keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access

LOOKED_AT = 1000  # items a query


def check(
    table: Table, member: Member, contact_id: str, *, now: datetime
) -> dict[str, Any]:
    """Counts by kind and in all, and the deletion's receipt if there is one; reads
    every claim of the workspace, so it is for the console, not for a page."""
    access.allow(member, "read")
    found = Counter(
        contact=int(table.get(keys.contact(member, contact_id)) is not None),
        claims=_claims(table, member, contact_id),
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
    runs = (keys.phones(member), keys.emails(member))
    where = conditions.claimed_by(contact_id)
    return sum(1 for run in runs for _ in _all(table, run, where))


def _index_entries(table: Table, member: Member, contact_id: str) -> int:
    statuses = member.workspace.status_keys
    runs = [keys.contacts_with_status(member, status) for status in statuses]
    found = [
        run for run in runs if table.query(keys.only(run, contact_id), limit=1).items
    ]
    deleting = [item["sk"] for item in _all(table, keys.DELETING, None)]
    return len(found) + deleting.count(contact_id)


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
