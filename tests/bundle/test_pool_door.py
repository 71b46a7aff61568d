"""The packaged zip as the stack with a pool of its own runs it: told what the template
tells it, and met by tokens as Cognito makes them. The pool itself is an imitation.

https://docs.aws.amazon.com/cognito/latest/developerguide/
amazon-cognito-user-pools-using-the-access-token.html
"""

import json
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.storage.table import Table
from tests.bundle import packaged
from tests.bundle.evaluated import Evaluated
from tests.bundle.packaged import Bundle, Stack
from tests.bundle.recorder import Recorder
from tests.bundle.test_sign_in import POOL, allows
from tests.test_mail import Post, office

__all__ = ["office"]

CLIENT = "4h57kf5cpq17m0eml12example"
FROM = "contactbook@example.com"


class Pool:
    """Signs as a user pool does, and publishes its key."""

    def __init__(self, place: Path) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        (place / ".well-known").mkdir()
        named = {"keys": [public | {"kid": "pool", "alg": "RS256", "use": "sig"}]}
        (place / ".well-known/jwks.json").write_text(json.dumps(named))
        quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": _nothing})
        handler = partial(quiet, directory=str(place))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def token(self, **claims: Any) -> str:
        """A claim of None is left out."""
        now = int(time.time())
        told = {"iss": self.issuer, "iat": now, "auth_time": now, "exp": now + 3600}
        told |= {"jti": str(uuid4()), "origin_jti": str(uuid4())} | claims
        kept = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(kept, self.key, algorithm="RS256", headers={"kid": "pool"})

    def access(self, user: str, **claims: Any) -> str:
        told = {"sub": user, "username": user, "client_id": CLIENT, "version": 2}
        told |= {"token_use": "access", "scope": "openid profile email"}
        return self.token(**told | claims)

    def id(self, user: str, **claims: Any) -> str:
        told = {"sub": user, "cognito:username": user, "aud": CLIENT, "nonce": "n"}
        told |= {"token_use": "id", "at_hash": "h", "name": "Ada King"}
        told |= {"email": f"{user}@example.org", "email_verified": True}
        return self.token(**told | claims)


def _nothing(*_: Any) -> None:
    pass


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    made = Pool(tmp_path_factory.mktemp("pool"))
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def told(bundle: Bundle, pool: Pool) -> dict[str, str]:
    """What the template tells the API's function, with AWS's words filled in."""
    stack = Evaluated(bundle.template, **POOL, SesFrom=FROM)
    found = stack.resource("APIHandler")["Environment"]["Variables"]
    text = json.dumps(found).replace("UserPool.ProviderURL", pool.issuer)
    filled: dict[str, str] = json.loads(text.replace("UserPoolClient", CLIENT))
    return filled


@pytest.fixture(scope="module")
def base(
    bundle: Bundle,
    store: Table,
    recorder: Recorder,
    told: dict[str, str],
    office: Post,
    log: Path,
) -> Iterator[str]:
    with log.open("a") as output:
        stack = Stack(bundle, store, recorder.endpoint, told["JWT_JWKS"], output)
        change = told | {"TABLE_NAME": store._name}
        change["AWS_ENDPOINT_URL_SESV2"] = office.url
        environment = stack.start("app", **change)
        with packaged.door(bundle, [environment]) as address:
            yield address
        environment.stop()


@pytest.fixture
def user() -> str:
    return str(uuid4())


def entered(base: str, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=base, headers=headers, timeout=60)


def test_the_page_is_told_where_to_sign_in(base: str, pool: Pool) -> None:
    """And may call the pool's login pages, which are on another host than the
    issuer."""
    with httpx.Client(base_url=base) as http:
        assert http.get("/config").json() == {
            "sign_in": {
                "issuer": pool.issuer,
                "client_id": CLIENT,
                "scope": "openid profile email",
                "audience": None,
            }
        }
        policy = http.get("/").headers["content-security-policy"]
    pages = "https://contactbook-dev-1a2b3c4d.auth.eu-central-1.amazoncognito.com"
    assert f"connect-src 'self' {pool.issuer} {pages};" in policy


def test_its_access_token_opens_the_api(base: str, pool: Pool, user: str) -> None:
    with entered(base, pool.access(user)) as http:
        answer = http.get("/me")
    assert (answer.status_code, answer.json()["user_id"]) == (200, user)


@pytest.mark.parametrize(
    "claims",
    [
        {"client_id": "another"},
        {"client_id": None},
        {"client_id": None, "aud": CLIENT},
        {"client_id": "another", "aud": CLIENT},
        {"token_use": None},
        {"token_use": "id"},
        {"aud": CLIENT},
        {"nonce": "n"},
        {"iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_B"},
        {"exp": 1},
    ],
    ids=str,
)
def test_another_token_of_the_same_keys_does_not(
    base: str, pool: Pool, user: str, claims: dict[str, Any]
) -> None:
    """Of another client, another pool, another use; or that has anything of an ID
    token."""
    with entered(base, pool.access(user, **claims)) as http:
        answer = http.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_its_id_token_tells_who_it_is_and_opens_nothing(
    base: str, pool: Pool, user: str
) -> None:
    """The e-mail is verified also where Cognito says so in a text."""
    with entered(base, pool.id(user)) as http:
        assert http.get("/me").status_code == 401
    with entered(base, pool.access(user)) as http:
        body = {"id_token": pool.id(user, email_verified="true")}
        answer = http.put("/me", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "user_id": user,
        "name": "Ada King",
        "email": f"{user}@example.org",
        "email_verified": True,
    }


def test_an_invitation_is_mailed_by_the_zip(
    base: str, bundle: Bundle, pool: Pool, office: Post, user: str
) -> None:
    """What the zip leaves out of botocore is not what sends mail; and what it asks of
    SES is what its policy grants."""
    with entered(base, pool.access(user)) as http:
        http.put("/me", json={"id_token": pool.id(user)}).raise_for_status()
        slug = f"w{uuid4().hex[:20]}"
        http.post("/workspaces", json={"name": "Team", "slug": slug}).raise_for_status()
        body = {"email": "bob@example.org", "role": "member"}
        answer = http.post(f"/workspaces/{slug}/invitations", json=body)
    assert answer.status_code == 201, answer.text
    (mail,) = [one for one in office.mails if "Team" in json.dumps(one)]
    assert mail["FromEmailAddress"] == FROM
    assert mail["Destination"] == {"ToAddresses": ["bob@example.org"]}
    text = mail["Content"]["Simple"]["Body"]["Text"]["Data"]
    assert answer.json()["invitation"]["link"] in text
    policy = Evaluated(bundle.template, **POOL, SesFrom=FROM).resource("SendMail")
    (granted,) = policy["PolicyDocument"]["Statement"]
    identity = "arn:aws:ses:eu-central-1:111122223333:identity/example.com"
    assert allows(granted, "ses:SendEmail", identity, mail["FromEmailAddress"])
