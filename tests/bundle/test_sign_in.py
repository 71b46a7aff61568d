"""How people sign in, in the template: what is refused before anything is made, what
the functions are told in the end, and who may send mail. Nothing of this has been on
AWS: it is linted, translated, and evaluated as data."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from bundle import stack
from chalicelib.base import settings
from tests.bundle.deployments import FIRST, Account, Run, refused
from tests.bundle.evaluated import Evaluated
from tests.bundle.packaged import Bundle
from tests.bundle.stack import PARAMETERS
from tests.bundle.test_template import of_type

ISSUER = "https://login.example.com/"
SIGN_IN = {
    "JwtIssuer": ISSUER,
    "JwtAudience": "contactbook",
    "JwtJwks": "https://login.example.com/jwks",
    "JwtAlgorithms": "RS256",
    "OidcIssuer": ISSUER,
    "OidcClientId": "page",
}
NO_ISSUER = {"JwtIssuer": "", "JwtAudience": "", "JwtJwks": ""}
POOL = NO_ISSUER | {"CreateUserPool": "yes"}


def environment(bundle: Bundle, **given: str) -> dict[str, str]:
    """What the API's function is told."""
    stack = Evaluated(bundle.template, **given)
    assert stack.refusals() == []
    found: dict[str, str] = stack.resource("APIHandler")["Environment"]["Variables"]
    return found


def test_each_setting_is_a_parameter(bundle: Bundle) -> None:
    """Whatever the functions read, but for two times, can be told to the stack; and
    each word of `make deploy` is the template's."""
    read = settings.__doc__ or ""
    for function in of_type(bundle.template, "AWS::Serverless::Function").values():
        for name in function["Environment"]["Variables"]:
            assert name in read
    for name in ("JWT_AUDIENCE_CLAIM", "SES_FROM", *_oidc()):
        assert name in stack.PARAMETERS
        assert environment(bundle, **PARAMETERS)[name] is not None
    defined = bundle.template["Parameters"]
    assert set(stack.PARAMETERS.values()) == set(defined) - {"Stage"}
    assert [name for name, one in defined.items() if not one["Description"]] == []


def _oidc() -> list[str]:
    read = settings.__doc__ or ""
    return [word for word in read.split() if word.startswith("OIDC_")]


def test_without_them_it_is_as_it_was(bundle: Bundle) -> None:
    """An issuer alone: the page asks for a token, nothing is sent, no pool is made."""
    made = settings.read(environment(bundle, **PARAMETERS))
    assert (made.oidc_issuer, made.oidc_client_id, made.ses_from) == ("", "", "")
    assert (made.oidc_origins, made.jwt_audience_claim) == ((), "aud")
    stack = Evaluated(bundle.template, **PARAMETERS)
    for kind in ("AWS::Cognito::", "AWS::IAM::Policy"):
        conditional = [
            name
            for name, one in bundle.template["Resources"].items()
            if one["Type"].startswith(kind)
        ]
        assert conditional
        assert {stack.resource(name) is None for name in conditional} == {True}


