"""`make check-oidc`: what a provider lacks is said in sentences, whatever it sends."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib.base import settings
from local import check_oidc
from local.engine import ROOT
from tests.conftest import Server
from tests.test_local import run
from tests.visitor import CLIENT, sign_in_of

KEY = {"kid": "1", "kty": "RSA", "use": "sig", "alg": "RS256"}
WHOLE: dict[str, Any] = {
    "issuer": "{base}",
    "authorization_endpoint": "{base}/auth",
    "token_endpoint": "{base}/token",
    "jwks_uri": "{base}/jwks",
    "end_session_endpoint": "{base}/end",
    "response_types_supported": ["code"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["none"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "authorization_response_iss_parameter_supported": True,
    "grant_types_supported": ["authorization_code", "refresh_token"],
    "scopes_supported": ["openid", "offline_access"],
    "claims_supported": ["sub", "email", "email_verified"],
    "prompt_values_supported": ["none", "login"],
}


@contextmanager
def provider(discovery: Any, keys: Any = None, cors: str = "*") -> Iterator[str]:
    """A loopback provider that answers what it is given; its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path = self.path.rsplit("/", 1)[-1]
            found = {"openid-configuration": discovery, "jwks": keys or {"keys": [KEY]}}
            body = found.get(path, {"error": "invalid_grant"})
            text = body if isinstance(body, str) else json.dumps(body)
            content = text.replace("{base}", base).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            if path == "token":
                self.send_header("Access-Control-Allow-Origin", cors)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_OPTIONS = answer

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        base = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield base
        finally:
            server.shutdown()
            thread.join()


def test_the_real_provider_lacks_nothing(asking: Server) -> None:
    """Through make, as it is typed; the printed settings are taken as they stand."""
    issuer = sign_in_of(asking)["issuer"]
    told = (f"ISSUER={issuer}", f"CLIENT_ID={CLIENT}", f"PAGE={asking.base}/")
    ran = subprocess.run(
        ["make", "check-oidc", *told],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    for sentence in (
        "It names the same issuer.",
        "PKCE with S256 is there.",
        "3 keys are there, for EdDSA, RS256.",
        "Refresh tokens are there.",
        f"Pages of {asking.base} may read",
        "The claim email_verified is there.",
    ):
        assert sentence in ran.stdout
    assert "Missing" not in ran.stdout
    report = check_oidc.check(issuer, CLIENT, asking.base)
    chosen = settings.read({"TABLE_NAME": "t", **report.settings})
    assert chosen.oidc_issuer == issuer
    assert chosen.jwt_algorithms == ("EdDSA", "RS256")


def test_a_whole_one_is_told_so() -> None:
    """Nothing is open, nothing missing."""
    with provider(WHOLE) as base:
        report = check_oidc.check(base, CLIENT)
    assert (report.open, report.missing) == ([], [])
    assert report.settings["OIDC_SCOPE"] == "openid profile email offline_access"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"issuer": "{base}/"}, "to the last slash"),
        ({"issuer": None}, "It names another issuer, null"),
        ({"token_endpoint": None}, "token_endpoint is not there"),
        ({"token_endpoint": "javascript:alert(1)"}, "token_endpoint is not there"),
        ({"authorization_endpoint": "http://a.example/"}, "authorization_endpoint is"),
        ({"jwks_uri": ["{base}/jwks"]}, "jwks_uri is not there"),
        ({"response_types_supported": ["id_token"]}, "The code flow is not there"),
        ({"response_types_supported": "code"}, "The code flow is not there"),
        ({"code_challenge_methods_supported": ["plain"]}, "PKCE is there without S256"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "signed by HS256 only"),
        ({"jwks_uri": "{base}/nothing"}, "No key of 0"),
        ({"jwks_uri": "http://127.0.0.1:1/jwks"}, "The keys cannot be read"),
        ({"token_endpoint": "http://127.0.0.1:1/t"}, "token endpoint does not answer"),
    ],
    ids=str,
)
def test_what_cannot_work_is_missing(change: dict[str, Any], told: str) -> None:
    """One sentence, and no settings."""
    with provider({**WHOLE, **change}) as base:
        report = check_oidc.check(base, CLIENT)
    assert any(told in one for one in report.missing), report
    assert "Settings" not in report.text()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("code_challenge_methods_supported", "It does not say whether it takes PKCE"),
        ("token_endpoint_auth_methods_supported", "a page without a secret"),
        ("end_session_endpoint", "Signing out ends here only"),
        ("authorization_response_iss_parameter_supported", "RFC 9207"),
        ("prompt_values_supported", "Whether prompt=none works is not told"),
        ("claims_supported", "The claim email_verified is not listed"),
    ],
)
def test_what_it_goes_without_is_open(name: str, told: str) -> None:
    """It works, with what that means said."""
    with provider({key: value for key, value in WHOLE.items() if key != name}) as base:
        report = check_oidc.check(base, CLIENT)
    assert report.missing == []
    assert any(told in one for one in report.open), report


