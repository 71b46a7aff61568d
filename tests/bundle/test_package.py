"""What `make package` gives: what runs and nothing else, the same bytes each time."""

import hashlib
import importlib.util
import json
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bundle import archive, package
from local.engine import ROOT
from tests.bundle import packaged
from tests.bundle.packaged import Bundle

TAG = sys.implementation.cache_tag  # cpython-311, ...


def names(bundle: Bundle) -> list[str]:
    with zipfile.ZipFile(bundle.out / "bundle.zip") as made:
        return made.namelist()


def test_the_zip_ships_what_runs_and_nothing_else(bundle: Bundle) -> None:
    """Our own code whole, and of others no tool, no test, no metadata, no junk."""
    shipped = names(bundle)
    own = {name for name in shipped if name.startswith(("app.py", "chalicelib/"))}
    expected = {
        str(path.relative_to(ROOT))
        for path in [ROOT / "app.py", *ROOT.glob("chalicelib/**/*")]
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {name for name in own if not name.endswith(".pyc")} == expected
    assert {name.split("/")[0] for name in shipped if name not in own} == {
        *(f"_cffi_backend.{TAG}-x86_64-linux-gnu.so", "__pycache__"),
        *("aws_lambda_powertools", "typing_extensions.py"),
        *("botocore", "chalice", "cryptography", "dateutil", "jmespath", "jwt"),
        *("phonenumbers", "six.py", "urllib3"),
    }
    junk = r"(^|/)(tests?|bin|local|bench|bundle)/|dist-info|\.pyi$|chalice/cli|/\."
    assert [name for name in shipped if re.search(junk, name)] == []
    services = {name.split("/")[2] for name in shipped if "botocore/data/" in name}
    assert services == {
        *("dynamodb", "sesv2", "endpoints.json", "partitions.json", "_retry.json"),
        "sdk-default-configuration.json",
    }


def test_every_source_has_bytecode_that_needs_no_check(bundle: Bundle) -> None:
    """PEP 552: flags 0b01, hash-based and not checked; it names the file on Lambda."""
    shipped = set(names(bundle))
    sources = [name for name in shipped if name.endswith(".py")]
    assert len(sources) > 500
    with zipfile.ZipFile(bundle.out / "bundle.zip") as made:
        for source in sources:
            head = made.read(importlib.util.cache_from_source(source))[:8]
            assert head[:4] == importlib.util.MAGIC_NUMBER
            assert struct.unpack("<I", head[4:]) == (1,), source
        table = made.read(f"chalicelib/storage/__pycache__/table.{TAG}.pyc")
    assert b"/var/task/chalicelib/storage/table.py" in table


def test_built_twice_it_is_the_same(bundle: Bundle, prod: Path) -> None:
    """The bytes depend on nothing but the sources, not even on the stage: a difference
    of two zips is a change."""
    first, second = (
        hashlib.sha256((place / "bundle.zip").read_bytes()).hexdigest()
        for place in (bundle.out, prod)
    )
    assert first == second


def test_it_is_small_and_its_numbers_are_printed(bundle: Bundle) -> None:
    """Under 20 MB; size and time to start beside the last that were recorded."""
    size = (bundle.out / "bundle.zip").stat().st_size
    recorded = json.loads(package.RECORDED.read_text())
    assert size < package.MOST_BYTES
    assert size < recorded["bytes"] * 1.1, (
        "record it: python -m bundle.package --record"
    )
    assert f"{size:,}" in bundle.printed
    assert f"recorded {recorded['bytes']:>14,}" in bundle.printed
    assert re.search(r"start_cpu_ms .* recorded .* [+-]\d+\.\d%", bundle.printed)


def test_every_installed_version_is_the_pinned_one(bundle: Bundle) -> None:
    """requirements.txt and constraints.txt together name all that is in the zip."""
    pinned = {}
    for name in ("requirements.txt", "constraints.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if "==" in line:
                package_name, version = line.split("==")
                pinned[package_name.lower()] = version
    script = (
        "import botocore,urllib3,jmespath,six,cryptography,jwt,phonenumbers,dateutil"
    )
    script += """
found = {"botocore": botocore, "urllib3": urllib3, "jmespath": jmespath, "six": six,
    "cryptography": cryptography, "pyjwt": jwt, "phonenumberslite": phonenumbers,
    "python-dateutil": dateutil}
print({name: module.__version__ for name, module in found.items()})"""
    told = subprocess.check_output(
        [sys.executable, "-S", "-c", script], cwd=bundle.task, text=True
    )
    found = eval(told)
    assert found == {name: pinned[name] for name in found}


def test_what_is_left_out_is_told_apart() -> None:
    """The patterns hit whole names: a module named like a tool still ships."""
    assert archive.ships("chalicelib/bin.py")
    assert archive.ships("botocore/data/dynamodb/2012-08-10/service-2.json.gz")
    assert archive.ships("botocore/data/endpoints.json")
    assert archive.ships("chalicelib/page/shell/page.css")
    for name in ("bin/jp.py", "six-1.17.0.dist-info/RECORD", "a/__pycache__/b.pyc"):
        assert not archive.ships(name)
    assert not archive.ships("botocore/data/s3/2006-03-01/service-2.json.gz")
    assert not archive.ships("chalicelib/.DS_Store")


def test_packaged_on_another_machine_it_is_the_same(
    bundle: Bundle, tmp_path: Path
) -> None:
    """From arm64 as from here: pip believes to be there, the zip is for the stack, and
    what cannot run is not run."""
    # Python's own word for what it runs on, which pip takes for its wheels.
    printed = packaged.package(tmp_path, _PYTHON_HOST_PLATFORM="linux-aarch64")
    first, second = (
        hashlib.sha256((place / "bundle.zip").read_bytes()).hexdigest()
        for place in (bundle.out, tmp_path)
    )
    assert first == second
    assert "start_cpu_ms  not measured" in printed
    assert package.strangers(tmp_path / "bundle.zip") == []


def test_the_functions_are_of_the_machine_that_it_is_packaged_for(
    bundle: Bundle,
) -> None:
    """x86-64 is also what a function is that does not say."""
    for resource in bundle.template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            assert resource["Properties"].get("Architectures", ["x86_64"]) == ["x86_64"]


@pytest.mark.parametrize(
    ("name", "head", "is_strange"),
    [
        ("a.so", b"\x7fELF\x02\x01" + bytes(12) + b"\x3e\x00", False),
        ("a.so", b"\x7fELF\x02\x01" + bytes(12) + b"\xb7\x00", True),  # arm64
        ("a.so", b"\x7fELF\x01\x01" + bytes(12) + b"\x03\x00", True),  # 32 bits
        ("libz.so.1", b"\xcf\xfa\xed\xfe" + bytes(16), True),  # macOS
        ("a.dylib", b"", True),
        ("a.py", b"import b", False),
    ],
)
def test_a_binary_of_another_machine_is_found(
    tmp_path: Path, name: str, head: bytes, is_strange: bool
) -> None:
    """It would be packed in silence, and the first request would end with 502."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        made.writestr(f"deep/{name}", head)
    found = package.strangers(tmp_path / "x.zip")
    assert found == ([f"deep/{name}"] if is_strange else [])


def test_what_was_not_measured_is_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the numbers would be compared with nothing."""
    monkeypatch.setattr(package, "RECORDED", tmp_path / "recorded.json")
    assert package.record({"bytes": 1}) == 1
    assert not package.RECORDED.exists()
    assert package.record({"bytes": 1, "start_cpu_ms": 2.0}) == 0
    assert json.loads(package.RECORDED.read_text()) == {"bytes": 1, "start_cpu_ms": 2.0}
