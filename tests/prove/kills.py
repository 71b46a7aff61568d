"""Every verb that writes, killed between any two of its storage calls: before the call
took effect and after, then tried again with the same key.

Each case starts from the very same items, in a table of its own; what was new in one
run has other random ids in the next, so these are told by what they stand for."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.model.errors import ContactNotFound
from chalicelib.model.ids import ULID
from chalicelib.storage.expressions import unpacked
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts
from tests.conftest import NOW, everything, new_table
from tests.faults import Killed, Mortal, through
from tests.prove.deeds import DEEDS, Scene, answer, built
from tests.prove.proof import Ground, Proof
from tests.prove.retries import key_for

LATER = NOW + timedelta(seconds=5)
# Marks of one try, not of what was done.
OF_A_TRY = ("write_token", "finished_at")

Items = Mapping[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered, and what the table holds then."""

    answer: Any
    items: list[str]


class Stage:
    """The scene, as often as it is asked for, and what each deed should make of it."""

    def __init__(self, client: Any) -> None:
        self.client = client
        table = new_table(client)
        self.scene: Scene = built(table)
        self._items = everything(table)
        self._known = set(re.findall(ULID, repr(self._items)))
        self.before = self.plain(self._items)

    def table(self) -> Table:
        """The scene anew."""
        table = new_table(self.client)
        puts = [{"PutRequest": {"Item": item}} for item in self._items.values()]
        for start in range(0, len(puts), 25):
            asked = {table._name: puts[start : start + 25]}
            self.client.batch_write_item(RequestItems=asked)
        return table

    def holds(self, table: Table) -> list[str]:
        return self.plain(everything(table))

    def unharmed(self, name: str) -> Outcome:
        table = self.table()
        told = self.do(name, table, NOW)
        return Outcome(told, self.holds(table))

    def do(self, name: str, table: Table, now: Any) -> Any:
        key = key_for(self.scene.member, name)
        told = answer(DEEDS[name].do(table, self.scene, now, key))
        if isinstance(told, dict):
            told = {k: v for k, v in told.items() if k not in OF_A_TRY}
        return json.loads(self._renamed([json.dumps(told)])[0])

    def plain(self, items: Items) -> list[str]:
        lines = [_line(item) for item in items.values()]
        return sorted(self._renamed(sorted(lines, key=self._blank)))

    def _blank(self, text: str) -> str:
        return re.sub(ULID, lambda m: m[0] if m[0] in self._known else "?", text)

    def _renamed(self, texts: list[str]) -> list[str]:
        """With new ids told as the first, the second, ..."""
        names: dict[str, str] = {}

        def name(found: re.Match[str]) -> str:
            told = names.setdefault(found[0], f"new {len(names) + 1}")
            return found[0] if found[0] in self._known else told

        return [re.sub(ULID, name, text) for text in texts]


@dataclass(frozen=True, slots=True)
class Case:
    """Dead at this call, before or after it took effect."""

    table: Table
    place: str
    effect: bool  # whether all of it is there


def killed_everywhere(stage: Stage, name: str) -> Iterator[Case]:
    """For every k until the deed finishes: the table as the dead left it, where nothing
    or all has happened; of what is done in steps, nothing that is seen."""
    outcome, deed = stage.unharmed(name), DEEDS[name]
    for step in itertools.count(2):
        k, after = step // 2, bool(step % 2)
        table, place = stage.table(), f"{name}, call {k}, {['before', 'after'][after]}"
        try:
            stage.do(name, through(table, Mortal(stage.client, k, after)), NOW)
        except Killed:
            left = stage.holds(table)
            if left not in (stage.before, outcome.items):
                assert deed.steps, _differences(place, left, stage.before)
                _assert_out_of_sight(stage, table)
            yield Case(table, place, left == outcome.items)
        else:
            assert stage.holds(table) == outcome.items, place
            return


def retried(stage: Stage, name: str) -> int:
    """Wherever the first try died, the second with the same key answers as if nothing
    had happened, and in all it has happened once."""
    outcome, wrong, cases = stage.unharmed(name), [], 0
    for case in killed_everywhere(stage, name):
        cases += 1
        # What has happened has happened then; what has not, happens now.
        now = LATER if case.effect else NOW
        try:
            told = stage.do(name, case.table, now)
        except Exception as error:
            wrong.append(f"{case.place}: {error!r}")
            continue
        if told != outcome.answer:
            wrong.append(f"{case.place}: {told} instead of {outcome.answer}")
        left = stage.holds(case.table)
        if left != outcome.items:
            wrong.append(_differences(case.place, left, outcome.items))
    assert not wrong, "\n".join(wrong)
    return cases


def overtaken(stage: Stage, name: str) -> int:
    """Done, its answer lost, and somebody else has changed the contact since: the
    second try answers as the first would have, and leaves what is there alone."""
    outcome, cases = stage.unharmed(name), 0
    for case in killed_everywhere(stage, name):
        if not case.effect:
            continue
        cases += 1
        other = {"name": "Meanwhile", "lead_score": 50, "phone": "+12025550199"}
        place = (case.table, stage.scene.member, stage.scene.contact)
        contacts.change(*place, body=other, now=LATER)
        since = stage.holds(case.table)
        assert stage.do(name, case.table, LATER) == outcome.answer, case.place
        left = stage.holds(case.table)
        assert left == since, _differences(case.place, left, since)
    return cases


def _assert_out_of_sight(stage: Stage, table: Table) -> None:
    with pytest.raises(ContactNotFound):
        contacts.get(table, stage.scene.member, stage.scene.contact)


def _line(item: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in item.items() if name not in OF_A_TRY}
    return json.dumps(unpacked(kept), sort_keys=True, ensure_ascii=False)


def _differences(place: str, left: list[str], wanted: list[str]) -> str:
    more, less = sorted(set(left) - set(wanted)), sorted(set(wanted) - set(left))
    return f"{place}: there is {more} instead of {less}"


def of_a_living_contact() -> list[str]:
    """The deeds after which somebody else can still change the contact."""
    verbs = (contacts.create, contacts.change, contacts.set_status)
    return [name for name, deed in DEEDS.items() if deed.verb in verbs]


def run(ground: Ground, seed: int, cases: int) -> int:
    """Every deed; there is nothing to draw, so neither seed nor number is asked."""
    stage = Stage(ground.client)
    tried = sum(retried(stage, name) for name in DEEDS)
    return tried + sum(overtaken(stage, name) for name in of_a_living_contact())


KILLS = Proof(1, run)
