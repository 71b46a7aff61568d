"""Killed between any two storage calls, every verb has done nothing or all; its retry
makes good what is missing and repeats nothing."""

import ast

import pytest

from local.engine import ROOT
from tests.prove.deeds import DEEDS
from tests.prove.kills import (
    IN_ONE,
    IN_STEPS,
    Stage,
    met,
    overtaken,
    resumed,
    retried,
)

RIGHTS = ("write", "manage", "own")


@pytest.fixture(scope="module")
def stage(real_client: object) -> Stage:
    return Stage(real_client)


@pytest.mark.parametrize("name", DEEDS)
def test_killed_anywhere_it_has_done_nothing_or_all(stage: Stage, name: str) -> None:
    """The whole table is as before or as after, and what is done in steps is done to
    all who look; with the same key comes the same answer, and in all one effect."""
    assert retried(stage, name) >= 2


@pytest.mark.parametrize("name", IN_STEPS)
def test_the_schedule_ends_what_the_dead_have_begun(stage: Stage, name: str) -> None:
    """Nobody has to ask again: what is due is gone on with, to the same end."""
    assert resumed(stage, name) >= 2


@pytest.mark.parametrize("name", IN_ONE)
def test_a_retry_that_was_overtaken_changes_nothing(stage: Stage, name: str) -> None:
    """What somebody else has written since the lost answer stays as it is."""
    assert overtaken(stage, name) >= 1


@pytest.mark.parametrize("name", DEEDS)
def test_two_at_once_with_one_key_have_one_effect(stage: Stage, name: str) -> None:
    """Whichever call the other comes before: both are told the same, and what refuses
    the slower one is not its own effect."""
    assert met(stage, name) >= 2


def test_every_verb_that_writes_is_killed() -> None:
    """A verb that takes an intention, or asks for a right to change something, and is
    not among the deeds, fails the build."""
    writing = set()
    for path in [*ROOT.glob("chalicelib/verbs/*.py"), *ROOT.glob("chalicelib/jobs/*")]:
        for node in ast.parse(path.read_text()).body if path.suffix == ".py" else []:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                takes = {one.arg for one in node.args.args + node.args.kwonlyargs}
                asked = ast.unparse(node)
                if "intent" in takes or any(f"'{one}')" in asked for one in RIGHTS):
                    writing.add(f"{path.stem}.{node.name}")
    done = {deed.verb for deed in DEEDS.values()}
    named = {f"{verb.__module__.split('.')[-1]}.{verb.__name__}" for verb in done}
    entering = {"access.let_in", "access.by_token", "access.let_in_invited"}
    # They tell who asks by a right, or whether it was done; names are made good by the
    # next sign-in (tests/test_people.py).
    entering |= {"access.who_left", "invitations.page", "people.keep"}
    # These write nothing that a caller asks for by them alone.
    assert writing - entering - {"workspaces.settle"} <= named
