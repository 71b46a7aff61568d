"""The verbs of who is invited: accept, decline. He is a guest (access.py), and says who
he is by an ID token, whose verified e-mail must be the invitation's.

Accepting is ONE transaction: the invitation is open, its e-mail's claim goes, who has
invited may still grant the role, and the membership stands behind both doors. The step
that refuses says what is told, so nothing has to be read first."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalicelib.commit import inviting, once
from chalicelib.commit.once import Once
from chalicelib.model import parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import MemberExists
from chalicelib.model.people import Membership, Person
from chalicelib.model.people_errors import (
    EmailDiffers,
    EmailNotVerified,
    InvitationVoid,
)
from chalicelib.model.words import Member, as_json, from_json
from chalicelib.storage import conditions, entry_items, items, keys
from chalicelib.storage.expressions import Change, ConditionCheck, Put, Step, Update
from chalicelib.storage.items import Item
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

Says = Callable[[], Person]  # who he is: asked for when it is not a retry

# An ID token; some issuers put every group of somebody into it.
PROOF = {
    "id_token": parsers.required(
        parsers.text(16 * 1024, examples=["eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2ln"])
    )
}

again = partial(from_json, Membership)


def accept(
    table: Table,
    guest: Member,
    invitation_id: str,
    says: Says,
    *,
    now: datetime,
    intent: Once | None = None,
) -> Membership:
    """The new member. Raises what `says` raises, EmailNotVerified, EmailDiffers, why
    the invitation is over, MemberExists, InvitationVoid."""

    def write() -> Membership:
        invitation, who = _his(table, guest, invitation_id, says, now)
        _require_another(table, guest, invitation, now)
        role, at = invitation["role"], timestamp(now)
        made = Membership(who.user_id, role, at, who.name, who.verified_email)
        ended = inviting.end(guest, invitation, inviting.ACCEPTED, now)
        steps = ended | _joined(guest, made, who) | _granted(guest, invitation)
        try:
            kept = once.steps(guest, intent, as_json(made))
            inviting.send(table, kept | steps, now)
        except Refused as refused:
            void = refused.step == "inviter"
            raise (InvitationVoid if void else MemberExists) from refused
        return made

    return once.only(table, guest, intent, write, again)


def decline(
    table: Table,
    guest: Member,
    invitation_id: str,
    says: Says,
    *,
    now: datetime,
    intent: Once | None = None,
) -> None:
    """It is over, and the e-mail may be invited again. Raises as `accept`."""

    def write() -> None:
        invitation, _ = _his(table, guest, invitation_id, says, now)
        steps = inviting.end(guest, invitation, inviting.DECLINED, now)
        inviting.send(table, once.steps(guest, intent, None) | steps, now)

    once.only(table, guest, intent, write, lambda answer: answer)


def _his(
    table: Table, guest: Member, invitation_id: str, says: Says, now: datetime
) -> tuple[Item, Person]:
    """The invitation, and who the guest is, whose e-mail it is for."""
    invitation = inviting.found(table, guest, invitation_id, now)
    who = says()
    if who.verified_email is None:
        raise EmailNotVerified
    if who.known_email != invitation["email"].lower():
        raise EmailDiffers
    return invitation, who


def _require_another(
    table: Table, guest: Member, invitation: Item, now: datetime
) -> None:
    """Who has invited himself is a member, or has left: a transaction cannot look at
    one membership twice (an AWS limit)."""
    if invitation["invited_by"] != guest.user_id:
        return
    if not entry_items.is_open(invitation, timestamp(now)):
        raise inviting.why(invitation, now)
    item = table.get(keys.membership(guest.workspace.id, guest.user_id))
    raise InvitationVoid if item is None or "closed_at" in item else MemberExists


def _joined(guest: Member, made: Membership, who: Person) -> dict[str, Step]:
    home = guest.workspace
    steps: dict[str, Step] = {
        f"member behind {door}": Put(
            items.member_item(home, made, door) | entry_items.come_in(who, home, door),
            conditions.NEW_OR_LEFT,
        )
        for door in keys.doors(home)
    }
    if made.role == "owner":
        one_more = Change(add={"owner_count": 1})
        place = keys.workspace(home.id)
        steps["owners"] = Update(place, one_more, conditions.EXISTS)
    return steps


def _granted(guest: Member, invitation: Item) -> dict[str, Step]:
    """Who has invited could do so now, and has not left in between."""
    least = max(access.rank("admin"), access.rank(invitation["role"]))
    may = [role for role in access.ROLES if access.rank(role) >= least]
    place = keys.membership(guest.workspace.id, invitation["invited_by"])
    where = conditions.role_among(may) & conditions.since(invitation["created_at"])
    return {"inviter": ConditionCheck(place, where)}
