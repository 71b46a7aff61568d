"""Who somebody is, by an ID token of the page: it opens nothing."""

from typing import Any
from unicodedata import category

import jwt

from chalicelib.base.settings import Settings
from chalicelib.doors.identity import Keys, verify
from chalicelib.model.errors import FieldError, InvalidFields
from chalicelib.model.people import Person

LAST_SECOND = 1 << 53  # what every reader of JSON keeps whole
JOINERS = "\u200c\u200d"  # Persian names and joined emoji have them
MOST_TOLD = 255  # characters of a name or an e-mail; longer ones are left out


def person(id_token: str, user_id: str, keys: Keys, settings: Settings) -> Person:
    """Who the caller is, by an ID token of the same user (OpenID Connect Core,
    3.1.3.7); raises InvalidFields that names `id_token`."""
    if not settings.oidc_client_id:
        raise _bad("cannot be verified here: no sign-in is set up")
    try:
        claims = verify(id_token, keys, settings, settings.oidc_client_id)
    except jwt.ExpiredSignatureError:
        raise _bad("has expired; sign in again") from None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise _bad("is not a valid ID token of this page") from None
    if not _is_for_the_page(claims, settings):
        raise _bad("is not a valid ID token of this page")
    if claims["sub"] != user_id:
        raise _bad("is not of the user whose token opens the API")
    verified = claims.get("email_verified")
    return Person(
        user_id,
        _told(claims.get("name")) or _told(claims.get("preferred_username")),
        _told(claims.get("email")),
        verified is True or verified == "true",  # Cognito's is a text at times
        int(claims["iat"]),
    )


def _is_for_the_page(claims: dict[str, Any], settings: Settings) -> bool:
    """OpenID Connect Core, 3.1.3.7: among several audiences `azp` names the one that
    it was given to; and it says when it was issued."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp", None if several else settings.oidc_client_id)
    issued_at = claims.get("iat")
    dated = isinstance(issued_at, int | float) and 0 < issued_at < LAST_SECOND
    use = claims.get("token_use", "id")
    return party == settings.oidc_client_id and use == "id" and dated


def _told(value: Any) -> str | None:
    """A name or an e-mail as it can be shown: one line that no sign turns around, and
    not endless."""
    if not isinstance(value, str):
        return None
    shown = _line(value).strip()
    if not all(one.isprintable() or one in JOINERS for one in shown):
        return None
    return shown if 0 < len(shown) <= MOST_TOLD else None


def _line(text: str) -> str:
    """With each kind of space (category Zs) as the one that everybody knows."""
    return "".join(" " if category(one) == "Zs" else one for one in text)


def _bad(reason: str) -> InvalidFields:
    return InvalidFields([FieldError.about("id_token", "invalid_id_token", reason)])
