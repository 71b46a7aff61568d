"""The one reader of the environment. What is read here is fixed until the next start.

    TABLE_NAME      the DynamoDB table; required
    JWT_ISSUER      the `iss` that tokens must carry; required
    JWT_AUDIENCE    the `aud` that tokens must carry; required
    JWT_JWKS        a file or https URL with the issuer's public keys; required
    JWT_ALGORITHMS  of EdDSA, ES256, RS256; separated by commas; EdDSA
    JWT_AUDIENCE_CLAIM  where an access token names its audience: aud, client_id
                    (with token_use=access), azp; aud
    OIDC_ISSUER     where the page signs in; the same as JWT_ISSUER; none: the page
                    asks for a token
    OIDC_CLIENT_ID  the page's id there, and the `aud` of its ID tokens; none
    OIDC_SCOPE      what the page asks for; openid profile email
    OIDC_AUDIENCE   the API's name, where the provider wants to be asked for it; none
    OIDC_ORIGINS    further https origins that the page calls while it signs in,
                    separated by spaces; none
    SES_FROM        the address that invitations are sent from; none: nothing is sent
    READ_ONLY       yes: nothing is written, every change is refused; no
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

AUDIENCE_CLAIMS = ("aud", "client_id", "azp")
ASYMMETRIC = frozenset({"EdDSA", "ES256", "RS256"})
# Who serves these keys says who comes in: the host stands there alone, without a user
# before it or a look-alike's domain behind it, and nothing that readers split unlike.
JWKS = re.compile(
    r"/.+|(?:https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5})"
    r"(?:/[!-\[\]-~]*)?"
)
# These stand in the page's Content-Security-Policy: nothing but an origin (RFC 6454).
ORIGIN = r"(?:https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5})"
# OpenID Connect Discovery, 3: neither a query nor a fragment.
ISSUER = re.compile(rf"({ORIGIN})(?:/[A-Za-z0-9._~%/-]*)?")


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
    jwt_audience_claim: str = "aud"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_scope: str = "openid profile email"
    oidc_audience: str = ""
    oidc_origins: tuple[str, ...] = ()  # the issuer's own, and the further ones
    ses_from: str = ""
    read_only: bool = False


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
    _check_sign_in(environ)
    return Settings(
        table_name=environ["TABLE_NAME"],
        jwt_issuer=environ["JWT_ISSUER"],
        jwt_audience=environ["JWT_AUDIENCE"],
        jwt_jwks=environ["JWT_JWKS"],
        jwt_algorithms=algorithms,
        cors_origin=environ.get("CORS_ORIGIN") or "*",
        delete_seconds=float(environ.get("DELETE_SECONDS") or 20),
        resume_seconds=float(environ.get("RESUME_SECONDS") or 240),
        jwt_audience_claim=environ.get("JWT_AUDIENCE_CLAIM") or "aud",
        oidc_issuer=environ.get("OIDC_ISSUER") or "",
        oidc_client_id=environ.get("OIDC_CLIENT_ID") or "",
        oidc_scope=environ.get("OIDC_SCOPE") or "openid profile email",
        oidc_audience=environ.get("OIDC_AUDIENCE") or "",
        oidc_origins=_origins(environ),
        ses_from=environ.get("SES_FROM") or "",
        read_only=_is_read_only(environ.get("READ_ONLY") or "no"),
    )


def _check_sign_in(environ: Mapping[str, str]) -> None:
    """What would let a token in that is not for us, or nobody at all."""
    claim = environ.get("JWT_AUDIENCE_CLAIM") or "aud"
    if claim not in AUDIENCE_CLAIMS:
        raise ValueError(f"JWT_AUDIENCE_CLAIM must be of {list(AUDIENCE_CLAIMS)}")
    issuer, client = environ.get("OIDC_ISSUER"), environ.get("OIDC_CLIENT_ID")
    if issuer and not client:
        raise ValueError("OIDC_ISSUER needs OIDC_CLIENT_ID, the page's id there")
    if issuer and issuer != environ["JWT_ISSUER"]:
        raise ValueError("OIDC_ISSUER must be the same as JWT_ISSUER")
    if client and claim == "aud" and client == environ["JWT_AUDIENCE"]:
        # It is what ID tokens are for, and those never open the API.
        raise ValueError("JWT_AUDIENCE must not be OIDC_CLIENT_ID")


def _origins(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Whom the page calls while it signs in; nothing without an issuer."""
    issuer = environ.get("OIDC_ISSUER")
    if not issuer:
        return ()
    found = ISSUER.fullmatch(issuer)
    if not found:
        raise ValueError("OIDC_ISSUER must be an https URL (http on loopback)")
    further = (environ.get("OIDC_ORIGINS") or "").split()
    if not all(re.fullmatch(ORIGIN, one) for one in further):
        raise ValueError("OIDC_ORIGINS must be https origins, as https://HOST")
    return tuple(dict.fromkeys([found[1], *further]))


def _is_read_only(word: str) -> bool:
    # A word that is not understood must not leave the store open to changes.
    if word not in ("yes", "no"):
        raise ValueError("READ_ONLY must be yes or no")
    return word == "yes"


@cache
def current() -> Settings:
    """The settings of this process."""
    if source := os.environ.get("SETTINGS_FROM"):
        import_module(source).fill(os.environ)
    return read(os.environ)
