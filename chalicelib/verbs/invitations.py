"""The verbs of invitations for who invites: list, create, take back, and what is noted
of the mail. An e-mail has one open invitation to a workspace: its claim holds it. To
accept or decline one is joining.py's."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from chalicelib.base.budget import waits
from chalicelib.commit import inviting, once
from chalicelib.commit.once import Once
from chalicelib.model import fields, parsers
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import Busy, MemberExists
from chalicelib.model.ids import new_id
from chalicelib.model.people import Invitation
from chalicelib.model.people_errors import InvitationExists, TooManyInvitations
from chalicelib.model.words import Member, as_json, from_json
from chalicelib.storage import conditions, entry, entry_items, keys
from chalicelib.storage.expressions import Change, Put, Step, Update
from chalicelib.storage.items import Item
from chalicelib.storage.shapes import Range
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

OPEN_FOR = timedelta(days=14)
MOST_OPEN = 100
MOST_MAILED = 100  # a day: else to invite and take back, again and again, sends floods
A_LOOK = 200  # items that one call looks at
MOST_LOOKS = 5  # calls of one page

ROLE = parsers.one_of(access.ROLES)
NEW = {
    "email": parsers.required(parsers.email),
    "role": parsers.required(ROLE),
}

again = partial(from_json, Invitation)


class Mailing(NamedTuple):
    """An invitation as it stands, who has invited, and whether its mail is to be sent
    now, by us."""

    invitation: Invitation
    inviter: str | None
    is_due: bool


def page(
    table: Table, member: Member, *, now: datetime, limit: int, cursor: str | None
) -> tuple[list[Invitation], str | None]:
    """Open invitations, newest first, and the cursor of the next page, which may be
    there though this one is not full."""
    access.allow(member, "manage")
    run, where = entry.invitations(member), conditions.still_open(timestamp(now))
    start: Mapping[str, str] | None = None
    if cursor:
        start = entry.invitation(member.workspace.id, cursor)._asdict()
    shown: list[Item] = []
    for _ in range(MOST_LOOKS):
        found = table.query(
            run, limit=A_LOOK, start=start, where=where, newest_first=True
        )
        shown, start = shown + found.items, found.start
        if len(shown) > limit or start is None:
            break
    after = start["sk"] if start else None
    if len(shown) > limit:
        after = shown[limit - 1]["sk"]
    return [entry_items.invitation(one) for one in shown[:limit]], after


def create(
    table: Table,
    member: Member,
    body: Mapping[str, Any],
    *,
    now: datetime,
    intent: Once | None = None,
) -> Invitation:
    """The new invitation; raises InvalidFields, Forbidden, InvitationExists,
    MemberExists, TooManyInvitations."""
    access.allow(member, "manage")
    given = fields.parse(body, NEW | {"role": _grantable(member)})
    made = Invitation(
        id=new_id("inv", now),
        **given,
        invited_by=member.user_id,
        created_at=timestamp(now),
        # A whole second: its claim, which DynamoDB lets expire, ends in the same.
        expires_at=timestamp(now.replace(microsecond=0) + OPEN_FOR),
        mailed_at=None,
    )

    def write() -> Invitation:
        for wait in waits():
            turn, inviter = _looked(table, member, made.email, now)
            kept = once.steps(member, intent, as_json(made))
            try:
                once.send(table, kept | _new(member, made, inviter, turn, now))
                return made
            except Refused as refused:
                if refused.step == "claim":
                    raise _exists(refused.item) from refused
                time.sleep(wait)  # somebody else was invited: count again
        raise Busy

    return once.only(table, member, intent, write, again)


def withdraw(
    table: Table,
    member: Member,
    invitation_id: str,
    *,
    now: datetime,
    intent: Once | None = None,
) -> None:
    """It is taken back; raises InvitationNotFound, or why it was over before."""
    access.allow(member, "manage")

    def write() -> None:
        item = inviting.found(table, member, invitation_id, now)
        steps = inviting.end(member, item, inviting.WITHDRAWN, now)
        inviting.send(table, once.steps(member, intent, None) | steps, now)

    once.only(table, member, intent, write, lambda answer: answer)


def begin_mail(
    table: Table, member: Member, invitation: Invitation, *, now: datetime
) -> Mailing:
    """Whether the mail is to be sent now: of all who ask, also by a retry, one is told
    so, and nobody when it has been sent, when the invitation is over, or when a
    hundred were sent that day."""
    place, at = entry.invitation(member.workspace.id, invitation.id), timestamp(now)
    item = table.get(place)
    if item is None or "mailed_at" in item or not entry_items.is_open(item, at):
        return Mailing(
            entry_items.invitation(item) if item else invitation, None, False
        )
    claimed = Update(place, Change(set={"mailed_at": at}), conditions.unmailed_at(at))
    try:
        table.transact({"mail": claimed, "day": _one_more(member, now)})
    except Refused as refused:
        there = refused.item if refused.step == "mail" else None
        return Mailing(entry_items.invitation(there or item), None, False)
    mailed = entry_items.invitation(item | {"mailed_at": at})
    return Mailing(mailed, item.get("inviter"), True)


def forget_mail(table: Table, member: Member, mailing: Mailing) -> Invitation:
    """The mail was not sent, so a retry may send it."""
    invitation = mailing.invitation
    place = entry.invitation(member.workspace.id, invitation.id)
    where = conditions.mailed_at(str(invitation.mailed_at))
    try:
        item = table.update(place, Change(set={"mailed_at": None}), where)
    except Refused as refused:  # done, by a try whose answer was lost
        item = refused.item or {}
    return entry_items.invitation(item) if item else invitation


def _one_more(member: Member, now: datetime) -> Step:
    place = entry.mails(member.workspace.id, timestamp(now)[:10])
    kept = {"expires_at": int((now + timedelta(days=2)).timestamp())}
    where = conditions.sent_fewer_than(MOST_MAILED)
    return Update(place, Change(set=kept, add={"sent": 1}), where)


def _grantable(member: Member) -> parsers.Parser:
    """A parser for a role that this member may give."""

    def read(value: Any) -> str:
        role: str = ROLE(value)
        if access.rank(role) > access.rank(member.role):
            raise parsers.Bad("above_your_own", "must not be above your own")
        return role

    return parsers.required(ROLE._replace(read=read))


def _looked(
    table: Table, member: Member, email: str, now: datetime
) -> tuple[int, str | None]:
    """Who may be invited: counted at which turn, and the inviter's name; raises
    InvitationExists, MemberExists, TooManyInvitations."""
    home = member.workspace.id
    wanted = [entry.inviting(member), entry.invite(home, email)]
    turn, claim, inviter = table.get_many(
        [*wanted, keys.membership(home, member.user_id)]
    )
    second = int(now.timestamp())
    if claim and claim["expires_at"] > second:
        raise _exists(claim)
    if _counted(table, keys.members(member), conditions.known_as(email), 1):
        raise MemberExists("Somebody with this e-mail is a member already.")
    unexpired = conditions.not_expired(second)
    if _counted(table, entry.invites(member), unexpired, MOST_OPEN) >= MOST_OPEN:
        raise TooManyInvitations
    return turn["turn"] if turn else 0, inviter.get("name") if inviter else None


def _counted(table: Table, run: Range, where: conditions.Condition, enough: int) -> int:
    """How many of a run there are, or at least `enough`."""
    count, start = 0, None
    while count < enough:
        page = table.query(run, limit=1000, start=start, where=where, keys_only=True)
        count, start = count + len(page.items), page.start
        if start is None:
            break
    return count


def _new(
    member: Member, made: Invitation, inviter: str | None, turn: int, now: datetime
) -> dict[str, Step]:
    free = conditions.absent_or_expired(int(now.timestamp()))
    return {
        "claim": Put(entry_items.claim_item(member, made), free),
        "invitation": Put(
            entry_items.invitation_item(member, made, inviter), conditions.NEW
        ),
        "turn": Update(
            entry.inviting(member), Change(add={"turn": 1}), conditions.turn_is(turn)
        ),
    }


def _exists(claim: Item | None) -> InvitationExists:
    return InvitationExists(invitation_id=(claim or {}).get("invitation_id"))
