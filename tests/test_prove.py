"""The long versions are run by name, and say how it went."""

import pytest

from tests.prove import __main__ as prove
from tests.prove.proof import Ground, Proof


def broken(ground: Ground, seed: int, cases: int) -> int:
    raise AssertionError("one and one are three")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small proofs: one that holds, one that does not."""
    proofs = {"holds": Proof(40, lambda ground, seed, cases: cases)}
    monkeypatch.setattr(prove, "PROOFS", proofs | {"broken": Proof(1, broken)})


@pytest.mark.usefixtures("run")
def test_each_says_its_seed_and_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """Seed, cases, seconds, result; 0 when all hold, 1 when one does not."""
    assert prove.main(["holds", "--seed", "7", "--factor", "0.5"]) == 0
    name, seed, cases, _, result = capsys.readouterr().out.splitlines()[1].split()
    assert (name, seed, cases, result) == ("holds", "7", "20", "holds")
    assert prove.main(["--seed", "7"]) == 1
    told = capsys.readouterr()
    assert "DOES NOT HOLD" in told.out
    assert "one and one are three" in told.err


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove.main(["everything"]) == 2
    assert "isolation, histories, kills, model" in capsys.readouterr().out