def test_a_provider_reaches_the_functions_word_for_word(bundle: Bundle) -> None:
    further = {
        "OidcScope": "openid offline_access",
        "OidcAudience": "https://api.example.com",
        "OidcOrigins": "https://a.example.com https://b.example.com:8443",
        "SesFrom": "contactbook@example.com",
    }
    made = settings.read(environment(bundle, **SIGN_IN, **further))
    assert (made.oidc_issuer, made.oidc_client_id) == (ISSUER, "page")
    assert made.oidc_scope == "openid offline_access"
    assert made.oidc_audience == "https://api.example.com"
    assert made.oidc_origins == (
        *("https://login.example.com", "https://a.example.com"),
        "https://b.example.com:8443",
    )
    assert made.ses_from == "contactbook@example.com"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"JwtIssuer": ""}, "JWT_ISSUER is needed"),
        ({"JwtAudience": ""}, "JWT_AUDIENCE is needed"),
        ({"JwtJwks": "", "OidcIssuer": ""}, "JWT_JWKS is needed"),
        ({"OidcClientId": ""}, "OIDC_ISSUER needs OIDC_CLIENT_ID"),
        ({"OidcIssuer": ISSUER.rstrip("/")}, "the same as JWT_ISSUER"),
        ({"JwtAudience": "page"}, "JWT_AUDIENCE must not be OIDC_CLIENT_ID"),
        ({"JwtAudienceClaim": "scope"}, "JwtAudienceClaim: "),
        ({"OidcIssuer": "http://login.example.com/"}, "OIDC_ISSUER is an https URL"),
        ({"OidcIssuer": "https://me@login.example.com/"}, "OIDC_ISSUER is"),
        ({"OidcIssuer": f"{ISSUER};script-src *"}, "OIDC_ISSUER is"),
        ({"OidcIssuer": f"{ISSUER}\n"}, "OIDC_ISSUER is"),
        ({"OidcScope": "profile email"}, "openid among them"),
        ({"OidcScope": "openid  email"}, "openid among them"),
        ({"OidcScope": ""}, "openid among them"),
        ({"OidcOrigins": "*"}, "OIDC_ORIGINS is"),
        ({"OidcOrigins": "https://*.example.com"}, "OIDC_ORIGINS is"),
        ({"OidcOrigins": "https://a.example.com/"}, "OIDC_ORIGINS is"),
        ({"OidcOrigins": "https://a.example.com; img-src *"}, "OIDC_ORIGINS is"),
        ({"SesFrom": "example.com"}, "SES_FROM is one address"),
        ({"SesFrom": "*@example.com"}, "SES_FROM is one address"),
        ({"SesFrom": "a@b.org, c@d.org"}, "SES_FROM is one address"),
        ({"SesFrom": "Contactbook <a@b.org>"}, "SES_FROM is one address"),
        ({"SesFrom": "a${aws:username}@b.org"}, "SES_FROM is one address"),
        ({"CreateUserPool": "true"}, "CreateUserPool: "),
        ({"CreateUserPool": "yes"}, "CREATE_USER_POOL=yes brings JWT_ISSUER"),
        ({"PageUrl": "https://contacts.example.com"}, "slash at its end"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    bundle: Bundle, change: dict[str, str], word: str
) -> None:
    """Before anything is made, and naming what the operator wrote."""
    assert Evaluated(bundle.template, **SIGN_IN).refusals() == []
    refusals = Evaluated(bundle.template, **SIGN_IN | change).refusals()
    assert any(word in one for one in refusals), refusals


@pytest.mark.parametrize(
    "word",
    [*NO_ISSUER, "OidcIssuer", "OidcClientId", "OidcAudience", "OidcOrigins"],
)
def test_a_pool_takes_no_other_issuer_beside_it(bundle: Bundle, word: str) -> None:
    """Members are the issuer's subs: nothing of another one is overruled silently."""
    assert Evaluated(bundle.template, **POOL).refusals() == []
    other = Evaluated(bundle.template, **POOL | {word: "https://x.example.com"})
    assert other.refusals()[0].endswith("give it as empty.")


def test_what_the_stack_takes_the_functions_start_with(bundle: Bundle) -> None:
    """No value passes CloudFormation that settings.py refuses: all the ways to sign
    in, with each claim."""
    for claim in settings.AUDIENCE_CLAIMS:
        for audience in ("contactbook", "page"):
            given = SIGN_IN | {"JwtAudienceClaim": claim, "JwtAudience": audience}
            if Evaluated(bundle.template, **given).refusals():
                assert (claim, audience) == ("aud", "page")
            else:
                made = settings.read(environment(bundle, **given))
                assert (made.jwt_audience_claim, made.jwt_audience) == (claim, audience)


