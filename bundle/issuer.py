"""The issuer of tokens, asked before a deployment: would its tokens be let in?

It is asked in the same way, and its keys are read by the same code, as the functions
do. What cannot work is refused: else the stack would stand, and answer everybody 401.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.base.settings import ASYMMETRIC
from chalicelib.doors import identity, issuer

SKIP = "ISSUER_CHECK"
SKIPPED = f"""the issuer was not asked ({SKIP}=no). The functions must reach JWT_JWKS
from AWS all the same, and nobody has seen that its keys are for JWT_ALGORITHMS."""
NO_NAME = """JWT_ISSUER is no address, so only its keys were looked at, not its name."""
UNREADABLE = """{what} {url} {reason}.
Is {word} right? For an issuer that only AWS reaches: {skip}=no."""
OTHER_NAME = """JWT_ISSUER is {given}, but the issuer calls itself {own}, and so do its
tokens. They have to be the same to the letter: JWT_ISSUER={own}"""
OTHER_KEYS = "the issuer says that its keys are at {own}, and JWT_JWKS is {given}."
NO_KEYS = """There is no key for signatures with a "kid" at {url}: no token could be
verified."""
OTHER_ALGORITHMS = """JWT_ALGORITHMS is {given}, but the keys at {url}
are for {own}: no token could be verified. {advice}"""


class Told:
    """What came of asking: refusals, notes, and one line that says what was seen."""

    def __init__(self) -> None:
        self.refusals: list[str] = []
        self.notes: list[str] = []
        self.seen = ""


def look(given: Mapping[str, str], environ: Mapping[str, str]) -> Told:
    """Asks the issuer that the stack will be told; `given` is by the stack's words."""
    told = Told()
    if environ.get(SKIP) == "no":
        told.notes.append(" ".join(SKIPPED.split()))
        return told
    name, jwks = given["JwtIssuer"], given["JwtJwks"]
    if name.startswith(("https://", "http://127.0.0.1:")):
        _look_at_name(told, name, jwks)
    else:
        told.notes.append(NO_NAME)
    _look_at_keys(told, jwks, given["JwtAlgorithms"])
    return told


def discovery(name: str) -> str:
    """Where an issuer describes itself (OpenID Connect Discovery, 4)."""
    return name.rstrip("/") + "/.well-known/openid-configuration"


def _look_at_name(told: Told, name: str, jwks: str) -> None:
    url = discovery(name)
    try:
        found = issuer.document(url)
    except issuer.Unreadable as reason:
        told.refusals.append(
            UNREADABLE.format(
                what="What the issuer says of itself cannot be read:",
                **{"url": url, "reason": reason, "word": "JWT_ISSUER", "skip": SKIP},
            )
        )
        return
    said: dict[str, Any] = found if isinstance(found, dict) else {}
    if said.get("issuer") != name:
        own = said.get("issuer", "nothing")
        told.refusals.append(OTHER_NAME.format(given=name, own=own))
    elif said.get("jwks_uri") != jwks:
        told.notes.append(OTHER_KEYS.format(own=said.get("jwks_uri"), given=jwks))


def _look_at_keys(told: Told, jwks: str, algorithms: str) -> None:
    try:
        keys = identity.by_id(issuer.document(jwks))
    except (issuer.Unreadable, ValueError) as reason:
        is_other = not isinstance(reason, issuer.Unreadable)
        told.refusals.append(
            UNREADABLE.format(
                what="The issuer's keys cannot be read:",
                reason=f"is {reason}" if is_other else reason,
                **{"url": jwks, "word": "JWT_JWKS", "skip": SKIP},
            )
        )
        return
    own = {k.algorithm_name for k in keys.values() if k.public_key_use in (None, "sig")}
    wanted = {word.strip() for word in algorithms.split(",")}
    if not own:
        told.refusals.append(NO_KEYS.format(url=jwks))
    elif own.isdisjoint(wanted):
        told.refusals.append(_other_algorithms(jwks, algorithms, own))
    else:
        told.seen = f"The issuer was asked: its keys are for {_listed(own)}."


def _other_algorithms(jwks: str, given: str, own: set[str]) -> str:
    usable = own & ASYMMETRIC
    advice = (
        f"JWT_ALGORITHMS={','.join(sorted(usable))}"
        if usable
        else f"This service takes {_listed(ASYMMETRIC)}."
    )
    return OTHER_ALGORITHMS.format(
        given=given, url=jwks, own=_listed(own), advice=advice
    )


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
