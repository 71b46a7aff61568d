"""The API against what it says of itself: schemathesis sends what the description
allows and what it forbids, follows its links, and holds every answer against it.

    python -m tests.prove.contract --cases 3000 --door lambda --seed 7
"""

import argparse
import re
import secrets
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext, unregister

from tests.conftest import Server
from tests.prove import spelled
from tests.prove.doors import DOORS
from tests.prove.excused import excuse
from tests.prove.proof import Ground, Proof

CASES = 3000  # through each door
MEMBER = "eagle-owner"
KEY = "Idempotency-Key"
UNLESS = "If-None-Match"
# Every boundary of every field once: 2,500 cases, so a short run leaves it out.
COVERAGE_FROM = 2000
EACH = 20  # random cases of each operation in a round


@dataclass(slots=True)
class Findings:
    """What was asked, and what schemathesis held against the answers."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)  # how to see each kind of them

    def fail(self, kind: str, sample: str) -> None:
        if kind not in self.failures:
            self.told.append(f"{kind}\n{sample}")
        self.failures[kind] += 1

    def of(self, recorder: ScenarioRecorder) -> None:
        """What came of one scenario."""
        self.cases += len(recorder.cases)
        for one in recorder.interactions.values():
            self.statuses[one.response.status_code if one.response else 0] += 1
        for checks in recorder.checks.values():
            for check in checks:
                if check.status is not Status.SUCCESS and check.failure_info:
                    failure, sample = check.failure_info.failure, check.failure_info
                    kind = f"{check.name}: {failure.operation}"
                    self.fail(kind, f"{failure.message}\n{sample.code_sample}")


def attack(server: Server, seed: int, cases: int) -> Findings:
    """At least so many cases, in rounds of all phases."""
    found = Findings()
    spelled.teach()
    with _fresh(seed):
        for number in count():
            _round(server, seed + number, cases, found)
            if found.cases >= cases:
                return found
    raise AssertionError  # count() has no end


def _round(server: Server, seed: int, cases: int, found: Findings) -> None:
    description, config = server.described.document, _config(server, seed, cases)
    schema = schemathesis.openapi.from_dict(description, config=config)
    schema.hook("filter_failure")(partial(_keep, found))
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            found.of(event.recorder)
        elif isinstance(event, events.NonFatalError):
            found.fail(f"error: {event.label}", event.info.format())
        elif isinstance(event, events.FatalError):
            raise event.exception


def _config(server: Server, seed: int, cases: int) -> SchemathesisConfig:
    is_long = cases >= COVERAGE_FROM
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": server.base,
            "cache": {"enabled": False},
            "headers": {"Authorization": f"Bearer {server.token(MEMBER)}"},
            "continue-on-failure": True,
            "generation": {
                "max-examples": EACH if is_long else max(1, cases // 60),
                "no-shrink": True,
                "database": "none",
            },
            "phases": {"coverage": {"enabled": is_long}},
        }
    )


def _keep(
    found: Findings, _: HookContext, failure: Failure, __: Case, answer: Response
) -> bool:
    why = excuse(failure, answer)
    if why:
        found.excused[why] += 1
    return why is None


@contextmanager
def _fresh(seed: int) -> Iterator[None]:
    """Some good values would have most requests refused before anything else in them is
    looked at: a key that stands for another request, If-None-Match in a write, the
    phone that the first contact has got. They are made fresh, or mostly left out; bad
    ones are sent as they are."""
    numbers = count()

    def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
        # Edited, the case would be taken for a good one, and get its token back.
        if case.meta and case.meta.phase.data.parameter == "Authorization":
            return
        number = next(numbers)
        if re.fullmatch("[!-~]{1,255}", str(case.headers.get(KEY, ""))):
            case.headers[KEY] = f"{seed}-{number}"
        if isinstance(case.body, dict):
            case.body |= _one_own(case.body, number)
        if case.headers.get(UNLESS) == "*" and case.method != "GET" and number % 8:
            del case.headers[UNLESS]

    schemathesis.hook(before_call)
    try:
        yield
    finally:
        unregister(before_call)


def _one_own(body: dict[str, Any], number: int) -> dict[str, str]:
    """In the place of an example that only one may have."""
    own = {
        "phone": ("+44 7400 123456", f"+44 7400 {number:06}"),
        "email": ("ada@example.org", f"ada{number}@example.org"),
        "slug": ("eagle-overseas", f"eagle-{number}"),
    }
    return {name: new for name, (old, new) in own.items() if body.get(name) == old}


def prove(ground: Ground, seed: int, cases: int) -> int:
    """Through both doors, on grounds of its own: it needs the demo data."""
    tried = 0
    for door in DOORS:
        tried += _report(door, seed, cases).cases
    return tried


def _report(door: str, seed: int, cases: int) -> Findings:
    """Raises AssertionError with all that was found."""
    with DOORS[door]() as server:
        found = attack(server, seed, cases)
    print(f"{door}: seed {seed}, {found.cases} cases")
    print(f"  statuses {dict(sorted(found.statuses.items()))}")
    print(f"  excused {dict(found.excused)}", flush=True)
    assert not found.failures, "\n\n".join([str(dict(found.failures)), *found.told])
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m tests.prove.contract")
    parser.add_argument("--door", choices=[*DOORS], action="append")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    asked = parser.parse_args(arguments)
    try:
        for door in asked.door or DOORS:
            _report(door, asked.seed, asked.cases)
    except AssertionError as failed:
        print(failed)
        return 1
    return 0


CONTRACT = Proof(CASES, prove)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
