"""What belongs to a contact is counted on it, exactly: a child comes or goes in one
transaction with the contact's counter, on condition that the contact is alive. So no
orphan can be born while a contact is being deleted, and a receipt can be exact."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.model.clock import timestamp
from chalicelib.model.errors import ContactNotFound, Refusal
from chalicelib.model.words import CHILDREN, Member
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import Change, ConditionCheck, Step, Update
from chalicelib.storage.table import Refused, Table

CONTACT = "contact"  # the step that every write of a child begins with


def counted(
    member: Member, contact_id: str, kind: str, by: int, now: datetime
) -> dict[str, Step]:
    """The step that counts a child on its living contact. It leaves the version alone:
    an arriving message must not make a person's edit stale."""
    activity: Mapping[str, Any] = {"last_activity_at": timestamp(now)}
    change = Change(set=activity, add={CHILDREN[kind].counter: by})
    return {CONTACT: Update(keys.contact(member, contact_id), change, conditions.ALIVE)}


def alive(member: Member, contact_id: str) -> dict[str, Step]:
    """The step for a child that changes but does not come or go."""
    return {CONTACT: ConditionCheck(keys.contact(member, contact_id), conditions.ALIVE)}


def write(table: Table, steps: Mapping[str, Step], missing: type[Refusal]) -> None:
    """Writes a child; raises ContactNotFound, or `missing` when it is the child."""
    try:
        table.transact(steps)
    except Refused as refused:
        if refused.step == CONTACT:
            raise ContactNotFound from refused
        raise missing from refused


def require_contact(item: items.Item | None) -> None:
    if item is None or "deletion_id" in item:
        raise ContactNotFound
