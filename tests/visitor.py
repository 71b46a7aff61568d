"""Somebody with a browser at the sign-in of this machine: the page's part is played by
httpx, the provider is the real one."""

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from tests.conftest import Server

CLIENT = "contactbook-page"
MOST_HOPS = 20


def sign_in_of(server: Server) -> dict[str, Any]:
    """What the page learns from the service, with a current lifetime of a minute."""
    found: dict[str, Any] = httpx.get(f"{server.base}/config").json()["sign_in"]
    return found


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, its signature aside."""
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=="))
    return found


def form_of(html: str) -> tuple[str, dict[str, str]]:
    """Where a form goes that a browser sends by itself, and what with."""
    action = re.findall(r'action="([^"]+)"', html)[0]
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html)
    return action, dict(fields)


@dataclass
class Visitor:
    """One browser: its cookies, and the verifier of its last visit."""

    server: Server
    verifier: str = ""
    asked: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies = httpx.Cookies()
        self.issuer: str = sign_in_of(self.server)["issuer"]
        self.page = f"{self.server.base}/"
        address = f"{self.issuer}/.well-known/openid-configuration"
        self.metadata: dict[str, Any] = httpx.get(address).json()

    def visit(self, **more: str) -> httpx.Response:
        """Where the browser is after the page has sent it to the provider: on the login
        page, or before the page again (its redirect is not followed)."""
        return self.follow(self.ask("GET", self.address(**more)))

    def address(self, **more: str) -> str:
        """Where the page sends it; what is set to nothing is left out."""
        self.verifier = secrets.token_urlsafe(32)
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.asked = {
            "client_id": CLIENT,
            "redirect_uri": self.page,
            "response_type": "code",
            "scope": "openid profile email",
            "state": secrets.token_urlsafe(8),
            "nonce": secrets.token_urlsafe(8),
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **more,
        }
        asked = {name: text for name, text in self.asked.items() if text}
        return f"{self.metadata['authorization_endpoint']}?{urlencode(asked)}"

    def way_out(self, id_token: str, **more: str) -> str:
        """Where the page sends it to sign out."""
        asked = {"id_token_hint": id_token, "post_logout_redirect_uri": self.page}
        return f"{self.metadata['end_session_endpoint']}?{urlencode(asked | more)}"

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        """One request of the browser, with its cookies."""
        with httpx.Client(cookies=self.cookies, timeout=30) as client:
            answer = client.request(method, address, **more)
            self.cookies = client.cookies
        return answer

    def choose(self, login: httpx.Response, **form: str) -> httpx.Response:
        """Answers who one is."""
        assert "Who are you?" in login.text, login.text
        return self.follow(self.ask("POST", str(login.url), data=form))

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Goes on as long as the provider leads on within itself."""
        for _ in range(MOST_HOPS):
            if self.came_back(answer):
                return answer
            if answer.next_request:
                answer = self.ask("GET", str(answer.next_request.url))
            elif ".submit()" in answer.text:
                action, fields = form_of(answer.text)
                answer = self.ask("POST", action, data=fields)
            else:
                return answer
        raise AssertionError("It leads on and on.")

    def came_back(self, answer: httpx.Response) -> bool:
        return answer.headers.get("location", "").startswith(self.page)

    def brought(self, answer: httpx.Response) -> dict[str, str]:
        """What the page finds in its address."""
        assert self.came_back(answer), (answer.status_code, answer.text)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def exchange(self, code: str, **more: str) -> httpx.Response:
        asked = {
            "grant_type": "authorization_code",
            "client_id": CLIENT,
            "redirect_uri": self.page,
            "code": code,
            "code_verifier": self.verifier,
        }
        return self._token(asked | more)

    def renew(self, refresh_token: str) -> httpx.Response:
        asked = {"grant_type": "refresh_token", "client_id": CLIENT}
        return self._token(asked | {"refresh_token": refresh_token})

    def _token(self, asked: dict[str, str]) -> httpx.Response:
        """As a page does: from its origin, and without its cookies."""
        origin = {"Origin": self.server.base}
        address = self.metadata["token_endpoint"]
        return httpx.post(address, data=asked, headers=origin, timeout=30)

    def leave(self, id_token: str) -> httpx.Response:
        """Signs out here and at the provider."""
        return self.follow(self.ask("GET", self.way_out(id_token)))

    def sign_in(self, sub: str, **more: str) -> dict[str, Any]:
        """The tokens of a person of the demo."""
        back = self.brought(self.choose(self.visit(**more), sub=sub))
        assert back["state"] == self.asked["state"]
        assert back["iss"] == self.issuer
        answer = self.exchange(back["code"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def me(server: Server, token: str) -> httpx.Response:
    """The API's answer to who holds this token."""
    bearer = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{server.base}/me", headers=bearer, timeout=30)
