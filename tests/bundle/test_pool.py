"""The user pool of the stack's own: what is made, who may come in by it, and that it
can be made at all. No pool of Cognito's has been seen by these tests."""

from graphlib import CycleError

import pytest

from chalicelib.base import settings
from tests.bundle.evaluated import Evaluated, Json, in_order
from tests.bundle.packaged import Bundle
from tests.bundle.stack import translated
from tests.bundle.test_sign_in import POOL
from tests.bundle.test_template import of_type

PARTS = ("UserPool", "UserPoolDomain", "UserPoolClient", "UserPoolLogin")
API = "https://RestAPI.execute-api.eu-central-1.amazonaws.com/api/"
# What AWS would tell of the resources.
TOLD = {
    "UserPool.ProviderURL": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A",
    "UserPoolClient": "4h57kf5cpq17m0eml12example",
}


def properties(bundle: Bundle, name: str, **given: str) -> Json:
    stack = Evaluated(bundle.template, **POOL, **given)
    assert stack.refusals() == []
    return dict(stack.resource(name))


def test_nothing_waits_for_itself(bundle: Bundle) -> None:
    """The client knows the API's address, the function knows the client, and the API
    knows the function by its name alone: all of it in one deployment."""
    plain = translated(bundle.template, "s3://bundles/key")
    made = in_order(plain)
    assert (
        made.index("RestAPI") < made.index("UserPoolClient") < made.index("APIHandler")
    )
    assert made.index("APIHandler") < made.index("APIHandlerInvokePermission")


def test_the_order_would_see_a_circle(bundle: Bundle) -> None:
    """Were the function named by reference, as Chalice does it, nothing could be
    made."""
    plain = translated(bundle.template, "s3://bundles/key")
    paths = plain["Resources"]["RestAPI"]["Properties"]["Body"]["paths"]
    way = paths["/me"]["get"]["x-amazon-apigateway-integration"]
    way["uri"] = {"Fn::Sub": "arn:...:functions/${APIHandler.Arn}/invocations"}
    with pytest.raises(CycleError):
        in_order(plain)


def test_the_api_calls_the_function_that_there_is(bundle: Bundle) -> None:
    """Every method of every path, by the name that the function has."""
    stack = Evaluated(bundle.template, **POOL)
    name = stack.resource("APIHandler")["FunctionName"]
    api = stack.resource("RestAPI")["DefinitionBody"]
    called = {
        way["x-amazon-apigateway-integration"]["uri"]
        for methods in api["paths"].values()
        for method, way in methods.items()
        if method != "options"
    }
    assert called == {
        "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
        f"arn:aws:lambda:eu-central-1:111122223333:function:{name}/invocations"
    }


def test_every_function_is_told_of_the_pool(bundle: Bundle) -> None:
    """Its issuer, keys and algorithm; access tokens by client_id; the page's id; and
    the origin of its endpoints, which is not the issuer's."""
    stack = Evaluated(bundle.template, **POOL)
    functions = of_type(bundle.template, "AWS::Serverless::Function")
    assert len(functions) == 9
    for function in functions:
        variables = stack.resource(function)["Environment"]["Variables"]
        made = settings.read({name: _told(one) for name, one in variables.items()})
        issuer = TOLD["UserPool.ProviderURL"]
        assert (made.jwt_issuer, made.oidc_issuer) == (issuer, issuer)
        assert made.jwt_jwks == f"{issuer}/.well-known/jwks.json"
        assert made.jwt_algorithms == ("RS256",)
        assert made.jwt_audience == made.oidc_client_id == TOLD["UserPoolClient"]
        assert made.jwt_audience_claim == "client_id"
        assert made.oidc_scope == "openid profile email"
        assert made.oidc_audience == ""
        assert made.oidc_origins == (
            "https://cognito-idp.eu-central-1.amazonaws.com",
            "https://contactbook-dev-1a2b3c4d.auth.eu-central-1.amazoncognito.com",
        )


def _told(value: str) -> str:
    for name, said in TOLD.items():
        value = value.replace(name, said)
    return value


def test_the_domain_is_the_one_that_the_functions_know(bundle: Bundle) -> None:
    """Its name is free: it carries a part of the stack's own id. Login pages of the
    newer kind, for only they know prompt=none."""
    made = properties(bundle, "UserPoolDomain")
    assert made == {
        "UserPoolId": "UserPool",
        "Domain": "contactbook-dev-1a2b3c4d",
        "ManagedLoginVersion": 2,
    }
    branding = properties(bundle, "UserPoolLogin")
    assert branding["UseCognitoProvidedValues"] is True
    assert (branding["UserPoolId"], branding["ClientId"]) == (
        *("UserPool", "UserPoolClient"),
    )


