"""How people sign in, in the template: an issuer of the operator's, or a Cognito user
pool of the stack's own (.chalice/sign-in.json); and the mail of invitations.

The pool's client has to know where the page is, and the page's functions have to know
the client: a circle, if the client asked the API for its address. So the address comes
as a parameter, PageUrl, with the second deployment (deploy.py makes both)."""

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FOUND = Path(__file__).parent.parent / ".chalice/sign-in.json"
AT_COGNITO = "https://cognito-idp.${AWS::Region}.amazonaws.com"
POOL = AT_COGNITO + "/${UserPool}"
CLIENT: Json = {"Ref": "UserPoolClient"}
# The environment's word, the stack's parameter, and what it is with a pool of our own.
VARIABLES: dict[str, tuple[str, Any]] = {
    "JWT_ISSUER": ("JwtIssuer", {"Fn::Sub": POOL}),
    "JWT_AUDIENCE": ("JwtAudience", CLIENT),
    "JWT_JWKS": ("JwtJwks", {"Fn::Sub": f"{POOL}/.well-known/jwks.json"}),
    "JWT_ALGORITHMS": ("JwtAlgorithms", "RS256"),
    "JWT_AUDIENCE_CLAIM": ("JwtAudienceClaim", "client_id"),
    "OIDC_ISSUER": ("OidcIssuer", {"Fn::Sub": POOL}),
    "OIDC_CLIENT_ID": ("OidcClientId", CLIENT),
    "OIDC_SCOPE": ("OidcScope", "openid profile email"),
    "OIDC_AUDIENCE": ("OidcAudience", ""),
    "OIDC_ORIGINS": (
        "OidcOrigins",
        {"Fn::Sub": "https://${UserPoolDomain}.auth.${AWS::Region}.amazoncognito.com"},
    ),
    "SES_FROM": ("SesFrom", {"Ref": "SesFrom"}),
}


def add(template: Json) -> None:
    """Parameters, rules, the pool; all functions' variables; the right to mail."""
    for section, found in json.loads(FOUND.read_text()).items():
        template.setdefault(section, {}).update(found)
    # With a pool they are its own; without one the rules ask for them.
    for name in ("JwtIssuer", "JwtAudience", "JwtJwks"):
        given = template["Parameters"][name]
        given.pop("MinLength", None)
        given["Default"] = ""
    pattern = template["Parameters"]["JwtJwks"]
    pattern["AllowedPattern"] = "|" + pattern["AllowedPattern"].lstrip("|")
    resources = template["Resources"]
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Environment"]["Variables"] |= variables()
    _allow_mail(resources)


def variables() -> Json:
    return {
        name: {"Fn::If": ["OwnsPool", own, {"Ref": parameter}]}
        for name, (parameter, own) in VARIABLES.items()
    }


def _allow_mail(resources: Json) -> None:
    """Only the API sends, only as this sender, and only where there is one: by the
    sender's own identity, or its domain's."""
    api = resources["APIHandler"]["Properties"]
    role = resources[api["Role"]["Fn::GetAtt"][0]]["Properties"]
    identity = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/"
    domain = {"Fn::Select": [1, {"Fn::Split": ["@", {"Ref": "SesFrom"}]}]}
    statement = {
        "Sid": "Invite",
        "Effect": "Allow",
        "Action": ["ses:SendEmail"],
        "Resource": [
            {"Fn::Sub": identity + "${SesFrom}"},
            {"Fn::Sub": [identity + "${Domain}", {"Domain": domain}]},
        ],
        "Condition": {"StringEquals": {"ses:FromAddress": {"Ref": "SesFrom"}}},
    }
    role["Policies"][0]["PolicyDocument"]["Statement"].append(
        {"Fn::If": ["SendsMail", statement, {"Ref": "AWS::NoValue"}]}
    )
