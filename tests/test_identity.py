"""Who calls: only a token that the issuer signed, for us, now."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from chalicelib.base import settings
from chalicelib.doors import identity
from chalicelib.doors.identity import Keys, authenticate
from chalicelib.model.errors import Busy, Unauthenticated

SETTINGS = settings.Settings("t", "issuer", "us", "/none", ("EdDSA",), "*")
ED = ed25519.Ed25519PrivateKey.generate()


def jwk(key: Any, key_id: str) -> dict[str, Any]:
    kinds = {
        ed25519.Ed25519PrivateKey: jwt.algorithms.OKPAlgorithm,
        ec.EllipticCurvePrivateKey: jwt.algorithms.ECAlgorithm,
        rsa.RSAPrivateKey: jwt.algorithms.RSAAlgorithm,
    }
    kind: Any = next(kinds[base] for base in kinds if isinstance(key, base))
    return {**json.loads(kind.to_jwk(key.public_key())), "kid": key_id, "use": "sig"}


def token(
    key: Any = ED, algorithm: str = "EdDSA", kid: str = "one", **claims: Any
) -> str:
    now = int(time.time())
    full = {"sub": "amy", "iss": "issuer", "aud": "us", "exp": now + 60, **claims}
    kept = {name: value for name, value in full.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid})


@pytest.fixture
def jwks(tmp_path: Path) -> Path:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [jwk(ED, "one"), {"kid": "x", "kty": "?"}]}))
    return path


def who(jwks: Path, header: str | None, known: settings.Settings = SETTINGS) -> str:
    return authenticate(header, Keys(str(jwks)), known)


def test_a_signed_token_names_its_user(jwks: Path) -> None:
    """The caller is the token's `sub`; the scheme is read without case."""
    assert who(jwks, f"Bearer {token()}") == "amy"
    assert who(jwks, f"bearer  {token(sub='auth0|5f')}") == "auth0|5f"


def forged() -> dict[str, str]:
    other = ed25519.Ed25519PrivateKey.generate()
    now = int(time.time())
    public = ED.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    good = token()
    head, body, signature = good.split(".")
    return {
        "expired": token(exp=now - 60),
        "not yet valid": token(nbf=now + 600),
        "another issuer": token(iss="else"),
        "another audience": token(aud="them"),
        "no expiry": token(exp=None),
        "no subject": token(sub=None),
        "no issuer": token(iss=None),
        "no audience": token(aud=None),
        "empty subject": token(sub=""),
        "subject with a space": token(sub="a b"),
        "subject with a line break": token(sub="a\nb"),
        "subject too long": token(sub="x" * 256),
        "subject too long in bytes": token(sub="日" * 86),
        "the operator's name": token(sub="console"),
        "another's signature": token(other),
        "unknown key": token(kid="two"),
        "changed claims": f"{head}.{token(sub='zed').split('.')[1]}.{signature}",
        "no signature": f"{head}.{body}.",
        "alg none": jwt.encode({"sub": "amy"}, None, "none", {"kid": "one"}),
        "signed with the public key": token(public, "HS256"),
        "deeply nested": "[" * 5000 + "..",
        "not a token": "abc",
        "not text": "ÿ.þ.ü",
    }


@pytest.mark.parametrize("kind", forged())
def test_anything_else_is_nobody(jwks: Path, kind: str) -> None:
    """Every way to forge or misuse a token ends in the same refusal."""
    with pytest.raises(Unauthenticated):
        who(jwks, f"Bearer {forged()[kind]}")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "x"])
def test_without_a_bearer_token_it_is_nobody(jwks: Path, header: str | None) -> None:
    """No other scheme, and no empty token."""
    with pytest.raises(Unauthenticated, match="Authorization: Bearer"):
        who(jwks, header)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("ES256", ec.generate_private_key(ec.SECP256R1())),
        ("RS256", rsa.generate_private_key(65537, 2048)),
    ],
)
def test_the_algorithm_is_ours_to_choose(
    tmp_path: Path, algorithm: str, key: Any
) -> None:
    """The issuer's other algorithms count only when they are configured."""
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [jwk(key, "one")]}))
    header = f"Bearer {token(key, algorithm)}"
    chosen = settings.Settings("t", "issuer", "us", "/none", (algorithm,), "*")
    assert who(path, header, chosen) == "amy"
    with pytest.raises(Unauthenticated):
        who(path, header)


