"""The one reader of the environment. What is read here is fixed until the next start.

    TABLE_NAME      the DynamoDB table; required
    JWT_ISSUER      the `iss` that tokens must carry; required
    JWT_AUDIENCE    the `aud` that tokens must carry; required
    JWT_JWKS        a file or https URL with the issuer's public keys; required
    JWT_ALGORITHMS  of EdDSA, ES256, RS256; separated by commas; EdDSA
    CORS_ORIGIN     the one origin whose pages may call; * (tokens travel in a
                    header, never in a cookie)
    DELETE_SECONDS  how long one request may delete before it answers 202; 20
    RESUME_SECONDS  how long one run of resume_deletions may take; 240
    SETTINGS_FROM   a module that is asked first and may set the others; none

The DynamoDB endpoint is boto3's own `AWS_ENDPOINT_URL_DYNAMODB`: no code of ours knows
whether it talks to AWS or to the engine on this machine.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

ASYMMETRIC = frozenset({"EdDSA", "ES256", "RS256"})
# Who serves these keys says who comes in: the host stands there alone, without a user
# before it or a look-alike's domain behind it, and nothing that readers split unlike.
JWKS = re.compile(
    r"/.+|(?:https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5})"
    r"(?:/[!-\[\]-~]*)?"
)


@dataclass(frozen=True, slots=True)
class Settings:
    table_name: str
    jwt_issuer: str
    jwt_audience: str
    jwt_jwks: str
    jwt_algorithms: tuple[str, ...]
    cors_origin: str
    delete_seconds: float = 20
    resume_seconds: float = 240


def read(environ: Mapping[str, str]) -> Settings:
    """Settings from a mapping; raises ValueError that names what is missing or
    wrong."""
    required = ("TABLE_NAME", "JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS")
    missing = [name for name in required if not environ.get(name)]
    if missing:
        raise ValueError(f"environment variables missing: {', '.join(missing)}")
    algorithms = tuple(
        word.strip() for word in environ.get("JWT_ALGORITHMS", "EdDSA").split(",")
    )
    # A shared-secret algorithm here would let anyone sign with the public key.
    if not ASYMMETRIC.issuperset(algorithms):
        raise ValueError(f"JWT_ALGORITHMS must be of {sorted(ASYMMETRIC)}")
    if not JWKS.fullmatch(environ["JWT_JWKS"]):
        raise ValueError(
            "JWT_JWKS must be an https URL (http on loopback) or an absolute path"
        )
    return Settings(
        table_name=environ["TABLE_NAME"],
        jwt_issuer=environ["JWT_ISSUER"],
        jwt_audience=environ["JWT_AUDIENCE"],
        jwt_jwks=environ["JWT_JWKS"],
        jwt_algorithms=algorithms,
        cors_origin=environ.get("CORS_ORIGIN") or "*",
        delete_seconds=float(environ.get("DELETE_SECONDS") or 20),
        resume_seconds=float(environ.get("RESUME_SECONDS") or 240),
    )


@cache
def current() -> Settings:
    """The settings of this process."""
    if source := os.environ.get("SETTINGS_FROM"):
        import_module(source).fill(os.environ)
    return read(os.environ)
