"""What a provider has for us and what it lacks, in sentences: its discovery document,
its keys, and how its token endpoint answers a page. Nothing is changed there.

    ISSUER     the provider's issuer, exactly as its tokens name it
    CLIENT_ID  the page's id there; without it some answers stay open
    PAGE       the address of the page; http://127.0.0.1:8000
"""

import shlex
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from chalicelib.base.settings import ASYMMETRIC, ISSUER
from local.foreign import (
    PATIENCE_SECONDS,
    Unreadable,
    address,
    algorithm,
    document,
    listed,
    shown,
)

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class Report:
    """Sentences: what is there, what is open, what is missing."""

    there: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def judge(self, is_so: bool, then: str, otherwise: str) -> None:
        """What cannot be done without."""
        (self.there if is_so else self.missing).append(then if is_so else otherwise)

    def note(self, is_so: bool, then: str, otherwise: str) -> None:
        """What it goes without, or what only a try can tell."""
        (self.there if is_so else self.open).append(then if is_so else otherwise)

    def text(self) -> str:
        parts = {"There": self.there, "Open": self.open, "Missing": self.missing}
        said = [
            f"{title}:\n" + "".join(f"  {one}\n" for one in sentences)
            for title, sentences in parts.items()
            if sentences
        ]
        if self.missing:
            return "\n".join([*said, "It cannot work like this.\n"])
        # For a shell as they stand: some of it is the provider's own word.
        quoted = ((name, shlex.quote(text)) for name, text in self.settings.items())
        lines = "".join(f"  {name}={text}\n" for name, text in quoted)
        return "\n".join([*said, f"Settings:\n{lines}"])


def check(issuer: str, client_id: str = "", page: str = "") -> Report:
    """Everything that can be told from outside."""
    report = Report()
    if not ISSUER.fullmatch(issuer):
        report.missing.append("The issuer is not an https URL without query.")
        return report
    try:
        place = issuer.rstrip("/") + "/.well-known/openid-configuration"
        found = document(place)
    except Unreadable as why:
        report.missing.append(f"The discovery document cannot be read: {why}.")
        return report
    report.there.append(f"The discovery document is at {place}.")
    _identity(report, issuer, found)
    _flow(report, found)
    algorithms = _keys(report, found)
    _comfort(report, found)
    _cors(report, found, client_id, page or "http://127.0.0.1:8000")
    report.settings = _settings(issuer, client_id, found, algorithms)
    return report


def _identity(report: Report, issuer: str, found: dict[str, Any]) -> None:
    named = found.get("issuer")
    report.judge(
        named == issuer,
        "It names the same issuer.",
        f"It names another issuer, {shown(named)}: tokens must carry the same, to "
        "the last slash.",
    )
    for name in ENDPOINTS:
        report.judge(
            bool(address(found.get(name))),
            f"{name} is {shown(found.get(name))}.",
            f"{name} is not there as an https URL.",
        )


def _flow(report: Report, found: dict[str, Any]) -> None:
    report.judge(
        "code" in listed(found, "response_types_supported"),
        "The code flow is there.",
        "The code flow is not there (response_types_supported has no code).",
    )
    methods = listed(found, "code_challenge_methods_supported")
    if methods:
        there, missing = "PKCE with S256 is there.", "PKCE is there without S256."
        report.judge("S256" in methods, there, missing)
    else:
        report.open.append("It does not say whether it takes PKCE with S256.")
    kinds = listed(found, "token_endpoint_auth_methods_supported")
    report.note(
        "none" in kinds,
        "A page without a secret may be a client.",
        "It does not say that a page without a secret may be a client.",
    )


def _keys(report: Report, found: dict[str, Any]) -> list[str]:
    """Which of our algorithms its keys are for."""
    place = address(found.get("jwks_uri"))
    if not place:
        return []
    try:
        keys = listed(document(place), "keys")
    except Unreadable as why:
        report.missing.append(f"The keys cannot be read: {why}.")
        return []
    named = [one for one in keys if isinstance(one, dict) and one.get("kid")]
    ours = sorted(ASYMMETRIC.intersection(map(algorithm, named)))
    report.judge(
        bool(ours),
        f"{len(named)} keys are there, for {', '.join(ours)}.",
        f"No key of {len(keys)} has a kid and is for RS256, ES256 or EdDSA.",
    )
    told = listed(found, "id_token_signing_alg_values_supported")
    if told:
        report.judge(
            bool(set(told) & set(ours)),
            "ID tokens can be signed so.",
            f"ID tokens are signed by {shown(', '.join(map(str, told)))} only.",
        )
    return ours


