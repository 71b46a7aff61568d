"""The bundle, packaged once; its functions in their environments; and a `server` behind
which the very same HTTP tests meet the packaged code instead of the local server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.storage.table import Table
from tests.bundle import packaged
from tests.bundle.deployments import account as account
from tests.bundle.deployments import run as run
from tests.bundle.packaged import Bundle, Stack
from tests.bundle.recorder import Recorder
from tests.bundle.runtime import Environment
from tests.conftest import Server

Function = Callable[[str], Environment]


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return packaged.made(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make package STAGE=prod` has made."""
    place = tmp_path_factory.mktemp("prod")
    packaged.package(place, "prod")
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
    return packaged.stocked(real_client)


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """An issuer: the folder of its key, and the URL of its public keys."""
    place = tmp_path_factory.mktemp("issuer")
    with packaged.published(place) as url:
        yield place, url


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
        stack = Stack(bundle, store, recorder.endpoint, issuer[1], output)

        def begin(name: str) -> Environment:
            started.append(stack.start(name))
            return started[-1]

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
    environments = [start("app") for _ in range(packaged.API_ENVIRONMENTS)]
    with packaged.door(bundle, environments) as base:
        yield Server(environments[0].process, base, issuer[0], log)