@pytest.mark.parametrize(
    "keys",
    [
        {"keys": [{**KEY, "alg": "PS256"}]},
        {"keys": [{**KEY, "use": "enc"}]},
        {"keys": [{"kty": "RSA"}]},
        {"keys": ["key", None, 7]},
        {"keys": {"kid": "1"}},
        {"keys": []},
        "[]",
        "not JSON",
    ],
    ids=str,
)
def test_keys_that_do_not_serve_are_missing(keys: Any) -> None:
    """A kid, a use, an algorithm of ours; anything else is told, never a crash."""
    with provider(WHOLE, keys) as base:
        assert len(check_oidc.check(base, CLIENT).missing) in (1, 2)


@pytest.mark.parametrize(
    ("discovery", "told"),
    [
        ("", "is not JSON"),
        ("<html>", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        (" " * 2_000_000, "has no end"),
    ],
    ids=["empty", "html", "deep", "list", "endless"],
)
def test_a_document_that_is_none_is_told(discovery: str, told: str) -> None:
    with provider(discovery) as base:
        (sentence,) = check_oidc.check(base).missing
    assert told in sentence


def test_what_a_page_may_not_read_is_told() -> None:
    """With the client's id it is sure; without, only a try tells."""
    with provider(WHOLE, cors="https://other.example") as base:
        sure = check_oidc.check(base, CLIENT, "https://page.example/api/")
        unsure = check_oidc.check(base, "", "https://page.example/api/")
    assert "lets no page of https://page.example read" in sure.missing[0]
    assert unsure.missing == []
    assert "as it seems" in unsure.open[0]


def test_the_providers_words_are_harmless() -> None:
    """Neither a terminal nor a shell is told anything by them."""
    bad = "\x1b[2J$(touch x)"
    with provider({**WHOLE, "issuer": bad}) as base:
        assert "\x1b" not in check_oidc.check(base).text()
    with provider({**WHOLE, "jwks_uri": "{base}/$(touch%20x)/jwks"}) as base:
        assert f"JWT_JWKS='{base}/$(touch%20x)/jwks'\n" in check_oidc.check(base).text()


@pytest.mark.parametrize("issuer", ["http://a.example", "a", "https://a.example/?p=1"])
def test_only_an_issuer_is_looked_at(issuer: str) -> None:
    """Nothing is fetched from elsewhere; and the exit code says that it cannot work."""
    assert check_oidc.check(issuer).missing == [
        "The issuer is not an https URL without query."
    ]


def test_the_exit_code_tells(tmp_path: Any) -> None:
    """For scripts; a forgotten ISSUER is said plainly."""
    refused = run(tmp_path, "check-oidc", ISSUER="http://127.0.0.1:1")
    assert (refused.returncode, "does not answer" in refused.stdout) == (1, True)
    forgotten = run(tmp_path, "check-oidc", ISSUER="")
    assert forgotten.stderr == "Say which: make check-oidc ISSUER=https://...\n"
    with provider(WHOLE) as base:
        assert run(tmp_path, "check-oidc", ISSUER=base).returncode == 0


def test_settings_lead_on_to_another_origin() -> None:
    """Some have their issuer on one host and their endpoints on another."""
    found = {
        "token_endpoint": "https://d.auth.eu-west-1.amazoncognito.com/oauth2/token"
    }
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"
    told = check_oidc._settings(issuer, "abc", found, ["RS256"])
    assert told["OIDC_ORIGINS"] == "https://d.auth.eu-west-1.amazoncognito.com"
    assert (told["JWT_AUDIENCE_CLAIM"], told["JWT_AUDIENCE"]) == ("client_id", "abc")
    read = {"TABLE_NAME": "t", **told, "JWT_JWKS": f"{issuer}/.well-known/jwks.json"}
    assert settings.read(read).oidc_origins == (
        "https://cognito-idp.eu-west-1.amazonaws.com",
        "https://d.auth.eu-west-1.amazoncognito.com",
    )
