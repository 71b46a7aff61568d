"""The local server as a person uses it: start, stop, kill, start again, invoke,
reset."""

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import engine
from tests.conftest import Server, start_server
from tests.test_local_stop import engines_of

CONTACTS = "/workspaces/eagle-overseas/contacts"


def run(
    data_dir: Path, *arguments: str, stdin: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        cwd=engine.ROOT,
        env=os.environ | {"DATA_DIR": str(data_dir)} | environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_welcome_is_ready_to_use(server: Server) -> None:
    """A link with a token, and curl lines that work as they are printed."""
    welcome = server.log.read_text().split("\n{")[0]
    assert re.search(rf"{server.base}/#token=[\w.-]+\n", welcome)
    lines = re.findall(r"^  ((?:\w+=|curl).*)$", welcome, re.M)
    assert len(lines) == 9
    shown = subprocess.run(
        ["bash", "-ec", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    listed, read, patched, status, deleted = (
        json.loads(one) for one in shown.stdout.replace("}{", "}\n{").splitlines()
    )
    assert len(listed["contacts"]) == 3
    assert read["contact"]["name"] == "Ada Lovelace"
    assert patched["contact"]["name"] == "Ada King"
    assert status["contact"]["lead_status"] == "qualified"
    assert deleted["deletion"]["contact_id"] == read["contact"]["id"]


def test_the_token_command_prints_a_token_and_nothing_else(tmp_path: Path) -> None:
    """TOKEN=$(python -m local token USER) is all that a script needs; and the tokens of
    one data folder go on being good."""
    first, second = (run(tmp_path, "token", "amy") for _ in range(2))
    for nobody in ("a b", "console", "", "x" * 256):
        assert run(tmp_path, "token", nobody).stdout == ""
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", first.stdout)
    key = (tmp_path / "signing-key.pem").stat()
    assert key.st_mode & 0o077 == 0
    assert second.stderr == ""


@pytest.mark.parametrize(("demo", "workspaces"), [("0", 0), ("1", 1), ("", 1)])
def test_a_demo_can_be_left_out(tmp_path: Path, demo: str, workspaces: int) -> None:
    """DEMO=0 starts an empty store; what is set to nothing counts as not set."""
    server = start_server(tmp_path, DEMO=demo)
    try:
        with server.client("eagle-owner") as http:
            assert len(http.get("/me").json()["workspaces"]) == workspaces
    finally:
        server.stop()


def end_group(process: "subprocess.Popen[str]") -> None:
    """As ctrl-C ends make and its child; or, when they do not end, for good."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def test_make_serve_serves_the_demo_where_it_is_told(tmp_path: Path) -> None:
    """Through make, as everybody starts it: variables that are not set stay so, and
    nothing has to be pasted."""
    port = engine.free_port()
    environment = {k: v for k, v in os.environ.items() if k not in ("DEMO", "SIGN_IN")}
    process = subprocess.Popen(
        ["make", "serve"],
        cwd=engine.ROOT,
        env=environment | {"PORT": str(port), "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        shown = ""
        while (line := process.stdout.readline()) and "-X DELETE" not in line:
            shown += line
        assert f"http://127.0.0.1:{port}/    (choose who you are)" in shown
        page = httpx.get(f"http://127.0.0.1:{port}/config", timeout=30)
        assert page.json()["sign_in"]["client_id"] == "contactbook-page"
    finally:
        end_group(process)


def test_functions_run_as_in_the_console(server: Server) -> None:
    """JSON in, JSON out; a refusal with its error type and exit code 1; beside a server
    that runs, on the same data."""
    with server.client("eagle-owner") as http:
        place = http.post(CONTACTS, json={"name": "Console"}).headers["location"]
        event = {
            "workspace_id": "eagle-overseas",
            "contact_id": place.rsplit("/", 1)[1],
            "lead_status": "converted",
        }
        done = run(
            server.data_dir, "invoke", "update_contact_status", stdin=json.dumps(event)
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == http.get(place).json()
    event["contact_id"] = "con_" + "0" * 26
    refused = run(server.data_dir, "invoke", "delete_contact", stdin=json.dumps(event))
    assert refused.returncode == 1
    event.pop("lead_status")
    refused = run(server.data_dir, "invoke", "delete_contact", stdin=json.dumps(event))
    assert json.loads(refused.stdout) == {
        "errorType": "ContactNotFound",
        "errorMessage": "contact_not_found: "
        "There is no such contact in this workspace.",
    }
    assert run(server.data_dir, "invoke", "nothing", stdin="{}").returncode == 2
    assert run(server.data_dir, "invoke", "add_member", stdin="{").returncode == 2


@pytest.mark.parametrize("name", [p.stem for p in engine.ROOT.glob("events/*.json")])
def test_every_event_runs(tmp_path: Path, name: str) -> None:
    """On an empty store the ready events are answered or refused, never broken."""
    event = (engine.ROOT / f"events/{name}.json").read_text()
    answer = run(tmp_path, "invoke", name, stdin=event)
    found: dict[str, Any] = json.loads(answer.stdout)
    answered = {"create_workspace": "workspace", "resume_deletions": "deletions"}
    assert answered.get(name, "errorType") in found, answer.stdout


def test_reset_empties_the_store(tmp_path: Path) -> None:
    """The contacts go, while the server goes on; the key stays, so that tokens go on
    being good; the next start makes the demo again."""
    server = start_server(tmp_path)
    try:
        with server.client("eagle-owner") as http:
            assert http.get("/me").json()["workspaces"] != []
            with ThreadPoolExecutor(1) as thread:
                resetting = thread.submit(run, tmp_path, "reset")
                statuses = set()
                while not resetting.done():
                    statuses.add(http.get(CONTACTS).status_code)
            assert resetting.result().stdout.startswith("The store is empty.")
            assert statuses <= {200, 404}
            assert http.get("/me").json()["workspaces"] == []
    finally:
        server.stop()
    server = start_server(tmp_path)
    try:
        with server.client("eagle-owner") as http:
            assert len(http.get(f"{CONTACTS}?limit=100").json()["contacts"]) == 40
    finally:
        server.stop()


def test_a_demo_that_was_cut_short_is_made_good(tmp_path: Path) -> None:
    """Killed in the middle of the first start, the next one completes it; once it was
    complete, what people delete stays deleted."""
    server = start_server(tmp_path)
    with server.client("eagle-owner") as http:
        listed = http.get(f"{CONTACTS}?limit=9").json()["contacts"]
        for contact in listed:
            http.delete(f"{CONTACTS}/{contact['id']}")
    server.stop()
    for left, cut_short in ((31, False), (40, True)):
        if cut_short:
            (tmp_path / "demo-made").unlink()
        server = start_server(tmp_path)
        with server.client("eagle-owner") as http:
            assert len(http.get(f"{CONTACTS}?limit=100").json()["contacts"]) == left
        server.stop()


def test_a_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """And the first goes on, and is still found by the other commands."""
    server = start_server(tmp_path)
    try:
        second = run(tmp_path, "serve", PORT=str(engine.free_port()))
        assert second.returncode == 1
        assert "A server already runs on" in second.stderr
        event = '{"name": "Third", "slug": "third", "owner": "eagle-owner"}'
        assert run(tmp_path, "invoke", "create_workspace", stdin=event).returncode == 0
        assert len(engines_of(server)) == 1
        with server.client("eagle-owner") as http:
            assert len(http.get("/me").json()["workspaces"]) == 2
    finally:
        server.stop()


def test_without_dynoxide_it_says_that_data_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto's server stands in, works, and says plainly what that means."""
    # A copy without the engine's folder, and a PATH without dynoxide.
    for part in ("local", "chalicelib", "app.py", ".chalice"):
        (tmp_path / part).symlink_to(engine.ROOT / part)
    (tmp_path / "local").unlink()
    (tmp_path / "local").mkdir()
    for file in (engine.ROOT / "local").glob("*.py"):
        (tmp_path / "local" / file.name).write_text(file.read_text())
    monkeypatch.setattr(engine, "ROOT", tmp_path)
    server = start_server(tmp_path / "data")
    try:
        assert server.log.read_text().count("all data ends with this server") == 1
        with server.client("eagle-owner") as http:
            place = http.post(CONTACTS, json={"name": "Ada"}).headers["location"]
            assert http.patch(place, json={"name": "B"}).status_code == 200
            assert len(http.get(CONTACTS).json()["contacts"]) == 25
    finally:
        server.stop()


@pytest.mark.parametrize("command", ["serve", "reset", "invoke"])
def test_an_older_store_is_refused_in_one_sentence(
    tmp_path: Path, command: str
) -> None:
    """A table without the new indexes: what to do, no traceback, nothing changed."""
    with engine.running(tmp_path) as endpoint:
        older_table(engine.client(endpoint))
    words = ["invoke", "resume_deletions"] if command == "invoke" else [command]
    refused = run(tmp_path, *words, stdin="{}", PORT=str(engine.free_port()))
    assert (refused.returncode, refused.stdout) == (1, "")
    (sentence,) = refused.stderr.splitlines()
    assert "contactbook-local" in sentence
    assert "move DATA_DIR" in sentence
    with engine.running(tmp_path) as endpoint:
        there = engine.client(endpoint).scan(TableName="contactbook-local")
        assert there["Items"] == [{"pk": {"S": "ws_1"}, "sk": {"S": "con_1"}}]


def older_table(client: Any) -> None:
    """As it was when there was one index, with one contact."""
    names = ("pk", "sk", "gsi1pk", "gsi1sk")
    gsi1: Any = {
        "IndexName": "gsi1",
        "KeySchema": [
            {"AttributeName": "gsi1pk", "KeyType": "HASH"},
            {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    client.create_table(
        TableName="contactbook-local",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in names
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[gsi1],
        BillingMode="PAY_PER_REQUEST",
    )
    item = {"pk": {"S": "ws_1"}, "sk": {"S": "con_1"}}
    client.put_item(TableName="contactbook-local", Item=item)


def test_a_port_in_use_is_said_plainly(tmp_path: Path, server: Server) -> None:
    """No traceback for what everybody does once."""
    port = server.base.rsplit(":", 1)[1]
    failed = run(tmp_path, "serve", PORT=port)
    assert failed.returncode == 1
    assert f"Port {port} cannot be used" in failed.stderr
    assert "Traceback" not in failed.stderr
