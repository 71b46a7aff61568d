"""python -m bundle.package [--stage dev] [--out out] [--record]

Makes out/template.json and out/bundle.zip: `chalice package`, then archive.py and
template.py. Prints the zip's size and the time to start against bundle/recorded.json;
--record writes them there.

The zip is for Lambda's Linux on x86-64, wherever it is made; its start is measured only
where it runs. The functions run on the Python that packages: the bytecode is that
one's, and of no use to another.
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from bundle import archive

ROOT = Path(__file__).parent.parent
RECORDED = ROOT / "bundle/recorded.json"
MOST_BYTES = 20_000_000
STARTS = 9

TARGET = "linux-x86_64"  # the stack's functions, as Python calls their machine
ELF_X86_64 = (b"\x7fELF\x02\x01", b"\x3e\x00")  # 64 bits, little-endian; machine 62

# Minors of Python 3 that Lambda has, and our code takes. Another one would be given the
# runtime next to it, silently, and start without any bytecode.
MINORS = range(11, 15)
UNFIT = """Python {had} packages for no runtime of Lambda that this code takes: use 3.11
to 3.14. `rm -r .venv`, then for instance: make package PYTHON=python3.13"""

CHALICE = "from chalice.cli import main; main()"

# One start as Lambda does it, on an interpreter that has nothing but the bundle.
START = """
import sys, time
sys.path.insert(0, sys.argv[1])
import app
print(time.process_time() * 1000)
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bundle.package")
    parser.add_argument("--stage", default="dev", choices=["dev", "prod"])
    parser.add_argument("--out", type=Path, default=ROOT / "out")
    parser.add_argument("--record", action="store_true", help="write what is measured")
    chosen = parser.parse_args(arguments)
    if fault := unfit(sys.version_info[:2]):
        print(fault, file=sys.stderr)
        return 1
    made = build(chosen.stage, chosen.out)
    measured: dict[str, float] = {"bytes": made.stat().st_size}
    here = sysconfig.get_platform()
    if here == TARGET:
        measured["start_cpu_ms"] = start_ms(made)
    print(report(measured, json.loads(RECORDED.read_text())))
    if here != TARGET:
        print(
            f"start_cpu_ms  not measured: what is for {TARGET} does not run on {here}"
        )
    print(f"sha256 {hashlib.sha256(made.read_bytes()).hexdigest()}")
    if chosen.record:
        return record(measured)
    return 0


def unfit(version: tuple[int, int]) -> str:
    """Why this Python cannot package; "" when it can."""
    major, minor = version
    is_fit = major == 3 and minor in MINORS
    return "" if is_fit else UNFIT.format(had=f"{major}.{minor}")


def build(stage: str, out: Path) -> Path:
    """Packages a stage into `out`; the path of the zip. Raises CalledProcessError with
    Chalice's own words on stderr, ValueError when the zip is too large."""
    variables = environment(stage)
    out.mkdir(parents=True, exist_ok=True)
    made = out / "bundle.zip"
    with tempfile.TemporaryDirectory() as scratch:
        packed = Path(scratch, "packed")
        _chalice_package(stage, packed, variables)
        archive.rebuild(packed / "deployment.zip", Path(scratch, "ships"), made)
        template = json.loads((packed / "sam.json").read_text())
    os.environ.update(variables)  # before the import: the gateway's words are the app's
    from bundle.template import finish

    text = json.dumps(finish(template, stage, variables["TABLE_NAME"]), indent=1)
    text = text.replace("./deployment.zip", "./bundle.zip")
    (out / "template.json").write_text(text + "\n")
    if made.stat().st_size > MOST_BYTES:
        raise ValueError(f"The zip has more than {MOST_BYTES:,} bytes.")
    if strange := strangers(made):
        raise ValueError(f"Not for {TARGET}: {', '.join(strange)}.")
    return made


def strangers(made: Path) -> list[str]:
    """The binaries in a zip that Lambda could not load: they are of another machine."""
    with zipfile.ZipFile(made) as archive:
        binaries = [
            name
            for name in archive.namelist()
            if name.endswith((".so", ".dylib", ".pyd")) or ".so." in name
        ]
        heads = {name: archive.open(name).read(20) for name in binaries}
    magic, machine = ELF_X86_64
    return [
        name
        for name, head in heads.items()
        if not head.startswith(magic) or head[18:20] != machine
    ]


def record(measured: dict[str, float]) -> int:
    """Keeps the numbers for the next time, if all of them were measured."""
    if "start_cpu_ms" not in measured:
        print(f"Nothing is recorded: only {TARGET} measures all.", file=sys.stderr)
        return 1
    RECORDED.write_text(json.dumps(measured, indent=2) + "\n")
    return 0


def environment(stage: str) -> dict[str, str]:
    """What the stage's configuration gives a function; also for importing the app."""
    config: Any = json.loads((ROOT / ".chalice/config.json").read_text())
    variables: dict[str, str] = config["stages"][stage]["environment_variables"]
    return {**variables, "AWS_DEFAULT_REGION": "us-east-1"}


def start_ms(made: Path) -> float:
    """The median CPU time to import the app from the zip, in milliseconds."""
    with tempfile.TemporaryDirectory() as place:
        shutil.unpack_archive(made, place)
        nothing_else = {
            **environment("dev"),
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
        }
        command = [sys.executable, "-S", "-c", START, place]
        starts = [
            float(subprocess.check_output(command, env=nothing_else, cwd=place))
            for _ in range(STARTS)
        ]
    return round(statistics.median(starts), 1)


def report(measured: dict[str, float], recorded: dict[str, float]) -> str:
    """One line for each number, beside the last recorded."""
    lines = [
        f"{name:14}{value:>14,}   recorded {recorded[name]:>14,}   "
        f"{value / recorded[name] - 1:+.1%}"
        for name, value in measured.items()
    ]
    return "\n".join(lines)


def _chalice_package(stage: str, packed: Path, variables: dict[str, str]) -> None:
    # Chalice would reuse a zip of the same requirements; and the constraints are not
    # among what it looks at.
    shutil.rmtree(ROOT / ".chalice/deployments", ignore_errors=True)
    merged = ROOT / ".chalice/resources.json"
    options = ["--stage", stage, "--merge-template", str(merged)]
    subprocess.run(
        [sys.executable, "-c", CHALICE, "package", *options, str(packed)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        env={
            **os.environ,
            **variables,
            "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
        },
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
