"""`chalice local`, which a Chalice user types first, beside a running engine: Chalice's
own command and server, this machine's tokens and data."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local import engine, stage
from tests.conftest import Server
from tests.test_local import CONTACTS, end_group, run

CHALICE = str(Path(sys.executable).with_name("chalice"))
# Started from another terminal: nothing leads it to the engine but DATA_DIR.
CLEAN = {name: text for name, text in os.environ.items() if "AWS" not in name}


@contextlib.contextmanager
def chalice_local(data_dir: Path) -> Iterator[str]:
    """Chalice's server on its own port, over a real socket; its address."""
    port, log = engine.free_port(), data_dir / "chalice.log"
    command = [CHALICE, "local", "--stage", "local", "--no-autoreload"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=engine.ROOT,
            env=CLEAN | {"DATA_DIR": str(data_dir)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 30
        while "Serving on" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def as_owner(base: str, data_dir: Path) -> httpx.Client:
    token = run(data_dir, "token", "eagle-owner").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=base, headers=headers, timeout=30)


def test_chalice_local_serves_what_make_serve_serves(server: Server) -> None:
    """The same routes, tokens and data: a change made through one is there in the
    other, and what is refused is refused alike."""
    with (
        chalice_local(server.data_dir) as base,
        as_owner(base, server.data_dir) as chalice,
        server.client("eagle-owner") as ours,
    ):
        listed = chalice.get(CONTACTS)
        assert listed.status_code == 200
        assert listed.json() == ours.get(CONTACTS).json()
        place = ours.post(CONTACTS, json={"name": "Ada"}).headers["location"]
        changed = chalice.patch(place, json={"name": "Ada King"})
        assert changed.json()["contact"]["name"] == "Ada King"
        assert ours.get(place).json() == changed.json()
        missing = chalice.get(f"{CONTACTS}/con_{'0' * 26}")
        assert (missing.status_code, missing.json()["code"]) == (
            *(404, "contact_not_found"),
        )
        assert httpx.get(f"{base}/me").status_code == 401


def test_make_engine_is_enough_for_chalice_local(tmp_path: Path) -> None:
    """An engine with the demo and nothing in front; its data stays when it ends."""
    process = subprocess.Popen(
        ["make", "engine"],
        cwd=engine.ROOT,
        env=CLEAN | {"DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        shown = ""
        while (line := process.stdout.readline()) and "local token" not in line:
            shown += line
        assert f"DATA_DIR={tmp_path} .venv/bin/chalice local --stage local" in shown
        with (
            chalice_local(tmp_path) as base,
            as_owner(base, tmp_path) as http,
        ):
            place = http.post(CONTACTS, json={"name": "Ada"}).headers["location"]
            assert len(http.get(f"{CONTACTS}?limit=100").json()["contacts"]) == 41
    finally:
        end_group(process)
    event = {
        "workspace_id": "eagle-overseas",
        "contact_id": place.rsplit("/", 1)[1],
        "name": "Ada King",
    }
    changed = run(tmp_path, "invoke", "update_contact", stdin=json.dumps(event))
    assert json.loads(changed.stdout)["contact"]["version"] == 2


@pytest.mark.parametrize(
    ("reloader", "code"),
    # With its reloader Chalice's parent process ends with 0 whatever its worker says.
    [(["--no-autoreload"], 1), ([], 0)],
)
def test_without_an_engine_one_sentence_says_what_to_start(
    tmp_path: Path, reloader: list[str], code: int
) -> None:
    """No traceback, and no server that can answer nothing; also when an engine was
    killed and has left its note behind."""
    note = {"endpoint": "http://127.0.0.1:1", "serving": True}
    (tmp_path / "engine.json").write_text(json.dumps(note))
    port = str(engine.free_port())
    process = subprocess.Popen(
        [CHALICE, "local", "--stage", "local", "--port", port, *reloader],
        cwd=engine.ROOT,
        env=CLEAN | {"DATA_DIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _, told = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # the reloader's worker, too
        raise
    assert told == (
        f"No engine runs on {tmp_path}: start `make engine` (or `make serve`) in "
        "another terminal, with the same DATA_DIR, then this again.\n"
    )
    assert process.returncode == code


def test_only_this_machine_asks_a_module_for_settings() -> None:
    """What goes to AWS has its settings from its environment alone."""
    config = json.loads((engine.ROOT / ".chalice/config.json").read_text())
    asking = [name for name, one in config["stages"].items() if "local." in str(one)]
    assert asking == ["local"]
    named = config["stages"]["local"]["environment_variables"]["SETTINGS_FROM"]
    assert named == stage.__name__


def test_the_reloader_is_told_of_when_it_would_watch_the_data(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It restarts the server at each write under the project; elsewhere it does not."""
    monkeypatch.setenv("DATA_DIR", str(server.data_dir))
    for folder, said in ((server.data_dir.parent, True), (engine.ROOT, False)):
        monkeypatch.chdir(folder)
        environ = {"CHALICE_WORKER": "true"}
        stage.fill(environ)
        assert environ["JWT_JWKS"] == str(server.data_dir / "jwks.json")
        assert ("--no-autoreload" in capsys.readouterr().err) is said
