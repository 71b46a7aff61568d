"""How people sign in, in the template: by an issuer of one's own, or a pool of it.
Nothing of this has been on AWS: it is linted, translated, and evaluated as data."""

import copy
from graphlib import CycleError
from typing import Any

import pytest

from bundle.sign_in import VARIABLES
from chalicelib.base import settings
from tests.bundle.evaluated import Evaluated, in_order
from tests.bundle.packaged import Bundle
from tests.bundle.stack import translated

ISSUER = {
    "JwtIssuer": "https://login.example.com/",
    "JwtAudience": "contactbook",
    "JwtJwks": "https://login.example.com/jwks",
    "ServedTable": "contactbook-dev",
    "Stage": "dev",
}
PAGE = {"OidcIssuer": ISSUER["JwtIssuer"], "OidcClientId": "page"}
POOL = {"CreateUserPool": "yes", "ServedTable": "contactbook-dev", "Stage": "dev"}


def environment(stack: Evaluated) -> dict[str, str]:
    found: dict[str, str] = stack.resource("APIHandler")["Environment"]["Variables"]
    return found


def functions(template: dict[str, Any]) -> list[dict[str, Any]]:
    kind = "AWS::Serverless::Function"
    return [one for one in template["Resources"].values() if one["Type"] == kind]


def test_every_function_has_the_same_sign_in(bundle: Bundle) -> None:
    """The console's functions read the same settings, so they start as the API does."""
    for function in functions(bundle.template):
        found = function["Properties"]["Environment"]["Variables"]
        assert {name: found[name] for name in VARIABLES} == {
            name: {"Fn::If": ["OwnsPool", own, {"Ref": parameter}]}
            for name, (parameter, own) in VARIABLES.items()
        }


def test_an_issuer_of_ones_own_comes_by_parameters(bundle: Bundle) -> None:
    """What is given reaches the app, which takes it; without a page's client the page
    asks for a token. No pool is made."""
    stack = Evaluated(bundle.template, **ISSUER, **PAGE, SesFrom="crm@example.com")
    assert stack.broken_rules() == []
    taken = settings.read(environment(stack))
    assert taken.oidc_issuer == taken.jwt_issuer == "https://login.example.com/"
    assert taken.oidc_client_id == "page"
    assert taken.jwt_audience_claim == "aud"
    assert taken.ses_from == "crm@example.com"
    assert stack.resource("UserPool") is None
    assert stack.resource("UserPoolClient") is None
    without = Evaluated(bundle.template, **ISSUER)
    assert without.broken_rules() == []
    assert settings.read(environment(without)).oidc_issuer == ""


def test_a_pool_of_its_own_is_the_issuer(bundle: Bundle) -> None:
    """Every setting is the pool's, and the app takes them: access tokens of the page's
    client alone, by client_id and token_use."""
    stack = Evaluated(bundle.template, **POOL)
    assert stack.broken_rules() == []
    issuer = "https://cognito-idp.eu-central-1.amazonaws.com/UserPool"
    found = environment(stack)
    assert {name: found[name] for name in VARIABLES} == {
        "JWT_ISSUER": issuer,
        "JWT_AUDIENCE": "UserPoolClient",
        "JWT_JWKS": f"{issuer}/.well-known/jwks.json",
        "JWT_ALGORITHMS": "RS256",
        "JWT_AUDIENCE_CLAIM": "client_id",
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": "UserPoolClient",
        "OIDC_SCOPE": "openid profile email",
        "OIDC_AUDIENCE": "",
        "OIDC_ORIGINS": ("https://UserPoolDomain.auth.eu-central-1.amazoncognito.com"),
        "SES_FROM": "",
    }
    assert settings.read(found).oidc_client_id == "UserPoolClient"


