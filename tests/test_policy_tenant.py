"""The tenant part of an IAM policy, evaluated as data: what it would let through of
what verbs and jobs really send for one workspace, and what it would not. It is
attached to nothing; docs/decisions/guard.md says when and how."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import handover, leftovers
from chalicelib.model.clock import timestamp
from chalicelib.model.words import Member
from chalicelib.storage.guard import Guard
from chalicelib.storage.shapes import INDEXES
from chalicelib.storage.table import Table
from chalicelib.verbs import (
    changes,
    contacts,
    conversations,
    members,
    messages,
    notes,
    search,
    workspaces,
)
from chalicelib.verbs.messages import Place
from chalicelib.verbs.search import Wanted
from local.engine import ROOT
from tests.conftest import LATE, NOW, add, delete

POLICY = json.loads((ROOT / ".chalice/policy-tenant.json").read_text())
WS = "ws_01KE0000000000000000000000"
SLUG = "eagle"
TABLE = "table/contactbook-dev"
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "BatchWriteItem")
READS = ("GetItem", "BatchGetItem", "Query")
CHAT = {"channel": "whatsapp"}
SAID = {"direction": "inbound", "content": "Hello", "external_id": "x"}
OWN = (WS, f"{WS}#con_1", f"{WS}#find#n:ada", f"{WS}#once#0f", f"slug#{SLUG}")
FOREIGN = (
    *("ws_01KE0000000000000000000001", "ws_01KE0000000000000000000001#con_1"),
    *("slug#harbor", "user#amy", "user#amy#once#0f", "due#03"),
)
LOOK_ALIKE = (
    *(f"{WS}0", f"{WS}-2#con_1", WS[:-1], f"{WS[:-1]}#con_1", f"x{WS}", WS.lower()),
    *(f"slug#{SLUG}-overseas", f"slug#{SLUG}#x", f"slug#{WS}", SLUG, f"#{WS}", "", "#"),
)


@dataclass(frozen=True)
class Asked:
    """A call as IAM sees it."""

    action: str
    resource: str
    keys: tuple[str, ...] | None  # dynamodb:LeadingKeys; None: the call has none


# --- an evaluator of exactly the language that the policy uses


def allows(asked: Asked, ws: str = WS, slug: str = SLUG) -> bool:
    """Nothing is allowed but by a statement that fits whole (IAM User Guide, "Policy
    evaluation logic"); a condition that this does not know is an error."""
    tags = {"${aws:PrincipalTag/ws}": ws, "${aws:PrincipalTag/slug}": slug}
    statements = POLICY["Statement"]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    return any(_fits(statement, asked, tags) for statement in statements)


def _fits(statement: dict[str, Any], asked: Asked, tags: dict[str, str]) -> bool:
    assert not {"NotAction", "NotResource"} & statement.keys()
    place = f"arn:aws:dynamodb:us-east-1:123456789012:{asked.resource}"
    return (
        any(_like(f"dynamodb:{asked.action}", one, {}) for one in statement["Action"])
        and any(_like(place, one, {}) for one in _resources(statement))
        and all(
            _holds(operator, wanted, asked.keys, tags)
            for operator, wanted in statement["Condition"].items()
        )
    )


def _resources(statement: dict[str, Any]) -> list[str]:
    given = statement["Resource"]
    stack = {
        "${AWS::Partition}": "aws",
        "${AWS::Region}": "us-east-1",
        "${AWS::AccountId}": "123456789012",
        "${ServedTable}": "contactbook-dev",
    }
    return [
        re.sub(r"\$\{[\w:]+\}", lambda m: stack[m[0]], one["Fn::Sub"])
        for one in (given if isinstance(given, list) else [given])
    ]


def _holds(
    operator: str,
    wanted: dict[str, Any],
    keys: tuple[str, ...] | None,
    tags: dict[str, str],
) -> bool:
    ((name, patterns),) = wanted.items()
    assert name == "dynamodb:LeadingKeys"
    if operator == "Null":
        assert patterns == "false"
        return keys is not None
    assert operator == "ForAllValues:StringLike"
    # True of no value at all, which is why Null stands beside it.
    return all(any(_like(key, one, tags) for one in patterns) for key in keys or ())


def _like(value: str, pattern: str, tags: dict[str, str]) -> bool:
    """StringLike: the whole value, case and all; * and ? of the pattern alone."""
    parts = re.split(r"(\$\{[^}]+\}|[*?])", pattern)
    wild = {"*": ".*", "?": "."}
    made = [wild.get(one) or re.escape(tags.get(one, one)) for one in parts]
    return re.fullmatch("".join(made), value, re.DOTALL) is not None


# --- what our own code sends


class Watched:
    """The real client; it notes each call as IAM would see it."""

    def __init__(self, client: Any) -> None:
        self._client, self.asked = client, list[Asked]()

    def __getattr__(self, operation: str) -> Any:
        def call(**given: Any) -> Any:
            self.asked += as_iam_sees(operation, given)
            return getattr(self._client, operation)(**given)

        return call


def as_iam_sees(operation: str, given: dict[str, Any]) -> Iterator[Asked]:
    """A transaction is asked for step by step, a batch once with all its keys."""
    action = "".join(word.title() for word in operation.split("_"))
    if operation == "transact_write_items":
        for step in given["TransactItems"]:
            ((kind, one),) = step.items()
            place = one.get("Key") or one["Item"]
            yield Asked(f"{kind}Item", TABLE, (place["pk"]["S"],))
    elif operation == "query":
        index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
        run = given["ExpressionAttributeValues"][":run"]["S"]
        yield Asked(action, TABLE + index, (run,))
    elif operation.startswith("batch_"):
        (wanted,) = given["RequestItems"].values()
        places = wanted["Keys"] if "Keys" in wanted else _written(wanted)
        yield Asked(action, TABLE, tuple(place["pk"]["S"] for place in places))
    else:
        yield Asked(action, TABLE, (given["Key"]["pk"]["S"],))


def _written(requests: Any) -> list[Any]:
    return [one["DeleteRequest"]["Key"] for one in requests]


@pytest.fixture
def watched(real_client: Any, real_table: Table, amy: Member) -> tuple[Watched, Table]:
    """The store of one workspace, as verbs get it."""
    client = Watched(real_client)
    return client, Table(client, real_table._name).inside(Guard.of(amy.workspace))


def live(table: Table, member: Member) -> None:
    """A life in a workspace, from the first contact to the last deletion."""
    one = add(table, member, phone="+4915112345678", email="ada@x.org", tags=["vip"])
    members.add(table, member, {"user_id": "bob", "role": "viewer"}, now=NOW)
    for body in ({"assigned_to": "bob", "metadata": {"a": 1}}, {"metadata": None}):
        contacts.change(table, member, one.id, body=body, now=NOW)
    new = {"lead_status": "lost"}
    contacts.set_status(table, member, one.id, body=new, now=NOW)
    notes.add(table, member, one.id, body={"content": "x"}, now=NOW)
    talk = conversations.start(table, member, one.id, body=CHAT, now=NOW)
    place = Place(table, member, one.id, talk.id)
    messages.receive(place, [SAID], now=NOW)
    for wanted in ({"status": "lost"}, {"phone": one.phone}, {"text": "ada"}):
        assert search.contacts(table, member, Wanted(9, **wanted))[0]
    handover.remove(table, member, "bob", now=NOW, budget=Budget(20))
    settings = {"phone_region": "DE"}
    workspaces.change(table, member, settings, now=NOW)
    delete(table, member, one.id)
    walk = changes.Walk(timestamp(NOW), timestamp(LATE))
    assert changes.since(table, member, walk).gone == [one.id]
    leftovers.check(table, member, one.id, now=NOW)


def test_all_that_a_workspace_does_would_be_let_through(
    watched: tuple[Watched, Table], amy: Member
) -> None:
    """Every call that verbs and jobs send for it, in every kind that there is."""
    client, table = watched
    live(table, amy)
    own = amy.workspace
    refused = [one for one in client.asked if not allows(one, own.id, own.slug)]
    assert refused == []
    assert {one.action for one in client.asked} == {*READS, *WRITES}
    lists = {f"{TABLE}/index/{name}" for name in ("gsi1", "by_touched")}
    assert lists <= {one.resource for one in client.asked}


def test_nothing_that_a_workspace_does_would_be_let_through_for_another(
    watched: tuple[Watched, Table], amy: Member
) -> None:
    """The same calls with another's tags: not one."""
    client, table = watched
    live(table, amy)
    assert [one for one in client.asked if allows(one, WS, "harbor")] == []


# --- what the policy says of each key


@pytest.mark.parametrize("action", [*READS, *WRITES])
def test_own_keys_are_allowed_and_no_others(action: str) -> None:
    """Foreign ones are not, nor what looks like one's own, also not beside own ones."""
    for key in OWN:
        assert allows(Asked(action, TABLE, (key,))), key
    assert allows(Asked(action, TABLE, OWN))
    for key in (*FOREIGN, *LOOK_ALIKE):
        assert not allows(Asked(action, TABLE, (key,))), key
        assert not allows(Asked(action, TABLE, (*OWN, key))), key


@pytest.mark.parametrize("action", [*READS, *WRITES])
def test_a_call_without_a_key_is_refused(action: str) -> None:
    """ForAllValues holds for no value at all; Null closes that door."""
    assert not allows(Asked(action, TABLE, None))


@pytest.mark.parametrize(
    "action",
    [
        *("Scan", "PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"),
        *("DescribeTable", "UpdateTable", "DeleteTable", "ExportTableToPointInTime"),
    ],
)
def test_what_reads_past_keys_is_refused(action: str) -> None:
    """Whatever keys it might name, of the table and of its indexes."""
    for place in (TABLE, *(f"{TABLE}/index/{name}" for name in INDEXES if name)):
        for keys in (None, (WS,), OWN):
            assert not allows(Asked(action, place, keys)), place


def test_an_index_shows_ones_own_lists_only() -> None:
    """By query and nothing else; what is due is everybody's, so nobody may see it."""
    for name in INDEXES.keys() - {""}:
        place = f"{TABLE}/index/{name}"
        own = allows(Asked("Query", place, (f"{WS}#status#new",)))
        assert own == (name != "due"), name
        for key in (*FOREIGN, *LOOK_ALIKE):
            assert not allows(Asked("Query", place, (key,))), key
        assert not allows(Asked("GetItem", place, (WS,)))


def test_another_table_is_refused() -> None:
    """Also one whose name begins with ours, and what belongs to a table."""
    for place in (
        "table/contactbook-dev2",
        "table/contactbook-prod",
        f"{TABLE}/stream",
    ):
        assert not allows(Asked("GetItem", place, (WS,)))


def test_it_is_attached_to_nothing() -> None:
    """Only the decision says how it is switched on."""
    for place in (".chalice/config.json", ".chalice/resources.json"):
        assert "policy-tenant" not in (ROOT / place).read_text()
