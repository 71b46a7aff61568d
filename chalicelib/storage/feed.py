"""The keys of two lists by time, for who keeps a copy: the contacts that were touched,
and those that have gone. A room of keys.py, under the same rule: each is built from a
Member.

What has gone stands in its list twice, one after the other: from the fence on as the
contact, by the time of the fence; from its end on as its receipt, by the time of the
end. An index is not one with the table: between the two it may show neither, and by a
later time the receipt is told to those who have looked in that moment."""

from collections.abc import Callable
from typing import NamedTuple

from chalicelib.model.words import Member
from chalicelib.storage import keys
from chalicelib.storage.shapes import Item, Range

Place = tuple[str, str]  # in a list: a time, and the sort key of the item


class Listed(NamedTuple):
    """One of the two lists: a run of it, where a page starts, where an item stands."""

    run: Callable[[Member, str, str], Range]
    after: Callable[[Member, Place], dict[str, str]]
    place_of: Callable[[Item], Place]


def _touched(member: Member, since: str, until: str) -> Range:
    return Range(member.workspace.id, index="by_touched", since=since, until=until)


def _after_touched(member: Member, place: Place) -> dict[str, str]:
    """Behind a place of the own workspace's list: a foreign cursor cannot cross."""
    at, contact_id = place
    own = keys.contact(member, contact_id)._asdict()
    return own | {"listed": member.workspace.id, "touched_at": at}


def _place_of_touched(item: Item) -> Place:
    return item["touched_at"], item["sk"]


def _gone(member: Member, since: str, until: str) -> Range:
    partition = f"{member.workspace.id}#gone"
    return Range(partition, index="gsi1", since=since, until=f"{until}~")


def listed_as_gone(member: Member, at: str, contact_id: str) -> dict[str, str]:
    return {"gsi1pk": f"{member.workspace.id}#gone", "gsi1sk": f"{at}#{contact_id}"}


def _after_gone(member: Member, place: Place) -> dict[str, str]:
    """As `_after_touched`, for a contact that is being deleted, or its receipt."""
    at, name = place
    contact_id = "con_" + name.partition("_")[2]
    own = keys.contact(member, name)._asdict()
    return own | listed_as_gone(member, at, contact_id)


def _place_of_gone(item: Item) -> Place:
    return item["gsi1sk"].partition("#")[0], item["sk"]


def contact_of(item: Item) -> str:
    return str(item["gsi1sk"].partition("#")[2])


TOUCHED = Listed(_touched, _after_touched, _place_of_touched)
GONE = Listed(_gone, _after_gone, _place_of_gone)
