"""The DynamoDB engine of this machine: found, started, given its table, stopped.

Dynoxide keeps everything in one SQLite file and loses nothing at kill -9. Without it
moto's server serves, whose data ends with it.
"""

import ctypes
import fcntl
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3

from chalicelib.storage.table import CLIENT

ROOT = Path(__file__).parent.parent
START_SECONDS = 10.0
OLDER = (
    "The table {name} is of an older version and cannot be upgraded in place: move "
    "DATA_DIR (.local unless you have set it) away and start again."
)
NO_ENGINE = "No Dynoxide engine (it comes with Node): all data ends with this server."


def binary() -> str | None:
    """A dynoxide on PATH, or the one that make has put under .engine."""
    system = platform.system().lower()
    cpu = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    machine = cpu.get(platform.machine().lower(), platform.machine().lower())
    package = ROOT / ".engine/node_modules/@dynoxide" / f"{system}-{machine}"
    return shutil.which("dynoxide") or shutil.which(package / "dynoxide")


class InUse(Exception):
    """Another server runs on this data."""


@contextmanager
def running(data_dir: Path | None, serving: bool = True) -> Iterator[str]:
    """The endpoint of an engine on this data (None: in memory), started here and
    stopped at the end; raises InUse when somebody else's runs on it. Others find a
    server's (see `attached`)."""
    with _alone_on(data_dir) as note:
        program = binary()
        with _dynoxide(program, data_dir) if program else _moto() as endpoint:
            if note:
                note.write_text(json.dumps({"endpoint": endpoint, "serving": serving}))
            yield endpoint


@contextmanager
def attached(data_dir: Path) -> Iterator[str]:
    """The endpoint of the server that runs on this data, or else of one of our own."""
    deadline = time.monotonic() + 3 * START_SECONDS
    while time.monotonic() < deadline:
        with suppress(InUse):
            with running(data_dir, serving=False) as endpoint:
                yield endpoint
            return
        if there := found(data_dir):
            yield there
            return
    raise SystemExit("Another command holds the data.")


def found(data_dir: Path) -> str | None:
    """The endpoint of the server that runs on this data, once it has started; None
    without one."""
    deadline = time.monotonic() + 2 * START_SECONDS
    while time.monotonic() < deadline:
        try:
            with _alone_on(data_dir):
                return None
        except InUse:  # by a server, perhaps still starting, or by a short command
            note = _read_note(data_dir)
        if note.get("serving"):
            return str(note["endpoint"])
        time.sleep(0.1)
    return None


@contextmanager
def _alone_on(data_dir: Path | None) -> Iterator[Path | None]:
    """Holds the data's lock, which ends with this process however that ends; so a note
    that lies beside a held lock is its holder's, and true."""
    if data_dir is None:
        yield None
        return
    note = data_dir / "engine.json"
    with (data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse from None
        note.unlink(missing_ok=True)
        try:
            yield note
        finally:
            note.unlink(missing_ok=True)


def _read_note(data_dir: Path) -> dict[str, Any]:
    """Empty while the holder is still starting."""
    try:
        found: dict[str, Any] = json.loads((data_dir / "engine.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found


@contextmanager
def _dynoxide(program: str, data_dir: Path | None) -> Iterator[str]:
    port = free_port()
    place = ["--db-path", str(data_dir / "contactbook.db")] if data_dir else []
    process = subprocess.Popen(
        [program, "--host", "127.0.0.1", "--port", str(port), *place],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # ctrl-C is for us; we stop it after the last request
        preexec_fn=_die_with_parent,  # noqa: PLW1509 (no thread runs yet)
    )
    try:
        endpoint = f"http://127.0.0.1:{port}"
        _wait_for(endpoint, process)
        yield endpoint
    finally:
        _end(process)


@contextmanager
def _moto() -> Iterator[str]:
    from moto.dynamodb.responses import DynamoHandler
    from moto.server import ThreadedMotoServer

    print(NO_ENGINE, file=sys.stderr, flush=True)
    # moto's DynamoDB loses updates under threads: one request at a time.
    lock, unlocked = threading.RLock(), DynamoHandler.call_action

    def call_action(self: Any) -> Any:
        with lock:
            return unlocked(self)

    setattr(DynamoHandler, "call_action", call_action)  # noqa: B010 (mypy knows better)
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    try:
        yield f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    finally:
        server.stop()


def client(endpoint: str) -> Any:
    """A boto3 client of the engine, with credentials that mean nothing."""
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=CLIENT,
    )


def table_properties() -> dict[str, Any]:
    """The table as .chalice/resources.json defines it: the one definition there is."""
    resources = json.loads((ROOT / ".chalice/resources.json").read_text())["Resources"]
    properties: dict[str, Any] = resources["ContactsTable"]["Properties"]
    return properties


def create_table(engine: Any, name: str) -> None:
    """Creates the table if it is missing; an older version's ends in a sentence."""
    defined = table_properties()
    if name in engine.list_tables()["TableNames"]:
        if _indexes(defined) - _indexes(engine.describe_table(TableName=name)["Table"]):
            raise SystemExit(OLDER.format(name=name))
        return
    schema = "AttributeDefinitions KeySchema GlobalSecondaryIndexes BillingMode"
    parts = {part: defined[part] for part in schema.split()}
    engine.create_table(TableName=name, **parts)
    engine.update_time_to_live(
        TableName=name, TimeToLiveSpecification=defined["TimeToLiveSpecification"]
    )


def _indexes(table: dict[str, Any]) -> set[str]:
    return {one["IndexName"] for one in table.get("GlobalSecondaryIndexes", ())}


def empty_table(engine: Any, name: str) -> None:
    """Removes every item; the table stays, so that a server on it goes on serving."""
    keys = {"ProjectionExpression": "pk, sk", "Limit": 25, "ConsistentRead": True}
    while found := engine.scan(TableName=name, **keys)["Items"]:
        requests = [{"DeleteRequest": {"Key": key}} for key in found]
        engine.batch_write_item(RequestItems={name: requests})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:  # nothing may stay; the file loses nothing by it
        process.kill()
        process.wait()


def _wait_for(endpoint: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(endpoint):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("The Dynoxide engine did not start.")
        time.sleep(0.01)


def _answers(endpoint: str) -> bool:
    try:
        urllib.request.urlopen(endpoint, timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _die_with_parent() -> None:
    """Linux: the engine ends with us even if we are killed (prctl PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
        if os.getppid() == 1:
            os._exit(1)
