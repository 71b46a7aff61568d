"""The OpenID provider of this machine: started beside the server, stopped with it.

    SIGN_IN    provider: the page asks who you are (default); token: it asks for a token
    TOKEN_SECONDS  how long an access token and an ID token are good; 3600

Its keys and sessions are kept in DATA_DIR, and the note `sign-in.json` there says which
issuer the tokens of this data must name: `python -m local token` reads it.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local import engine, tokens

FOLDER = Path(__file__).parent / "provider"
WAIT_SECONDS = 30.0
NO_PROVIDER = (
    "No sign-in provider (it comes with Node and `make setup`): the page asks for a "
    "token."
)


def is_wanted() -> bool:
    """Whether a provider is asked for, and there; a wish that cannot be met is told."""
    wish = os.environ.get("SIGN_IN") or "provider"
    if wish not in ("provider", "token"):
        raise SystemExit(f"SIGN_IN must be provider or token, not {wish}.")
    if wish == "token":
        return False
    package = engine.ROOT / ".engine/node_modules/oidc-provider"
    if shutil.which("node") and package.is_dir() and FOLDER.is_dir():
        return True
    print(NO_PROVIDER, file=sys.stderr, flush=True)
    return False


@contextmanager
def running(
    data_dir: Path, port: int, people: list[dict[str, Any]], stage: dict[str, str]
) -> Iterator[dict[str, str]]:
    """The settings that lead the app to a provider, started here for the page on this
    port and stopped at the end."""
    process = _start(_options(data_dir, port, people, stage))
    try:
        issuer = _address(process)
        tokens.note(data_dir, issuer)
        _wait_for(f"{issuer}/.well-known/openid-configuration", process)
        yield settings(issuer) | {"OIDC_ISSUER": issuer}
    finally:
        engine._end(process)


def settings(issuer: str) -> dict[str, str]:
    """What takes the provider's tokens, and those that this machine signs itself."""
    return {
        "JWT_ISSUER": issuer,
        "JWT_JWKS": f"{issuer}/jwks",
        "JWT_ALGORITHMS": "RS256,EdDSA",
    }


def _options(
    data_dir: Path, port: int, people: list[dict[str, Any]], stage: dict[str, str]
) -> dict[str, Any]:
    seconds = os.environ.get("TOKEN_SECONDS") or "3600"
    if not seconds.isdecimal() or int(seconds) == 0:
        raise SystemExit(f"TOKEN_SECONDS must be a number, not {seconds}.")
    return {
        "engine": str(engine.ROOT / ".engine"),
        "folder": str(data_dir),
        "jwks": str(tokens.jwks_path(data_dir)),
        "port": port + 1 if port < 65535 else 0,
        "pages": [f"http://127.0.0.1:{port}/", f"http://localhost:{port}/"],
        "client": stage["OIDC_CLIENT_ID"],
        "audience": stage["JWT_AUDIENCE"],
        "people": people,
        "seconds": int(seconds),
    }


def _start(options: dict[str, Any]) -> "subprocess.Popen[bytes]":
    log = Path(options["folder"]) / "provider.log"
    with log.open("w") as told:
        return subprocess.Popen(
            ["node", str(FOLDER / "provider.mjs")],
            env=os.environ | {"OPTIONS": json.dumps(options)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
            start_new_session=True,  # ctrl-C is for us; it ends after the last request
            preexec_fn=engine._die_with_parent,  # noqa: PLW1509 (no thread runs yet)
        )


def _address(process: "subprocess.Popen[bytes]") -> str:
    """Its first word; it has a port by then, and answers a little later."""
    assert process.stdout
    address = process.stdout.readline().decode().strip()
    if not address:
        _failed()
    return address


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=WAIT_SECONDS).close()
            return
        except OSError:
            time.sleep(0.05)
    _failed()


def _failed() -> None:
    raise SystemExit("The sign-in provider did not start; provider.log says why.")
