"""Who somebody is, by an ID token: what is taken, and what is not (OpenID Connect Core,
3.1.3.7)."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.doors.id_token import person
from chalicelib.doors.identity import Keys
from chalicelib.model.errors import InvalidFields
from chalicelib.model.people import Person
from tests.test_identity import SETTINGS, jwks, token  # noqa: F401

PAGE = replace(SETTINGS, oidc_client_id="page")


def told(jwks: Path, **claims: Any) -> Person:  # noqa: F811
    said = {"aud": "page", "iat": int(time.time()), "email": "a@b.org"} | claims
    return person(token(**said), "amy", Keys(str(jwks)), PAGE)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Amara Okafor", "Amara Okafor"),
        ("  Ann\u00a0Marie ", "Ann Marie"),
        ("山田\u3000太郎", "山田 太郎"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("Kim 👩\u200d🚀", "Kim 👩\u200d🚀"),
        ("evil\u202eemanresu", None),
        ("two\nlines", None),
        ("\x00", None),
        ("\ud800", None),
        ("   ", None),
        ("x" * 256, None),
        (["Amara"], None),
    ],
)
def test_a_name_is_shown_as_people_write_it(
    jwks: Path,  # noqa: F811
    said: Any,
    shown: str | None,
) -> None:
    """In one line; not what would turn others' words around, nor what is endless."""
    assert told(jwks, name=said).name == shown


@pytest.mark.parametrize(
    ("said", "verified"),
    [(True, True), ("true", True), (1, False), (1.0, False), ("yes", False)],
)
def test_verified_is_what_says_so(
    jwks: Path,  # noqa: F811
    said: Any,
    verified: bool,
) -> None:
    """The standard's word, or Cognito's text of it; nothing that is only like it."""
    assert told(jwks, email_verified=said).email_verified is verified


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["page", "other"]},
        {"aud": ["page", "other"], "azp": "other"},
        {"azp": "other"},
        {"aud": "us"},
        {"iat": None},
        {"iat": -1},
        {"iat": "now"},
        {"token_use": "access"},
        {"sub": "ben"},
        {"exp": 1},
    ],
)
def test_what_was_not_made_for_the_page_tells_nothing(
    jwks: Path,  # noqa: F811
    claims: dict[str, Any],
) -> None:
    """Refused by the name of the field."""
    with pytest.raises(InvalidFields) as refusal:
        told(jwks, **claims)
    assert [error.field for error in refusal.value.errors] == ["id_token"]


def test_several_audiences_name_the_page(jwks: Path) -> None:  # noqa: F811
    """By `azp`."""
    assert told(jwks, aud=["page", "other"], azp="page").user_id == "amy"
