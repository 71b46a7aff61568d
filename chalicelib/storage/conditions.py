"""On what condition a thing may be written, and which ones a query leaves out: each has
a name that is its reason. Data only; nothing here calls anything."""

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition expression and its values; `#attribute` stands for a name."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def __and__(self, other: "Condition") -> "Condition":
        text = f"({self.text}) AND ({other.text})"
        return Condition(text, self.values | other.values)

    @property
    def names(self) -> set[str]:
        return set(re.findall(r"#(\w+)", self.text))


NEW = Condition("attribute_not_exists(#pk)")
EXISTS = Condition("attribute_exists(#pk)")
ALIVE = Condition("attribute_exists(#pk) AND attribute_not_exists(#deletion_id)")
MORE_THAN_ONE_OWNER = Condition("#owner_count > :one", {"one": 1})
ENTERED = Condition("attribute_exists(#pk) AND attribute_not_exists(#closed_at)")
LIVING = Condition("attribute_exists(#digest)")
LEFT = Condition("attribute_exists(#closed_at)")
NEW_OR_LEFT = Condition("attribute_not_exists(#pk) OR attribute_exists(#closed_at)")


def version_is(version: int) -> Condition:
    return Condition("#version = :version_before", {"version_before": version})


def revision_is(revision: int) -> Condition:
    """Of a note or a conversation: what was read is what lies there."""
    return Condition("#revision = :revision_before", {"revision_before": revision})


def ring_is(revision: int) -> Condition:
    """What was read of the living tokens is so; 0: there was none yet."""
    return revision_is(revision) if revision else NEW


def role_is(role: str) -> Condition:
    return ENTERED & Condition("#role = :role_before", {"role_before": role})


def not_used_on(day: str) -> Condition:
    text = "attribute_not_exists(#last_used_on) OR #last_used_on < :day"
    return LIVING & Condition(text, {"day": day})


def fewer_than(most: int) -> Condition:
    text = "attribute_not_exists(#made) OR #made < :most"
    return Condition(text, {"most": most})


def claimed_by(contact_id: str) -> Condition:
    return Condition("#contact_id = :claimant", {"claimant": contact_id})


def free_or_own(contact_id: str) -> Condition:
    text = "attribute_not_exists(#pk) OR #contact_id = :claimant"
    return Condition(text, {"claimant": contact_id})


def being_deleted_as(deletion_id: str) -> Condition:
    return Condition("#deletion_id = :deletion", {"deletion": deletion_id})


def absent_or_expired(now: int) -> Condition:
    """DynamoDB removes what has expired late, the local engine never."""
    text = "attribute_not_exists(#pk) OR #expires_at <= :now"
    return Condition(text, {"now": now})


STILL_RUNNING = Condition("#state = :running", {"running": "running"})
IS_DUE = Condition("attribute_exists(#duepk)")


def lease_free(me: str, now: str) -> Condition:
    text = "attribute_not_exists(#lease) OR #lease_until <= :now OR #lease = :me"
    return Condition(text, {"now": now, "me": me})


def lease_of(me: str) -> Condition:
    return Condition("#lease = :me", {"me": me})


# --- filters

STILL_ALIVE = Condition("attribute_not_exists(#deletion_id)")
STILL_IN = Condition("attribute_not_exists(#closed_at)")


def not_forgotten(now: int) -> Condition:
    """DynamoDB removes what has expired late, the local engine never."""
    return Condition("#expires_at > :now", {"now": now})


def has_status(status: str) -> Condition:
    return Condition("#lead_status = :has_status", {"has_status": status})
