"""The functions run on the Python that packages them, whichever of Lambda's it is."""

import sys
import zipfile
from importlib.util import MAGIC_NUMBER

import pytest

from bundle import package
from tests.bundle.packaged import Bundle
from tests.bundle.runtime import RUNTIME
from tests.bundle.test_template import of_type


def test_the_runtime_is_the_interpreters(bundle: Bundle) -> None:
    """Every function's; and the bytecode beside every source is that one's, or it would
    start as slowly as without."""
    functions = of_type(bundle.template, "AWS::Serverless::Function").values()
    assert {function["Runtime"] for function in functions} == {RUNTIME}
    assert f"python3.{sys.version_info.minor}" == RUNTIME
    with zipfile.ZipFile(bundle.out / "bundle.zip") as made:
        compiled = [name for name in made.namelist() if name.endswith(".pyc")]
        assert {made.read(name)[:4] for name in compiled} == {MAGIC_NUMBER}
        assert all(f".{sys.implementation.cache_tag}." in name for name in compiled)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_what_lambda_has_is_taken(version: tuple[int, int]) -> None:
    assert package.unfit(version) == ""


@pytest.mark.parametrize("version", [(3, 10), (3, 15), (4, 11), (2, 11)])
def test_what_lambda_has_not_is_refused_in_a_sentence(version: tuple[int, int]) -> None:
    """Chalice would name a runtime beside it, without a word."""
    said = package.unfit(version)
    assert f"Python {version[0]}.{version[1]} packages for no runtime" in said
    assert "use 3.11\nto 3.14" in said


def test_it_is_refused_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(package.sys, "version_info", (3, 15, 0))
    monkeypatch.delattr(package, "build")
    assert package.main([]) == 1
    assert "Python 3.15" in capsys.readouterr().err
