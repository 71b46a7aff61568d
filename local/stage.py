"""What AWS and the stage give a function, given by this machine; no code of the app
knows the difference.

    DATA_DIR   where everything is kept; .local

The stage `local` of .chalice/config.json names this module in SETTINGS_FROM, so that
Chalice's own `chalice local --stage local` finds the engine that runs here.
"""

import json
import os
import sys
import threading
from collections.abc import MutableMapping
from pathlib import Path

from local import engine, sign_in, tokens


def data_dir() -> Path:
    path = Path(os.environ.get("DATA_DIR") or ".local").resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def variables() -> dict[str, str]:
    """What the stage says; what this module has to add to it, see `environment`."""
    config = json.loads((engine.ROOT / ".chalice/config.json").read_text())
    found: dict[str, str] = config["stages"]["local"]["environment_variables"]
    del found["SETTINGS_FROM"]
    return found


def environment(endpoint: str, jwks: Path, stage: dict[str, str]) -> dict[str, str]:
    """Everything that leads the app to an engine and to the keys of its tokens."""
    return {
        **stage,
        "JWT_JWKS": str(jwks),
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "NO_PROXY": "127.0.0.1",
    }


def fill(environ: MutableMapping[str, str]) -> None:
    """Leads an app that somebody else has started to the engine that runs on DATA_DIR;
    without one it ends the process with a sentence that says what to start."""
    place = data_dir()
    endpoint = engine.found(place)
    if endpoint is None:
        _end(
            f"No engine runs on {place}: start `make engine` (or `make serve`) in "
            "another terminal, with the same DATA_DIR, then this again."
        )
        return
    environ.update(environment(endpoint, tokens.jwks_path(place), variables()))
    if issuer := tokens.issuer(place):
        # The same tokens as beside it; people sign in at the address that it serves.
        environ.update(sign_in.settings(issuer))
    if "CHALICE_WORKER" in environ and place.is_relative_to(Path.cwd()):
        print(
            "Chalice restarts this server whenever a file changes here, the data's "
            "too: --no-autoreload keeps it running.",
            file=sys.stderr,
        )


def _end(sentence: str) -> None:
    if threading.current_thread() is threading.main_thread():
        raise SystemExit(sentence)
    # Chalice's reloader imports the app in a thread. There SystemExit ends the thread
    # only, in silence, and the terminal would wait for ever.
    print(sentence, file=sys.stderr, flush=True)
    os._exit(1)
