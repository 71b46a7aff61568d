"""Many at one contact at once: what each was told and when, judged as a whole."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import access, members, workspaces
from local import engine
from tests.conftest import NOW, Server, everything, new_table
from tests.prove.book import Json
from tests.prove.hands import Hands, OfHttp, OfVerbs, Versions
from tests.prove.linear import Op, order, stuck
from tests.prove.look import places_of
from tests.prove.machine import Machine, state_of
from tests.prove.proof import Ground, Proof
from tests.purge_world import mentions

HANDS = 4  # at one contact at once
EACH = 5  # operations of each
USERS = ("amy", "bob", "cem", "dora")
PHONES = ("+447400100001", "+447400100002", "+447400100003")
EMAILS = ("one@example.org", "two@example.org", "three@example.org")
TAKEN = {"phone": "+447400100009", "email": "taken@example.org"}
STATUSES = ("new", "active", "lost")
OVER_HTTP = 10  # of how many histories one is made over HTTP


def recorded(hands: Sequence[Hands], seed: int) -> tuple[list[Op], Op]:
    """A history of one contact, and the look at it when all are done."""
    hands[0].create({"name": "Other", **TAKEN})
    first = {"name": "First", "phone": PHONES[0], "email": EMAILS[0]}
    made = hands[0].create(first | {"metadata": {"a": 0}}).contact
    assert made is not None
    assert made | first | {"metadata": {"a": 0}, "version": 1} == made
    ready, ops = threading.Barrier(len(hands)), [_op("made", {}, made)]

    def work(number: int) -> list[Op]:
        dice, known = random.Random(f"{seed} {number}"), [made["version"]]
        ready.wait()
        return [_act(hands[number], made["id"], dice, known) for _ in range(EACH)]

    with ThreadPoolExecutor(len(hands)) as threads:
        for told in threads.map(work, range(len(hands))):
            ops += told
    look = _timed(hands[0], "get", {}, lambda: hands[0].get(made["id"]))
    return [*ops[1:], look], ops[0]


def _op(what: str, asked: Json, answer: Any) -> Op:
    return Op("", what, asked, 0, 0, answer)


def _timed(who: Hands, what: str, asked: Json, act: Callable[[], Any]) -> Op:
    start = time.monotonic()
    answer = act()
    return Op(who.user_id, what, asked, start, time.monotonic(), answer)


def _act(who: Hands, contact_id: str, dice: random.Random, known: list[int]) -> Op:
    """One operation, drawn at random; `known` are the versions this member has seen."""
    what = dice.choices(("patch", "status", "get", "delete"), weights=(64, 20, 15, 1))[
        0
    ]
    versions = _versions(dice, known) if what != "get" else None
    if dice.random() < 0.15:
        who.note(contact_id)  # moves counters, and must move nothing else
    if what == "get":
        op = _timed(who, what, {}, lambda: who.get(contact_id))
    elif what == "delete":
        asked = {"versions": versions}
        op = _timed(who, what, asked, lambda: who.delete(contact_id, versions))
    else:
        body = _patch(dice) if what == "patch" else _status(dice)
        ask = who.patch if what == "patch" else who.status
        asked = {"body": body, "versions": versions}
        op = _timed(who, what, asked, lambda: ask(contact_id, body, versions))
    if op.answer.contact:
        known.append(op.answer.contact["version"])
    return op


def _versions(dice: random.Random, known: list[int]) -> Versions:
    if dice.random() < 0.7:
        return None
    return tuple({known[-1], dice.choice(known)})


def _patch(dice: random.Random) -> Json:
    values: Json = {
        "name": dice.choice(["First", "Second", "Third", None]),
        "phone": dice.choice([*PHONES, TAKEN["phone"], None]),
        "email": dice.choice([*EMAILS, TAKEN["email"], None]),
        "lead_score": dice.randrange(5),
        "metadata": {dice.choice("abc"): dice.choice([1, 2, None])},
    }
    chosen = dice.sample([*values, "phone", "email"], dice.choice([1, 1, 2, 3]))
    return {name: values[name] for name in chosen}


def _status(dice: random.Random) -> Json:
    body = {"lead_status": dice.choice(STATUSES)}
    return body | ({"from": dice.choice(STATUSES)} if dice.random() < 0.5 else {})


def judge(ops: list[Op], made: Op) -> None:
    """An order exists in which every answer, body and all, is what it should be."""
    machine = Machine(frozenset(TAKEN.values()))
    first = state_of(made.answer)
    if order(ops, first, machine.step) is None:
        short = stuck(ops, first, machine.step)
        raise AssertionError("no order of\n" + "\n".join(_line(op) for op in short))
    deletes = [op for op in ops if op.what == "delete" and op.answer.code == "ok"]
    if deletes:
        began, over = max(op.start for op in deletes), min(op.end for op in deletes)
        assert began <= over, "deleted once more after it was gone"


def _line(op: Op) -> str:
    told = op.answer.contact or {}
    kept = (
        "version",
        "name",
        "phone",
        "email",
        "lead_status",
        "lead_score",
        "metadata",
    )
    seen = {name: told[name] for name in kept if told}
    times = f"{op.start % 1000:.4f}-{op.end % 1000:.4f}"
    return f"{times} {op.who} {op.what} {op.asked} > {op.answer.code} {seen}"


def judge_places(table: Table, workspace: str, contact_id: str, look: Op) -> None:
    """What is left in the table of a workspace with two contacts is theirs, whole; of
    one that is gone nothing but its receipt."""
    contact = look.answer.contact
    if contact is None:
        assert len(mentions(table, contact_id)) == 1
    left = places_of(everything(table), workspace)
    phones = {TAKEN["phone"], *([contact["phone"]] if contact else [])} - {None}
    emails = {TAKEN["email"], *([contact["email"]] if contact else [])} - {None}
    wanted = {f"phone#{one}" for one in phones} | {f"email#{one}" for one in emails}
    assert left["claims"] == wanted
    assert left["contacts"] == (2 if contact else 1)
    assert left["children"] == (contact["note_count"] if contact else 0)


class ByVerbs:
    """Each history in a table of its own, each hand with a client of its own."""

    def __init__(self, endpoint: str) -> None:
        self.clients = [engine.client(endpoint) for _ in range(HANDS)]

    def prove(self, seed: int) -> None:
        table = new_table(self.clients[0])
        entered = _members(table)
        places = zip(self.clients, entered, strict=True)
        hands = [OfVerbs(Table(client, table._name), who) for client, who in places]
        ops, made = recorded(hands, seed)
        judge(ops, made)
        judge_places(table, made.answer["workspace_id"], made.answer["id"], ops[-1])


def _members(table: Table) -> list[Member]:
    body = {"name": "Eagle", "slug": "eagle"}
    workspaces.create(table, USERS[0], body, now=NOW)
    owner = access.enter(table, "eagle", USERS[0])
    for user_id in USERS[1:]:
        body = {"user_id": user_id, "role": "member"}
        members.add(table, owner, body, now=NOW)
    return [access.enter(table, "eagle", user_id) for user_id in USERS]


class ByHttp:
    """Each history in a workspace of its own, each hand with a connection of its
    own."""

    def __init__(self, server: Server) -> None:
        self.clients = [server.client(user_id) for user_id in USERS]

    def __enter__(self) -> "ByHttp":
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.close()

    def prove(self, seed: int) -> None:
        slug = f"history-{seed}"
        asked = {"name": "History", "slug": slug}
        self.clients[0].post("/workspaces", json=asked).raise_for_status()
        for user_id in USERS[1:]:
            body = {"user_id": user_id, "role": "member"}
            path = f"/workspaces/{slug}/members"
            self.clients[0].post(path, json=body).raise_for_status()
        places = zip(self.clients, USERS, strict=True)
        hands = [OfHttp(client, slug, user_id) for client, user_id in places]
        judge(*recorded(hands, seed))


def run(ground: Ground, seed: int, cases: int) -> int:
    by_verbs = ByVerbs(ground.client.meta.endpoint_url)
    with ByHttp(ground.server) as by_http:
        for number in range(cases):
            way = by_http if number % OVER_HTTP == 0 else by_verbs
            way.prove(seed * 1_000_000 + number)
    return cases


HISTORIES = Proof(3_000, run)
