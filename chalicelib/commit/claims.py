"""Within a workspace a phone belongs to one contact, and so does an e-mail: a claim is
an item whose key is the phone or the e-mail, so that the storage refuses the second."""

from collections.abc import Mapping
from typing import Any

from chalicelib.model.errors import EmailTaken, PhoneTaken, Refusal
from chalicelib.model.words import Member
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Delete, Put, Step
from chalicelib.storage.table import Refused

KEY_OF = {"phone": keys.phone, "email": keys.email}
TAKEN = {"phone": PhoneTaken, "email": EmailTaken}


def moved(
    member: Member,
    contact_id: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> dict[str, Step]:
    """The steps that claim what is new in `after` and free what it replaces; what
    `after` does not name stays as it is."""
    steps: dict[str, Step] = {}
    for name in KEY_OF:  # in this order, so that of two refusals the first is told
        if name not in after:
            continue
        old, new = (_claim(member, name, side.get(name)) for side in (before, after))
        if old == new:
            continue
        if new:
            item = {**new._asdict(), "contact_id": contact_id}
            steps[name] = Put(item, conditions.free_or_own(contact_id))
        if old:
            steps[f"{name} before"] = Delete(old, conditions.free_or_own(contact_id))
    return steps


def taken(refused: Refused) -> Refusal | None:
    """The refusal, with the other's contact_id, if it was a claim that refused."""
    refusal = TAKEN.get(refused.step)
    return (
        refusal(contact_id=(refused.item or {}).get("contact_id")) if refusal else None
    )


def _claim(member: Member, name: str, value: str | None) -> keys.Key | None:
    return KEY_OF[name](member, value) if value else None
