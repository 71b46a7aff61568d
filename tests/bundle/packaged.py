"""What stands around the packaged functions, piece by piece: the bundle itself, a table
with the demo data, an issuer, an environment, the door. conftest.py and tests/prove put
the pieces together."""

import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

import pytest

from chalicelib.storage.table import Table
from chalicelib.verbs import access
from local import demo, engine, tokens
from local.server import Handler
from local.server import Server as LoopbackServer
from tests.bundle.gateway import Gateway
from tests.bundle.runtime import Environment, client_folder
from tests.conftest import NOW, STAGE, new_table
from tests.test_http_isolation import every_route

API_ENVIRONMENTS = 2


def package(out: Path, stage: str = "dev", **environment: str) -> str:
    """`make package`; what it printed."""
    command = [sys.executable, "-m", "bundle.package", "--stage", stage]
    return subprocess.check_output(
        [*command, "--out", str(out)],
        cwd=engine.ROOT,
        text=True,
        env=os.environ | environment,
    )


@dataclass
class Bundle:
    """What `make package` has made, unpacked as Lambda does it."""

    out: Path
    printed: str
    task: Path
    client: Path

    @property
    def template(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "template.json").read_text())
        return found

    def variables(self, handler: str) -> dict[str, str]:
        """A function's environment, with the stack's parameters filled in."""
        for resource in self.template["Resources"].values():
            if resource.get("Properties", {}).get("Handler") == handler:
                found = resource["Properties"]["Environment"]["Variables"]
                return {k: v for k, v in found.items() if isinstance(v, str)}
        raise AssertionError(handler)


def made(place: Path) -> Bundle:
    printed = package(place / "out")
    with zipfile.ZipFile(place / "out/bundle.zip") as archive:
        archive.extractall(place / "task")
    client = client_folder(place / "client")
    return Bundle(place / "out", printed, place / "task", client)


def stocked(client: Any) -> Table:
    """A new table with the demo data."""
    made_one = new_table(client)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "store", lambda: made_one)
        demo.make(NOW)
    return made_one


@contextmanager
def published(place: Path) -> Iterator[str]:
    """An issuer, whose key lies in the folder: the URL of its public keys."""
    place.mkdir(exist_ok=True)
    tokens.sign(place, "nobody", STAGE)
    keys_file = tokens.jwks_path(place)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    keys = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(keys_file.parent))
    )
    threading.Thread(target=keys.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{keys.server_port}/{keys_file.name}"
    keys.shutdown()
    keys.server_close()


@dataclass
class Stack:
    """What all functions share; `endpoint` is where they think DynamoDB is."""

    bundle: Bundle
    table: Table
    endpoint: str
    jwks: str
    log: IO[str]

    def start(self, name: str, **told: str) -> Environment:
        """An environment of a function, by its handler's name in app.py; `told` stands
        above everything else."""
        variables = {
            **self.bundle.variables(f"app.{name}"),
            **STAGE,
            "TABLE_NAME": self.table._name,
            "JWT_JWKS": self.jwks,
            "AWS_ENDPOINT_URL_DYNAMODB": self.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": name,  # the recorder knows it by this
            "AWS_SECRET_ACCESS_KEY": "role",
            "AWS_SESSION_TOKEN": "role",
            **told,
        }
        task, client = self.bundle.task, self.bundle.client
        return Environment(task, client, f"app.{name}", variables, self.log)


@contextmanager
def door(
    bundle: Bundle, environments: list[Environment], stage: str = ""
) -> Iterator[str]:
    """In the place of the local server, its address: API Gateway before these."""
    every_route()  # the local server's own refusals read settings
    gateway = Gateway(bundle.template, environments, stage)

    class Door(Handler):
        local_gateway = gateway

        def __init__(self, *given: Any) -> None:
            super(Handler.__mro__[1], self).__init__(*given)

    loopback = LoopbackServer(("127.0.0.1", 0), Door)
    threading.Thread(target=loopback.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{loopback.server_port}"
    loopback.shutdown()
    loopback.server_close()