def test_a_changed_key_file_counts_at_once(jwks: Path) -> None:
    """A rotation is picked up: the new key is known, the removed one is not."""
    keys, new = Keys(str(jwks)), ed25519.Ed25519PrivateKey.generate()
    authenticate(f"Bearer {token()}", keys, SETTINGS)
    time.sleep(0.02)
    jwks.write_text(json.dumps({"keys": [jwk(new, "two")]}))
    assert authenticate(f"Bearer {token(new, kid='two')}", keys, SETTINGS) == "amy"
    with pytest.raises(Unauthenticated):
        authenticate(f"Bearer {token()}", keys, SETTINGS)


def test_a_key_file_that_is_broken_for_a_moment_locks_nobody_out(jwks: Path) -> None:
    """The keys that we have go on serving; without any it is not the caller's fault."""
    keys = Keys(str(jwks))
    assert keys.find("one")
    for broken in ("", "{", "[]"):
        jwks.write_text(broken)
        assert keys.find("one")
    jwks.unlink()
    assert keys.find("one")
    with pytest.raises(Busy):
        Keys(str(jwks)).find("one")


class Issuer:
    """An issuer on loopback that counts how often its keys are fetched."""

    def __init__(self) -> None:
        self.fetched, self.body = 0, b"{}"
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.fetched += 1
                self.send_response(200)
                self.end_headers()
                self.wfile.write(issuer.body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks"

    def publish(self, *keys: dict[str, Any]) -> None:
        self.body = json.dumps({"keys": keys}).encode()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_keys_from_a_url_are_fetched_once(issuer: Issuer) -> None:
    """The issuer is not asked for every request, nor for every made-up key id."""
    issuer.publish(jwk(ED, "one"))
    keys = Keys(issuer.url)
    for _ in range(5):
        assert keys.find("one")
        assert keys.find("made up") is None
    assert issuer.fetched == 1


def test_a_new_key_at_the_url_is_picked_up(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token with a key that we do not know yet makes us look, after a pause."""
    issuer.publish(jwk(ED, "one"))
    keys = Keys(issuer.url)
    assert keys.find("one")
    issuer.publish(jwk(ED, "two"))
    monkeypatch.setattr(identity, "PAUSE_SECONDS", 0)
    assert keys.find("two")
    assert keys.find("one") is None


def test_an_issuer_that_is_down_locks_nobody_out(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys that we have go on serving; without any it is not the caller's fault."""
    issuer.publish(jwk(ED, "one"))
    keys = Keys(issuer.url)
    assert keys.find("one")
    monkeypatch.setattr(identity, "KEPT_SECONDS", 0)
    monkeypatch.setattr(identity, "PAUSE_SECONDS", 0)
    for broken in (b"", b"[]", b"not json", b'{"keys": 1}'):
        issuer.body = broken
        assert keys.find("one")
        with pytest.raises(Busy):
            Keys(issuer.url).find("one")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"JWT_ALGORITHMS": "HS256"}, "JWT_ALGORITHMS"),
        ({"JWT_ALGORITHMS": "EdDSA,none"}, "JWT_ALGORITHMS"),
        ({"JWT_ALGORITHMS": " "}, "JWT_ALGORITHMS"),
        ({"JWT_JWKS": "http://issuer.example/jwks"}, "JWT_JWKS"),
        ({"JWT_ISSUER": ""}, "JWT_ISSUER"),
        ({"JWT_AUDIENCE": ""}, "JWT_AUDIENCE"),
        ({"TABLE_NAME": ""}, "TABLE_NAME"),
    ],
)
def test_a_setting_that_opens_a_door_does_not_start(
    change: dict[str, str], complaint: str
) -> None:
    """A missing issuer or a shared-secret algorithm fails at start, not in a breach."""
    good = {
        "TABLE_NAME": "t",
        "JWT_ISSUER": "i",
        "JWT_AUDIENCE": "a",
        "JWT_JWKS": "https://issuer.example/jwks",
        "JWT_ALGORITHMS": "EdDSA, ES256",
    }
    assert settings.read(good).jwt_algorithms == ("EdDSA", "ES256")
    with pytest.raises(ValueError, match=complaint):
        settings.read(good | change)
