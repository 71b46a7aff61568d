"""What is assigned to a member: counted by the keys of the search term that lists it,
so that a question such as "12 contacts are Amara's" reads no contact."""

from typing import NamedTuple

from chalicelib.model.words import Member
from chalicelib.storage import keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access

A_QUERY = 1000  # keys


class Assigned(NamedTuple):
    contacts: int
    exact: bool  # else there are more


def count(table: Table, member: Member, user_id: str, *, most: int) -> Assigned:
    """How many contacts are assigned to a user, up to `most`."""
    access.allow(member, "read")
    run, found = keys.found_by(member, f"a:{user_id}"), 0
    start: dict[str, str] | None = None
    while True:
        limit = min(A_QUERY, most + 1 - found)
        page = table.query(run, limit=limit, start=start, keys_only=True)
        found, start = found + len(page.items), page.start
        if found > most:
            return Assigned(most, False)
        if start is None:
            return Assigned(found, True)