class TestMail:
    FROM = "contactbook@mail.example.com"

    def grants(self, bundle: Bundle, **given: str) -> list[Any]:
        """What SendMail grants, and to the API's function alone."""
        policy = Evaluated(bundle.template, **PARAMETERS, **given).resource("SendMail")
        if policy is None:
            return []
        api = bundle.template["Resources"]["APIHandler"]["Properties"]["Role"]
        assert policy["Roles"] == [api["Fn::GetAtt"][0]]
        return list(policy["PolicyDocument"]["Statement"])

    def test_nothing_may_be_sent_unless_it_is_set(self, bundle: Bundle) -> None:
        assert self.grants(bundle) == []

    @pytest.mark.parametrize(
        ("action", "identity", "sender", "may"),
        [
            ("SendEmail", FROM, FROM, True),
            ("SendEmail", "mail.example.com", FROM, True),
            ("SendEmail", FROM, "ceo@mail.example.com", False),
            ("SendEmail", "mail.example.com", "ceo@mail.example.com", False),
            ("SendEmail", "example.com", FROM, False),
            ("SendEmail", "other.org", FROM, False),
            ("SendEmail", "", FROM, False),
            ("SendRawEmail", FROM, FROM, False),
            ("SendBulkEmail", FROM, FROM, False),
            ("CreateEmailIdentity", FROM, FROM, False),
        ],
    )
    def test_it_is_sent_from_that_address_alone(
        self, bundle: Bundle, action: str, identity: str, sender: str, may: bool
    ) -> None:
        """By the API's function, through the address's own identity or its domain's,
        and with nothing but SendEmail."""
        (granted,) = self.grants(bundle, SesFrom=self.FROM)
        place = f"arn:aws:ses:eu-central-1:111122223333:identity/{identity}"
        assert allows(granted, f"ses:{action}", place, sender) == may

    def test_nothing_else_grants_mail(self, bundle: Bundle) -> None:
        granting = [
            name
            for name, one in bundle.template["Resources"].items()
            if one["Type"].startswith("AWS::IAM::") and "ses:" in json.dumps(one)
        ]
        assert granting == ["SendMail"]


def allows(granted: Any, action: str, place: str, sender: str) -> bool:
    """IAM's evaluation of one statement (IAM User Guide, "Policy evaluation logic"): a
    condition that is not there holds."""
    conditions = granted.get("Condition", {})
    assert set(conditions) <= {"StringEquals"}
    assert granted["Effect"] == "Allow"
    return (
        any(fnmatchcase(action, one) for one in granted["Action"])
        and any(fnmatchcase(place, one) for one in granted["Resource"])
        and conditions.get("StringEquals", {}).items()
        <= {"ses:FromAddress": sender}.items()
    )


class TestDeploying:
    def test_a_pool_needs_no_issuer(self, account: Account, run: Run) -> None:
        """The first deployment, and nothing is missing."""
        given = {"BUNDLE_BUCKET": "bundles", "CREATE_USER_POOL": "yes"}
        ended, said = run("up", given)
        assert ended == 0, said
        assert "Note: the stack's own user pool is the issuer" in said
        assert self.told(account) == ["CreateUserPool=yes"]

    @pytest.mark.parametrize("said", ["no", ""])
    def test_without_one_the_issuer_is_asked_for(
        self, account: Account, run: Run, said: str
    ) -> None:
        given = {"BUNDLE_BUCKET": "bundles", "CREATE_USER_POOL": said}
        refused(account, run("up", given), "set JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS.")

    def test_what_is_given_as_empty_is_taken_away(
        self, account: Account, run: Run
    ) -> None:
        """Where the stack can do without; else it keeps its value, as when nothing is
        said."""
        account.stands(SesFrom="a@example.org", OidcScope="openid email")
        account.holds("contactbook-dev")
        given = FIRST | {"SES_FROM": "", "OIDC_ISSUER": "", "SERVED_TABLE": ""}
        ended, said = run("up", given | {"OIDC_SCOPE": ""})
        assert ended == 0, said
        assert {"SesFrom=", "OidcIssuer=", "OidcScope=openid email"} <= set(
            self.told(account)
        )
        assert account.parameters["ServedTable"] == "contactbook-dev"

    def told(self, account: Account) -> list[str]:
        (words,) = [w for w in account.read()["told"] if w[1] == "deploy"]
        found: list[str] = words[words.index("--parameter-overrides") + 1 :]
        return found

    def test_the_defaults_are_the_templates(self, bundle: Bundle) -> None:
        """What may be empty is read from the file that the template is made of."""
        for name, one in bundle.template["Parameters"].items():
            if name not in ("Stage", "ServedTable"):
                assert stack.DEFINED["Parameters"][name] == one
