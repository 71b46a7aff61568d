"""The Lambda functions that an operator invokes: same verbs, same objects."""

import json
import re
from typing import Any

import pytest

from chalicelib.base import settings
from chalicelib.doors import answers, console
from chalicelib.model.errors import (
    ContactNotFound,
    Internal,
    InvalidFields,
    InvalidRequest,
    MemberExists,
    Refusal,
    SlugTaken,
    WorkspaceNotFound,
)
from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts
from local.engine import ROOT
from tests.conftest import add

FUNCTIONS = re.findall(
    r'lambda_function\(name="(\w+)"\)', (ROOT / "app.py").read_text()
)


@pytest.fixture(autouse=True)
def this_table(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions find their table as on AWS: through connect()."""
    chosen = settings.Settings("t", "i", "a", "/none", ("EdDSA",), "*")
    monkeypatch.setattr(access, "connect", lambda: table)
    monkeypatch.setattr(console.settings, "current", lambda: chosen)


def invoke(name: str, event: Any) -> Any:
    return console.run(getattr(console, name), event)


def test_a_contact_is_fixed_and_its_status_set(table: Table, eagle: Member) -> None:
    """By id or slug of the workspace; recorded as done by the console."""
    one, other = add(table, eagle), add(table, eagle)
    event = {"workspace_id": "eagle", "contact_id": one.id, "name": "Fixed"}
    assert invoke("update_contact", event)["contact"]["name"] == "Fixed"
    event = {
        "workspace_id": eagle.workspace.id,
        "contact_id": one.id,
        "lead_status": "lost",
    }
    answer = invoke("update_contact_status", event)
    stored = contacts.get(table, eagle, one.id)
    assert answer == {"contact": answers.told(stored, eagle.workspace)}
    assert (stored.lead_status, stored.updated_by) == ("lost", "console")
    assert contacts.get(table, eagle, other.id) == other


def test_a_contact_is_deleted(table: Table, eagle: Member) -> None:
    """The receipt comes back; again is ContactNotFound."""
    event = {"workspace_id": "eagle", "contact_id": add(table, eagle).id}
    answer = invoke("delete_contact", event)
    assert answer["success"] is True
    assert answer["deletion"]["requested_by"] == "console"
    with pytest.raises(ContactNotFound):
        invoke("delete_contact", event)


def test_a_workspace_and_a_member_are_made(table: Table) -> None:
    """The named owner owns it; the added member may enter."""
    event = {"name": "Summit", "slug": "summit", "owner": "sue"}
    workspace = invoke("create_workspace", event)["workspace"]
    assert access.enter(table, workspace["id"], "sue").role == "owner"
    with pytest.raises(SlugTaken):
        invoke("create_workspace", event)
    event = {"workspace_id": "summit", "user_id": "bob", "role": "member"}
    assert invoke("add_member", event)["member"]["role"] == "member"
    assert access.enter(table, "summit", "bob").role == "member"
    with pytest.raises(MemberExists):
        invoke("add_member", event)


@pytest.mark.parametrize(
    ("name", "change", "refusal", "word"),
    [
        ("update_contact", {"contact_id": "undefined"}, InvalidRequest, "contact_id"),
        ("update_contact", {"contact_id": None}, InvalidRequest, "contact_id"),
        ("update_contact", {"workspace_id": ""}, InvalidRequest, "workspace_id"),
        ("update_contact", {"workspace_id": 7}, InvalidRequest, "workspace_id"),
        ("update_contact", {"workspace_id": "nope"}, WorkspaceNotFound, "workspace"),
        ("update_contact", {"name": None, "x": 1}, InvalidFields, "x is not a field"),
        ("update_contact_status", {"lead_status": "x"}, InvalidFields, "lead_status"),
        ("delete_contact", {"force": True}, InvalidFields, "force"),
        ("resume_deletions", {"force": True}, InvalidFields, "force"),
        ("create_workspace", {"owner": ""}, InvalidFields, "owner"),
        ("add_member", {"role": "god"}, InvalidFields, "role"),
    ],
)
def test_a_refusal_says_which_field(
    table: Table,
    eagle: Member,
    name: str,
    change: dict[str, Any],
    refusal: type[Refusal],
    word: str,
) -> None:
    """The error type is the refusal's name, the message its code and a sentence."""
    event = json.loads((ROOT / f"events/{name}.json").read_text())
    if "workspace_id" in event:
        event["workspace_id"] = "eagle"
    if "contact_id" in event:
        event["contact_id"] = add(table, eagle).id
    with pytest.raises(refusal) as refused:
        invoke(name, event | change)
    assert str(refused.value).startswith(f"{refusal.code}: ")
    assert word in str(refused.value)


@pytest.mark.parametrize("event", [None, [], "x", 7])
def test_an_event_is_an_object(event: Any) -> None:
    """The console's test button can send anything."""
    with pytest.raises(InvalidRequest, match="JSON object is expected"):
        invoke("delete_contact", event)


@pytest.mark.parametrize(
    "value", [float("inf"), float("nan"), "\ud800", json.loads("[" * 900 + "]" * 900)]
)
def test_an_event_is_checked_like_a_body(
    table: Table, eagle: Member, value: Any
) -> None:
    """What a list could never show again is not let in by the console either."""
    made = add(table, eagle)
    event = {"workspace_id": "eagle", "contact_id": made.id, "metadata": {"x": value}}
    with pytest.raises(InvalidRequest):
        invoke("update_contact", event)
    assert contacts.get(table, eagle, made.id) == made


def test_every_bad_field_of_an_event_is_named() -> None:
    """As over HTTP: one refusal names them all."""
    with pytest.raises(InvalidFields) as refused:
        invoke("create_workspace", {"slug": "X", "owner": "a b", "plan": 1})
    fields = {error.field for error in refused.value.errors}
    assert fields == {"name", "slug", "owner", "plan"}


def test_a_fault_of_ours_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The inside stays in the log."""

    def broken() -> Table:
        raise KeyError("secret inside")

    monkeypatch.setattr(access, "connect", broken)
    event = {"name": "S", "slug": "summit", "owner": "sue"}
    with pytest.raises(Internal) as refused:
        invoke("create_workspace", event)
    assert "secret" not in str(refused.value)


def test_every_function_has_its_event() -> None:
    """events/NAME.json is a ready test event for each function, and for no other."""
    assert sorted(FUNCTIONS) == sorted(p.stem for p in ROOT.glob("events/*.json"))
