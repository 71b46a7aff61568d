"""The verbs of who somebody is: keep what the issuer says of a user, and tell him which
invitations wait for him. Works outside of any workspace."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.base import log
from chalicelib.base.budget import waits
from chalicelib.commit import once
from chalicelib.commit.once import Once
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import Busy
from chalicelib.model.people import Person
from chalicelib.model.words import as_json, from_json
from chalicelib.storage import conditions, entry, entry_items, items, keys
from chalicelib.storage.expressions import Change, ConditionCheck, Step, Update
from chalicelib.storage.items import Item
from chalicelib.storage.table import Refused, Table

A_PAGE = 50  # memberships that are read in one call
MOST_PAGES = 20  # a thousand workspaces; those beyond keep the name they have
MOST_WAITING = 30  # invitations that are told; the newest

again = partial(from_json, Person)


def known(table: Table, user_id: str) -> Person:
    """Who a user is, by what the issuer said last."""
    return entry_items.person(user_id, table.get(keys.profile(user_id)))


def keep(
    table: Table, says: Callable[[], Person], *, intent: Once | None = None
) -> Person:
    """Who the user is from now on, by the later of what was kept and what is said now;
    his workspaces show him so, as far as he has entered them. Raises what `says`
    raises, which is asked when it is not a retry."""

    def write() -> Person:
        who = says()
        for wait in waits():
            before = known(table, who.user_id)
            after = before if before.issued_at > who.issued_at else who
            kept = once.steps(None, intent, as_json(after))
            try:
                if kept or after != before:
                    once.send(table, kept | _profile(before, after))
                return after
            except Refused:  # another sign-in of his was faster
                time.sleep(wait)
        raise Busy

    person = once.only(table, None, intent, write, again)
    _show(table, person)
    return person


def waiting(table: Table, who: Person, *, now: datetime) -> list[dict[str, Any]]:
    """The open invitations to the user's e-mail, newest first; none to one that is not
    verified, nor to where he is a member already."""
    if not who.known_email:
        return []
    run = entry.invitations_to(who.known_email)
    listed = table.query(run, limit=MOST_WAITING, newest_first=True).items
    groups = [
        [
            keys.Key(item["pk"], item["sk"]),
            keys.workspace(item["pk"]),
            keys.membership(item["pk"], who.user_id),
        ]
        for item in listed
    ]
    found = table.get_many([key for group in groups for key in group])
    several = zip(found[::3], found[1::3], found[2::3], strict=True)
    return [
        _told(invitation, workspace)
        for invitation, workspace, membership in several
        if invitation
        and workspace
        and entry_items.is_open(invitation, timestamp(now))
        and invitation["email"].lower() == who.known_email
        and (membership is None or "closed_at" in membership)
    ]


def _told(invitation: Item, workspace: Item) -> dict[str, Any]:
    home = items.workspace(workspace)
    one = entry_items.invitation(invitation)
    return {
        "id": one.id,
        "workspace": {"id": home.id, "name": home.name},
        "role": one.role,
        "invited_by": one.invited_by,
        "invited_by_name": invitation.get("inviter"),
        "expires_at": one.expires_at,
    }


def _profile(before: Person, after: Person) -> dict[str, Step]:
    place, where = keys.profile(after.user_id), conditions.told_at(before.issued_at)
    if after == before:
        return {"profile": ConditionCheck(place, where)}
    change = Change(set=entry_items.profile_attributes(after))
    return {"profile": Update(place, change, where)}


def _show(table: Table, who: Person) -> None:
    """Colleagues see the new name; where nothing differs nothing is written."""
    shown = entry_items.shown_of(who)
    for membership in _entered(table, who.user_id):
        if all(membership.get(n) == v for n, v in shown.items() if n != "iat"):
            continue
        place = keys.Key(membership["pk"], membership["sk"])
        where = conditions.told_before(who.issued_at)
        try:
            table.update(place, Change(set=shown), where)
        except Refused:  # he has left, or has said something later
            continue


def _entered(table: Table, user_id: str) -> Iterator[Item]:
    """The user's memberships of workspaces that he has come into."""
    run, start = keys.memberships_of(user_id), None
    for _ in range(MOST_PAGES):
        page = table.query(run, limit=A_PAGE, start=start)
        places = [keys.Key(item["pk"], item["sk"]) for item in page.items]
        found = table.get_many(places)
        yield from (one for one in found if one and "entered" in one)
        start = page.start
        if start is None:
            return
    log.info("names_left", pages=MOST_PAGES)
