"""How the local server ends: by ctrl-C, a stop, a closed terminal, kill -9; started in
the background, under nohup, by somebody impatient. Nothing is left running."""

import contextlib
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from local.engine import ROOT
from tests.conftest import Server, start_server

CONTACTS = "/workspaces/eagle-overseas/contacts"


def engines_of(server: Server) -> list[int]:
    """The engine processes that a server has started."""
    place = str(server.data_dir).encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            command = entry.read_bytes()
            if b"dynoxide" in command and place in command:
                found.append(int(entry.parent.name))
    return found


def has_ended(server: Server) -> None:
    """The engine that a server has started is given the time to end."""
    deadline = time.monotonic() + 20
    while engines_of(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert engines_of(server) == []


@pytest.mark.parametrize(
    "how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
)
def test_data_survives_and_nothing_is_left_running(
    tmp_path: Path, how: signal.Signals
) -> None:
    """Ctrl-C, a stop, a closed terminal and kill -9: the change is there after a
    restart, and the engine that was started has ended."""
    server = start_server(tmp_path)
    assert len(engines_of(server)) == 1
    with server.client("eagle-owner") as http:
        place = http.post(CONTACTS, json={"name": "Before"}).headers["location"]
        body = {"name": "Updated Name", "lead_status": "qualified"}
        changed = http.patch(place, json=body).json()
    code = server.stop(how)
    assert code == (0 if how != signal.SIGKILL else -9)
    has_ended(server)
    again = start_server(tmp_path)
    try:
        with again.client("eagle-owner") as http:
            assert http.get(place).json() == changed
            names = [w["slug"] for w in http.get("/me").json()["workspaces"]]
            assert names == ["eagle-overseas"]  # the demo was made once
    finally:
        again.stop()


def ignored_by(server: Server) -> set[int]:
    """The signals that a server ignores now."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    mask = int(re.findall(r"SigIgn:\s*([0-9a-f]+)", status)[0], 16)
    return {one for one in range(1, 65) if mask >> (one - 1) & 1}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_in_the_background_can_be_stopped(
    tmp_path: Path, how: signal.Signals
) -> None:
    """A script's `&` lets SIGINT be ignored, and others may lie ignored too: the server
    stops all the same, and its engine with it."""
    under = ["sh", "-c", 'trap "" INT TERM; exec "$@"', "sh"]
    server = start_server(tmp_path, under=under)
    assert server.stop(how) == 0
    assert "Stopped." in server.log.read_text()
    has_ended(server)


def test_an_impatient_person_does_not_break_the_end(tmp_path: Path) -> None:
    """Ctrl-C again and again, and make's own on top: the first one counts, and the
    engine ends before the server."""
    server = start_server(tmp_path)
    deadline = time.monotonic() + 60
    while server.process.poll() is None and time.monotonic() < deadline:
        server.process.send_signal(signal.SIGINT)
    assert server.stop(signal.SIGKILL) == 0  # it had ended by itself
    assert engines_of(server) == []
    assert "Traceback" not in server.log.read_text()


def test_nohup_outlives_the_terminal(tmp_path: Path) -> None:
    """`nohup make serve &`: SIGHUP is ignored, as was asked for, and no other."""
    server = start_server(tmp_path, under=["nohup"])
    try:
        assert signal.SIGHUP in ignored_by(server)
        assert not {signal.SIGINT, signal.SIGTERM} & ignored_by(server)
        server.process.send_signal(signal.SIGHUP)
        with server.client("eagle-owner") as http:
            assert http.get(CONTACTS).status_code == 200
    finally:
        code = server.stop(signal.SIGTERM)
    assert code == 0
    has_ended(server)


def test_a_server_that_cannot_be_stopped_is_killed(tmp_path: Path) -> None:
    """The tests' own promise: none of their servers stays."""
    deaf = "import signal; print(flush=True); signal.pause(); signal.pause()"
    process = subprocess.Popen(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-c", deaf],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            Server(process, "", tmp_path, tmp_path).stop(patience=0.1)
        assert process.returncode == -signal.SIGKILL
    finally:
        process.kill()
        process.communicate()


STARTER = """
import pathlib, sys, time
from tests.conftest import start_server
start_server(pathlib.Path(sys.argv[1]))
print("started", flush=True)
time.sleep(60)
"""


def processes_on(data_dir: Path) -> list[int]:
    """Every process that was started for this data: servers and their engines."""
    wanted = f"DATA_DIR={data_dir}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it has just ended, or is not ours
            if wanted in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
    return found


def nothing_runs_on(data_dir: Path) -> None:
    """What was started for this data is given the time to end."""
    deadline = time.monotonic() + 20
    while processes_on(data_dir) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_on(data_dir) == []


def test_a_server_ends_with_the_tests_even_if_those_are_killed(tmp_path: Path) -> None:
    """kill -9 runs no fixture's end: the system tells the server that it is alone."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        try:
            assert tests.stdout
            assert tests.stdout.readline() == "started\n"
            assert len(processes_on(tmp_path)) == 2
        finally:
            tests.kill()
    nothing_runs_on(tmp_path)


def test_a_start_that_is_interrupted_leaves_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the tests wait for a server that nobody knows of yet."""
    running = []

    def interrupt(*_: object, **__: object) -> None:
        running.extend(processes_on(tmp_path))
        raise KeyboardInterrupt

    monkeypatch.setattr(httpx, "get", interrupt)
    with pytest.raises(KeyboardInterrupt):
        start_server(tmp_path)
    assert running
    nothing_runs_on(tmp_path)
