"""What a key is, a run of items, a page of them; and which attributes are the keys of
each index. Which keys there are is keys.py's."""

from dataclasses import dataclass
from typing import Any, NamedTuple

Item = dict[str, Any]


class Key(NamedTuple):
    pk: str
    sk: str


# Each index, and the attributes that are its keys.
TABLE = ""
INDEXES = {
    TABLE: Key("pk", "sk"),
    "gsi1": Key("gsi1pk", "gsi1sk"),
    "due": Key("duepk", "duesk"),
    "by_name": Key("listed", "sort_name"),
    "by_touched": Key("listed", "touched_at"),
    "by_score": Key("listed", "lead_score"),
}


@dataclass(frozen=True, slots=True)
class Range:
    """A run of items of one partition, of the table or of an index, by sort key."""

    pk: str
    prefix: str = ""
    index: str = TABLE
    until: str = ""  # the last sort key of the run, instead of a prefix
    since: str = ""  # the first one, where there is a last


@dataclass(frozen=True, slots=True)
class Page:
    """Items of a run, and where the next page starts; None after the last."""

    items: list[Item]
    start: dict[str, str] | None
    rcu: float  # what it took

    def first(self, limit: int) -> tuple[list[Item], str | None]:
        """Up to `limit` items, and the sort key behind which there is more, or None. A
        query stops at 1 MB whatever its limit says (an AWS limit): a short page is not
        the last, only storage says which one is."""
        if len(self.items) > limit:
            return self.items[:limit], self.items[limit - 1]["sk"]
        return self.items, self.start["sk"] if self.start else None
