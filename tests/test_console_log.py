"""What an invocation leaves in the log, and what an operator may do."""

import json
import re
from typing import Any

import pytest

from chalicelib.doors import console
from chalicelib.model.errors import ContactNotFound, Internal, InvalidFields
from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import access, members
from local.engine import ROOT
from tests.conftest import NOW, add, delete
from tests.door_world import Lines
from tests.test_console import invoke, this_table  # noqa: F401

PERSONAL = {
    "name": "Secret Person",
    "phone": "+4915112121212",
    "email": "secret.person@example.org",
    "metadata": {"secret": "secret"},
}
MISSING = f"con_{'0' * 26}"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    return Lines(monkeypatch)


def test_the_log_says_how_each_invocation_ended(
    table: Table, eagle: Member, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ok, the refusal's code, or internal: one line each, with its cost."""
    event = {"workspace_id": "eagle", "contact_id": add(table, eagle).id}
    invoke("update_contact", event | {"name": "B"})
    with pytest.raises(ContactNotFound):
        invoke("update_contact", {**event, "contact_id": MISSING, "name": "B"})
    with pytest.raises(InvalidFields):
        invoke("update_contact_status", event | {"lead_status": "nope"})

    def broken(*_: Any, **__: Any) -> Any:
        raise KeyError("inside")

    monkeypatch.setattr(console.contacts, "change", broken)
    with pytest.raises(Internal):
        invoke("update_contact", event | {"name": "B"})
    found = lines.named("invocation")
    assert [(line["function"], line["outcome"]) for line in found] == [
        ("update_contact", "ok"),
        ("update_contact", "contact_not_found"),
        ("update_contact_status", "invalid_fields"),
        ("update_contact", "internal"),
    ]
    assert {line["caller"] for line in found} == {"console"}
    assert found[0]["calls"] > found[3]["calls"] >= 1
    (fault,) = lines.named("unexpected")
    assert fault["level"] == "ERROR"
    assert "KeyError: 'inside'" in fault["exception"]


def test_no_event_is_in_the_log(
    table: Table, eagle: Member, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither when it was done, nor when it was refused, nor when it broke."""
    event = {"workspace_id": "eagle", "contact_id": add(table, eagle).id, **PERSONAL}
    invoke("update_contact", event)
    with pytest.raises(ContactNotFound):
        invoke("update_contact", {**event, "contact_id": MISSING})
    with pytest.raises(InvalidFields):
        invoke("update_contact", event | {"secret.field@example.org": "secret"})

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("inside")

    monkeypatch.setattr(console.contacts, "change", broken)
    with pytest.raises(Internal):
        invoke("update_contact", event)
    assert len(lines.named("invocation")) == 4
    for word in ("secret", "Secret", "15112121212", "example.org"):
        assert word not in lines.text


def the_alarms_field() -> str:
    """The field that the alarm's metric filter reads."""
    resources = json.loads((ROOT / ".chalice/resources.json").read_text())["Resources"]
    pattern = resources["OldestDeletion"]["Properties"]["FilterPattern"]
    found = re.fullmatch(r"{ \$\.(\w+) = \* }", pattern)
    assert found
    return found[1]


def test_the_schedule_writes_the_line_that_the_alarm_reads(
    table: Table, eagle: Member, lines: Lines
) -> None:
    """One number a run, in the filter's own field: 0 when no deletion is open."""
    invoke("resume_deletions_on_schedule", {})
    delete(table, eagle, add(table, eagle).id, seconds=0)
    invoke("resume_deletions_on_schedule", {})
    every = [json.loads(line) for line in lines.text.splitlines()]
    told = [line[the_alarms_field()] for line in every if the_alarms_field() in line]
    assert told[0] == 0
    assert told[1] > 0
    assert len(told) == 2


def test_an_operator_is_an_owner(table: Table, eagle: Member) -> None:
    """IAM has let them in: they may do what only owners may, under their own name."""
    operator, _ = access.operator(table, "eagle")
    assert (operator.role, operator.user_id) == ("owner", "console")
    for user_id, role in (("olga", "owner"), ("mia", "member")):
        event = {"workspace_id": "eagle", "user_id": user_id, "role": role}
        assert invoke("add_member", event)["member"]["role"] == role
        assert access.enter(table, "eagle", user_id).role == role
    members.close(table, access.enter(table, "eagle", "olga"), "amy", now=NOW)
