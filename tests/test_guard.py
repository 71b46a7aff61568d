"""No request of a workspace names a key of another, and no answer brings one: whatever
verb is given a wrong Member, and whatever key function is broken."""

import io
import json
from collections.abc import Callable
from inspect import isfunction
from typing import Any

import pytest

from chalicelib.base import log
from chalicelib.base.budget import Budget
from chalicelib.jobs import due, handover, leftovers, purge
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import (
    Change,
    ConditionCheck,
    Delete,
    Put,
    Step,
    Update,
)
from chalicelib.storage.guard import Foreign, Guard
from chalicelib.storage.shapes import Key, Range
from chalicelib.storage.table import Table
from chalicelib.verbs import (
    access,
    assignments,
    contacts,
    conversations,
    invitations,
    joining,
    members,
    messages,
    notes,
    search,
    tokens,
)
from chalicelib.verbs.search import Wanted
from tests.conftest import LATE, NOW, everything, say
from tests.guard_world import FULL, SAID, VERBS, World
from tests.guard_world import made as made_world


@pytest.fixture
def world(moto_client: Any) -> World:
    return made_world(moto_client)


@pytest.fixture
def refused(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asserts that something is refused: nothing is sent, nothing changes anywhere, and
    an alarm is raised that tells no key."""

    def look(act: Callable[[World], Any]) -> None:
        before, sent = everything(world.whole), world.client.sent
        written = io.StringIO()
        monkeypatch.setattr(log._logger.registered_handler, "stream", written)
        with pytest.raises(Foreign):
            act(world)
        assert world.client.sent == sent
        assert everything(world.whole) == before
        (line,) = written.getvalue().splitlines()
        alarm = json.loads(line)
        assert (alarm["message"], alarm["level"]) == ("foreign_key", "ERROR")
        assert alarm["workspace"] == world.amy.workspace.id
        secrets = (world.zed.workspace.id, world.contact, "harbor", *FULL.values())
        assert not [one for one in secrets if one in line]

    return look


Refused = Callable[[Callable[[World], Any]], None]
EXISTS = conditions.EXISTS


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_with_a_swapped_member_cannot_cross(refused: Refused, name: str) -> None:
    """The table of one's own, a Member of another's: all stop before they send."""
    refused(VERBS[name])


def test_every_verb_is_tried() -> None:
    """One that is missing here fails the build."""
    tried = {name.split()[0] for name in VERBS}
    of_contacts = (contacts, conversations, messages, notes, search)
    coming_in = (assignments, invitations, joining, members, tokens)
    for module in (*of_contacts, *coming_in):
        for name, verb in vars(module).items():
            ours = getattr(verb, "__module__", "") == module.__name__
            if ours and isfunction(verb) and not name.startswith("_"):
                assert f"{module.__name__.split('.')[-1]}.{name}" in tried


def test_ones_own_is_let_through(world: World) -> None:
    """The guard stands in nobody's way: the same verbs with one's own Member."""
    made = contacts.create(world.table, world.amy, {"name": "Mine"}, now=NOW)
    args = (world.table, world.amy, made.id)
    notes.add(*args, body={"content": "x"}, now=NOW)
    talk = conversations.start(*args, body={"channel": "sms"}, now=NOW)
    say(*args, talk.id, SAID)
    asked = {"user_id": "eve", "role": "viewer"}
    members.add(world.table, world.amy, asked, now=NOW)  # listed under user#eve
    handover.remove(world.table, world.amy, "eve", now=NOW, budget=Budget(9))
    listed, _ = search.contacts(world.table, world.amy, Wanted(9))
    assert made.id in [one.id for one in listed]
    purge.delete(*args, now=NOW, budget=Budget(9))  # a due entry is written
    due.go_on(world.whole, now=LATE, budget=Budget(9))
    assert leftovers.check(*args, now=NOW)["total"] == 0


@pytest.mark.parametrize(
    "act",
    [
        lambda w: contacts.get(w.table, w.amy, w.contact),
        lambda w: contacts.change(
            w.table, w.amy, w.contact, body={"name": "X"}, now=NOW
        ),
        lambda w: contacts.create(w.table, w.amy, {"name": "X"}, now=NOW),
        lambda w: notes.add(w.table, w.amy, w.contact, body={"content": "x"}, now=NOW),
        lambda w: purge.delete(w.table, w.amy, w.contact, now=NOW, budget=Budget(9)),
    ],
)
def test_a_broken_key_function_cannot_cross(
    world: World,
    refused: Refused,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[World], Any],
) -> None:
    """A key that lies in another's partition, from the right Member."""
    theirs = world.zed.workspace.id
    monkeypatch.setattr(keys, "contact", lambda member, one: Key(theirs, one))
    refused(act)


def test_the_table_that_a_door_gets_is_bound(world: World) -> None:
    """By id and by slug, for a member and for the operator."""
    guard = Guard.of(world.amy.workspace)
    for reference in ("eagle", world.amy.workspace.id):
        assert access.let_in(world.whole, reference, "amy")[1]._guard == guard
        assert access.operator(world.whole, reference)[1]._guard == guard


# --- request by request, past the verbs


def theirs(w: World, sk: str = "con_1") -> Key:
    return Key(w.zed.workspace.id, sk)


def own(w: World, **more: str) -> dict[str, str]:
    return {"pk": w.amy.workspace.id, "sk": "con_1", **more}


def sent(step: Callable[[World], Step]) -> Callable[[World], Any]:
    """A transaction whose second step is foreign."""
    return lambda w: w.table.transact({"own": Put(own(w)), "foreign": step(w)})


def started(w: World, **start: str) -> Any:
    run = Range(w.amy.workspace.id, "con_")
    return w.table.query(run, limit=1, start=own(w) | start)


REQUESTS: dict[str, Callable[[World], Any]] = {
    "get": lambda w: w.table.get(theirs(w)),
    "get behind their slug": lambda w: w.table.get(Key("slug#harbor", "workspace")),
    "get of what belongs to theirs": lambda w: w.table.get(
        Key(f"{theirs(w).pk}#{w.contact}", w.note)
    ),
    "get of a user": lambda w: w.table.get(keys.profile("amy")),
    "one of a batch": lambda w: w.table.get_many([Key(**own(w)), theirs(w)]),
    "a batch that deletes": lambda w: w.table.delete_batch([theirs(w)], lambda: 1),
    "update": lambda w: w.table.update(theirs(w), Change(set={"a": 1}), EXISTS),
    "update of an index": lambda w: w.table.update(
        Key(**own(w)), Change(set={"gsi1pk": f"{theirs(w).pk}#status#new"}), EXISTS
    ),
    "put": sent(lambda w: Put(theirs(w)._asdict())),
    "put of an index": sent(lambda w: Put(own(w, sk="x", gsi1pk=theirs(w).pk))),
    "put into their lists": sent(lambda w: Put(own(w, sk="x", listed=theirs(w).pk))),
    "put as listed at everybody's": sent(
        lambda w: Put(own(w, sk="x", listed="user#amy"))
    ),
    "update in a transaction": sent(lambda w: Update(theirs(w), Change(), EXISTS)),
    "delete": sent(lambda w: Delete(theirs(w))),
    "check": sent(lambda w: ConditionCheck(theirs(w), EXISTS)),
    "query": lambda w: w.table.query(Range(theirs(w).pk), limit=1),
    "query of an index": lambda w: w.table.query(
        Range(f"{theirs(w).pk}#status#new", index="gsi1"), limit=1
    ),
    "query of a user's list": lambda w: w.table.query(
        keys.memberships_of("amy"), limit=1
    ),
    "query of what is due": lambda w: w.table.query(keys.due(0, "9"), limit=1),
    "start of a page": lambda w: started(w, pk=theirs(w).pk),
    "start of a page of an index": lambda w: started(w, gsi1pk=theirs(w).pk),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_names_anothers_key_is_not_sent(
    refused: Refused, name: str
) -> None:
    """Keys, start keys, index keys that are written, each step, each of a batch; lists
    that are nobody's own may not be read."""
    refused(REQUESTS[name])


def test_an_id_that_begins_like_ones_own_is_anothers(world: World) -> None:
    """Not what begins alike, but what lies under it."""
    guard = Guard.of(world.amy.workspace)
    for pk in (f"{world.amy.workspace.id}X", "slug#eagle2", "slug#eagle#x", ""):
        with pytest.raises(Foreign):
            guard.check("get_item", {"Key": {"pk": {"S": pk}}})


def test_an_own_item_may_be_listed_under_a_user_and_as_due(world: World) -> None:
    entry = own(world, gsi1pk="user#eve", gsi1sk="x", duepk="due#01", duesk="x")
    world.table.transact({"entry": Put(entry)})
    assert world.table.get(Key(entry["pk"], entry["sk"])) == entry


class Liar:
    """A store that answers with an item of another's, whatever is asked."""

    def __init__(self, pk: str) -> None:
        self.item = {"pk": {"S": pk}, "sk": {"S": "con_1"}}

    def __getattr__(self, operation: str) -> Any:
        answers: dict[str, Any] = {
            "get_item": {"Item": self.item},
            "batch_get_item": {"Responses": {"t": [self.item]}, "UnprocessedKeys": {}},
            "query": {"Items": [self.item]},
            "update_item": {"Attributes": self.item},
        }
        consumed = {"CapacityUnits": 1.0}
        return lambda **_: {"ConsumedCapacity": consumed} | answers[operation]


@pytest.mark.parametrize(
    "ask",
    [
        lambda table, key: table.get(key),
        lambda table, key: table.get_many([key]),
        lambda table, key: table.query(Range(key.pk), limit=1),
        lambda table, key: table.update(key, Change(set={"a": 1}), EXISTS),
    ],
)
def test_an_item_that_comes_back_and_is_anothers_is_not_handed_on(
    world: World, ask: Callable[[Table, Key], Any]
) -> None:
    """What was asked was right, what came was not."""
    lying = Table(Liar(theirs(world).pk), "t").inside(Guard.of(world.amy.workspace))
    with pytest.raises(Foreign):
        ask(lying, Key(**own(world)))
