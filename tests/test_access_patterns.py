"""Golden keys: question, key, condition, calls, capacity. The README's table is this
list, and the numbers are the engine's own ConsumedCapacity."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.base.cost import metered
from chalicelib.commit import once
from chalicelib.model import secret
from chalicelib.model.clock import timestamp
from chalicelib.model.ids import deletion_id
from chalicelib.model.secret import Secret
from chalicelib.model.words import Contact, Member
from chalicelib.storage import conditions, entry, feed, keys
from chalicelib.storage.expressions import Change, Put, Update, request
from chalicelib.storage.table import Table
from chalicelib.verbs import (
    access,
    changes,
    contacts,
    conversations,
    messages,
    notes,
    search,
    tokens,
    workspaces,
)
from chalicelib.verbs.changes import Walk
from chalicelib.verbs.search import Wanted
from local.engine import ROOT
from tests.conftest import NOW, add, delete, found

FORM = {"name": "Website form", "role": "member"}
AT = timestamp(NOW)
WS = "ws_01KDYAK3SE2M7W3KBX8EY21FQ6"
CON = "con_01KDYAKAM6EG0YR1AD87CSJSFD"


@dataclass
class World:
    table: Table
    eagle: Member
    one: Contact
    chat: str
    secret: Secret


@pytest.fixture
def world(real_table: Table) -> World:
    eagle = found(real_table, "eagle", "amy")
    body = {"phone": "+447400123456", "email": "ada@example.org"}
    one = add(real_table, eagle, **body)
    chat = conversations.start(
        real_table, eagle, one.id, body={"channel": "sms"}, now=NOW
    )
    held = secret.read(str(tokens.make(real_table, eagle, FORM, now=NOW)[1]))
    assert held
    access.by_token(real_table, "eagle", held, now=NOW)  # the day's first use
    return World(real_table, eagle, one, chat.id, held)


def patch(**body: Any) -> Callable[[World], Any]:
    return lambda w: contacts.change(w.table, w.eagle, w.one.id, body=body, now=NOW)


def listed(**filters: Any) -> Callable[[World], Any]:
    return lambda w: search.contacts(w.table, w.eagle, Wanted(25, **filters))


def entered(w: World) -> Any:
    """As a door does it: read ahead with the entrance."""
    where = w.eagle.workspace.id
    member, inside = access.let_in(w.table, where, "amy", reads=w.one.id)
    return contacts.get(inside, member, w.one.id)


def by_token(used: bool) -> Callable[[World], Any]:
    def come_in(w: World) -> Any:
        day = NOW if used else NOW + timedelta(days=1)
        return access.by_token(w.table, "eagle", w.secret, now=day)

    return come_in


def keyed(**body: Any) -> Callable[[World], Any]:
    def change(w: World) -> Any:
        intent = once.of("amy", "key", ["PATCH", body], NOW)
        return contacts.change(
            w.table, w.eagle, w.one.id, body=body, now=NOW, intent=intent
        )

    return change


def said(count: int) -> Callable[[World], Any]:
    def receive(w: World) -> Any:
        place = messages.Place(w.table, w.eagle, w.one.id, w.chat)
        body = {"direction": "inbound", "content": "Hello"}
        return messages.receive(place, [body] * count, now=NOW)

    return receive


# question: (what is done, calls, rcu, wcu)
PATTERNS: dict[str, tuple[Callable[[World], Any], int, float, float]] = {
    "Who am I here?": (lambda w: access.enter(w.table, "eagle", "amy"), 1, 2, 0),
    "... and one contact, by the workspace's id": (entered, 1, 4, 0),
    "... as a machine, by its token": (by_token(used=True), 1, 2, 0),
    "... on a day's first use": (by_token(used=False), 2, 2, 1),
    "A new token": (
        lambda w: tokens.make(w.table, w.eagle, FORM, now=NOW),
        *(2, 2, 6),
    ),
    "My workspaces": (
        lambda w: workspaces.page(w.table, "amy", limit=25, cursor=None),
        *(2, 2.5, 0),
    ),
    "One contact": (lambda w: contacts.get(w.table, w.eagle, w.one.id), 1, 2, 0),
    "The newest contacts": (listed(), 1, 1, 0),
    "Contacts with a status": (listed(status="new"), 2, 1.5, 0),
    "The contact with a phone": (listed(phone="+447400123456"), 2, 3, 0),
    "Contacts that match a text": (listed(text="ada"), 1, 1, 0),
    "What is new since a time, of one contact": (
        lambda w: changes.since(w.table, w.eagle, Walk(AT, AT)),
        *(3, 2, 0),
    ),
    "A new contact with phone and e-mail": (
        lambda w: add(w.table, w.eagle, phone="+447400999999", email="x@y.org"),
        *(1, 0, 33),
    ),
    "Change the score": (patch(lead_score=9), 2, 2, 9),
    "Change the name": (patch(name="Bea"), 2, 2, 17),
    "Change the status": (
        lambda w: contacts.set_status(
            w.table, w.eagle, w.one.id, body={"lead_status": "lost"}, now=NOW
        ),
        *(2, 2, 11),
    ),
    "Change metadata": (patch(metadata={"a": 1}), 2, 2, 9),
    "Change phone or e-mail": (patch(phone="+447400999999"), 2, 2, 37),
    "The same with an Idempotency-Key": (keyed(lead_score=9), 3, 3, 13),
    "Delete a contact without children": (
        lambda w: delete(w.table, w.eagle, w.one.id),
        *(7, 4, 47),
    ),
    "The newest notes": (
        lambda w: notes.page(w.table, w.eagle, w.one.id, limit=25, cursor=None),
        *(2, 2, 0),
    ),
    "A new note": (
        lambda w: notes.add(w.table, w.eagle, w.one.id, body={"content": "x"}, now=NOW),
        *(1, 0, 5),
    ),
    "A message": (said(1), 1, 0, 7),
    "Forty messages at once": (said(40), 1, 0, 124),
}


@pytest.mark.parametrize("question", PATTERNS)
def test_what_each_question_costs(world: World, question: str) -> None:
    """Calls and capacity of every access pattern, as the engine counts them."""
    ask, calls, rcu, wcu = PATTERNS[question]
    with metered() as cost:
        ask(world)
    assert (cost.calls, cost.rcu, cost.wcu) == (calls, rcu, wcu)


def test_the_readme_shows_these_numbers() -> None:
    """The table of the README is this list, in this order."""
    row = re.compile(r"^\| ([^|]+?) +\|.*\| +(\d+) \| +([\d.]+) \| +([\d.]+) \|$", re.M)
    shown = row.findall((ROOT / "README.md").read_text())
    expected = [
        (question, str(calls), f"{rcu:g}", f"{wcu:g}")
        for question, (_, calls, rcu, wcu) in PATTERNS.items()
    ]
    assert shown == expected


def member() -> Member:
    workspace: Any = type("W", (), {"id": WS, "slug": "eagle"})()
    return Member(workspace, "amy", "owner")


def test_the_keys_are_these() -> None:
    """A key that moves loses data: every one of them is written down here."""
    me = member()
    assert keys.workspace(keys.door("eagle")) == ("slug#eagle", "workspace")
    assert keys.workspace(keys.door(WS)) == (WS, "workspace")
    assert keys.membership(WS, "amy") == (WS, "member#amy")
    assert keys.contact(me, CON) == (WS, CON)
    assert keys.phone(me, "+4915112345678") == (WS, "phone#+4915112345678")
    assert keys.email(me, "Ada@Example.org") == (WS, "email#ada@example.org")
    assert keys.deletion(me, deletion_id(CON)) == (WS, "del_" + CON[4:])
    assert keys.memberships_of("amy") == keys.Range("user#amy", index="gsi1")
    assert entry.token(WS, "key_1") == (WS, "key_1")
    assert entry.tokens(me) == keys.Range(WS, "key_")
    assert entry.keyring(WS) == (WS, "keyring")
    assert keys.job(me, "job_1") == (WS, "job_1")
    assert keys.profile("amy") == ("user#amy", "profile")
    assert keys.contacts(me) == keys.Range(WS, "con_")
    assert keys.contacts_with_status(me, "new").pk == f"{WS}#status#new"
    assert keys.metadata(me, CON) == (f"{WS}#{CON}", "metadata")
    assert keys.term(me, "w:ada", CON) == (f"{WS}#find#w:ada", CON)
    assert keys.event(me, CON, 7) == (f"{WS}#{CON}", "chg#00000007")
    assert keys.once(me, "digest") == (f"{WS}#once#digest", "once")
    assert keys.once_outside("amy", "digest") == ("user#amy#once#digest", "once")
    assert keys.said(me, CON, "digest") == (f"{WS}#{CON}", "said#digest")
    inv = "inv_" + CON[4:]
    assert entry.invitation(WS, inv) == (WS, inv)
    assert entry.invitations(me) == keys.Range(WS, "inv_")
    assert entry.invite(WS, "Ada@Example.org") == (WS, "invite#ada@example.org")
    assert entry.invites(me) == keys.Range(WS, "invite#")
    assert entry.inviting(me) == (WS, "invites")
    assert entry.mails(WS, "2026-01-02") == (WS, "mails#2026-01-02")
    digest = hashlib.sha256(b"ada@example.org").hexdigest()
    assert entry.invitations_to("Ada@Example.org") == keys.Range(
        f"invited#{digest}", index="gsi1"
    )
    assert keys.children(me, CON).pk == f"{WS}#{CON}"
    assert keys.child(me, CON, "note_1") == (f"{WS}#{CON}", "note_1")
    assert keys.message(me, CON, "conv_1", "msg_1")[1] == "msg#conv_1#msg_1"
    assert keys.external(me, CON, "conv_1", "wamid.1")[1] == "ext#conv_1#wamid.1"
    assert keys.contact_after(me, CON, "new") == {
        "pk": WS,
        "sk": CON,
        "gsi1pk": f"{WS}#status#new",
        "gsi1sk": CON,
    }


def test_the_places_in_the_indexes_are_these() -> None:
    """So are these: they are written with the item, and cannot be added later."""
    me = member()
    assert keys.listed_as_due("2026", CON) == {
        "duepk": "due#04",
        "duesk": f"2026#{CON}",
    }
    assert keys.logged(me, CON, 7, "2026-01-02T03:04:05.678Z") == {
        "gsi1pk": f"{WS}#log#2026-01-02",
        "gsi1sk": f"2026-01-02T03:04:05.678Z#{CON}#00000007",
    }
    assert keys.in_timeline(me, CON, "note_01X") == {
        "gsi1pk": f"{WS}#{CON}#time",
        "gsi1sk": "01X",
    }
    gone = {"gsi1pk": f"{WS}#gone", "gsi1sk": f"2026#{CON}"}
    assert feed.listed_as_gone(me, "2026", CON) == gone
    receipt = deletion_id(CON)
    assert feed.GONE.after(me, ("2026", receipt)) == gone | {"pk": WS, "sk": receipt}
    assert feed.TOUCHED.after(me, ("2026", CON)) == {
        "pk": WS,
        "sk": CON,
        "listed": WS,
        "touched_at": "2026",
    }
    assert keys.due(4, "2026") == keys.Range("due#04", index="due", until="2026~")


def test_a_change_is_this_request() -> None:
    """The update of one contact, as it goes over the wire."""
    change = Change(set={"name": "Ada", "source": None, "version": 4})
    where = conditions.ALIVE & conditions.version_is(3)
    assert request(Update(keys.contact(member(), CON), change, where), "contacts") == {
        "TableName": "contacts",
        "Key": {"pk": {"S": WS}, "sk": {"S": CON}},
        "UpdateExpression": ("SET #name = :name, #version = :version REMOVE #source"),
        "ConditionExpression": (
            "(attribute_exists(#pk) AND attribute_not_exists(#deletion_id)) "
            "AND (#version = :version_before)"
        ),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "ExpressionAttributeNames": {
            "#deletion_id": "deletion_id",
            "#name": "name",
            "#pk": "pk",
            "#source": "source",
            "#version": "version",
        },
        "ExpressionAttributeValues": {
            ":name": {"S": "Ada"},
            ":version": {"N": "4"},
            ":version_before": {"N": "3"},
        },
    }


def test_a_claim_is_this_request() -> None:
    """A phone is claimed if it is free, or already this contact's."""
    claim = {**keys.phone(member(), "+1")._asdict(), "contact_id": CON, "none": None}
    assert request(Put(claim, conditions.free_or_own(CON)), "contacts") == {
        "TableName": "contacts",
        "Item": {"pk": {"S": WS}, "sk": {"S": "phone#+1"}, "contact_id": {"S": CON}},
        "ConditionExpression": ("attribute_not_exists(#pk) OR #contact_id = :claimant"),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "ExpressionAttributeNames": {"#contact_id": "contact_id", "#pk": "pk"},
        "ExpressionAttributeValues": {":claimant": {"S": CON}},
    }