def _comfort(report: Report, found: dict[str, Any]) -> None:
    """What it also works without."""
    report.note(
        bool(address(found.get("end_session_endpoint"))),
        "Signing out ends the provider's session, too (end_session_endpoint).",
        "Signing out ends here only: there is no end_session_endpoint.",
    )
    report.note(
        found.get("authorization_response_iss_parameter_supported") is True,
        "Its answers say who they are from (RFC 9207).",
        "Its answers do not say who they are from (RFC 9207); there is one provider "
        "here, so that nothing is mixed up.",
    )
    grants = listed(found, "grant_types_supported")
    renewing = "refresh_token" in grants or _asks_offline(found)
    report.note(
        renewing,
        "Refresh tokens are there.",
        "It names no refresh tokens: the page renews by prompt=none.",
    )
    prompts = listed(found, "prompt_values_supported")
    report.note(
        "none" in prompts,
        "A new tab is signed in without a word (prompt=none).",
        "Whether prompt=none works is not told; a try tells.",
    )
    claims = listed(found, "claims_supported")
    for claim in ("email", "email_verified"):
        report.note(
            claim in claims,
            f"The claim {claim} is there.",
            f"The claim {claim} is not listed: without it nobody takes an invitation.",
        )


def _cors(report: Report, found: dict[str, Any], client_id: str, page: str) -> None:
    """Whether a page may read the token endpoint's answers: asked before, and in an
    exchange of a code that is none."""
    place, parts = address(found.get("token_endpoint")), urlsplit(page)
    if not place:
        return
    origin = f"{parts.scheme}://{parts.netloc}"
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    form = {"grant_type": "authorization_code", "code": "none", "redirect_uri": page}
    form |= {"client_id": client_id or "none", "code_verifier": "x" * 43}
    try:
        with httpx.Client(headers=headers, timeout=PATIENCE_SECONDS) as client:
            answers = [client.options(place), client.post(place, data=form)]
    except (httpx.HTTPError, httpx.InvalidURL):
        report.missing.append("The token endpoint does not answer.")
        return
    allowed = {one.headers.get("access-control-allow-origin") for one in answers}
    refused = f"The token endpoint lets no page of {origin} read its answers (CORS)"
    is_sure = report.judge if client_id else report.note
    is_sure(
        bool(allowed & {"*", origin}),
        f"Pages of {origin} may read the token endpoint's answers (CORS).",
        f"{refused}: register it there."
        if client_id
        else f"{refused}, as it seems without CLIENT_ID.",
    )


def _settings(
    issuer: str, client_id: str, found: dict[str, Any], algorithms: list[str]
) -> dict[str, str]:
    """What to set, as far as it is known."""
    client = client_id or "THE_PAGES_CLIENT_ID"
    claim, audience = "aud", "THE_APIS_NAME"
    host = urlsplit(issuer).hostname or ""
    if host.startswith("cognito-idp."):
        claim, audience = "client_id", client
    elif host.startswith("clerk.") or host.endswith(".clerk.accounts.dev"):
        claim, audience = "azp", "WHAT_AZP_SAYS"
    offline = " offline_access" if _asks_offline(found) else ""
    return {
        "JWT_ISSUER": issuer,
        "JWT_JWKS": shown(found.get("jwks_uri")),
        "JWT_ALGORITHMS": ",".join(algorithms),
        "JWT_AUDIENCE_CLAIM": claim,
        "JWT_AUDIENCE": audience,
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": client,
        "OIDC_SCOPE": f"openid profile email{offline}",
        "OIDC_ORIGINS": " ".join(_further_origins(issuer, found)),
    }


def _further_origins(issuer: str, found: dict[str, Any]) -> list[str]:
    """Whom the page calls besides the issuer."""
    called = ("token_endpoint", "jwks_uri", "userinfo_endpoint")
    parts = [urlsplit(str(found[one])) for one in called if address(found.get(one))]
    own = urlsplit(issuer)
    origins = {f"{one.scheme}://{one.netloc}" for one in parts}
    return sorted(origins - {f"{own.scheme}://{own.netloc}"})


def _asks_offline(found: dict[str, Any]) -> bool:
    return "offline_access" in listed(found, "scopes_supported")
