"""python -m local serve | engine | token USER | invoke NAME < event.json | reset
python -m local check-oidc, with ISSUER, CLIENT_ID, PAGE: see check_oidc.py

DATA_DIR   where everything is kept (default .local)
PORT       the port of `serve` (default 8000)
SIGN_IN    provider: the page asks who you are (default), token: it asks for a token
DEMO       1: two demo workspaces are made once (default), 0: an empty store

`serve` and `engine` end cleanly with SIGINT, SIGTERM and SIGHUP, also when a script has
started them in the background, where a shell lets SIGINT be ignored. One thing stays
ignored: SIGHUP under nohup, which is there so that closing the terminal stops nothing.
"""

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from typing import Any, NoReturn

from chalice.cli.factory import CLIFactory

from chalicelib.model.ids import is_user_id
from local import check_oidc, demo, engine, people, sign_in, tokens, welcome
from local.stage import data_dir, environment, variables

RESUME_EVERY_SECONDS = 10
DEMO_MADE = "demo-made"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["serve"]:
            return serve()
        case ["engine"]:
            return only_engine()
        case ["token", user_id]:
            if not is_user_id(user_id):
                raise SystemExit("This cannot be a user's id.")
            print(tokens.sign(data_dir(), user_id, variables()))
            return 0
        case ["invoke", name]:
            return invoke(name)
        case ["reset"]:
            return reset()
        case ["check-oidc"]:
            return check_provider()
    print(__doc__, file=sys.stderr)
    return 2


def serve() -> int:
    port = _port(os.environ.get("PORT") or "8000")
    with _until_stopped(port):
        _serve(port)
    return 0


def only_engine() -> int:
    """For an app that somebody else starts beside it, as `chalice local` does."""
    with _until_stopped():
        shown = welcome.engine(
            os.environ["AWS_ENDPOINT_URL_DYNAMODB"],
            data_dir(),
            bool(os.environ.get("DATA_DIR")),
            "eagle-owner" if _with_demo() else "USER",
        )
        print(shown, flush=True)
        while True:
            signal.pause()
    return 0


@contextmanager
def _until_stopped(port: int | None = None) -> Iterator[None]:
    """The engine with its table and demo, and for the page on a port its sign-in, until
    a signal stops what is done with it."""
    for one in STOPS:
        nohup = one == signal.SIGHUP and signal.getsignal(one) == signal.SIG_IGN
        signal.signal(one, signal.SIG_IGN if nohup else _stop)
    try:
        with _store(engine.running(data_dir())), _signing_in(port):
            if _with_demo():
                _make_demo_once()
            yield
    except engine.InUse:
        raise SystemExit(f"A server already runs on {data_dir()}.") from None
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)


@contextmanager
def _signing_in(port: int | None) -> Iterator[None]:
    """A provider for the page on this port, where one is wanted, and the environment
    that leads the app to it."""
    if port is None or not sign_in.is_wanted():
        tokens.note(data_dir(), None)
        yield
        return
    choices = people.choices(_with_demo())
    with sign_in.running(data_dir(), port, choices, variables()) as found:
        os.environ.update(found)
        yield


def _make_demo_once() -> None:
    """Noted when it is complete, so that a start that was cut short is made good."""
    made = data_dir() / DEMO_MADE
    if not made.exists():
        demo.make(datetime.now(UTC))
        made.touch()


def _serve(port: int) -> None:
    import app
    from local import server

    factory = CLIFactory(str(engine.ROOT))
    config = factory.create_config_obj(chalice_stage_name="local")
    try:
        serving = server.create(app.app, config, "127.0.0.1", port)
    except OSError as error:
        raise SystemExit(f"Port {port} cannot be used: {error.strerror}.") from None
    print(_welcome(f"http://127.0.0.1:{port}"), flush=True)
    threading.Thread(target=_resume_deletions, daemon=True).start()
    serving.server.serve_forever()


def _resume_deletions() -> None:
    """What the schedule does on AWS: open deletions are finished by themselves."""
    from chalicelib.base import log
    from chalicelib.doors import console

    while True:
        try:
            console.resume_deletions({})
        except Exception:  # said in the log, and tried again
            log.exception("resume_deletions")
        time.sleep(RESUME_EVERY_SECONDS)


def invoke(name: str) -> int:
    """Runs a Lambda function as the console would: JSON in, JSON out; a refusal as the
    console shows it, and exit code 1."""
    try:
        event = json.load(sys.stdin)
    except ValueError as error:
        print(f"The event is not JSON: {error}", file=sys.stderr)
        return 2
    # The app's log goes where the answer does not.
    with _store(engine.attached(data_dir())), redirect_stdout(sys.stderr):
        import app

        for handler in logging.getLogger("contactbook").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(sys.stderr)

        functions = {f.name: f for f in app.app.pure_lambda_functions}
        if name not in functions:
            print(
                f"Unknown: {name}. There are {', '.join(functions)}.", file=sys.stderr
            )
            return 2
        try:
            answer = getattr(app, name)(event, None)
        except Exception as error:
            failure = {"errorType": type(error).__name__, "errorMessage": str(error)}
            print(json.dumps(failure, indent=2), file=sys.__stdout__)
            return 1
    print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0


def check_provider() -> int:
    """What is missing at ISSUER for the page; exit code 1 when it cannot work."""
    told = [os.environ.get(name) or "" for name in ("ISSUER", "CLIENT_ID", "PAGE")]
    if not told[0]:
        raise SystemExit("Say which: make check-oidc ISSUER=https://...")
    report = check_oidc.check(*told)
    print(report.text(), end="")
    return 1 if report.missing else 0


def reset() -> int:
    """Empties the store; the signing key stays."""
    with engine.attached(data_dir()) as endpoint:
        client, name = engine.client(endpoint), variables()["TABLE_NAME"]
        engine.create_table(client, name)
        engine.empty_table(client, name)
    (data_dir() / DEMO_MADE).unlink(missing_ok=True)
    print("The store is empty. With DEMO=1 the next start makes the demo again.")
    return 0


@contextmanager
def _store(started: Any) -> Iterator[None]:
    """The engine with its table, and the environment that leads the app to it."""
    stage = variables()
    with started as endpoint:
        engine.create_table(engine.client(endpoint), stage["TABLE_NAME"])
        jwks = tokens.jwks_path(data_dir())
        os.environ.update(environment(endpoint, jwks, stage))
        yield


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT must be a number from 1 to 65535, not {text}.")
    return int(text)


def _with_demo() -> bool:
    return (os.environ.get("DEMO") or "1") == "1"


def _welcome(base: str) -> str:
    place = data_dir()
    token = tokens.sign(place, "eagle-owner", variables()) if _with_demo() else None
    return welcome.served(base, place, token, bool(tokens.issuer(place)))


def _stop(*_: object) -> NoReturn:
    for one in STOPS:  # make and a terminal send it twice: the end is not interrupted
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
