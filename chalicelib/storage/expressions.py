"""What a write is, and how it is spelled for DynamoDB. Text and values only: nothing
here calls anything, so it is tested without a network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.storage.conditions import Condition
from chalicelib.storage.shapes import INDEXES, Key, Range

Item = dict[str, Any]
Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """An update: attributes to set (None removes), numbers to add."""

    set: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Put:
    item: Item
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Update:
    key: Key
    change: Change
    where: Condition


@dataclass(frozen=True, slots=True)
class Delete:
    key: Key
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class ConditionCheck:
    """A step that changes nothing, and on whose condition the others depend."""

    key: Key
    where: Condition


Step = Put | Update | Delete | ConditionCheck


def packed(item: Mapping[str, Any] | Key) -> Request:
    """A plain item or key in DynamoDB's typed form; what is None is not stored."""
    plain = item._asdict() if isinstance(item, Key) else item
    return {name: _pack(value) for name, value in plain.items() if value is not None}


def unpacked(item: Mapping[str, Any]) -> Item:
    return {name: _unpack(value) for name, value in item.items()}


def request(step: Step, table_name: str) -> Request:
    """A write as UpdateItem, and each part of TransactWriteItems, takes it: refused, it
    answers with what lies there."""
    made: Request = {"TableName": table_name}
    names: set[str] = set()
    values: Item = {}
    if isinstance(step, Put):
        made["Item"] = packed(step.item)
    else:
        made["Key"] = packed(step.key)
    if isinstance(step, Update):
        made["UpdateExpression"], names, values = _update(step.change)
    if step.where:
        made["ConditionExpression"] = step.where.text
        made["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        names, values = names | step.where.names, values | step.where.values
    return made | placeholders(names, values)


def query(run: Range, table_name: str, where: Condition | None = None) -> Request:
    """A run as Query takes it; `where` leaves out some of what is read."""
    within = _within(run)
    both = within & where if where else within
    made: Request = {
        "TableName": table_name,
        "KeyConditionExpression": within.text,
        **placeholders(both.names, both.values),
    }
    # An index cannot be read consistently (an AWS limit).
    made |= {"IndexName": run.index} if run.index else {"ConsistentRead": True}
    return made | ({"FilterExpression": where.text} if where else {})


def placeholders(names: set[str], values: Mapping[str, Any]) -> Request:
    """Every name goes through one: `name` and `status` are reserved words."""
    made: Request = {}
    if names:
        made["ExpressionAttributeNames"] = {f"#{name}": name for name in sorted(names)}
    if values:
        placed = {f":{name}": value for name, value in values.items()}
        made["ExpressionAttributeValues"] = packed(placed)
    return made


def _pack(value: Any) -> Request:
    match value:
        case bool():  # before int: True is one, too
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case list() | tuple():
            return {"L": [_pack(one) for one in value]}
        case dict():
            return {"M": {name: _pack(one) for name, one in value.items()}}
        case None:
            return {"NULL": True}
    raise TypeError(f"{type(value).__name__} is not stored")


def _unpack(typed: Mapping[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    match kind:
        case "N":
            return int(value) if value.removeprefix("-").isdigit() else float(value)
        case "L":
            return [_unpack(one) for one in value]
        case "M":
            return {name: _unpack(one) for name, one in value.items()}
        case "NULL":
            return None
    return value


def _update(change: Change) -> tuple[str, set[str], Item]:
    present = {k: v for k, v in change.set.items() if v is not None}
    parts = {
        "SET": [f"#{name} = :{name}" for name in present],
        "REMOVE": [f"#{name}" for name in change.set if name not in present],
        "ADD": [f"#{name} :{name}" for name in change.add],
    }
    text = " ".join(f"{verb} {', '.join(p)}" for verb, p in parts.items() if p)
    return text, {*change.set, *change.add}, {**present, **change.add}


def _within(run: Range) -> Condition:
    partition, sort = INDEXES[run.index]
    found = Condition(f"#{partition} = :run", {"run": run.pk})
    if run.prefix:
        found &= Condition(f"begins_with(#{sort}, :prefix)", {"prefix": run.prefix})
    if run.since:  # DynamoDB takes one condition of a sort key
        ends = {"since": run.since, "until": run.until}
        found &= Condition(f"#{sort} BETWEEN :since AND :until", ends)
    elif run.until:
        found &= Condition(f"#{sort} <= :until", {"until": run.until})
    return found
