"""The provider's life beside the server: started and stopped with it, killed, started
again, its keys changed while people are signed in."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import Server, start_server
from tests.test_local import run
from tests.test_local_stop import nothing_runs_on
from tests.visitor import Visitor, claims_of, me


def providers_on(data_dir: Path) -> list[int]:
    """The provider processes that were started for this data."""
    found = []
    wanted = f"DATA_DIR={data_dir}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended, or is not ours
            command = (entry / "cmdline").read_bytes()
            environment = (entry / "environ").read_bytes().split(b"\0")
            if b"provider.mjs" in command and wanted in environment:
                found.append(int(entry.name))
    return found


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for a state."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.1)


def asking(data_dir: Path, **more: str) -> Server:
    return start_server(data_dir, SIGN_IN="provider", **more)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_the_server(tmp_path: Path, how: signal.Signals) -> None:
    """However that ends."""
    server = asking(tmp_path, DEMO="0")
    assert len(providers_on(tmp_path)) == 1
    server.stop(how)
    nothing_runs_on(tmp_path)


def test_a_restart_signs_nobody_out(tmp_path: Path) -> None:
    """Sessions, renewal and tokens go on: keys and what it remembers lie with the data.
    And a token that was made while nothing ran is good."""
    server = asking(tmp_path, DEMO="0")
    visitor = Visitor(server)
    given = visitor.sign_in("newcomer")
    server.stop()
    made_meanwhile = run(tmp_path, "token", "eagle-owner").stdout.strip()
    port = server.base.rsplit(":", 1)[1]
    server = asking(tmp_path, DEMO="0", PORT=port)
    try:
        if Visitor(server).issuer == visitor.issuer:  # its port was free again
            assert me(server, given["access_token"]).status_code == 200
            assert "code" in visitor.brought(visitor.visit(prompt="none"))
            assert visitor.renew(given["refresh_token"]).status_code == 200
            assert me(server, made_meanwhile).status_code == 200
    finally:
        server.stop()


def test_without_the_provider_the_api_goes_on(tmp_path: Path) -> None:
    """It has the keys, so who is signed in goes on working; nobody new comes in, and
    the server still stops as it should."""
    server = asking(tmp_path, DEMO="0")
    try:
        visitor = Visitor(server)
        given = visitor.sign_in("newcomer")
        assert me(server, given["access_token"]).status_code == 200
        (provider,) = providers_on(tmp_path)
        os.kill(provider, signal.SIGKILL)
        until(lambda: refuses_connections(visitor))
        assert me(server, given["access_token"]).status_code == 200
        token = run(tmp_path, "token", "eagle-owner").stdout.strip()
        assert me(server, token).status_code == 200
    finally:
        assert server.stop() == 0


def refuses_connections(visitor: Visitor) -> bool:
    try:
        httpx.get(visitor.metadata["jwks_uri"])
    except httpx.TransportError:
        return True
    return False


def published(visitor: Visitor) -> list[str]:
    keys = httpx.get(visitor.metadata["jwks_uri"]).json()["keys"]
    return [one["kid"] for one in keys]


def test_keys_change_while_somebody_is_signed_in(tmp_path: Path) -> None:
    """The next key was published before it signs, so there is no gap: old tokens and
    new ones open the API at once. When all keys are thrown away, old tokens end, and
    new ones come in as soon as the API has asked for the keys again."""
    server = asking(tmp_path, DEMO="0", TOKEN_SECONDS="600")
    try:
        visitor = Visitor(server)
        old = visitor.sign_in("newcomer")
        assert claims_of(old["access_token"])["exp"] - time.time() <= 600
        assert me(server, old["access_token"]).status_code == 200
        (provider,) = providers_on(tmp_path)
        signing, coming, *_ = published(visitor)
        os.kill(provider, signal.SIGHUP)
        until(lambda: published(visitor)[0] == coming)
        assert signing in published(visitor)
        new = visitor.renew(old["refresh_token"]).json()
        assert [me(server, one["access_token"]).status_code for one in (old, new)] == [
            *(200, 200)
        ]
        os.kill(provider, signal.SIGUSR2)
        until(lambda: coming not in published(visitor))
        newest = visitor.renew(new["refresh_token"]).json()
        until(lambda: me(server, newest["access_token"]).status_code == 200)
        assert me(server, new["access_token"]).status_code == 401
        assert "code" in visitor.brought(visitor.visit(prompt="none"))
    finally:
        server.stop()


def test_it_can_be_left_out(tmp_path: Path) -> None:
    """SIGN_IN=token is as before; what was noted of a provider counts no more."""
    (tmp_path / "sign-in.json").write_text('{"issuer": "http://127.0.0.1:1"}')
    server = start_server(tmp_path, DEMO="0", SIGN_IN="token")
    try:
        assert providers_on(tmp_path) == []
        assert httpx.get(f"{server.base}/config").json() == {"sign_in": None}
        policy = httpx.get(f"{server.base}/").headers["content-security-policy"]
        assert "connect-src 'self';" in policy
        token = run(tmp_path, "token", "amy").stdout.strip()
        assert me(server, token).status_code == 200
    finally:
        server.stop()
    refused = run(tmp_path, "serve", SIGN_IN="maybe")
    assert refused.stderr == "SIGN_IN must be provider or token, not maybe.\n"


def test_without_node_it_asks_for_a_token(tmp_path: Path) -> None:
    """And says so in one sentence."""
    server = start_server(tmp_path, SIGN_IN="provider", PATH="/nowhere")
    try:
        told = server.log.read_text()
        assert told.count("No sign-in provider (it comes with Node") == 1
        assert f"{server.base}/#token=" in told
        assert httpx.get(f"{server.base}/config").json() == {"sign_in": None}
    finally:
        server.stop()


def test_a_port_that_is_taken_is_no_obstacle(tmp_path: Path) -> None:
    """The provider listens beside the server if it can, else anywhere; and the page is
    led there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = asking(tmp_path, DEMO="0", PORT=str(port - 1))
        try:
            visitor = Visitor(server)
            assert not visitor.issuer.endswith(f":{port}")
            given = visitor.sign_in("newcomer")
            assert me(server, given["access_token"]).status_code == 200
        finally:
            server.stop()
