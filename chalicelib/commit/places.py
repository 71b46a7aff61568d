"""Everywhere a living contact can be found is a pure function of the contact: the
claims of its phone and e-mail, and its search terms. (Its places in the indexes are
attributes of its item: storage/items.py.)

Create moves from nothing to it, a change from before to after, a deletion from it to
nothing: one function, no second list to forget. A claim is an item whose key is the
phone or the e-mail, so that the storage refuses the second contact that wants it.
"""

from collections.abc import Callable

from chalicelib.model import terms
from chalicelib.model.errors import EmailTaken, PhoneTaken, Refusal
from chalicelib.model.words import Contact, Member
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Delete, Put, Step
from chalicelib.storage.table import Refused

CLAIMS: dict[str, Callable[[Member, str], keys.Key]] = {
    "phone": keys.phone,
    "email": keys.email,
}
TAKEN = {"phone": PhoneTaken, "email": EmailTaken}


def moved(
    member: Member, before: Contact | None, after: Contact | None
) -> dict[str, Step]:
    """The steps from where a contact could be found to where it can be found now."""
    return _claims(member, before, after) | _terms(member, before, after)


def taken(refused: Refused) -> Refusal | None:
    """The refusal, with the other's contact_id, if it was a claim that refused."""
    refusal = TAKEN.get(refused.step)
    return (
        refusal(contact_id=(refused.item or {}).get("contact_id")) if refusal else None
    )


def _claims(
    member: Member, before: Contact | None, after: Contact | None
) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    for name in CLAIMS:  # in this order, so that of two refusals the first is told
        old, new = (_claim(member, name, side) for side in (before, after))
        if old == new:
            continue
        if new and after:
            item = {**new._asdict(), "contact_id": after.id}
            steps[name] = Put(item, conditions.free_or_own(after.id))
        if old and before:
            steps[f"{name} before"] = Delete(old, conditions.free_or_own(before.id))
    return steps


def _claim(member: Member, name: str, side: Contact | None) -> keys.Key | None:
    value = getattr(side, name) if side else None
    return CLAIMS[name](member, value) if value else None


def _terms(
    member: Member, before: Contact | None, after: Contact | None
) -> dict[str, Step]:
    """A term whose text has changed is put again: a query compares with the text. The
    steps ask nothing: the contact's version has proved where it stood before."""
    old = terms.of(before) if before else {}
    new = terms.of(after) if after else {}
    steps: dict[str, Step] = {}
    for term, text in new.items():
        if after and old.get(term) != text:
            key = keys.term(member, term, after.id)
            steps[term] = Put(key._asdict() | {"t": text or None})
    for term in old.keys() - new.keys():
        if before:
            steps[term] = Delete(keys.term(member, term, before.id))
    return steps
