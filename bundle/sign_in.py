"""How people sign in, in the template: an issuer of the operator's, or a Cognito user
pool of the stack's own (.chalice/sign-in.json).

The pool's client has to know where the page is, and the page's functions have to know
the client: a circle, if the API asked for its function. So the API calls it by its name
(template.py), and one deployment makes it all."""

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FOUND: Json = json.loads(
    (Path(__file__).parent.parent / ".chalice/sign-in.json").read_text()
)
POOL: Json = {"Fn::GetAtt": ["UserPool", "ProviderURL"]}
CLIENT: Json = {"Ref": "UserPoolClient"}
# The environment's word and the stack's parameter.
PARAMETERS = {
    "JWT_ISSUER": "JwtIssuer",
    "JWT_AUDIENCE": "JwtAudience",
    "JWT_JWKS": "JwtJwks",
    "JWT_ALGORITHMS": "JwtAlgorithms",
    "JWT_AUDIENCE_CLAIM": "JwtAudienceClaim",
    "OIDC_ISSUER": "OidcIssuer",
    "OIDC_CLIENT_ID": "OidcClientId",
    "OIDC_SCOPE": "OidcScope",
    "OIDC_AUDIENCE": "OidcAudience",
    "OIDC_ORIGINS": "OidcOrigins",
    "SES_FROM": "SesFrom",
}
# What it is with a pool of our own, whose access tokens have no `aud`, and whose login
# pages are not on its issuer's host.
OWN: Json = {
    "JWT_ISSUER": POOL,
    "JWT_AUDIENCE": CLIENT,
    "JWT_JWKS": {"Fn::Sub": "${UserPool.ProviderURL}/.well-known/jwks.json"},
    "JWT_ALGORITHMS": "RS256",
    "JWT_AUDIENCE_CLAIM": "client_id",
    "OIDC_ISSUER": POOL,
    "OIDC_CLIENT_ID": CLIENT,
    "OIDC_SCOPE": "openid profile email",
    "OIDC_AUDIENCE": "",
    "OIDC_ORIGINS": FOUND["Outputs"]["SignInOrigin"]["Value"],
}


def add(template: Json) -> None:
    """Parameters, rules, the pool, the right to mail; all functions' variables."""
    for section, found in FOUND.items():
        template.setdefault(section, {}).update(found)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Environment"]["Variables"] |= variables()


def variables() -> Json:
    asked: Json = {name: {"Ref": parameter} for name, parameter in PARAMETERS.items()}
    return asked | {
        name: {"Fn::If": ["OwnsPool", own, asked[name]]} for name, own in OWN.items()
    }
