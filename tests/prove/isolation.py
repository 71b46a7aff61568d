"""Isolation as a property, over real HTTP: whatever of another workspace is in a
request, the answer is the one that the same request gets with what is nowhere: status,
body, headers, calls, capacity. And nothing of another workspace changes, and no byte of
it is told.

One thing is everybody's by its nature: a slug that is taken cannot be had again."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from chalicelib.model.ids import ULID
from chalicelib.model.phones import displayed
from chalicelib.storage.table import Table
from tests.conftest import Server, everything
from tests.prove.asking import LISTS, ONLY_ONCE, PUBLIC, READS, Ask, Draw, Json
from tests.prove.proof import Ground, Proof
from tests.prove.tenants import Tenant, World
from tests.test_http_isolation import every_route

VOLATILE = ("x-request-id", "date")
A_WORLD = 40  # sequences, before everything is made anew: few items, quick to compare
OFTEN = 3  # more than other routes, lists are asked
SHOWN = ("1", "rcu=2, wcu=0")  # what every 404 says that it has cost
ASKED = 3  # requests of a sequence, at most
BY_A_VIEWER = 0.15
# A secret, an id, a time, the digest in an ETag.
OF_WHAT_IS_NEW = rf"cb_\w+|{ULID}|\d{{4}}-\d\d-\d\dT[\d:.]+Z|(?<=\d-)[0-9a-f]{{12}}"

Items = Mapping[tuple[str, str], Any]


@dataclass(slots=True)
class Seen:
    """What was met on the way: how many requests, which codes, at what cost."""

    requests: int = 0
    codes: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def note(self, answer: httpx.Response) -> None:
        self.requests += 1
        found = re.search(r'"code":"(\w+)"', answer.text)
        code = found[1] if found and answer.is_error else str(answer.status_code)
        cost = answer.headers["x-storage-calls"], answer.headers["x-capacity"]
        self.codes.setdefault(code, set()).add(cost)

    def costs_of_missing(self) -> set[tuple[str, str]]:
        """What those see who may not enter, or name what is not there."""
        told = {code for code in self.codes if code.endswith("_not_found")}
        told -= {"route_not_found"}  # no store is behind that
        return set().union(*(self.codes[code] for code in told))


class Walk:
    """One world, and sequences of requests in it."""

    def __init__(self, world: World, seed: int, seen: Seen) -> None:
        self.world, self.seen, self.dice = world, seen, random.Random(seed)
        routes = [r for r in every_route() if r not in ONLY_ONCE]
        lists = [r for r in routes if r[0] in READS and r[1].rsplit("/", 1)[1] in LISTS]
        self.routes = routes + OFTEN * lists  # there somebody else's rows would show
        self.table = Table(world.client, world.table_name)
        self.items: Items = everything(self.table)

    def sequence(self) -> None:
        """A member of one workspace asks; the others are as before."""
        mine = self.dice.choice(self.world.tenants)
        others = [one for one in self.world.tenants if one is not mine]
        for _ in range(self.dice.randint(1, ASKED)):
            self._probe(mine, others)
        before, self.items = self.items, everything(self.table)
        for other in others:
            was, now = (_of(other, items) for items in (before, self.items))
            assert was == now, f"{mine.name} has changed {other.name}"

    def _probe(self, mine: Tenant, others: list[Tenant]) -> None:
        draw, ask = self._drawn(mine, others)
        who = mine.viewer if self.dice.random() < BY_A_VIEWER else mine.owner
        instead = dict(draw.foreign)
        if ask.method not in READS and not draw.foreign.keys() & {
            *ask.captured.values()
        }:
            ask, fresh = _on_two_that_are_alike(mine, ask, draw.own)
            instead |= fresh
        there = self._told(who, ask, others)
        nowhere = self._told(who, ask.with_others(instead), others)
        _assert_alike(ask, there, nowhere, instead)

    def _drawn(self, mine: Tenant, others: list[Tenant]) -> tuple[Draw, Ask]:
        """With something foreign in it; there are few routes where nothing can be."""
        while True:
            method, path = self.dice.choice(self.routes)
            draw = Draw(self.dice, mine, others)
            ask = draw.ask(method, path)
            if draw.foreign or path in PUBLIC | {"/me"}:
                return draw, ask

    def _told(
        self, who: httpx.Client, ask: Ask, others: list[Tenant]
    ) -> httpx.Response:
        answer = sent(who, ask)
        self.seen.note(answer)
        assert answer.status_code < 500, f"{ask}: {answer.text}"
        text = f"{answer.headers}{answer.text}"
        for said in ask.said():  # one may be told what one has said
            text = text.replace(said, "")
        told = [word for other in others for word in other.secrets if word in text]
        assert not told, f"{ask} was told {told}: {answer.text}"
        return answer


def sent(who: httpx.Client, ask: Ask) -> httpx.Response:
    path = ask.path.format(**ask.captured)
    return who.request(
        ask.method, path, params=ask.query, json=ask.body, headers=ask.headers
    )


def _on_two_that_are_alike(
    mine: Tenant, ask: Ask, own: Mapping[str, str]
) -> tuple[Ask, dict[str, str]]:
    """What may take effect is asked of two contacts that are alike, made for it: so
    that the second request finds what the first has found."""
    first, second = (_fresh(mine, own) for _ in range(2))
    asked = ask.with_others({old: first[name] for name, old in own.items()})
    return asked, {first[name]: second[name] for name in own}


def _fresh(mine: Tenant, own: Mapping[str, str]) -> dict[str, str]:
    made = {}
    if "invitation_id" in own:
        asked = {"email": f"{uuid4().hex}@example.org", "role": "viewer"}
        made["invitation_id"] = mine.made("/invitations", asked)["id"]
    if "token_id" in own:
        asked = {"name": mine.mark, "role": "viewer"}
        told = mine.owner.post(f"/workspaces/{mine.slug}/tokens", json=asked)
        made["token_id"] = told.json()["token"]["id"]
    if "contact_id" in own:
        made["contact_id"] = mine.made("/contacts", {"name": mine.mark})["id"]
        path = f"/contacts/{made['contact_id']}"
        if "note_id" in own:
            note = mine.made(f"{path}/notes", {"content": mine.mark})
            made["note_id"] = note["id"]
        if "conversation_id" in own:
            talk = mine.made(f"{path}/conversations", {"channel": "sms"})
            made["conversation_id"] = talk["id"]
    return {name: made.get(name, value) for name, value in own.items()}


def _assert_alike(
    ask: Ask, there: httpx.Response, nowhere: httpx.Response, instead: dict[str, str]
) -> None:
    exact = ask.method in READS or (
        there.is_error and there.status_code not in (409, 412)
    )
    back = {other: value for value, other in instead.items()}
    for region in ("GB", None):  # a phone is answered as people write it, too
        phones = {k: v for k, v in back.items() if k.startswith("+")}
        back |= {displayed(k, region): displayed(v, region) for k, v in phones.items()}
    one, other = plain(there, {}, exact), plain(nowhere, back, exact)
    assert one == other, f"{ask}\nis told    {one}\ninstead of {other}"


def plain(answer: httpx.Response, back: Mapping[str, str], exact: bool) -> Json:
    """An answer without what differs each time; what was just made has new ids and
    times, and a tag that depends on them."""
    head = {k: v for k, v in answer.headers.items() if k not in VOLATILE}
    instead = {answer.headers["x-request-id"]: "", **back}

    def same(text: str) -> str:
        for one, other in instead.items():
            text = text.replace(one, other)
        return text if exact else re.sub(OF_WHAT_IS_NEW, "*", text)

    told = {"headers": same(f"{sorted(head.items())}"), "body": same(answer.text)}
    return {"status": answer.status_code, **told}


def _of(tenant: Tenant, items: Items) -> Items:
    return {place: item for place, item in items.items() if tenant.owns(place[0])}


def prove(server: Server, seed: int, sequences: int) -> Seen:
    """That many sequences, in a new world every so often."""
    seen = Seen()
    for number in range(0, sequences, A_WORLD):
        with World(server, number) as world:
            walk = Walk(world, seed * 1_000_000 + number, seen)
            for _ in range(min(A_WORLD, sequences - number)):
                walk.sequence()
    return seen


def run(ground: Ground, seed: int, cases: int) -> int:
    seen = prove(ground.server, seed, cases)
    costs = seen.costs_of_missing()
    assert costs == {SHOWN}, f"what is missing is told by its cost: {costs}"
    return cases


ISOLATION = Proof(10_000, run)
