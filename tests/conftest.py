"""What the tests stand on: moto for speed, the real engine for truth, and the real
server over a real socket. Nothing here replaces code that ships."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from moto import mock_aws

from chalicelib.base.budget import Budget
from chalicelib.jobs import due, purge
from chalicelib.model.words import Contact, Deletion, Member, Message
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, messages, workspaces
from chalicelib.verbs.messages import Place
from local import engine, tokens
from tests.described import Described

NOW = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
LATE = NOW + timedelta(minutes=2)  # the leases of who has died are over
STAGE = {"JWT_ISSUER": "contactbook-local", "JWT_AUDIENCE": "contactbook"}
_numbers = itertools.count()


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The real engine, in memory."""
    assert engine.binary(), "the tests need the Dynoxide engine: make setup (with Node)"
    with engine.running(None) as address:
        yield address


@pytest.fixture(scope="session")
def real_client(endpoint: str) -> Any:
    return engine.client(endpoint)


@pytest.fixture(scope="session")
def moto_client() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client(
            "dynamodb",
            region_name="us-east-1",
            aws_access_key_id="moto",
            aws_secret_access_key="moto",
        )


def new_table(client: Any) -> Table:
    name = f"contactbook-{next(_numbers)}"
    engine.create_table(client, name)
    return Table(client, name)


@pytest.fixture
def real_table(real_client: Any) -> Table:
    """An empty table on the real engine."""
    return new_table(real_client)


@pytest.fixture(params=["moto", "dynoxide"])
def table(request: pytest.FixtureRequest) -> Table:
    """An empty table, once on each engine."""
    name = {"moto": "moto_client", "dynoxide": "real_client"}[request.param]
    return new_table(request.getfixturevalue(name))


def found(store: Table, slug: str, owner: str) -> Member:
    """A new workspace, entered by its owner."""
    workspaces.create(store, owner, {"name": slug.title(), "slug": slug}, now=NOW)
    return access.enter(store, slug, owner)


@pytest.fixture
def eagle(table: Table) -> Member:
    return found(table, "eagle", "amy")


@pytest.fixture
def amy(real_table: Table) -> Member:
    """The owner of a workspace on the real engine."""
    return found(real_table, "eagle", "amy")


@pytest.fixture
def harbor(table: Table) -> Member:
    return found(table, "harbor", "zed")


def add(store: Table, member: Member, **body: Any) -> Contact:
    return contacts.create(store, member, {"name": "Ada", **body}, now=NOW)


def delete(
    store: Table,
    member: Member,
    contact_id: str,
    seconds: float = 20,
    versions: tuple[int, ...] | None = None,
    now: datetime = NOW,
) -> Deletion:
    return purge.delete(
        store,
        member,
        contact_id,
        now=now,
        budget=Budget(seconds),
        versions=versions,
    )


def resume(
    store: Table, now: datetime = LATE, seconds: float = 20, kind: str = "deletions"
) -> dict[str, int]:
    """How many of a kind came to their end, and how many did not, in one run over all
    that is due."""
    return due.go_on(store, now=now, budget=Budget(seconds))[kind]


def say(
    store: Table, who: Member, contact_id: str, chat: str, body: Any, **more: Any
) -> tuple[Message, bool]:
    """One message, and whether it is new; a refusal is raised."""
    place = Place(store, who, contact_id, chat)
    (received,) = messages.receive(place, [body], **{"now": NOW, **more})
    if received.refusal:
        raise received.refusal
    assert received.message
    return received.message, received.is_new


class Meanwhile:
    """The real client; before its first call of an operation something else happens."""

    def __init__(self, client: Any, operation: str, what: Callable[[], Any]) -> None:
        self._client, self._operation = client, operation
        self._what: Callable[[], Any] | None = what

    def __getattr__(self, operation: str) -> Any:
        if operation == self._operation and self._what:
            what, self._what = self._what, None
            what()
        return getattr(self._client, operation)


def while_another(store: Table, operation: str, what: Callable[[], Any]) -> Table:
    """The same table, as somebody sees it who is interrupted at that operation."""
    return Table(Meanwhile(store._client, operation, what), store._name)


def everything(store: Table) -> dict[tuple[str, str], dict[str, Any]]:
    """Every item of the table, as the engine holds it: for comparing before and after.
    Only tests scan."""
    pages = store._client.get_paginator("scan").paginate(TableName=store._name)
    items = [item for page in pages for item in page["Items"]]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}


@dataclass
class Server:
    """The real server, as `make serve` starts it."""

    process: "subprocess.Popen[str]"
    base: str
    data_dir: Path
    log: Path

    def token(self, user_id: str) -> str:
        return tokens.sign(self.data_dir, user_id, STAGE)

    @cached_property
    def described(self) -> Described:
        """What the server says of itself."""
        return Described(httpx.get(f"{self.base}/openapi.json", timeout=30).json())

    def client(self, user_id: str | None) -> httpx.Client:
        """Every answer that it gets must be one that the API's description has."""
        headers = {"Authorization": f"Bearer {self.token(user_id)}"} if user_id else {}
        return httpx.Client(
            base_url=self.base,
            headers=headers,
            timeout=30,
            event_hooks={"response": [self.described.check]},
        )

    def stop(self, how: int = signal.SIGINT, patience: float = 20) -> int:
        """Its exit code. One that does not stop in time is killed, and its engine with
        it: the test fails, and nothing stays."""
        self.process.send_signal(how)
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


def start_server(
    data_dir: Path, *, under: Sequence[str] = (), **environment: str
) -> Server:
    """`python -m local serve`, waited for until it answers; `under` is what starts it,
    such as nohup."""
    port = int(environment.get("PORT") or engine.free_port())
    data_dir.mkdir(exist_ok=True)
    log = data_dir / f"server-{port}.log"
    chosen = {"PORT": str(port), "DATA_DIR": str(data_dir), "SIGN_IN": "token"}
    chosen |= environment
    with log.open("w") as output:
        process = subprocess.Popen(
            [*under, sys.executable, "-m", "local", "serve"],
            cwd=engine.ROOT,
            env=os.environ | chosen,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            # The server ends with the tests, even if those are killed.
            preexec_fn=engine._die_with_parent,  # noqa: PLW1509
        )
    server = Server(process, f"http://127.0.0.1:{port}", data_dir, log)
    try:
        until_it_answers(server)
    except BaseException:  # ctrl-C, too: nobody else knows of this process yet
        process.kill()
        process.wait()
        raise
    return server


def until_it_answers(server: Server, seconds: float = 30) -> None:
    """Raises AssertionError, with its log, for a server that ends or stays silent."""
    deadline = time.monotonic() + seconds
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{server.base}/health", timeout=1)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(server.log.read_text())


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the session, with the demo data."""
    running = start_server(tmp_path_factory.mktemp("server"), DEMO="1")
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture(scope="session")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that asks who one is, as `make serve` starts it."""
    running = start_server(tmp_path_factory.mktemp("asking"), SIGN_IN="provider")
    yield running
    running.stop()


@pytest.fixture
def eagle_http(server: Server) -> Iterator[httpx.Client]:
    with server.client("eagle-owner") as client:
        yield client


@pytest.fixture
def harbor_http(server: Server) -> Iterator[httpx.Client]:
    with server.client("harbor-owner") as client:
        yield client
