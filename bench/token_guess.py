"""Whether somebody who guesses a machine's token learns from the time that No takes
what was wrong: over HTTP, all kinds of wrong ones and a right one in turn, in one run.

python -m bench.token_guess [ROUNDS]

`slower` is how often an answer is slower than one to a secret that is forged for a
token that there is, of all pairs: 0.50 tells nothing. By chance alone it strays by
about 0.04 in 1,000 rounds (three standard deviations).
"""

import bisect
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from chalicelib.model import secret
from chalicelib.model.ids import new_id
from tests.conftest import Server, start_server
from tests.test_tokens import forged

HERE = "/workspaces/guessed"
FORGED, RIGHT = "forged, the token is there", "right"


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder), DEMO="0")
        try:
            report(measured(server, rounds))
        finally:
            server.stop()


def measured(server: Server, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each kind's requests, in an order drawn anew each time."""
    texts = kinds(server)
    found: dict[str, list[float]] = {name: [] for name in texts}
    with httpx.Client(base_url=server.base) as http:
        for number in range(-20, rounds):  # the first ones warm up
            for name in random.sample(list(texts), len(texts)):
                headers = {"Authorization": f"Bearer {texts[name]}"}
                began = time.perf_counter()
                answer = http.get(HERE, headers=headers)
                took = (time.perf_counter() - began) * 1000
                assert answer.status_code == (200 if name == RIGHT else 401)
                if number >= 0:
                    found[name].append(took)
    return found


def kinds(server: Server) -> dict[str, str]:
    with server.client("guessed-owner") as owner:
        owner.post("/workspaces", json={"name": "G", "slug": HERE.split("/")[-1]})
        body = {"name": "Form", "role": "viewer"}
        right, revoked = (
            owner.post(f"{HERE}/tokens", json=body).json() for _ in range(2)
        )
        owner.delete(f"{HERE}/tokens/{revoked['token']['id']}")
        home = owner.get(HERE).json()["workspace"]["id"]
    now = datetime.now(UTC)
    return {
        FORGED: forged(right["secret"]),
        "revoked": revoked["secret"],
        "of no token": secret.new(home, new_id("key", now)),
        "of no workspace": secret.new(new_id("ws", now), new_id("key", now)),
        RIGHT: right["secret"],
    }


def report(found: dict[str, list[float]]) -> None:
    print(f"{'a token that is':<28}{'ms, median':>12}{'slower':>8}")
    base = sorted(found[FORGED])
    for name, took in found.items():
        below = sum(bisect.bisect_left(base, one) for one in took)
        slower = below / len(base) / len(took)
        print(f"{name:<28}{statistics.median(took):>12.2f}{slower:>8.2f}")
    wrong = [one for name, took in found.items() if name != RIGHT for one in took]
    ratio = statistics.median(wrong) / statistics.median(found[RIGHT])
    print(f"a wrong one takes {ratio:.2f} x a right one")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)
