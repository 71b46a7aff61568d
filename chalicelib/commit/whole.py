"""A contact is two items, itself and its metadata. They are read together, and believed
when they agree: BatchGetItem is no snapshot (AWS Developer Guide, isolation levels), so
a change of metadata could else be computed from an older one and pass."""

import time
from collections.abc import Iterable

from chalicelib.base.budget import waits
from chalicelib.model.errors import Busy, ContactNotFound
from chalicelib.model.words import Contact, Member
from chalicelib.storage import items, keys
from chalicelib.storage.items import Item
from chalicelib.storage.table import Table


def places(member: Member, contact_id: str) -> list[keys.Key]:
    return [keys.contact(member, contact_id), keys.metadata(member, contact_id)]


def living(table: Table, member: Member, contact_id: str) -> Contact:
    """The contact as stored; raises ContactNotFound, also while it is being deleted."""
    for wait in waits():
        item, metadata = table.get_many(places(member, contact_id))
        if not is_alive(item):
            raise ContactNotFound
        assert item is not None
        if items.agree(item, metadata):
            return items.contact(item, metadata)
        time.sleep(wait)
    raise Busy


def many(table: Table, member: Member, found: Iterable[Item]) -> list[Contact]:
    """Contacts of a list, in its order, with their metadata: one call more when there
    is any. One that has gone meanwhile is left out."""
    living_ones = [item for item in found if is_alive(item)]
    having = [item["sk"] for item in living_ones if item.get("metadata_version")]
    read = table.get_many([keys.metadata(member, contact_id) for contact_id in having])
    metadata = dict(zip(having, read, strict=True))
    whole = []
    for item in living_ones:
        of_this = metadata.get(item["sk"])
        if items.agree(item, of_this):
            whole.append(items.contact(item, of_this))
        elif now := _now(table, member, item["sk"]):
            whole.append(now)
    return whole


def is_alive(item: Item | None) -> bool:
    return item is not None and "deletion_id" not in item


def _now(table: Table, member: Member, contact_id: str) -> Contact | None:
    try:
        return living(table, member, contact_id)
    except ContactNotFound:
        return None
