"""Each function may do exactly what it does: every policy of the packaged template is
evaluated against the storage calls that the functions have really made."""

import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import lease, purge
from chalicelib.model.words import Member, as_json
from chalicelib.storage import keys
from chalicelib.storage.expressions import Put
from chalicelib.storage.table import Table
from chalicelib.verbs import access, members, notes, workspaces
from tests import (
    test_http_changes,
    test_http_children,
    test_http_contacts,
    test_http_workspaces,
)
from tests.bundle.conftest import Function
from tests.bundle.packaged import Bundle
from tests.bundle.recorder import Grant, Recorder
from tests.bundle.test_functions import SCHEDULE, event
from tests.conftest import NOW, Server, add, delete, found
from tests.http_world import CONTACTS, made

TABLE = "contactbook-dev"
ACCOUNT = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "ServedTable": TABLE,
}
ARN = f"arn:aws:dynamodb:us-east-1:123456789012:table/{TABLE}"


def statements(bundle: Bundle) -> dict[str, list[dict[str, Any]]]:
    """By the handler's name, what the template grants to its function."""
    granted = {}
    resources = bundle.template["Resources"]
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            role = resources[resource["Properties"]["Role"]["Fn::GetAtt"][0]]
            (policy,) = role["Properties"]["Policies"]
            assert "ManagedPolicyArns" not in role["Properties"]
            name = resource["Properties"]["Handler"].removeprefix("app.")
            granted[name] = policy["PolicyDocument"]["Statement"]
    return granted


def resolved(resource: Any) -> str:
    if "Fn::GetAtt" in resource:
        return ".".join(resource["Fn::GetAtt"])
    return re.sub(r"\${([\w:]+)}", lambda m: ACCOUNT[m[1]], resource["Fn::Sub"])


def storage_grants(granted: list[dict[str, Any]]) -> set[Grant]:
    """The (action, table or index) pairs that a policy allows."""
    pairs = set()
    for statement in granted:
        for action in statement["Action"]:
            service, _, name = action.partition(":")
            if service == "dynamodb":
                place = resolved(statement["Resource"]).replace(ARN, TABLE)
                pairs.add((name, place))
    return pairs


@pytest.fixture(scope="module")
def made_calls(
    recorder: Recorder, server: Server, store: Table, function: Function
) -> dict[str, set[Grant]]:
    """What each function has needed, after all that it can do has been done."""
    with server.client("eagle-owner") as http:
        use_the_api(server, http)
    member = found(store, "open-deletions", "amy")
    for name, given in (
        ("resume_deletions_on_schedule", SCHEDULE),
        ("resume_deletions", {}),
    ):
        _overtaken(recorder, store, member, function, name, given)
        leave_all_kinds_of_work(store, member)
        resumed = function(name).invoke(given)
        assert not resumed.is_error, resumed.payload
        for kind in ("deletions", "second_looks", "handovers", "statuses"):
            assert resumed.payload[kind]["done"] > 0, (kind, resumed.payload)
    use_the_console(store, function)
    _overtaken(recorder, store, member, function, "delete_contact", None)
    return {
        name: {
            (action, place.replace(store._name, TABLE, 1)) for action, place in needed
        }
        for name, needed in recorder.needed.items()
    }


def use_the_api(server: Server, http: httpx.Client) -> None:
    test_http_contacts.test_the_life_of_a_contact(http)
    test_http_contacts.test_a_status_from_something_else_is_a_conflict(http)
    test_http_workspaces.test_workspaces_and_members(server)
    for of_children in (
        test_http_children.test_notes,
        test_http_children.test_conversations_and_messages,
        test_http_children.test_a_delete_tells_what_went,
    ):
        of_children(http, f"{CONTACTS}/{made(http)['id']}")
    test_http_changes.test_a_client_follows_what_happens(http)
    phone = {"phone": "+49 151 10000777"}
    assert http.get(CONTACTS, params=phone).json()["contacts"] == []


def leave_all_kinds_of_work(store: Table, member: Member) -> None:
    """An open deletion, an end that is looked at again and was not one, a member who
    has left, a status that closes: each with all that can be found there."""
    contact = add(store, member, phone="+4915112345678", email="open@x.org")
    notes.add(store, member, contact.id, body={"content": "x"}, now=NOW)
    assert delete(store, member, contact.id, seconds=0).status == "running"
    ended = add(store, member)
    assert delete(store, member, ended.id).status == "done"
    orphan = Put(keys.child(member, ended.id, "note_late")._asdict())
    store.transact({"orphan": orphan})
    members.add(store, member, {"user_id": "bob", "role": "viewer"}, now=NOW)
    add(store, member, assigned_to="bob")
    members.close(store, member, "bob", now=NOW)
    now = access.enter(store, member.workspace.slug, member.user_id)
    *stay, _ = as_json(now.workspace)["lead_statuses"]
    workspaces.change(store, now, {"lead_statuses": stay}, now=NOW)


