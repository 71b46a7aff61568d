"""The living tokens of a workspace, in one item: by it they are counted, and end when
their maker leaves or falls below their role. Whoever makes or ends tokens, closes or
demotes a member, writes on the ring that was read: so no token is made for one who is
leaving in that moment, and none of his is overlooked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.base import log
from chalicelib.base.budget import patience
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import ReadOnly
from chalicelib.model.people import Token
from chalicelib.model.words import Member
from chalicelib.storage import conditions, entry, token_items
from chalicelib.storage.expressions import Change, ConditionCheck, Put, Step, Update
from chalicelib.storage.items import Item
from chalicelib.storage.keys import Key
from chalicelib.storage.table import Refused, Table

NAME_KEPT = timedelta(days=400)  # as long as history tells what a token did
STEP = "keyring"


class Kept(NamedTuple):
    """What is known of a living token without reading it."""

    id: str
    made_by: str
    role: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class Ring:
    living: tuple[Kept, ...]
    revision: int  # 0: nobody has made a token yet

    def at(self, now: datetime) -> "Ring":
        """Without those that have expired."""
        left = [one for one in self.living if one.ends_at > timestamp(now)]
        return replace(self, living=tuple(left))


def read(item: Item | None) -> Ring:
    if item is None:
        return Ring((), 0)
    return Ring(tuple(Kept(*one) for one in item["living"]), int(item["revision"]))


def forgotten(ended: datetime) -> int:
    """When the name of a token that ended then need not be known any more."""
    return int((ended + NAME_KEPT).timestamp())


def with_one(member: Member, ring: Ring, token: Token, digest: str) -> dict[str, Step]:
    """The steps that make a token."""
    ends_at = datetime.fromisoformat(token.expires_at)
    item = token_items.token_item(member, token, digest, forgotten(ends_at))
    kept = Kept(token.id, token.created_by, token.role, token.expires_at)
    new = _write(member, ring, (*ring.living, kept))
    return {"token": Put(item, conditions.NEW), STEP: new}


def without(
    member: Member, ring: Ring, ended: Sequence[str], now: datetime
) -> dict[str, Step]:
    """The steps that end tokens; with none to end, that the ring has not moved."""
    if not ended:
        place = entry.keyring(member.workspace.id)
        return {STEP: ConditionCheck(place, conditions.ring_is(ring.revision))}
    change = Change(set=token_items.revoked(timestamp(now), forgotten(now)))
    steps: dict[str, Step] = {
        name: Update(entry.token(member.workspace.id, name), change, conditions.EXISTS)
        for name in ended
    }
    left = tuple(one for one in ring.living if one.id not in ended)
    return {**steps, STEP: _write(member, ring, left)}


def used(table: Table, token: Item, now: datetime) -> None:
    """Writes the day of the last use, on its first; a request never fails by it."""
    day = timestamp(now)[:10]
    if token.get("last_used_on", "") >= day:
        return
    place = Key(token["pk"], token["sk"])
    try:
        with patience(0):
            table.update(
                place, Change(set={"last_used_on": day}), conditions.not_used_on(day)
            )
    except (Refused, ReadOnly):  # another was faster, it ends now, or nobody writes
        return
    except Exception:
        log.exception("last_used", workspace=token["pk"])


def _write(member: Member, ring: Ring, living: tuple[Kept, ...]) -> Put:
    place = entry.keyring(member.workspace.id)
    item = token_items.keyring_item(
        place, [list(one) for one in living], ring.revision + 1
    )
    return Put(item, conditions.ring_is(ring.revision))
