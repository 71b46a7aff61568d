"""python -m tests.prove [NAME ...] [--seed N] [--factor F]

Runs the long versions, or those that are named, on an engine and a server of its own.
A factor below 1 tries fewer cases. Ends with 1 if something does not hold."""

import argparse
import secrets
import sys
import time
import traceback

from tests.prove.contract import CONTRACT
from tests.prove.histories import HISTORIES
from tests.prove.isolation import ISOLATION
from tests.prove.kills import KILLS
from tests.prove.model import MODEL
from tests.prove.proof import Ground, Proof, ground

PROOFS = {
    "isolation": ISOLATION,
    "histories": HISTORIES,
    "kills": KILLS,
    "model": MODEL,
    "contract": CONTRACT,
}
LINE = "{:<12}{:>12}{:>10}{:>10}  {}"


def main(arguments: list[str]) -> int:
    asked = _asked(arguments)
    names = asked.names or list(PROOFS)
    unknown = [name for name in names if name not in PROOFS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are {', '.join(PROOFS)}.")
        return 2
    print(LINE.format("proof", "seed", "cases", "seconds", "result"), flush=True)
    with ground() as there:
        held = [_try(there, name, asked.seed, asked.factor) for name in names]
    return 0 if all(held) else 1


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.prove", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PROOFS))
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--factor", type=float, default=1.0)
    return parser.parse_args(arguments)


def _try(there: Ground, name: str, seed: int, factor: float) -> bool:
    proof: Proof = PROOFS[name]
    wanted, began = max(1, round(proof.cases * factor)), time.monotonic()
    try:
        cases, result = str(proof.run(there, seed, wanted)), "holds"
    except Exception:
        cases, result = "-", "DOES NOT HOLD"
        traceback.print_exc()
    spent = f"{time.monotonic() - began:.1f}"
    print(LINE.format(name, seed, cases, spent, result), flush=True)
    return result == "holds"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
