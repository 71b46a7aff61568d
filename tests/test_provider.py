"""Signing in with the real provider that `make serve` starts: what the page gets there
opens the API, and nothing else does."""

import re

import httpx
import jwt
import pytest

from local import tokens
from tests.conftest import Server
from tests.test_house import holders
from tests.test_local import run
from tests.visitor import CLIENT, Visitor, claims_of, me, sign_in_of


@pytest.fixture
def visitor(asking: Server) -> Visitor:
    return Visitor(asking)


def test_who_signs_in_is_at_work(asking: Server, visitor: Visitor) -> None:
    """Code, PKCE, tokens: the access token is for the API, the ID token tells the page
    who it is, with the e-mail and whether it is verified."""
    given = visitor.sign_in("eagle-owner")
    answer = me(asking, given["access_token"])
    assert answer.json()["user_id"] == "eagle-owner"
    assert [one["slug"] for one in answer.json()["workspaces"]] == ["eagle-overseas"]
    assert claims_of(given["access_token"])["aud"] == "contactbook"
    told = claims_of(given["id_token"])
    assert told["aud"] == CLIENT
    assert told["nonce"] == visitor.asked["nonce"]
    who = {name: told[name] for name in ("sub", "name", "email", "email_verified")}
    assert who == {
        "sub": "eagle-owner",
        "name": "Eleanor Voss",
        "email": "eleanor.voss@example.com",
        "email_verified": True,
    }
    assert claims_of(visitor.sign_in("unverified", prompt="login")["id_token"])[
        "email_verified"
    ] is False  # fmt: skip


def test_an_id_token_opens_nothing(asking: Server, visitor: Visitor) -> None:
    """Signed by the same key, of the same issuer, good for the page only."""
    given = visitor.sign_in("eagle-owner")
    assert me(asking, given["access_token"]).status_code == 200
    assert me(asking, given["id_token"]).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-api"},
        {"aud": CLIENT},
        {"aud": ["contactbook", CLIENT]},
        {"iss": "http://127.0.0.1:1"},
        {"iss": "contactbook-local"},
        {"token_use": "id"},
    ],
    ids=str,
)
def test_a_token_for_somebody_else_opens_nothing(
    asking: Server, claims: dict[str, object]
) -> None:
    """A key that counts is not enough: the token has to be of this issuer, for us."""
    good = tokens.sign(asking.data_dir, "eagle-owner", {"JWT_AUDIENCE": "contactbook"})
    assert me(asking, good).status_code == 200
    key = tokens._private_key(asking.data_dir)
    header = {"kid": tokens.KEY_ID}
    other = jwt.encode(claims_of(good) | claims, key, "EdDSA", headers=header)
    assert me(asking, other).status_code == 401


def test_a_code_serves_once(asking: Server, visitor: Visitor) -> None:
    """The second time somebody else has it, so the first one's renewal ends, too
    (RFC 6749, 4.1.2)."""
    code = visitor.brought(visitor.choose(visitor.visit(), sub="eagle-owner"))["code"]
    first, second = visitor.exchange(code), visitor.exchange(code)
    assert first.status_code == 200
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")
    assert visitor.renew(first.json()["refresh_token"]).status_code == 400


@pytest.mark.parametrize("verifier", ["", "x" * 43])
def test_a_stolen_code_is_worth_nothing(visitor: Visitor, verifier: str) -> None:
    """Without the verifier, which never left the page (RFC 7636)."""
    code = visitor.brought(visitor.choose(visitor.visit(), sub="eagle-owner"))["code"]
    refused = visitor.exchange(code, code_verifier=verifier)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "more",
    [
        {"code_challenge": "", "code_challenge_method": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "id_token"},
    ],
    ids=str,
)
def test_only_code_with_s256_is_given(visitor: Visitor, more: dict[str, str]) -> None:
    """Nothing weaker can be asked for."""
    location = visitor.visit(**more).headers["location"]
    assert "error=" in location
    assert "code=" not in location


