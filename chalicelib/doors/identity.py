"""Who calls: a bearer JWT in, a user id out. What the user may do is access.py's, and
who that is id_token.py's.

There is no switch that turns this off. On a developer's machine the same code verifies
tokens that `python -m local token` signs.
"""

import json
import math
import os
import time
from typing import Any

import jwt

from chalicelib.base.settings import Settings
from chalicelib.doors import issuer
from chalicelib.model import secret
from chalicelib.model.errors import Busy, Unauthenticated
from chalicelib.model.ids import is_user_id
from chalicelib.model.secret import Secret

KEPT_SECONDS = 600  # how long fetched keys serve before they are fetched again
PAUSE_SECONDS = 30  # an unknown key id may cause one fetch in this time, not more
EMPTY_SECONDS = 5  # nor may a request while there are no keys at all
LEEWAY_SECONDS = 10  # between the issuer's clock and ours
# What only an ID token has (OpenID Connect Core, 2 and 3.3.2.11), and its names.
ONLY_IN_ID_TOKENS = frozenset({"nonce", "at_hash", "c_hash"})
ID_TYPES = frozenset({"id", "id_token", "id+jwt", "id_token+jwt"})


class Keys:
    """The issuer's public keys, from a file or a URL; a rotation is picked up.

    A file is read again when it changes. A URL is fetched again when its keys are ten
    minutes old, or when a token names a key that is not there, at most twice a minute.
    When the fetch fails, the keys that we have go on serving; without any, it is tried
    again after five seconds, by one request, and the others are told to wait.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._keys: dict[str, jwt.PyJWK] = {}
        # The file's mtime, or when the URL was tried last: never, not at the clock's 0,
        # which on a new machine is only a moment ago.
        self._seen: float = -math.inf
        self._fetched: float = 0.0  # when the URL gave the keys that we have

    def find(self, key_id: str) -> jwt.PyJWK | None:
        if self.source.startswith("/"):
            self._read_file()
        else:
            self._fetch_when_due(key_id)
        if not self._keys:
            raise _no_keys()
        return self._keys.get(key_id)

    def _read_file(self) -> None:
        try:
            changed = os.stat(self.source).st_mtime_ns
            if changed != self._seen:
                with open(self.source, encoding="utf-8") as file:
                    self._keys = by_id(json.load(file))
                self._seen = changed
        except (OSError, ValueError):
            return  # missing, or half-written: it is read again with the next request

    def _fetch_when_due(self, key_id: str) -> None:
        now = time.monotonic()
        is_due = key_id not in self._keys or now - self._fetched > KEPT_SECONDS
        pause = PAUSE_SECONDS if self._keys else EMPTY_SECONDS
        if is_due and now - self._seen > pause:
            self._fetch()

    def _fetch(self) -> None:
        self._seen = time.monotonic()
        try:
            self._keys = by_id(issuer.document(self.source))
            self._fetched = self._seen
        except (issuer.Unreadable, ValueError):
            # Nobody is let in by this: an unknown key id stays unknown.
            return


def by_id(document: Any) -> dict[str, jwt.PyJWK]:
    """The keys of a JWK set that can be used here; raises ValueError when it is none
    (RFC 7517, section 5)."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a JWK set (RFC 7517, section 5)")
    found = {}
    for entry in document["keys"]:
        try:
            found[entry["kid"]] = jwt.PyJWK(entry)
        except (KeyError, TypeError, jwt.PyJWTError):
            continue  # a kind of key that we do not use; the others still count
    return found


def machine(header: str | None) -> Secret | None:
    """What a machine's token says to be, which access.py proves; None for a token of
    another kind. Raises Unauthenticated for one that was cut off or mistyped."""
    token = _bearer(header)
    if not token.startswith(secret.MARK):
        return None
    found = secret.read(token)
    if found is None:
        raise Unauthenticated("The token is not valid here.")
    return found


def authenticate(header: str | None, keys: Keys, settings: Settings) -> str:
    """The user id (`sub`) of an `Authorization` header's token (RFC 6750, RFC 7519).

    Raises Unauthenticated with one sentence that helps the honest and tells nothing
    about the keys.
    """
    token = _bearer(header)
    try:
        claims = _access(token, keys, settings)
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("The token has expired; sign in again.") from None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Unauthenticated("The token is not valid here.") from None
    user_id = claims["sub"]
    if not is_user_id(user_id):
        raise Unauthenticated("The token names no usable user.")
    return str(user_id)


def _bearer(header: str | None) -> str:
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send the header Authorization: Bearer TOKEN.")
    return token.strip()


def _access(token: str, keys: Keys, settings: Settings) -> dict[str, Any]:
    """The claims of a token that is meant for the API: an ID token never is."""
    standard = settings.jwt_audience_claim == "aud"
    claims = verify(token, keys, settings, settings.jwt_audience if standard else None)
    if (
        not standard
        and claims.get(settings.jwt_audience_claim) != settings.jwt_audience
    ):
        raise jwt.InvalidAudienceError("for somebody else")
    use = claims.get("token_use")
    if settings.jwt_audience_claim == "client_id" and use != "access":
        raise jwt.InvalidTokenError("no access token")
    if _for_the_page(token, claims, settings):
        raise jwt.InvalidTokenError("an ID token")
    return claims


def _for_the_page(token: str, claims: dict[str, Any], settings: Settings) -> bool:
    """Whether it tells the page who somebody is, instead of opening the API."""
    named = claims.get("aud", ())
    audiences = [named] if isinstance(named, str) else named
    kinds = (claims.get("typ"), jwt.get_unverified_header(token).get("typ"))
    return (
        bool(settings.oidc_client_id and settings.oidc_client_id in audiences)
        or claims.get("token_use", "access") != "access"
        or any(str(kind).lower() in ID_TYPES for kind in kinds)
        or not ONLY_IN_ID_TOKENS.isdisjoint(claims)
    )


def verify(
    token: str, keys: Keys, settings: Settings, audience: str | None
) -> dict[str, Any]:
    """The claims; an audience of None is looked at by the caller."""
    key_id = jwt.get_unverified_header(token).get("kid")
    key = keys.find(key_id) if isinstance(key_id, str) else None
    if key is None:
        raise jwt.InvalidKeyError("unknown key")
    required = ["exp", "sub", "iss", *(["aud"] if audience else [])]
    return jwt.decode(
        token,
        key,
        # Ours, never the token's own word: "none" and HS256 are not among them.
        algorithms=list(settings.jwt_algorithms),
        issuer=settings.jwt_issuer,
        audience=audience,
        leeway=LEEWAY_SECONDS,
        options={"require": required, "verify_aud": audience is not None},
    )


def _no_keys() -> Busy:
    refusal = Busy("The issuer's keys cannot be read. Try again.")
    refusal.retry_after = EMPTY_SECONDS
    return refusal
