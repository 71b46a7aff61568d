"""Every verb that writes, killed between any two of its storage calls: before the call
took effect and after, then tried again with the same key; and overtaken at
each call by another with that key.

Each case starts from the very same items, in a table of its own; what was new in one
run has other random ids in the next, so these are told by what they stand for."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.base.budget import Budget
from chalicelib.jobs import due
from chalicelib.model.ids import ULID
from chalicelib.storage.expressions import unpacked
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts
from tests.conftest import LATE, NOW, everything, new_table
from tests.faults import Killed, Met, Mortal, through
from tests.prove.deeds import DEEDS, Scene, answer, built
from tests.prove.proof import Ground, Proof
from tests.prove.retries import intent_of

LATER = NOW + timedelta(seconds=5)
LAST = LATE + timedelta(minutes=2)  # second looks are due
# Marks of one try, not of what was done.
OF_A_TRY = ("lease", "lease_until", "finished_at", "digest")
# Of what is done in steps, who did the last ones, and when.
OF_A_STEP = (*OF_A_TRY, "expires_at", "by", "updated_by")
TIME = r"\d{4}-\d\d-\d\dT[\d:.]+Z"

Items = Mapping[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered, and what the table holds then; and when all is settled."""

    answer: Any
    items: list[str]
    settled: list[str]


class Stage:
    """The scene, as often as it is asked for, and what each deed should make of it."""

    def __init__(self, client: Any) -> None:
        self.client = client
        table = new_table(client)
        self.scene: Scene = built(table)
        self._items = everything(table)
        self._known = set(re.findall(ULID, repr(self._items)))
        self._outcomes: dict[str, Outcome] = {}
        self.before = self._plain(self._items, OF_A_TRY)

    def table(self) -> Table:
        """The scene anew."""
        table = new_table(self.client)
        puts = [{"PutRequest": {"Item": item}} for item in self._items.values()]
        for start in range(0, len(puts), 25):
            asked = {table._name: puts[start : start + 25]}
            self.client.batch_write_item(RequestItems=asked)
        return table

    def holds(self, table: Table) -> list[str]:
        return self._plain(everything(table), OF_A_TRY)

    def settled(self, table: Table, name: str) -> list[str]:
        """The table, after the schedule has gone on with what a deed in steps left."""
        if not DEEDS[name].begun:
            return self.holds(table)
        for now in (LATE, LAST):
            due.go_on(table, now=now, budget=Budget(60))
        lines = self._plain(everything(table), OF_A_STEP)
        return [re.sub(TIME, "a time", line) for line in lines]

    def unharmed(self, name: str) -> Outcome:
        if name not in self._outcomes:
            table = self.table()
            told, left = self.do(name, table, NOW), self.holds(table)
            self._outcomes[name] = Outcome(told, left, self.settled(table, name))
        return self._outcomes[name]

    def do(self, name: str, table: Table, now: datetime) -> Any:
        intent = intent_of("amy", name, now)
        told = answer(DEEDS[name].do(table, self.scene, now, intent))
        if isinstance(told, dict):
            told = {k: v for k, v in told.items() if k not in OF_A_TRY}
        return json.loads(self._renamed([json.dumps(told)])[0])

    def _plain(self, items: Items, without: tuple[str, ...]) -> list[str]:
        lines = [_line(item, without) for item in items.values()]
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
    """Dead at this call, before or after it took effect; `again` is when somebody
    tries it next."""

    table: Table
    place: str
    effect: bool  # whether anything has happened
    again: datetime


def killed_everywhere(stage: Stage, name: str) -> Iterator[Case]:
    """For every k until the deed finishes: the table as the dead left it, where nothing
    or all has happened; of what is done in steps, to all who look."""
    outcome, deed = stage.unharmed(name), DEEDS[name]
    for step in itertools.count(2):
        k, after = step // 2, bool(step % 2)
        table, place = stage.table(), f"{name}, call {k}, {['before', 'after'][after]}"
        try:
            stage.do(name, through(table, Mortal(stage.client, k, after)), NOW)
        except Killed:
            left = stage.holds(table)
            if left not in (stage.before, outcome.items):
                assert deed.begun, _differences(place, left, stage.before)
                assert deed.begun(table, stage.scene), place
            effect = left != stage.before
            # What has not happened happens now; a lease of the dead has to end first.
            again = NOW if not effect else LATE if deed.begun else LATER
            yield Case(table, place, effect, again)
        else:
            assert stage.holds(table) == outcome.items, place
            return


def retried(stage: Stage, name: str) -> int:
    """Wherever the first try died, the second with the same key answers as if nothing
    had happened, and in all it has happened once."""
    outcome, wrong, cases = stage.unharmed(name), [], 0
    for case in killed_everywhere(stage, name):
        cases += 1
        try:
            told = stage.do(name, case.table, case.again)
        except Exception as error:
            wrong.append(f"{case.place}: {error!r}")
            continue
        if told != outcome.answer:
            wrong.append(f"{case.place}: {told} instead of {outcome.answer}")
        left = stage.settled(case.table, name)
        if left != outcome.settled:
            wrong.append(_differences(case.place, left, outcome.settled))
    assert not wrong, "\n".join(wrong)
    return cases


def resumed(stage: Stage, name: str) -> int:
    """What had begun when it died comes to the same end by the schedule alone."""
    outcome, cases = stage.unharmed(name), 0
    for case in killed_everywhere(stage, name):
        left = stage.settled(case.table, name)
        if case.effect:
            cases += 1
            assert left == outcome.settled, _differences(
                case.place, left, outcome.settled
            )
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


def met(stage: Stage, name: str) -> int:
    """Before any of its calls another with the same key is faster, from beginning to
    end: both are told the same, and in all it has happened once."""
    k = 1
    while _met_at(stage, name, k):
        k += 1
    return k - 1


def _met_at(stage: Stage, name: str, k: int) -> bool:
    """Whether there was a k-th call."""
    outcome, table, place = stage.unharmed(name), stage.table(), f"{name}, call {k}"
    faster: list[Any] = []
    other = Met(stage.client, k, lambda: faster.append(stage.do(name, table, NOW)))
    told = stage.do(name, through(table, other), NOW)
    if faster:
        assert told == outcome.answer, f"{place}: {told} instead of {outcome.answer}"
        # What is done in steps may be under way in the hands of the one.
        assert faster == [told] or DEEDS[name].begun, f"{place}: {faster}"
        left = stage.settled(table, name)
        assert left == outcome.settled, _differences(place, left, outcome.settled)
    return bool(faster)


def _line(item: Mapping[str, Any], without: tuple[str, ...]) -> str:
    kept = {name: value for name, value in item.items() if name not in without}
    return json.dumps(unpacked(kept), sort_keys=True, ensure_ascii=False)


def _differences(place: str, left: list[str], wanted: list[str]) -> str:
    more, less = sorted(set(left) - set(wanted)), sorted(set(wanted) - set(left))
    return f"{place}: there is {more} instead of {less}"


IN_STEPS = [name for name, deed in DEEDS.items() if deed.begun]
IN_ONE = [name for name, deed in DEEDS.items() if not deed.begun]


def run(ground: Ground, seed: int, cases: int) -> int:
    """Every deed; there is nothing to draw, so neither seed nor number is asked."""
    stage = Stage(ground.client)
    tried = sum(retried(stage, name) for name in DEEDS)
    tried += sum(resumed(stage, name) for name in IN_STEPS)
    tried += sum(overtaken(stage, name) for name in IN_ONE)
    return tried + sum(met(stage, name) for name in DEEDS)


KILLS = Proof(1, run)
