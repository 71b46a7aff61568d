"""On what condition a thing may be written, and which ones a query leaves out: each has
a name that is its reason. Data only; nothing here calls anything."""

import re
from collections.abc import Sequence
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


NOT_YET_HERE = ENTERED & Condition("attribute_not_exists(#entered)")


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


def role_among(roles: Sequence[str]) -> Condition:
    """Whoever it is still has one of these roles."""
    named = {f"role_{number}": role for number, role in enumerate(roles)}
    return ENTERED & Condition(f"#role IN ({', '.join(f':{n}' for n in named)})", named)


def since(time: str) -> Condition:
    """It was there then, and has not been made anew."""
    return Condition("#created_at <= :then", {"then": time})


def told_at(issued_at: int) -> Condition:
    """Of a profile: what was read is what lies there."""
    text = "attribute_not_exists(#iat) OR #iat = :iat_before"
    return Condition(text, {"iat_before": issued_at})


def told_before(issued_at: int) -> Condition:
    """Who has come in may be shown by what the issuer has said later."""
    there = ENTERED & Condition("attribute_exists(#entered)")
    text = "attribute_not_exists(#iat) OR #iat <= :issued_at"
    return there & Condition(text, {"issued_at": issued_at})


def turn_is(turn: int) -> Condition:
    """Nobody else was invited since they were counted."""
    if not turn:
        return NEW
    return Condition("#turn = :turn_before", {"turn_before": turn})


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


def open_at(now: str) -> Condition:
    """Of an invitation: neither used, nor taken back, nor over."""
    return Condition(
        "attribute_exists(#pk) AND attribute_not_exists(#ended) AND #ends_at > :now",
        {"now": now},
    )


def unmailed_at(now: str) -> Condition:
    return open_at(now) & Condition("attribute_not_exists(#mailed_at)")


def sent_fewer_than(most: int) -> Condition:
    return Condition("attribute_not_exists(#sent) OR #sent < :most", {"most": most})


def mailed_at(time: str) -> Condition:
    return Condition("#mailed_at = :mailed_before", {"mailed_before": time})


def absent_or_of(invitation_id: str) -> Condition:
    text = "attribute_not_exists(#pk) OR #invitation_id = :invitation"
    return Condition(text, {"invitation": invitation_id})


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


def still_open(now: str) -> Condition:
    text = "attribute_not_exists(#ended) AND #ends_at > :now"
    return Condition(text, {"now": now})


def not_expired(now: int) -> Condition:
    return Condition("#expires_at > :now", {"now": now})


def known_as(email: str) -> Condition:
    """Members whose verified e-mail it is; compared without case."""
    there = Condition("#known_email = :known_email", {"known_email": email.lower()})
    return STILL_IN & there


def has_status(status: str) -> Condition:
    return Condition("#lead_status = :has_status", {"has_status": status})
