"""The bundle, packaged once; its functions in their environments; and a `server` behind
which the very same HTTP tests meet the packaged code instead of the local server."""

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from chalicelib.storage.table import Table
from chalicelib.verbs import access
from local import demo, engine, tokens
from local.server import Handler
from local.server import Server as LoopbackServer
from tests.bundle.gateway import Gateway
from tests.bundle.recorder import Recorder
from tests.bundle.runtime import Environment, client_folder
from tests.conftest import NOW, STAGE, Server, new_table
from tests.test_http_isolation import every_route

API_ENVIRONMENTS = 2
Function = Callable[[str], Environment]


def package(out: Path, stage: str = "dev") -> str:
    """`make package`; what it printed."""
    command = [sys.executable, "-m", "bundle.package", "--stage", stage]
    return subprocess.check_output(
        [*command, "--out", str(out)], cwd=engine.ROOT, text=True
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


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    place = tmp_path_factory.mktemp("bundle")
    printed = package(place / "out")
    with zipfile.ZipFile(place / "out/bundle.zip") as archive:
        archive.extractall(place / "task")
    return Bundle(
        place / "out", printed, place / "task", client_folder(place / "client")
    )


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make package STAGE=prod` has made."""
    place = tmp_path_factory.mktemp("prod")
    package(place, "prod")
    return place


@pytest.fixture(scope="session")
def recorder(endpoint: str) -> Iterator[Recorder]:
    """Between every function and the engine; see test_policies.py."""
    made = Recorder(endpoint)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def store(real_client: Any) -> Table:
    """The table of the functions, on the real engine, with the demo data."""
    made = new_table(real_client)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "store", lambda: made)
        demo.make(NOW)
    return made


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """An issuer: the folder of its key, and the URL of its public keys."""
    place = tmp_path_factory.mktemp("issuer")
    tokens.sign(place, "nobody", STAGE)
    published = tokens.jwks_path(place)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    keys = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(published.parent))
    )
    threading.Thread(target=keys.serve_forever, daemon=True).start()
    yield place, f"http://127.0.0.1:{keys.server_port}/{published.name}"
    keys.shutdown()
    keys.server_close()


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all functions of this session have written."""
    path = tmp_path_factory.mktemp("log") / "functions.log"
    path.write_text("ctrl-C would end the local server's greeting here\n\n")
    return path


@pytest.fixture(scope="session")
def start(
    bundle: Bundle,
    store: Table,
    recorder: Recorder,
    issuer: tuple[Path, str],
    log: Path,
) -> Iterator[Function]:
    """Starts an environment of a function, by its handler's name in app.py."""
    started: list[Environment] = []
    with log.open("a") as output:

        def begin(name: str) -> Environment:
            variables = {
                **bundle.variables(f"app.{name}"),
                **STAGE,
                "TABLE_NAME": store._name,
                "JWT_JWKS": issuer[1],
                "AWS_ENDPOINT_URL_DYNAMODB": recorder.endpoint,
                "AWS_REGION": "us-east-1",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": name,  # the recorder knows it by this
                "AWS_SECRET_ACCESS_KEY": "role",
                "AWS_SESSION_TOKEN": "role",
            }
            one = Environment(
                bundle.task, bundle.client, f"app.{name}", variables, output
            )
            started.append(one)
            return one

        yield begin
        for one in started:
            one.stop()


@pytest.fixture(scope="session")
def function(start: Function) -> Function:
    """The one environment of a function, started when it is first asked for."""
    running: dict[str, Environment] = {}

    def get(name: str) -> Environment:
        if name not in running:
            running[name] = start(name)
        return running[name]

    return get


@pytest.fixture(scope="session")
def server(
    bundle: Bundle, start: Function, issuer: tuple[Path, str], log: Path
) -> Iterator[Server]:
    """In the place of the local server: API Gateway before the packaged function."""
    every_route()  # the local server's own refusals read settings
    environments = [start("app") for _ in range(API_ENVIRONMENTS)]
    gateway = Gateway(bundle.template, environments)

    class Door(Handler):
        local_gateway = gateway

        def __init__(self, *given: Any) -> None:
            super(Handler.__mro__[1], self).__init__(*given)

    loopback = LoopbackServer(("127.0.0.1", 0), Door)
    threading.Thread(target=loopback.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{loopback.server_port}"
    yield Server(environments[0].process, base, issuer[0], log)
    loopback.shutdown()
    loopback.server_close()
