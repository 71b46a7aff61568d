"""python -m bench.cold_start [ROUNDS]

What a cold start costs, init and first PATCH counted together so that nothing is gained
by moving work: ours against a bare handler, boto3 alone, Chalice with boto3, FastAPI
behind Mangum with PynamoDB, and Chalice with what is usual (boto3, pydantic,
PyJWT[crypto]) unprepared. Each with and without bytecode, interleaved, on the same
engine; CPU and wall, medians in milliseconds.

It needs `make package` before, and installs the peers into out/peers.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.peers import EVENT, PEERS
from bundle.archive import compile_all
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, workspaces
from local import engine, tokens

ROOT = engine.ROOT
PLACE = ROOT / "out/peers"
STAGE = {"JWT_ISSUER": "bench", "JWT_AUDIENCE": "bench"}
TABLE = "bench"

RUN = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from app import app
answer = app(json.loads(sys.argv[2]), None)
assert answer["statusCode"] == 200, answer
print(time.process_time() * 1000)
"""


def main(rounds: int) -> None:
    """Prints the table, and how ours compares with the two goals."""
    folders = prepared()
    with engine.running(None) as endpoint:
        client = engine.client(endpoint)
        engine.create_table(client, TABLE)
        event = ready(Table(client, TABLE))
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in folders}
        for _ in range(rounds):
            for name, folder in folders.items():
                given = event if name.startswith("ours") else EVENT
                measured[name].append(run(folder, given, endpoint))
    report(measured)


def prepared() -> dict[str, Path]:
    """A folder for each contender, without and with bytecode."""
    folders = {}
    for name, (source, requirements) in {**PEERS, "ours": ("", "")}.items():
        plain = PLACE / name.replace(" ", "-") / "plain"
        shutil.rmtree(plain.parent, ignore_errors=True)
        plain.mkdir(parents=True)
        if name == "ours":
            with zipfile.ZipFile(ROOT / "out/bundle.zip") as archive:
                archive.extractall(plain)
        else:
            (plain / "app.py").write_text(source)
            install(requirements, plain)
        for cached in [*plain.rglob("__pycache__")]:
            shutil.rmtree(cached)
        compiled = plain.with_name("compiled")
        shutil.copytree(plain, compiled)
        compile_all(compiled)
        folders[f"{name}, no pyc"], folders[f"{name}, pyc"] = plain, compiled
    return folders


def install(requirements: str, target: Path) -> None:
    """What a peer needs; Chalice as its packager ships it, without its tools."""
    words = requirements.split()
    if "chalice" in words:
        import chalice.app

        runtime = Path(chalice.app.__file__).parent
        (target / "chalice").mkdir()
        for file in ("__init__.py", "app.py"):
            shutil.copy(runtime / file, target / "chalice")
        words.remove("chalice")
    if words:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-compile"]
        quiet = ["--no-warn-conflicts", "--disable-pip-version-check"]
        subprocess.run([*pip, *quiet, "--target", str(target), *words], check=True)


def ready(table: Table) -> dict[str, Any]:
    """A contact of ours, one of the peers, and the event that changes ours."""
    now = datetime.now(UTC)
    workspaces.create(table, "amy", {"name": "Bench", "slug": "bench"}, now=now)
    member = access.enter(table, "bench", "amy")
    contact = contacts.create(table, member, {"name": "Ada"}, now=now)
    table._client.put_item(
        TableName=TABLE, Item={"pk": {"S": "peer"}, "sk": {"S": "one"}}
    )
    token = tokens.sign(PLACE, "amy", STAGE)
    resource = "/workspaces/{workspace}/contacts/{contact_id}"
    captured = {"workspace": "bench", "contact_id": contact.id}
    event: dict[str, Any] = json.loads(json.dumps(EVENT))
    event |= {"path": resource.format(**captured), "pathParameters": captured}
    event["requestContext"] |= {"resourcePath": resource, "path": event["path"]}
    event["headers"]["Authorization"] = f"Bearer {token}"
    return event


def run(folder: Path, event: dict[str, Any], endpoint: str) -> tuple[float, float]:
    """One start with one PATCH: CPU and wall milliseconds."""
    environment = {
        **STAGE,
        "TABLE_NAME": TABLE,
        "JWT_JWKS": str(tokens.jwks_path(PLACE)),
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-S", "-c", RUN, str(folder), json.dumps(event)]
    started = time.perf_counter()
    told = subprocess.check_output(command, env=environment, cwd=folder, text=True)
    return float(told.split()[-1]), (time.perf_counter() - started) * 1000


def report(measured: dict[str, list[tuple[float, float]]]) -> None:
    medians = {
        name: [statistics.median(column) for column in zip(*runs, strict=True)]
        for name, runs in measured.items()
    }
    print(f"{'':34}{'CPU ms':>9}{'wall ms':>9}")
    for name, (cpu, wall) in medians.items():
        print(f"{name:34}{cpu:9.0f}{wall:9.0f}")
    ours = medians["ours, pyc"][0]
    hello = medians["chalice boto3, pyc"][0]
    unprepared = medians["usual chalice, no pyc"][0]
    print(f"ours is {ours / hello:.2f} x Chalice with boto3 (the goal is 1.25)")
    print(f"ours is {ours / unprepared:.2f} x the unprepared bundle (the goal is 0.5)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 15)
