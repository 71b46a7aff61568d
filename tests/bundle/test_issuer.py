"""The issuer is asked before anything is deployed; what cannot work is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from bundle import issuer as checked
from chalicelib.doors import issuer as fetched
from tests.bundle import issuers
from tests.bundle.deployments import Account, Run
from tests.bundle.issuers import DISCOVERY, KEYS, Issuer
from tests.test_identity import jwk

ED = jwk(ed25519.Ed25519PrivateKey.generate(), "ed")
EC = jwk(ec.generate_private_key(ec.SECP256R1()), "ec")
RSA = jwk(rsa.generate_private_key(65537, 2048), "rsa")


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """An issuer with https, whose certificate is trusted here."""
    file = issuers.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with issuers.running(file) as made:
        yield made


def told(issuer: Issuer) -> dict[str, str]:
    return {
        "BUNDLE_BUCKET": "b",
        "JWT_ISSUER": issuer.url + "/",
        "JWT_AUDIENCE": "contactbook",
        "JWT_JWKS": issuer.url + KEYS,
        "JWT_ALGORITHMS": "EdDSA",
    }


@pytest.mark.parametrize(
    ("key", "algorithm"), [(ED, "EdDSA"), (EC, "ES256"), (RSA, "RS256")]
)
def test_an_issuer_that_works_is_asked_and_told(
    account: Account, run: Run, private: Issuer, key: Any, algorithm: str
) -> None:
    """By our own name, with the very code of the functions."""
    private.publish(key)
    ended, said = run("up", told(private) | {"JWT_ALGORITHMS": algorithm})
    assert ended == 0, said
    assert f"The issuer was asked: its keys are for {algorithm}." in said
    assert private.agents == ["contactbook", "contactbook"]


def spoiled(private: Issuer) -> dict[str, tuple[Any, str]]:
    """What is wrong with an issuer, and the sentence of it."""
    url = private.url
    twice = {"issuer": url + "/", "jwks_uri": url + KEYS}
    keys = f"The issuer's keys cannot be read: {url}{KEYS} "
    own = f"What the issuer says of itself cannot be read: {url}{DISCOVERY} "
    unnamed = {name: value for name, value in ED.items() if name != "kid"}
    return {
        "another algorithm": (
            {KEYS: {"keys": [RSA]}},
            f"JWT_ALGORITHMS is EdDSA, but the keys at {url}{KEYS} are for RS256: no "
            "token could be verified. JWT_ALGORITHMS=RS256",
        ),
        "two other algorithms": (
            {KEYS: {"keys": [RSA, EC]}},
            "are for ES256, RS256: no token could be verified. "
            "JWT_ALGORITHMS=ES256,RS256",
        ),
        "an algorithm that we do not take": (
            {KEYS: {"keys": [{**RSA, "alg": "RS512"}]}},
            "are for RS512: no token could be verified. This service takes ES256, "
            "EdDSA, RS256.",
        ),
        "keys for secrets only": (
            {KEYS: {"keys": [{**ED, "use": "enc"}]}},
            'There is no key for signatures with a "kid"',
        ),
        "keys without a name": (
            {KEYS: {"keys": [unnamed]}},
            'There is no key for signatures with a "kid"',
        ),
        "no keys": ({KEYS: {"keys": []}}, "There is no key for signatures"),
        "no key set": ({KEYS: []}, f"{keys}is not a JWK set"),
        "no JSON": ({KEYS: b"<html>"}, f"{keys}sends no JSON."),
        "endless JSON": ({KEYS: b"[" * 200_000}, f"{keys}sends no JSON."),
        "too much": ({KEYS: b" " * 600_000}, f"{keys}sends more than 524,288 bytes."),
        "no such address": ({KEYS: 404}, f"{keys}answers 404, see"),
        "forbidden": ({KEYS: 403}, f"{keys}answers 403"),
        "somewhere else": (
            {KEYS: 301},
            f"{keys}answers 301, see https://elsewhere.example/. Is JWT_JWKS right?",
        ),
        "a name without its slash": (
            {DISCOVERY: {**twice, "issuer": url}},
            f"JWT_ISSUER is {url}/, but the issuer calls itself {url}, and so do its "
            f"tokens. They have to be the same to the letter: JWT_ISSUER={url}",
        ),
        "no name": ({DISCOVERY: {}}, "but the issuer calls itself nothing"),
        "a list": ({DISCOVERY: []}, "but the issuer calls itself nothing"),
        "no description": (
            {DISCOVERY: 404},
            f"{own}answers 404, see https://elsewhere.example/. Is JWT_ISSUER right? "
            "For an issuer that only AWS reaches: ISSUER_CHECK=no.",
        ),
    }


KINDS = list(spoiled(type("Nobody", (), {"url": ""})()))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_work_is_refused(
    account: Account, run: Run, private: Issuer, kind: str
) -> None:
    """In a sentence that says what to set; else the stack stands and answers 401."""
    private.publish(ED)
    documents, sentence = spoiled(private)[kind]
    private.documents |= documents
    ended, said = run("up", told(private))
    assert sentence in " ".join(said.split())
    assert ended == 1
    assert account.written == []


def test_an_issuer_that_is_not_there_is_refused(
    account: Account, run: Run, private: Issuer
) -> None:
    given = told(private)
    private.stop()
    ended, said = run("up", given)
    assert ended == 1
    assert "cannot be reached:" in said
    assert account.written == []


def test_an_issuer_whose_certificate_is_not_trusted_is_refused(
    account: Account, run: Run, private: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    private.publish(ED)
    ended, said = run("up", told(private))
    assert ended == 1
    assert "CERTIFICATE_VERIFY_FAILED" in said


@pytest.mark.parametrize("held", [KEYS, DISCOVERY])
def test_an_issuer_that_never_ends_is_given_up(
    account: Account,
    run: Run,
    private: Issuer,
    monkeypatch: pytest.MonkeyPatch,
    held: str,
) -> None:
    """Each of its bytes is in time, the whole is not; and the connection is cut."""
    monkeypatch.setattr(fetched, "FETCH_SECONDS", 0.5)
    private.publish(ED)
    private.held.add(held)
    ended, said = run("up", told(private))
    assert ended == 1
    assert "has not answered in 0.5 s" in said
    assert private.released.wait(20), "the connection is still open"


def test_keys_at_another_address_are_said(
    account: Account, run: Run, private: Issuer
) -> None:
    private.publish(ED)
    private.documents["/others"] = {"keys": [ED]}
    ended, said = run("up", told(private) | {"JWT_JWKS": private.url + "/others"})
    assert ended == 0
    assert f"the issuer says that its keys are at {private.url}{KEYS}" in said


def test_a_private_issuer_may_be_skipped_and_it_is_said(
    account: Account, run: Run, private: Issuer
) -> None:
    """It is not asked at all; what nobody has seen is said."""
    ended, said = run("up", told(private) | {"ISSUER_CHECK": "no"})
    assert ended == 0
    assert "Note: the issuer was not asked (ISSUER_CHECK=no)." in said
    assert private.agents == []


def test_an_issuer_whose_name_is_no_address_has_its_keys_looked_at(
    private: Issuer,
) -> None:
    private.publish(RSA)
    given = {"JwtIssuer": "us", "JwtJwks": private.url + KEYS, "JwtAlgorithms": "EdDSA"}
    found = checked.look(given, {})
    assert found.notes == [checked.NO_NAME]
    assert len(found.refusals) == 1
