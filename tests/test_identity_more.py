"""Who signs: whose keys count, for how long, and by which clock."""

import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from chalicelib.base import settings
from chalicelib.doors import identity
from chalicelib.doors import issuer as fetching
from chalicelib.doors.identity import Keys, authenticate
from chalicelib.model.errors import Busy, Unauthenticated
from tests.bundle import issuers
from tests.test_identity import (  # noqa: F401
    ED,
    SETTINGS,
    Issuer,
    issuer,
    jwk,
    jwks,
    token,
    who,
)


class Clock:
    """Stands where `time` does, and moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(identity, "time", made)
    return made


def test_a_revoked_key_serves_for_ten_minutes_at_most(
    issuer: Issuer,  # noqa: F811
    clock: Clock,
) -> None:
    """However busy it is: its keys are fetched again when they are ten minutes old."""
    issuer.publish(jwk(ED, "one"))
    keys, header = Keys(issuer.url), f"Bearer {token()}"
    assert authenticate(header, keys, SETTINGS) == "amy"
    issuer.publish(jwk(ed25519.Ed25519PrivateKey.generate(), "two"))
    for _ in range(10):
        clock.now += 60
        assert authenticate(header, keys, SETTINGS) == "amy"
    assert issuer.fetched == 1
    clock.now += 1
    with pytest.raises(Unauthenticated):
        authenticate(header, keys, SETTINGS)
    assert issuer.fetched == 2


def test_a_fetch_that_failed_gives_a_revoked_key_no_ten_minutes_more(
    issuer: Issuer,  # noqa: F811
    clock: Clock,
) -> None:
    """The old keys serve on, and the issuer is asked again half a minute later."""
    issuer.publish(jwk(ED, "one"))
    keys = Keys(issuer.url)
    assert keys.find("one")
    issuer.body = b"not now"
    clock.now += 601
    for _ in range(5):
        assert keys.find("one")
    assert issuer.fetched == 2
    issuer.publish(jwk(ED, "two"))
    clock.now += 31
    assert keys.find("one") is None
    assert issuer.fetched == 3


def test_a_made_up_key_makes_us_ask_twice_a_minute_at_most(
    issuer: Issuer,  # noqa: F811
    clock: Clock,
) -> None:
    """A stranger who makes up keys cannot make us flood the issuer."""
    issuer.publish(jwk(ED, "one"))
    keys = Keys(issuer.url)
    for _ in range(120):
        assert keys.find("made up") is None
        clock.now += 1
    assert issuer.fetched == 4


def test_without_any_key_the_issuer_is_asked_once_in_five_seconds(
    issuer: Issuer,  # noqa: F811
    clock: Clock,
) -> None:
    """However many requests wait for it: they are told when to come again."""
    issuer.body = b"not now"
    keys = Keys(issuer.url)
    for _ in range(120):
        with pytest.raises(Busy) as busy:
            keys.find("one")
        assert busy.value.retry_after == 5
        clock.now += 0.5
    assert issuer.fetched == 11
    issuer.publish(jwk(ED, "one"))
    clock.now += 5.1
    assert keys.find("one")


def test_a_new_machine_asks_at_once(
    issuer: Issuer,  # noqa: F811
    clock: Clock,
) -> None:
    """Its clock may say that it is one second old."""
    clock.now = 1.0
    issuer.publish(jwk(ED, "one"))
    assert Keys(issuer.url).find("one")


def test_the_issuer_sees_our_name() -> None:
    """Some firewalls refuse whoever calls himself Python-urllib."""
    with issuers.running() as named:
        named.publish(jwk(ED, "one"))
        assert Keys(named.url + issuers.KEYS).find("one")
        assert named.agents == ["contactbook"]


def test_an_issuer_that_never_ends_holds_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each byte is in time, and the whole never comes: it is given up, and cut."""
    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.3)
    with issuers.running() as slow:
        slow.publish(jwk(ED, "one"))
        slow.held.add(issuers.KEYS)
        with pytest.raises(Busy):
            Keys(slow.url + issuers.KEYS).find("one")
        assert slow.released.wait(20), "the connection is still open"


def test_keys_come_from_the_host_that_was_named() -> None:
    """A redirect is not followed, not even to the same keys."""
    with issuers.running() as moved:
        moved.publish(jwk(ED, "one"))
        moved.documents["/old"] = 302
        moved.location = moved.url + issuers.KEYS
        with pytest.raises(Busy):
            Keys(moved.url + "/old").find("one")
        assert len(moved.agents) == 1


@pytest.mark.parametrize(
    ("claim", "seconds", "is_let_in"),
    [("exp", -4, True), ("exp", -16, False), ("nbf", 4, True), ("nbf", 16, False)],
)
def test_clocks_may_differ_by_ten_seconds(
    jwks: Path,  # noqa: F811
    claim: str,
    seconds: int,
    is_let_in: bool,
) -> None:
    """Less would lock out the honest, more would let an expired token live on."""
    header = f"Bearer {token(**{claim: int(time.time()) + seconds})}"
    if is_let_in:
        assert who(jwks, header) == "amy"
    else:
        with pytest.raises(Unauthenticated):
            who(jwks, header)


