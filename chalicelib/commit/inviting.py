"""The steps that end an invitation, once and for all: it is open in the moment of its
end, and its e-mail is free for another. What it ends in (a membership, nothing) does
not belong here."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.commit import once
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import Refusal
from chalicelib.model.people_errors import (
    InvitationExpired,
    InvitationNotFound,
    InvitationUsed,
    InvitationWithdrawn,
)
from chalicelib.model.words import Member
from chalicelib.storage import conditions, entry, entry_items
from chalicelib.storage.expressions import Change, Delete, Step, Update
from chalicelib.storage.items import Item
from chalicelib.storage.table import Refused, Table

ACCEPTED, DECLINED, WITHDRAWN = "accepted", "declined", "withdrawn"


def found(table: Table, member: Member, invitation_id: str, now: datetime) -> Item:
    """The invitation, open or not; raises InvitationNotFound."""
    place = entry.invitation(member.workspace.id, invitation_id)
    (item,) = table.get_many([place])
    if item is None or entry_items.has_gone(item, now):
        raise InvitationNotFound
    return item


def end(member: Member, invitation: Item, how: str, now: datetime) -> dict[str, Step]:
    home, one, at = member.workspace.id, invitation["sk"], timestamp(now)
    change = Change(set=entry_items.ended(how, at))
    place = entry.invitation(home, one)
    claim = entry.invite(home, invitation["email"])
    return {
        "invitation": Update(place, change, conditions.open_at(at)),
        "claim": Delete(claim, conditions.absent_or_of(one)),
    }


def send(table: Table, steps: Mapping[str, Step], now: datetime) -> None:
    """Sends a transaction that ends one; raises why it had ended before, Answered, or
    Refused with another step."""
    try:
        once.send(table, steps)
    except Refused as refused:
        if refused.step == "invitation":
            raise why(refused.item, now) from refused
        if refused.step == "claim":  # another is open: this one was over
            raise InvitationExpired from refused
        raise


def why(item: Item | None, now: datetime) -> Refusal:
    """Why an invitation is not open."""
    if item is None or entry_items.has_gone(item, now):
        return InvitationNotFound()
    if item.get("ended") == WITHDRAWN:
        return InvitationWithdrawn()
    return InvitationUsed() if "ended" in item else InvitationExpired()
