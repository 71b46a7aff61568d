"""What a proof is: how many cases the long version has, and how to run them on a
ground: an engine, and a server with its own."""

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import engine
from local.stage import variables
from tests.conftest import Server, start_server


@dataclass(frozen=True, slots=True)
class Ground:
    """An engine of its own for the verbs; a server for the proofs over HTTP."""

    client: Any
    server: Server

    def served(self) -> tuple[Any, str]:
        """A client of the server's own engine, and the name of its table there."""
        return served(self.server)


@dataclass(frozen=True, slots=True)
class Proof:
    """`run(ground, seed, cases)` raises AssertionError, or says how many were tried."""

    cases: int
    run: Callable[[Ground, int, int], int]


def served(server: Server) -> tuple[Any, str]:
    note = engine._read_note(server.data_dir)
    return engine.client(note["endpoint"]), variables()["TABLE_NAME"]


@contextmanager
def ground() -> Iterator[Ground]:
    with (
        tempfile.TemporaryDirectory() as place,
        engine.running(None) as endpoint,
    ):
        server = start_server(Path(place), DEMO="0")
        try:
            yield Ground(engine.client(endpoint), server)
        finally:
            # Not SIGINT: a process of a background job inherits that as ignored.
            server.stop(signal.SIGTERM)