GOOD = {"TABLE_NAME": "t", "JWT_ISSUER": "i", "JWT_AUDIENCE": "a"}


@pytest.mark.parametrize(
    "source",
    [
        "https://issuer.example",
        "https://issuer.example/",
        "https://issuer.example:8443/a/.well-known/jwks.json?v=1",
        "http://127.0.0.1:80/jwks",
        "/var/task/jwks.json",
    ],
)
def test_keys_come_from_https_loopback_or_a_file(source: str) -> None:
    """From a host that is plain to see."""
    assert settings.read({**GOOD, "JWT_JWKS": source}).jwt_jwks == source


@pytest.mark.parametrize(
    "source",
    [
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1.evil.example:80/",
        "http://127.0.0.1:80.evil.example/",
        "http://127.0.0.1:80@evil.example/",
        "http://127.0.0.1:@evil.example/",
        "http://127.0.0.1:80\\@evil.example/",
        "http://127.0.0.1:80#@evil.example/",
        "http://127.0.0.1:80?@evil.example/",
        "http://127.0.0.1:x/",
        "http://127.0.0.1:/",
        "http://127.0.0.2:80/",
        "http://localhost:80/",
        "http://evil.example/127.0.0.1:80",
        "https://issuer.example@evil.example/",
        "https://user:word@issuer.example/",
        "https://issuer.example\\@evil.example/",
        "https://issuer.example:80:90/",
        "https://issuer.example/a b",
        "https://issuer.example/\nx",
        "https://issuer.example/\\evil",
        "https://\tissuer.example/",
        "https://issuér.example/",
        "https:///jwks",
        "https:issuer.example",
        " https://issuer.example/",
        "file:///etc/jwks",
        "ftp://127.0.0.1:80/",
        "jwks.json",
        "/",
    ],
)
def test_a_host_in_disguise_does_not_start(source: str) -> None:
    """Neither a look-alike of loopback, nor a user name, nor another scheme."""
    with pytest.raises(ValueError, match="JWT_JWKS"):
        settings.read({**GOOD, "JWT_JWKS": source})


SIGN_IN = {
    **GOOD,
    "JWT_JWKS": "/jwks.json",
    "JWT_ISSUER": "https://login.example/t/",
    "OIDC_ISSUER": "https://login.example/t/",
    "OIDC_CLIENT_ID": "page",
}


def test_the_page_calls_the_issuer_and_whom_we_name() -> None:
    """Each once; without an issuer, nobody."""
    further = "https://d.example:8443  https://login.example https://d.example:8443"
    chosen = settings.read({**SIGN_IN, "OIDC_ORIGINS": further})
    assert chosen.oidc_origins == ("https://login.example", "https://d.example:8443")
    without = {**SIGN_IN, "OIDC_ISSUER": "", "OIDC_ORIGINS": further}
    assert settings.read(without).oidc_origins == ()


NO_ORIGINS = [
    "http://login.example",
    "https://login.example/",
    "https://login.example/path",
    "https://*",
    "https://*.example",
    "https:",
    "*",
    "'unsafe-inline'",
    "data:",
    "https://login.example;",
    "https://login.example;script-src",
    "https://login.example,https://other.example",
    "https://user@login.example",
    "https://login.example?x",
    "https://login.example#x",
    "https://login.exämple",
    "https://login.example\x00",
    "http://127.0.0.1",
    "http://127.0.0.1:80.evil.example",
]


@pytest.mark.parametrize("origin", NO_ORIGINS)
def test_nothing_but_origins_gets_into_the_policy(origin: str) -> None:
    """A header is made of them: what is no origin does not start."""
    with pytest.raises(ValueError, match="OIDC_ORIGINS"):
        settings.read({**SIGN_IN, "OIDC_ORIGINS": f"https://good.example {origin}"})


@pytest.mark.parametrize(
    "named",
    [
        "http://login.example/",
        "https://login.example/?tenant=1",
        "https://login.example/#x",
        "https://login.example/a b",
        "https://login.example/\nX-Header: 1",
        "https://login.example/\r\nX-Header: 1",
        "https://login.example; script-src *",
        "https://login.example;/",
        "https://login.example/;script-src",
        "https://user@login.example/",
        "https://*/",
        "https:///",
        "login.example",
    ],
)
def test_an_issuer_in_disguise_does_not_start(named: str) -> None:
    """Its origin stands in a header, too (OpenID Connect Discovery, 3)."""
    with pytest.raises(ValueError, match="OIDC_ISSUER"):
        settings.read({**SIGN_IN, "OIDC_ISSUER": named, "JWT_ISSUER": named})
