"""What the tests of people share: ID tokens as a provider would sign them, and somebody
who is invited."""

import time
from typing import Any
from uuid import uuid4

import httpx
import jwt

from chalicelib.model.people import Person
from local import tokens
from tests.conftest import STAGE, Server

PAGE = "contactbook-page"


def id_token(server: Server, user_id: str, **claims: Any) -> str:
    """An ID token of this machine's key for the page; a claim of None is left out."""
    now = int(time.time())
    told = {
        "sub": user_id,
        "iss": STAGE["JWT_ISSUER"],
        "aud": PAGE,
        "iat": now,
        "exp": now + 300,
        "nonce": "n",
        "name": user_id.title(),
        "email": f"{user_id}@example.org",
        "email_verified": True,
    } | claims
    key = tokens._private_key(server.data_dir)
    kept = {name: value for name, value in told.items() if value is not None}
    return jwt.encode(kept, key, algorithm="EdDSA", headers={"kid": tokens.KEY_ID})


def proof(server: Server, user_id: str, **claims: Any) -> dict[str, str]:
    return {"id_token": id_token(server, user_id, **claims)}


def workspace(http: httpx.Client, name: str = "Team") -> str:
    """The address of a new workspace."""
    body = {"name": name, "slug": f"w{uuid4().hex[:20]}"}
    answer = http.post("/workspaces", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def invited(
    http: httpx.Client, home: str, email: str, role: str = "member"
) -> dict[str, Any]:
    answer = http.post(f"{home}/invitations", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["invitation"])


def someone() -> str:
    return f"u{uuid4().hex[:12]}"


def person(user_id: str, **more: Any) -> Person:
    """As an ID token tells it."""
    told = {
        "name": user_id.title(),
        "email": f"{user_id}@example.org",
        "email_verified": True,
        "issued_at": 1000,
    } | more
    return Person(user_id, **told)