def _overtaken(
    recorder: Recorder,
    store: Table,
    member: Member,
    function: Function,
    name: str,
    given: Any,
) -> None:
    """Another worker, who thinks the lease is over, ends the deletion just before this
    one would: it reads that one's receipt, which is a call of its own."""
    contact = add(store, member)
    if given is None:
        given = {"workspace_id": member.workspace.id, "contact_id": contact.id}
    else:
        assert delete(store, member, contact.id, seconds=0).status == "running"
    now = datetime.now(UTC) + 2 * lease.HELD
    recorder.overtaken_by[name] = lambda: purge.delete(
        store, member, contact.id, now=now, budget=Budget(20)
    )
    outcome = function(name).invoke(given)
    assert not outcome.is_error, outcome.payload
    assert name not in recorder.overtaken_by


def use_the_console(store: Table, function: Function) -> None:
    member = found(store, f"console-{datetime.now().timestamp():.0f}", "amy")
    contact = add(store, member, phone="+4915112345678", email="console@x.org")
    notes.add(store, member, contact.id, body={"content": "x"}, now=NOW)
    named = {"workspace_id": member.workspace.slug, "contact_id": contact.id}
    for name, change in (
        ("update_contact", {"name": "B"}),
        ("update_contact", {"metadata": {"a": 1}}),
        ("update_contact", {"phone": "+4915112345679", "email": None}),
        ("update_contact", {"assigned_to": "amy"}),
        ("update_contact_status", {"lead_status": "lost"}),
        ("check_leftovers", {}),
        ("delete_contact", {}),
        ("check_leftovers", {}),
    ):
        outcome = function(name).invoke(named | change)
        assert not outcome.is_error, outcome.payload
    again = function("delete_contact").invoke(named)
    assert again.payload["errorType"] == "ContactNotFound"
    slug = member.workspace.slug
    for name, given in (
        ("create_workspace", event("create_workspace", slug=f"{slug}-2")),
        ("add_member", event("add_member", workspace_id=slug)),
        ("add_member", {"workspace_id": slug, "user_id": "zoe", "role": "owner"}),
    ):
        outcome = function(name).invoke(given)
        assert not outcome.is_error, outcome.payload


HANDLERS = [
    *("app", "update_contact", "update_contact_status", "delete_contact"),
    *("create_workspace", "add_member", "check_leftovers"),
    *("resume_deletions", "resume_deletions_on_schedule"),
]


@pytest.mark.parametrize("name", HANDLERS)
def test_a_function_may_do_exactly_what_it_does(
    bundle: Bundle, made_calls: dict[str, set[Grant]], name: str
) -> None:
    """Nothing missing, nothing granted that is never used."""
    allowed = storage_grants(statements(bundle)[name])
    assert made_calls[name] - allowed == set(), "missing: it would fail on AWS"
    assert allowed - made_calls[name] == set(), "granted, and never used"


def test_every_function_is_among_them(bundle: Bundle) -> None:
    assert sorted(statements(bundle)) == sorted(HANDLERS)


def test_beside_the_table_there_is_only_the_own_log(bundle: Bundle) -> None:
    """And for the schedule the queue of what failed; no wildcard anywhere."""
    for name, granted in statements(bundle).items():
        others = {
            (action, resolved(statement["Resource"]))
            for statement in granted
            for action in statement["Action"]
            if not action.startswith("dynamodb:")
        }
        logs = {place.partition(".")[0] for a, place in others if a.startswith("logs:")}
        (log,) = logs
        function = log.removesuffix("Logs")
        handler = bundle.template["Resources"][function]["Properties"]["Handler"]
        assert handler == f"app.{name}"
        expected = {
            (f"logs:{action}", f"{log}.Arn")
            for action in ("CreateLogStream", "PutLogEvents")
        }
        if name == "resume_deletions_on_schedule":
            expected.add(("sqs:SendMessage", "DeadLetters.Arn"))
        assert others == expected
        assert "*" not in str(granted)
        assert "Scan" not in str(granted)
