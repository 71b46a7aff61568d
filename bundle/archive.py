"""What ships, and how it lies in the zip: only what runs, with its bytecode, and the
same bytes whenever and wherever it is built.

Bytecode halves the time to start. It is not checked against its source (PEP 552,
"unchecked hash"): every file in the zip is of 1980, so a timestamp would always be
stale, and /var/task can only be read, so nothing would ever be written back.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

TASK_ROOT = "/var/task"  # where Lambda unpacks; tracebacks name it
DATE = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip can tell

# What pip brings and nobody runs. The tests run the zip without it, on an interpreter
# that has nothing else.
LEFT_OUT = {
    "metadata of pip": r"[^/]+\.(dist-info|data)/",
    "programs": r"bin/",
    "types for editors": r".*(\.pyi|/py\.typed)$",
    "bytecode of the build machine": r".*(__pycache__/|\.pyc$)",
    "hidden files": r"(.*/)?\.",
    "other services": (
        r"botocore/data/(?!dynamodb/2012-08-10/|sesv2/2019-09-27/)[^/]+/"
    ),
    "examples": r"botocore/data/.*/(examples-1|paginators-1|waiters-2)\..*",
    "cffi's compiler; cryptography needs _cffi_backend alone": r"(cffi|pycparser)/",
    "time zones; botocore reads UTC": r"dateutil/zoneinfo/.*\.tar\.gz$",
}

# A process of its own with a fixed hash seed: the order of a frozen set of strings, and
# which strings are marked as shared, would else depend on what ran before.
COMPILE = """
import importlib.util, json, pathlib, py_compile, sys
root, task_root = sys.argv[1:]
for name in json.load(sys.stdin):
    source = pathlib.Path(root, name)
    py_compile.compile(
        str(source), dfile=f"{task_root}/{name}", doraise=True,
        cfile=importlib.util.cache_from_source(str(source)),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
"""


def ships(name: str) -> bool:
    """Whether a file that Chalice has packed is needed at run time."""
    return not any(re.match(pattern, name) for pattern in LEFT_OUT.values())


def rebuild(packed: Path, work: Path, archive: Path) -> None:
    """Makes `archive` of what ships in `packed`, with bytecode; `work` is a scratch
    folder."""
    with zipfile.ZipFile(packed) as source:
        source.extractall(work, [n for n in source.namelist() if ships(n)])
    compile_all(work)
    _pack(work, archive)


def compile_all(root: Path) -> None:
    """Puts unchecked bytecode beside every source below `root`."""
    names = sorted(str(path.relative_to(root)) for path in root.rglob("*.py"))
    subprocess.run(
        [sys.executable, "-S", "-c", COMPILE, str(root), TASK_ROOT],
        input=json.dumps(names),
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )


def _pack(root: Path, archive: Path) -> None:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for path in files:
            entry = zipfile.ZipInfo(str(path.relative_to(root)), DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = 0o100644 << 16
            made.writestr(entry, path.read_bytes(), compresslevel=9)
