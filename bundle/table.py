"""The table that a stack will serve: is it there, and is it one of ours?

What ours looks like is .chalice/resources.json's, and no second list's.
"""

from typing import Any

from bundle import cli
from bundle.stack import DEFINED

Json = dict[str, Any]
EXPECTED: Json = DEFINED["Resources"]["ContactsTable"]["Properties"]
SERVES = {"ACTIVE", "UPDATING"}


def find(name: str) -> Json | None:
    """The table as DynamoDB tells it, if there is one; raises Stopped."""
    answer = cli.ask(
        *("dynamodb", "describe-table", "--table-name", name),
        absent="ResourceNotFoundException",
    )
    found: Json | None = answer and answer["Table"]
    return found


def faults(table: Json) -> list[str]:
    """Why it cannot be served as it is: each a clause that follows its name."""
    if table["TableStatus"] not in SERVES:
        return [f"is {table['TableStatus']}: wait until it is ACTIVE"]
    found = []
    if _keys(table) != _keys(EXPECTED) or _kinds(table, table) != _kinds(
        EXPECTED, EXPECTED
    ):
        found.append(f"has the key {_shown(table)}, ours has {_shown(EXPECTED)}")
    there = {one["IndexName"]: one for one in table.get("GlobalSecondaryIndexes", [])}
    for index in EXPECTED["GlobalSecondaryIndexes"]:
        name = index["IndexName"]
        if name not in there:
            found.append(f"lacks the index {name}")
        else:
            found += _index_faults(index, there[name], table)
    return found


def missing_indexes(table: Json) -> list[str]:
    there = {one["IndexName"] for one in table.get("GlobalSecondaryIndexes", [])}
    wanted = [one["IndexName"] for one in EXPECTED["GlobalSecondaryIndexes"]]
    return [name for name in wanted if name not in there]


def unarmed(table: Json) -> list[str]:
    """What a table of ours has, and this one has not: a restore brings none of it."""
    name = table["TableName"]
    found = [] if table.get("DeletionProtectionEnabled") else ["deletion protection"]
    backups = cli.ask("dynamodb", "describe-continuous-backups", "--table-name", name)[
        "ContinuousBackupsDescription"
    ]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        found.append("point-in-time recovery")
    expiry = cli.ask("dynamodb", "describe-time-to-live", "--table-name", name)[
        "TimeToLiveDescription"
    ]
    if expiry.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
        found.append("time to live (expires_at)")
    return found


def _index_faults(wanted: Json, there: Json, table: Json) -> list[str]:
    name, status = wanted["IndexName"], there.get("IndexStatus", "ACTIVE")
    if status not in SERVES:
        return [f"has the index {name} {status}: wait until it is ACTIVE"]
    found = []
    same_kinds = _kinds(there, table) == _kinds(wanted, EXPECTED)
    if _keys(there) != _keys(wanted) or not same_kinds:
        found.append(
            f"has the index {name} with the key {_shown(there)}, "
            f"ours has {_shown(wanted)}"
        )
    if _copied(there) != _copied(wanted):
        found.append(f"has the index {name} with other attributes than ours")
    return found


def _keys(holder: Json) -> list[tuple[str, str]]:
    return [(one["AttributeName"], one["KeyType"]) for one in holder["KeySchema"]]


def _kinds(holder: Json, table: Json) -> list[str | None]:
    """S or N, of each attribute of the key."""
    kinds = {
        one["AttributeName"]: one["AttributeType"]
        for one in table["AttributeDefinitions"]
    }
    return [kinds.get(name) for name, _ in _keys(holder)]


def _copied(index: Json) -> tuple[str, frozenset[str]]:
    projection = index["Projection"]
    copied = frozenset(projection.get("NonKeyAttributes", []))
    return projection["ProjectionType"], copied


def _shown(holder: Json) -> str:
    return ", ".join(name for name, _ in _keys(holder))
