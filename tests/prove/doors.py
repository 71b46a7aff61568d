"""Both ways in, with the demo data behind each: the local server over HTTP, and the
packaged function behind API Gateway's test double."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local import engine
from tests.bundle import packaged
from tests.bundle.packaged import Stack
from tests.conftest import Server, start_server


@contextmanager
def over_http() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as place:
        server = start_server(Path(place), DEMO="1")
        try:
            yield server
        finally:
            # Not SIGINT: a process of a background job inherits that as ignored.
            server.stop(signal.SIGTERM)


@contextmanager
def through_lambda() -> Iterator[Server]:
    with ExitStack() as open_till_the_end:
        enter = open_till_the_end.enter_context
        place = Path(enter(tempfile.TemporaryDirectory()))
        endpoint = enter(engine.running(None))
        jwks = enter(packaged.published(place / "issuer"))
        log = place / "functions.log"
        output = enter(log.open("w"))
        bundle = packaged.made(place)
        table = packaged.stocked(engine.client(endpoint))
        stack = Stack(bundle, table, endpoint, jwks, output)
        environments = [stack.start("app") for _ in range(packaged.API_ENVIRONMENTS)]
        for one in environments:
            open_till_the_end.callback(one.stop)
        base = enter(packaged.door(bundle, environments))
        yield Server(environments[0].process, base, place / "issuer", log)


DOORS = {"http": over_http, "lambda": through_lambda}
