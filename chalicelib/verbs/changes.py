"""What was made, changed or deleted since a time, for a client that keeps a list fresh.

It may tell something twice, and never misses. Two indexes tell by time, and both may
lag; a time is that of the request that wrote, which may have taken as long as a request
can. So all is told up to the moment in which the walk began, and `until`, where the
next one begins, stays BEHIND that: what came into an index after a page had passed its
place has a later time than `until`. docs/decisions/changes-feed.md has the reasoning.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.commit import whole
from chalicelib.model.clock import moment, timestamp
from chalicelib.model.words import Contact, Member
from chalicelib.storage import feed, keys
from chalicelib.storage.feed import Listed, Place
from chalicelib.storage.shapes import Item
from chalicelib.storage.table import Table
from chalicelib.verbs import access

# A write takes 29 s at most (Lambda and API Gateway end it), and less than 52 s where
# nobody ends it (base/budget.py and three tries of two calls); the rest is for clocks
# that differ and an index that lags.
BEHIND = timedelta(seconds=60)
BACK = timedelta(days=7)  # at most; what has gone is known for 90 (jobs/purge.py)
LISTED = 100  # of each list a page: what one BatchGetItem reads
START: Place = ("", "")


@dataclass(frozen=True, slots=True)
class Walk:
    """From a time to the moment in which the first page was asked for; how far in each
    of the two lists, None behind the last page of it."""

    since: str
    began: str
    touched: Place | None = START
    gone: Place | None = START

    @property
    def until(self) -> str:
        """Where the next walk begins."""
        return timestamp(moment(self.began) - BEHIND)

    @property
    def is_over(self) -> bool:
        return self.touched is None and self.gone is None


@dataclass(frozen=True, slots=True)
class News:
    """One page. Who keeps a copy takes in what has changed, then out what has gone."""

    changed: list[Contact]
    gone: list[str]
    walk: Walk  # what is left of it


def beginning(member: Member, now: datetime) -> News:
    """Nothing, and where to begin: for who is about to read a list."""
    access.allow(member, "read")
    time = timestamp(now)
    return News([], [], Walk(time, time, None, None))


def since(table: Table, member: Member, walk: Walk) -> News:
    """The next page of a walk; at most four calls, and one for each contact whose
    metadata moves at the same time."""
    access.allow(member, "read")
    touched, so_far = _page(table, member, walk, feed.TOUCHED, walk.touched)
    stored = table.get_many([keys.contact(member, item["sk"]) for item in touched])
    changed = whole.many(table, member, [item for item in stored if item])
    # Last, so that of a contact that goes in this moment the end is told.
    gone, ended = _page(table, member, walk, feed.GONE, walk.gone)
    left = replace(walk, touched=so_far, gone=ended)
    return News(changed, [feed.contact_of(item) for item in gone], left)


def _page(
    table: Table, member: Member, walk: Walk, listed: Listed, place: Place | None
) -> tuple[list[Item], Place | None]:
    """Of one list, in the order of time, and behind what there is more; storage says
    so, never the count."""
    if place is None:
        return [], None
    run = listed.run(member, walk.since, walk.began)
    start = None if place == START else listed.after(member, place)
    page = table.query(run, limit=LISTED, start=start)
    return page.items, listed.place_of(page.start) if page.start else None
