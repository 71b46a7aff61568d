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
HAS_NUMBER_OR_ADDRESS = Condition(
    "attribute_exists(#phone) OR attribute_exists(#email)"
)
MORE_THAN_ONE_OWNER = Condition("#owner_count > :one", {"one": 1})


def not_written_as(token: str) -> Condition:
    text = "attribute_not_exists(#write_token) OR #write_token <> :written"
    return Condition(text, {"written": token})


def version_among(versions: tuple[int, ...]) -> Condition:
    """The version is one of these; without any, never: versions start at 1."""
    values = {f"version_{n}": version for n, version in enumerate(versions or (0,))}
    return Condition(
        f"#version IN ({', '.join(f':{name}' for name in values)})", values
    )


def status_is(status: str) -> Condition:
    return Condition("#lead_status = :status_before", {"status_before": status})


def role_is(role: str) -> Condition:
    return Condition("#role = :role_before", {"role_before": role})


def claimed_by(contact_id: str) -> Condition:
    return Condition("#contact_id = :claimant", {"claimant": contact_id})


def free_or_own(contact_id: str) -> Condition:
    text = "attribute_not_exists(#pk) OR #contact_id = :claimant"
    return Condition(text, {"claimant": contact_id})


def being_deleted_as(deletion_id: str) -> Condition:
    return Condition("#deletion_id = :deletion", {"deletion": deletion_id})


# --- filters


def matches(query: str, digits: str) -> Condition:
    """Name or e-mail contains the folded query, or the phone its digits."""
    text = "contains(#search_name, :query) OR contains(#search_email, :query)"
    values = {"query": query}
    if digits:
        text += " OR contains(#phone, :digits)"
        values["digits"] = digits
    return Condition(text, values)


STILL_ALIVE = Condition("attribute_not_exists(#deletion_id)")


def has_status(status: str) -> Condition:
    return Condition("#lead_status = :has_status", {"has_status": status})