@pytest.mark.parametrize("more", [{"client_id": "another"}, {"redirect_uri": "other"}])
def test_a_code_goes_to_the_page_only(visitor: Visitor, more: dict[str, str]) -> None:
    """A strange address is never sent to, not even with an error."""
    strange = {"other": f"{visitor.page}elsewhere"}
    asked = {name: strange.get(text, text) for name, text in more.items()}
    answer = visitor.visit(**asked)
    assert answer.status_code == 400
    assert "This is not possible" in answer.text


def test_a_new_tab_is_signed_in_without_a_word(visitor: Visitor) -> None:
    """While the provider's session lasts; then it says login_required. Signing out ends
    the session and the renewal."""
    back = visitor.brought(visitor.visit(prompt="none"))
    assert (back["error"], back["iss"]) == ("login_required", visitor.issuer)
    visitor.sign_in("eagle-member")
    back = visitor.brought(visitor.visit(prompt="none"))
    given = visitor.exchange(back["code"]).json()
    assert claims_of(given["id_token"])["sub"] == "eagle-member"
    assert visitor.came_back(visitor.leave(given["id_token"]))
    back = visitor.brought(visitor.visit(prompt="none"))
    assert back["error"] == "login_required"
    assert visitor.renew(given["refresh_token"]).status_code == 400


def test_signing_out_asks_where_nobody_says_who(visitor: Visitor) -> None:
    """A link of somebody else's page signs nobody out by itself."""
    visitor.sign_in("eagle-member")
    answer = visitor.ask("GET", visitor.metadata["end_session_endpoint"])
    assert "Sign out</button>" in answer.text
    assert "<script" not in answer.text
    assert "code" in visitor.brought(visitor.visit(prompt="none"))


def test_somebody_else_can_be_chosen(visitor: Visitor) -> None:
    """prompt=select_account asks again, and what was opened before is closed."""
    before = visitor.sign_in("eagle-owner")
    given = visitor.sign_in("harbor-owner", prompt="select_account")
    assert claims_of(given["access_token"])["sub"] == "harbor-owner"
    assert visitor.renew(before["refresh_token"]).status_code == 400


def test_a_refresh_token_serves_once(asking: Server, visitor: Visitor) -> None:
    """Each renewal gives the next; one that comes twice was stolen, and all end."""
    first = visitor.sign_in("eagle-owner")["refresh_token"]
    second = visitor.renew(first).json()
    assert me(asking, second["access_token"]).status_code == 200
    assert second["refresh_token"] != first
    assert visitor.renew(first).status_code == 400
    assert visitor.renew(second["refresh_token"]).status_code == 400


def test_who_is_invited_can_be_played(visitor: Visitor) -> None:
    """A name and an e-mail are typed: the same e-mail is the same person, also one of
    the demo's; what is no e-mail is told and asked again."""
    login = visitor.visit()
    for name, email in (("", "a@b.c"), ("A", "a"), ("A" * 121, "a@b.c"), ("A", '"@b')):
        again = visitor.choose(login, name=name, email=email)
        assert again.status_code == 422
        assert 'role="alert"' in again.text
    subs = []
    for name, email in (("Zoë", "zoe@example.com"), ("<b>", " ZOE@Example.com ")):
        answer = visitor.choose(visitor.visit(prompt="login"), name=name, email=email)
        given = visitor.exchange(visitor.brought(answer)["code"]).json()
        told = claims_of(given["id_token"])
        assert (told["name"], told["email"]) == (name, "zoe@example.com")
        subs.append(told["sub"])
    assert subs[0] == subs[1]
    login = visitor.visit(prompt="login")
    answer = visitor.choose(login, name="Me", email="maya.iyer@example.com")
    given = visitor.exchange(visitor.brought(answer)["code"]).json()
    assert claims_of(given["id_token"])["sub"] == "eagle-member"


