"""The verbs of the tokens of machines: list, make, revoke. How one opens the workspace
is access.py's; one that was revoked or has expired stays as a name, so that what it did
is told by it."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.base.budget import waits
from chalicelib.commit import keyring, once
from chalicelib.commit.keyring import Ring
from chalicelib.commit.once import Once
from chalicelib.model import fields, parsers, secret
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import Busy, Forbidden
from chalicelib.model.ids import new_id
from chalicelib.model.people import Token
from chalicelib.model.people_errors import TokenNotFound, TooManyTokens
from chalicelib.model.words import Member, as_json, from_json
from chalicelib.storage import conditions, entry, keys, token_items
from chalicelib.storage.expressions import ConditionCheck, Step
from chalicelib.storage.table import Refused, Table
from chalicelib.verbs import access

MOST = 50  # that live in a workspace: with their maker they end in one transaction
DAYS = 90  # it opens the workspace, if nobody says
# Who may make one is an admin, so none is above its maker's role.
GRANTED = access.ROLES[:-1]
NEW = {
    "name": parsers.required(parsers.text(100, examples=["Website form"])),
    "role": parsers.required(parsers.one_of(GRANTED)),
    "expires_in_days": parsers.integer(1, 365),
}

Made = tuple[Token, str | None]  # and its secret, told once


def page(
    table: Table, member: Member, *, limit: int, cursor: str | None, now: datetime
) -> tuple[list[Token], str | None]:
    """Tokens, newest first, those that have ended too, and the cursor of the next
    page; one query."""
    access.allow(member, "read")
    start = entry.token_after(member, cursor) if cursor else None
    found = table.query(
        entry.tokens(member),
        limit=limit + 1,
        start=start,
        newest_first=True,
        where=conditions.not_forgotten(int(now.timestamp())),
    )
    shown, after = found.first(limit)
    return [token_items.token(one) for one in shown], after


def make(
    table: Table,
    member: Member,
    body: Mapping[str, Any],
    *,
    now: datetime,
    intent: Once | None = None,
) -> Made:
    """The new token and its secret, which a retry is not told again; raises
    InvalidFields, Forbidden, TooManyTokens."""
    access.allow(member, "manage")
    made = _new(member, fields.parse(body, NEW), now)

    def write() -> Made:
        text = secret.new(member.workspace.id, made.id)
        kept = once.steps(member, intent, as_json(made))
        for wait in waits():
            ring, maker = _maker(table, member)
            if len(ring.at(now).living) >= MOST:
                raise TooManyTokens
            new = keyring.with_one(member, ring.at(now), made, secret.digest(text))
            try:
                once.send(table, {**kept, **new, **maker})
            except Refused:  # the ring has moved, or the maker: read again
                time.sleep(wait)
                continue
            return made, text
        raise Busy

    return once.only(
        table, member, intent, write, lambda said: (from_json(Token, said), None)
    )


def revoke(
    table: Table,
    member: Member,
    token_id: str,
    *,
    now: datetime,
    intent: Once | None = None,
) -> None:
    """The token opens nothing from now on; again is no harm. Raises TokenNotFound,
    Forbidden."""
    access.allow(member, "manage")
    place = entry.token(member.workspace.id, token_id)

    def write() -> None:
        kept = once.steps(member, intent, None)
        for wait in waits():
            item, listed = table.get_many([place, entry.keyring(member.workspace.id)])
            if item is None or item["expires_at"] <= now.timestamp():
                raise TokenNotFound
            ended = [] if "revoked_at" in item else [token_id]
            if not ended and not kept:
                return
            ring = keyring.read(listed)
            try:
                once.send(table, kept | keyring.without(member, ring, ended, now))
            except Refused:
                time.sleep(wait)
                continue
            return
        raise Busy

    once.only(table, member, intent, write, lambda answer: answer)


def _new(member: Member, given: dict[str, Any], now: datetime) -> Token:
    days = timedelta(days=given.pop("expires_in_days", DAYS))
    return Token(
        **given,
        id=new_id("key", now),
        created_by=member.user_id,
        created_at=timestamp(now),
        expires_at=timestamp(now + days),
        last_used_on=None,
        revoked_at=None,
    )


def _maker(table: Table, member: Member) -> tuple[Ring, dict[str, Step]]:
    """The living tokens, and the step that their new one's maker is still in, with a
    role that may make it; raises Forbidden."""
    place = keys.membership(member.workspace.id, member.user_id)
    membership, listed = table.get_many([place, entry.keyring(member.workspace.id)])
    if membership is None or "closed_at" in membership:
        raise Forbidden("You are no longer a member of this workspace.")
    role = membership["role"]
    if access.rank(role) < access.rank(access.LEAST_ROLE["manage"]):
        raise Forbidden
    still = ConditionCheck(place, conditions.role_is(role))
    return keyring.read(listed), {"maker": still}