def test_the_pool_is_as_safe_as_the_table(bundle: Bundle) -> None:
    """It stays when the stack goes; the page's client has no secret and one flow, and
    leads back to the page alone; nobody makes himself an account unless that is
    wanted."""
    page = "https://abc.execute-api.eu-central-1.amazonaws.com/api/"
    stack = Evaluated(bundle.template, **POOL, PageUrl=page)
    kept = bundle.template["Resources"]["UserPool"]
    assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == ("Retain", "Retain")
    pool, client = stack.resource("UserPool"), stack.resource("UserPoolClient")
    assert pool["DeletionProtection"] == "ACTIVE"
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    opened = Evaluated(bundle.template, **POOL, SelfSignUp="yes").resource("UserPool")
    assert opened["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == client["LogoutURLs"] == [page]
    assert client["RefreshTokenRotation"]["Feature"] == "ENABLED"
    first = Evaluated(bundle.template, **POOL).resource("UserPoolClient")
    assert first["CallbackURLs"] == ["http://localhost:8000/"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ServedTable": "t"}, "JwtIssuer is needed, or CreateUserPool=yes."),
        ({**ISSUER, "JwtJwks": ""}, "JwtJwks is needed, or CreateUserPool=yes."),
        (
            {**ISSUER, **PAGE, "OidcIssuer": "https://other.example.com/"},
            "OidcIssuer must be the same as JwtIssuer.",
        ),
        (
            {**ISSUER, **PAGE, "OidcClientId": ""},
            "OidcIssuer needs OidcClientId, the page's id there.",
        ),
        (
            {**ISSUER, **PAGE, "OidcClientId": "contactbook"},
            "JwtAudience must not be OidcClientId: that is what ID tokens are for.",
        ),
        (
            {**POOL, "OidcIssuer": "https://login.example.com/"},
            "With CreateUserPool=yes the pool is the issuer: leave OidcIssuer empty.",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_before_anything_is_made(
    bundle: Bundle, given: dict[str, str], said: str
) -> None:
    """In a sentence; and what the rules refuse the app would not have taken."""
    assert said in Evaluated(bundle.template, **given).broken_rules()


def test_nothing_waits_for_itself(bundle: Bundle) -> None:
    """The functions know the pool's client, so that must not know the API: with the
    API's address in its callback the stack could never be made."""
    plain = translated(bundle.template, "s3://bundles/key")
    assert set(in_order(plain)) == set(plain["Resources"])
    circle = copy.deepcopy(plain)
    client = circle["Resources"]["UserPoolClient"]["Properties"]
    client["CallbackURLs"] = [{"Fn::Sub": "https://${RestAPI}.example.com/api/"}]
    with pytest.raises(CycleError):
        in_order(circle)


def test_only_the_api_mails_and_only_as_its_sender(bundle: Bundle) -> None:
    """From the address or its domain, where there is one; else it may not mail."""

    def mailing(**given: str) -> dict[str, list[dict[str, Any]]]:
        stack = Evaluated(bundle.template, **ISSUER, **given)
        found = {}
        for name, one in bundle.template["Resources"].items():
            if one["Type"] == "AWS::IAM::Role":
                policies = stack.resource(name).get("Policies", [])
                found[name] = [
                    statement
                    for policy in policies
                    for statement in policy["PolicyDocument"]["Statement"]
                    if "ses:SendEmail" in statement["Action"]
                ]
        return {name: statements for name, statements in found.items() if statements}

    assert mailing() == {}
    identity = "arn:aws:ses:eu-central-1:111122223333:identity"
    api = bundle.template["Resources"]["APIHandler"]["Properties"]["Role"]
    assert mailing(SesFrom="crm@example.com") == {
        api["Fn::GetAtt"][0]: [
            {
                "Sid": "Invite",
                "Effect": "Allow",
                "Action": ["ses:SendEmail"],
                "Resource": [f"{identity}/crm@example.com", f"{identity}/example.com"],
                "Condition": {"StringEquals": {"ses:FromAddress": "crm@example.com"}},
            }
        ]
    }