def test_only_the_page_may_ask_from_a_browser(asking: Server, visitor: Visitor) -> None:
    """CORS: the token endpoint answers the page's two origins and no other."""
    address, allowed = visitor.metadata["token_endpoint"], {}
    pages = [asking.base, asking.base.replace("127.0.0.1", "localhost")]
    for origin in (*pages, "http://evil.example"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = httpx.options(address, headers=headers)
        asked = httpx.post(address, headers=headers, data={"client_id": CLIENT})
        allowed[origin] = asked.headers.get("access-control-allow-origin")
        assert answer.status_code == 204
    assert allowed == {
        pages[0]: pages[0],
        pages[1]: pages[1],
        "http://evil.example": None,
    }


def test_the_page_is_led_there(asking: Server) -> None:
    """/config names the provider, and the page may call it and nobody else."""
    answer = httpx.get(f"{asking.base}/config")
    asking.described.check(answer)
    issuer = sign_in_of(asking)["issuer"]
    assert answer.json()["sign_in"] == {
        "issuer": issuer,
        "client_id": CLIENT,
        "scope": "openid profile email",
        "audience": None,
    }
    assert answer.headers["cache-control"] == "public, max-age=60"
    page = httpx.get(f"{asking.base}/")
    policy = page.headers["content-security-policy"]
    assert f"connect-src 'self' {issuer};" in policy
    assert "form-action 'none'" in policy


def test_the_keys_are_the_owners_only(asking: Server, visitor: Visitor) -> None:
    """Whoever reads them is anybody; and what is published holds no private part."""
    visitor.sign_in("eagle-owner")
    for name in ("provider-keys.json", "provider-state.json", "signing-key.pem"):
        assert (asking.data_dir / name).stat().st_mode & 0o077 == 0
    published = httpx.get(visitor.metadata["jwks_uri"]).json()["keys"]
    assert {one["alg"] for one in published} == {"RS256", "EdDSA"}
    assert all(not {"d", "p", "q"} & one.keys() for one in published)


def test_a_token_for_curl_is_good_here_too(asking: Server) -> None:
    """`python -m local token` beside the server that asks who one is, and the lines of
    its welcome."""
    token = run(asking.data_dir, "token", "harbor-owner").stdout.strip()
    assert me(asking, token).json()["user_id"] == "harbor-owner"
    welcome = asking.log.read_text()
    assert re.search(rf"The page    {asking.base}/ +\(choose who you are\)\n", welcome)
    assert "#token=" not in welcome
    printed = re.findall(r"Bearer ([\w.-]+)", welcome)[0]
    assert me(asking, printed).json()["user_id"] == "eagle-owner"


def test_the_demo_has_people(asking: Server, visitor: Visitor) -> None:
    """Each of them is what the login page says, and some contacts are theirs."""
    login = visitor.visit().text
    assert "owner of Eagle Overseas" in login
    given = visitor.sign_in("eagle-owner")
    bearer = {"Authorization": f"Bearer {given['access_token']}"}
    place = f"{asking.base}/workspaces/eagle-overseas"
    members = httpx.get(f"{place}/members", headers=bearer).json()["members"]
    assert {one["user_id"]: one["role"] for one in members} == {
        "eagle-owner": "owner",
        "eagle-admin": "admin",
        "eagle-member": "member",
        "eagle-viewer": "viewer",
    }
    assert ("Maya Iyer", "maya.iyer@example.com") in [
        (one["name"], one["email"]) for one in members
    ]
    assert all(one["name"] for one in members)
    listed = httpx.get(f"{place}/contacts?limit=100", headers=bearer).json()["contacts"]
    owned = [one["assigned_to"] for one in listed]
    assert set(owned) == {None, "eagle-owner", "eagle-admin", "eagle-member"}
    for sub in ("newcomer", "unverified"):
        token = visitor.sign_in(sub, prompt="login")["access_token"]
        assert me(asking, token).json()["workspaces"] == []


def test_nothing_of_it_ships() -> None:
    """The provider is a thing of this machine; what ships takes any."""
    assert holders(r"oidc-provider|\.mjs|SIGN_IN\b|TOKEN_SECONDS") == set()


def test_another_provider_is_another_page(asking: Server, server: Server) -> None:
    """Who has the page already must not go on with the old one's policy: its tag
    changes, and only the same one is answered by 304."""
    pages = [httpx.get(f"{one.base}/") for one in (asking, server)]
    assert pages[0].text == pages[1].text
    tags = [page.headers["etag"] for page in pages]
    assert tags[0] != tags[1]
    for tag, status in zip(tags, (304, 200), strict=True):
        again = httpx.get(f"{asking.base}/", headers={"If-None-Match": tag})
        assert again.status_code == status
