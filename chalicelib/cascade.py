"""The delete: fence > children in batches > parent last.

(a) The fence is one conditional update that marks the contact as being deleted: from
then on every read says 404 and every write is refused. (b) What belongs to the contact
goes. (c) The contact, its claims and the receipt go and come in one last transaction.
Whoever runs it again, from anywhere, goes on where it stopped."""

from datetime import datetime, timedelta

from chalicelib import access, claims, items, keys
from chalicelib.errors import ContactNotFound, DeletionNotFound, VersionMismatch
from chalicelib.expressions import Change, Delete, Put
from chalicelib.model import Deletion, Member, deletion_id, timestamp
from chalicelib.table import Refused, Table

RECEIPT_KEPT = timedelta(days=90)


def delete(
    table: Table,
    member: Member,
    contact_id: str,
    *,
    now: datetime,
    versions: tuple[int, ...] | None = None,
) -> Deletion:
    """The receipt; asking again while it runs continues it. Raises ContactNotFound,
    VersionMismatch."""
    access.allow(member, "write")
    fenced = _fence(table, member, contact_id, now, versions)
    return _finish(table, member, fenced, now)


def receipt(table: Table, member: Member, wanted: str, *, now: datetime) -> Deletion:
    """A deletion, running or done; raises DeletionNotFound."""
    access.allow(member, "read")
    contact_id = "con_" + wanted.removeprefix("del_")
    done, contact = table.get_many(
        [keys.deletion(member, wanted), keys.contact(member, contact_id)]
    )
    # DynamoDB removes what has expired only within about two days.
    if done and done["expires_at"] > now.timestamp():
        return items.receipt(done)
    if contact and "deletion_id" in contact:
        return items.running_deletion(contact)
    raise DeletionNotFound


def _fence(
    table: Table,
    member: Member,
    contact_id: str,
    now: datetime,
    versions: tuple[int, ...] | None,
) -> items.Item:
    where = keys.ALIVE
    if versions is not None:
        where &= keys.version_among(versions)
    marks = {
        "deletion_id": deletion_id(contact_id),
        "deletion_started_at": timestamp(now),
        "deletion_requested_by": member.user_id,
        **keys.listed_as_deleting(member, contact_id),
    }
    try:
        return table.update(keys.contact(member, contact_id), Change(set=marks), where)
    except Refused as refused:
        if refused.item is None:
            raise ContactNotFound from refused
        if "deletion_id" in refused.item:  # somebody has asked before: go on with it
            return refused.item
        raise VersionMismatch(current=items.contact(refused.item)) from refused


def _finish(
    table: Table, member: Member, fenced: items.Item, now: datetime
) -> Deletion:
    deletion = items.finished(items.running_deletion(fenced), timestamp(now))
    contact_id = deletion.contact_id
    own = {name: fenced.get(name) for name in claims.KEY_OF}
    freed = claims.moved(member, contact_id, own, dict.fromkeys(own))
    expires_at = int((now + RECEIPT_KEPT).timestamp())
    gone = Delete(keys.contact(member, contact_id), keys.being_deleted_as(deletion.id))
    try:
        table.transact(
            {
                "contact": gone,
                **freed,
                "receipt": Put(items.receipt_item(member, deletion, expires_at)),
            }
        )
    except Refused:  # another worker was faster; its receipt is the one
        return receipt(table, member, deletion.id, now=now)
    return deletion