def test_the_pages_client_is_public_and_can_do_little(bundle: Bundle) -> None:
    """The code flow and nothing else, back to the page's address to the last slash;
    short tokens, a refresh token that changes with each use, no scope of the pool's
    own API, and the e-mail's verification is not for the client to write."""
    made = properties(bundle, "UserPoolClient")
    assert made["GenerateSecret"] is False
    assert made["AllowedOAuthFlowsUserPoolClient"] is True
    assert made["AllowedOAuthFlows"] == ["code"]
    assert set(made["AllowedOAuthScopes"]) == {"openid", "email", "profile"}
    assert made["CallbackURLs"] == made["LogoutURLs"] == [API]
    assert made["PreventUserExistenceErrors"] == "ENABLED"
    assert made["EnableTokenRevocation"] is True
    assert made["RefreshTokenRotation"]["Feature"] == "ENABLED"
    # Cognito refuses rotation beside this flow, which is among its defaults.
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in made["ExplicitAuthFlows"] != []
    units = made["TokenValidityUnits"]
    assert {units[token] for token in units} == {"minutes"}
    assert (made["AccessTokenValidity"], made["IdTokenValidity"]) == (60, 60)
    assert 60 <= made["RefreshTokenValidity"] <= 24 * 60
    assert set(made["WriteAttributes"]) == {"email", "name"}


def test_a_domain_of_ones_own_is_a_way_back_too(bundle: Bundle) -> None:
    own = "https://contacts.example.com/"
    made = properties(bundle, "UserPoolClient", PageUrl=own)
    assert made["CallbackURLs"] == made["LogoutURLs"] == [API, own]
    pool = properties(bundle, "UserPool", PageUrl=own)
    told = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]
    assert own in told
    assert "execute-api" not in told


def test_people_are_their_verified_e_mail(bundle: Bundle) -> None:
    """Whatever its case; a new one counts when it is verified, not before; it is the
    way back, too."""
    made = properties(bundle, "UserPool")
    assert made["UsernameAttributes"] == made["AutoVerifiedAttributes"] == ["email"]
    assert made["UsernameConfiguration"] == {"CaseSensitive": False}
    changed = made["UserAttributeUpdateSettings"]
    assert changed == {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    (way,) = made["AccountRecoverySetting"]["RecoveryMechanisms"]
    assert way["Name"] == "verified_email"
    asked = {one["Name"]: one["Required"] for one in made["Schema"]}
    assert asked == {"email": True, "name": True}
    password = made["Policies"]["PasswordPolicy"]
    assert password["MinimumLength"] >= 12
    assert {password[f"Require{kind}"] for kind in ("Lowercase", "Uppercase")} == {True}


@pytest.mark.parametrize(("said", "alone"), [("no", True), ("yes", False)])
def test_who_makes_accounts_is_said(bundle: Bundle, said: str, alone: bool) -> None:
    """The operator alone, unless anybody may."""
    made = properties(bundle, "UserPool", SelfSignUp=said)
    assert made["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is alone
    assert properties(bundle, "UserPool")["AdminCreateUserConfig"][
        "AllowAdminCreateUserOnly"
    ]


def test_the_accounts_mail_is_what_cognito_takes(bundle: Bundle) -> None:
    """With the page's address and the two words that it fills in."""
    made = properties(bundle, "UserPool")["AdminCreateUserConfig"]
    message = made["InviteMessageTemplate"]["EmailMessage"]
    assert API in message
    assert "{username}" in message
    assert "{####}" in message
    assert len(message) < 20_000
    days = properties(bundle, "UserPool")["Policies"]["PasswordPolicy"]
    assert f"within {days['TemporaryPasswordValidityDays']} days" in message


def test_the_accounts_are_kept_whatever_happens(bundle: Bundle) -> None:
    """A member is a sub of this pool: it stays, with its domain and client, so that it
    can be served again."""
    for name in PARTS:
        made = bundle.template["Resources"][name]
        kept = (made["DeletionPolicy"], made["UpdateReplacePolicy"])
        assert kept == ("Retain", "Retain"), name
    assert properties(bundle, "UserPool")["DeletionProtection"] == "ACTIVE"


def test_the_values_to_serve_it_again_are_told(bundle: Bundle) -> None:
    """As outputs; they are what the functions are told."""
    stack = Evaluated(bundle.template, **POOL)
    api = stack.resource("APIHandler")["Environment"]["Variables"]
    outputs = bundle.template["Outputs"]
    told = {name: stack.of(one["Value"]) for name, one in outputs.items()}
    assert told["SignInIssuer"] == api["OIDC_ISSUER"]
    assert told["SignInClientId"] == api["OIDC_CLIENT_ID"]
    assert told["SignInOrigin"] == api["OIDC_ORIGINS"]
    assert told["UserPoolId"] == "UserPool"
    without = {name for name, one in outputs.items() if "Condition" in one}
    assert without == {"UserPoolId", "SignInClientId", "SignInOrigin"}
