"""Tokens of this machine: signed by a key made on first start, verified by the same
code as on AWS. The private key never leaves DATA_DIR."""

import json
import os
import time
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HOURS = 24
KEY_ID = "local-1"
NOTE = "sign-in.json"


def jwks_path(data_dir: Path) -> Path:
    """The public keys, made with the private one if they are missing."""
    path = data_dir / "jwks.json"
    if not path.exists():
        public = _private_key(data_dir).public_key()
        entry = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(public))
        entry |= {"kid": KEY_ID, "alg": "EdDSA", "use": "sig"}
        _write(path, json.dumps({"keys": [entry]}, indent=2).encode())
    return path


def note(data_dir: Path, issuer: str | None) -> None:
    """Which issuer the tokens of this data name from now on; None: the stage's own."""
    path = data_dir / NOTE
    path.unlink(missing_ok=True)
    if issuer:
        _write(path, json.dumps({"issuer": issuer}).encode())


def issuer(data_dir: Path) -> str | None:
    """The provider that the server on this data has, or had when it ran last."""
    try:
        return str(json.loads((data_dir / NOTE).read_text())["issuer"])
    except FileNotFoundError:
        return None


def sign(data_dir: Path, user_id: str, environment: dict[str, str]) -> str:
    """A token for a user, good for a day on this machine."""
    jwks_path(data_dir)
    now = int(time.time())
    claims = {
        "sub": user_id,
        "iss": issuer(data_dir) or environment["JWT_ISSUER"],
        "aud": environment["JWT_AUDIENCE"],
        "iat": now,
        "exp": now + HOURS * 3600,
    }
    key = _private_key(data_dir)
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": KEY_ID})


def _private_key(data_dir: Path) -> Ed25519PrivateKey:
    path = data_dir / "signing-key.pem"
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write(path, pem)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and the first of two writers wins: a second start at the
    same moment must not change the key under the first."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
