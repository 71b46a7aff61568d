"""Who calls: a bearer JWT in, a user id out. What the user may do is access.py's.

There is no switch that turns this off. On a developer's machine the same code verifies
tokens that `python -m local token` signs.
"""

import json
import os
import time
import urllib.request
from http.client import HTTPException
from typing import Any

import jwt

from chalicelib.base.settings import Settings
from chalicelib.model.errors import Busy, Unauthenticated
from chalicelib.model.ids import is_user_id

KEPT_SECONDS = 600  # how long fetched keys serve before they are fetched again
PAUSE_SECONDS = 30  # an unknown key id may cause one fetch in this time, not more
LEEWAY_SECONDS = 10  # between the issuer's clock and ours


class Keys:
    """The issuer's public keys, from a file or a URL; a rotation is picked up.

    A file is read again when it changes. A URL is fetched again when its keys are ten
    minutes old, or when a token names a key that is not there, at most twice a minute.
    When the fetch fails, the keys that we have go on serving.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._keys: dict[str, jwt.PyJWK] = {}
        self._seen: float = 0.0  # the file's mtime, or when the URL was tried last
        self._fetched: float = 0.0  # when the URL gave the keys that we have

    def find(self, key_id: str) -> jwt.PyJWK | None:
        if self.source.startswith("/"):
            self._read_file()
        else:
            self._fetch_when_due(key_id)
        if not self._keys:
            raise Busy("The issuer's keys cannot be read. Try again.")
        return self._keys.get(key_id)

    def _read_file(self) -> None:
        try:
            changed = os.stat(self.source).st_mtime_ns
            if changed != self._seen:
                with open(self.source, encoding="utf-8") as file:
                    self._keys = _by_id(json.load(file))
                self._seen = changed
        except (OSError, ValueError):
            return  # missing, or half-written: it is read again with the next request

    def _fetch_when_due(self, key_id: str) -> None:
        now = time.monotonic()
        is_due = key_id not in self._keys or now - self._fetched > KEPT_SECONDS
        if not self._keys or (is_due and now - self._seen > PAUSE_SECONDS):
            self._fetch()

    def _fetch(self) -> None:
        self._seen = time.monotonic()
        try:
            # Which schemes there may be is settled in settings.py.
            with urllib.request.urlopen(self.source, timeout=3) as answer:  # noqa: S310
                self._keys = _by_id(json.load(answer))
            self._fetched = self._seen
        except (OSError, ValueError, HTTPException):
            # Nobody is let in by this: an unknown key id stays unknown.
            return


def _by_id(document: Any) -> dict[str, jwt.PyJWK]:
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a JWK set (RFC 7517, section 5)")
    found = {}
    for entry in document["keys"]:
        try:
            found[entry["kid"]] = jwt.PyJWK(entry)
        except (KeyError, TypeError, jwt.PyJWTError):
            continue  # a kind of key that we do not use; the others still count
    return found


def authenticate(header: str | None, keys: Keys, settings: Settings) -> str:
    """The user id (`sub`) of an `Authorization` header's token (RFC 6750, RFC 7519).

    Raises Unauthenticated with one sentence that helps the honest and tells nothing
    about the keys.
    """
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send the header Authorization: Bearer TOKEN.")
    try:
        claims = _verify(token.strip(), keys, settings)
    except jwt.ExpiredSignatureError:
        raise Unauthenticated("The token has expired; sign in again.") from None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Unauthenticated("The token is not valid here.") from None
    user_id = claims["sub"]
    if not is_user_id(user_id):
        raise Unauthenticated("The token names no usable user.")
    return str(user_id)


def _verify(token: str, keys: Keys, settings: Settings) -> dict[str, Any]:
    key_id = jwt.get_unverified_header(token).get("kid")
    key = keys.find(key_id) if isinstance(key_id, str) else None
    if key is None:
        raise jwt.InvalidKeyError("unknown key")
    return jwt.decode(
        token,
        key,
        # Ours, never the token's own word: "none" and HS256 are not among them.
        algorithms=list(settings.jwt_algorithms),
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        leeway=LEEWAY_SECONDS,
        options={"require": ["exp", "sub", "iss", "aud"]},
    )
