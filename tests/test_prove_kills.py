"""Killed between any two storage calls, every verb has done nothing or all; its retry
makes good what is missing and repeats nothing."""

import ast
from typing import Any

import pytest

from local.engine import ROOT
from tests.prove.deeds import DEEDS
from tests.prove.kills import (
    Stage,
    killed_everywhere,
    of_a_living_contact,
    overtaken,
    retried,
)


@pytest.fixture(scope="module")
def stage(real_client: Any) -> Stage:
    return Stage(real_client)


@pytest.mark.parametrize("name", DEEDS)
def test_killed_anywhere_it_has_done_nothing_or_all(stage: Stage, name: str) -> None:
    """The whole table is as before or as after; a delete that has begun is out of
    sight."""
    assert list(killed_everywhere(stage, name))


@pytest.mark.parametrize("name", DEEDS)
def test_the_retry_answers_as_if_nothing_had_happened(stage: Stage, name: str) -> None:
    """With the same key: the same answer, and in all one effect."""
    assert retried(stage, name) >= 2


@pytest.mark.parametrize("name", of_a_living_contact())
def test_a_retry_that_was_overtaken_changes_nothing(stage: Stage, name: str) -> None:
    """What somebody else has written since the lost answer stays as it is."""
    assert overtaken(stage, name) >= 1


def test_every_verb_that_writes_is_killed() -> None:
    """A verb that asks for a right to change something, and is not among the deeds,
    fails the build."""
    writing = set()
    for path in [
        *ROOT.glob("chalicelib/verbs/*.py"),
        ROOT / "chalicelib/jobs/purge.py",
    ]:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                asked = ast.unparse(node)
                if any(f"'{right}')" in asked for right in ("write", "manage", "own")):
                    writing.add(f"{path.stem}.{node.name}")
    done = {deed.verb for deed in DEEDS.values()}
    named = {f"{verb.__module__.split('.')[-1]}.{verb.__name__}" for verb in done}
    assert writing <= named
