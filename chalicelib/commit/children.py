"""What belongs to a contact is counted on it, exactly: a child comes or goes in one
transaction with the contact's counter, on condition that the contact is alive. So no
orphan can be born while a contact is being deleted, and a receipt can be exact."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.base.budget import waits
from chalicelib.commit import once, whole
from chalicelib.commit.once import Once
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import Busy, ContactNotFound, Refusal
from chalicelib.model.words import CHILDREN, Member, as_json
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Change, ConditionCheck, Step, Update
from chalicelib.storage.items import Item
from chalicelib.storage.table import Refused, Table

CONTACT = "contact"  # the step that every write of a child has


def counted(
    member: Member, contact_id: str, counts: Mapping[str, int], now: datetime
) -> dict[str, Step]:
    """The step that counts children on their living contact. It leaves the version
    alone: an arriving message must not make a person's edit stale."""
    activity = {"last_activity_at": timestamp(now), "touched_at": timestamp(now)}
    added = {CHILDREN[kind].counter: by for kind, by in counts.items()}
    change = Change(set=activity, add=added)
    return {CONTACT: Update(keys.contact(member, contact_id), change, conditions.ALIVE)}


def alive(member: Member, contact_id: str) -> dict[str, Step]:
    """The step for a child that does not come or go."""
    place = keys.contact(member, contact_id)
    return {CONTACT: ConditionCheck(place, conditions.ALIVE)}


def write(table: Table, steps: Mapping[str, Step], missing: type[Refusal]) -> None:
    """Writes a child; raises ContactNotFound, or `missing` when it is the child."""
    try:
        once.send(table, steps)
    except Refused as refused:
        if refused.step == CONTACT:
            raise ContactNotFound from refused
        raise missing from refused


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wants of a child that stays: `read` makes a word of the model of
    its item, `apply` gives the attributes that change."""

    read: Callable[[Item], Any]
    apply: Callable[[Item], Item]
    missing: type[Refusal]
    intent: Once | None


def change(
    table: Table, member: Member, contact_id: str, child_id: str, edit: Edit
) -> Any:
    """The child after the edit, computed and written on what was read, as a contact is
    (commit.py); raises ContactNotFound, or what is missing."""
    places = [
        keys.contact(member, contact_id),
        keys.child(member, contact_id, child_id),
    ]
    for wait in waits():
        contact, before = table.get_many(places)
        require_contact(contact)
        if before is None:
            raise edit.missing
        after = {**before, **edit.apply(before)}
        try:
            if wanted := _steps(member, contact_id, before, after, edit):
                once.send(table, wanted)
        except Refused:
            time.sleep(wait)  # it has moved, or gone: the next read says which
            continue
        return edit.read(after)
    raise Busy


def _steps(
    member: Member, contact_id: str, before: Item, after: Item, edit: Edit
) -> dict[str, Step]:
    kept = once.steps(member, edit.intent, as_json(edit.read(after)), contact_id)
    moved = {name: new for name, new in after.items() if new != before.get(name)}
    if not moved and not kept:
        return {}
    where = conditions.revision_is(before["revision"])
    place = keys.Key(before["pk"], before["sk"])
    stays = ConditionCheck(place, where)
    changed = Update(place, Change(set=moved, add={"revision": 1}), where)
    child = {"child": changed if moved else stays}
    return {**kept, **alive(member, contact_id), **child}


def page(
    table: Table, run: keys.Range, *, limit: int, start: keys.Key | None
) -> tuple[list[Item], str | None]:
    """Children of one run, newest first, and the sort key behind which there is more;
    one query."""
    after = start._asdict() if start else None
    found = table.query(run, limit=limit + 1, start=after, newest_first=True)
    return found.first(limit)


def require_contact(item: Item | None) -> None:
    if not whole.is_alive(item):
        raise ContactNotFound
