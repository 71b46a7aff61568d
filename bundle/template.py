"""What Chalice's SAM template lacks and .chalice/resources.json cannot add by merging,
because it is the same for each function or each path.

Names and log groups of the functions, what an alarm counts in their logs, the
environment from the stack's parameters, 405 for a method that a path does not know, and
the problems that API Gateway tells.
"""

import json
from typing import Any

from chalicelib.doors import http
from chalicelib.model import errors
from chalicelib.model.errors import Refusal

Json = dict[str, Any]

LOG_DAYS = 30  # a log is for finding faults, not for keeping
# Lines that no function may ever write: an alarm counts them.
ALARMING = {"ForeignKey": "foreign_key", "Orphans": "orphans"}
FROM_PARAMETERS = {
    "TABLE_NAME": "ServedTable",
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
    "CORS_ORIGIN": "CorsOrigin",
    "READ_ONLY": "ReadOnly",
}
# What the stack's own user pool says instead, where there is one. Its access tokens
# have no `aud`, and its endpoints are not on its issuer's host.
FROM_POOL: Json = {
    "JWT_ISSUER": {"Fn::GetAtt": ["UserPool", "ProviderURL"]},
    "JWT_AUDIENCE": {"Ref": "PageClient"},
    "JWT_JWKS": {"Fn::Sub": "${UserPool.ProviderURL}/.well-known/jwks.json"},
    "JWT_ALGORITHMS": "RS256",
    "JWT_AUDIENCE_CLAIM": "client_id",
    "OIDC_ISSUER": {"Fn::GetAtt": ["UserPool", "ProviderURL"]},
    "OIDC_CLIENT_ID": {"Ref": "PageClient"},
}

# What API Gateway refuses before the function runs, and how we tell it. An unknown
# address is "missing authentication token" in its words.
REFUSED: dict[str, Refusal] = {
    "MISSING_AUTHENTICATION_TOKEN": errors.RouteNotFound(),
    "RESOURCE_NOT_FOUND": errors.RouteNotFound(),
    "THROTTLED": errors.Busy(),
    "QUOTA_EXCEEDED": errors.Busy(),
    "REQUEST_TOO_LARGE": errors.BodyTooLarge(),
    "UNSUPPORTED_MEDIA_TYPE": errors.UnsupportedMediaType(),
    "UNAUTHORIZED": errors.Unauthenticated(),
    "ACCESS_DENIED": errors.Forbidden(),
    "WAF_FILTERED": errors.Forbidden(),
    "BAD_REQUEST_BODY": errors.InvalidRequest(),
    "BAD_REQUEST_PARAMETERS": errors.InvalidRequest(),
    "DEFAULT_4XX": errors.InvalidRequest(),
    "INTEGRATION_TIMEOUT": errors.Busy(),
    "INTEGRATION_FAILURE": errors.Busy(),
    "DEFAULT_5XX": errors.Internal(),
}
THROTTLED = 429  # ours is 503: the store is busy; API Gateway's is the caller's pace


def finish(template: Json, stage: str, table: str) -> Json:
    """The template, complete; the one that came from Chalice is changed."""
    template["Parameters"]["Stage"] |= {"Default": stage, "AllowedValues": [stage]}
    template["Parameters"]["ServedTable"]["Default"] = table
    resources = template["Resources"]
    told = _settings(template["Outputs"])
    for logical_id, resource in list(resources.items()):
        if resource["Type"] == "AWS::Serverless::Function":
            _function(resources, logical_id, f"contactbook-{stage}")
            resource["Properties"]["Environment"]["Variables"] |= told
    _gateway(resources["RestAPI"]["Properties"], f"contactbook-{stage}")
    return template


def _settings(outputs: Json) -> Json:
    """The environment of every function: the parameters', or its own pool's."""
    asked: Json = {name: {"Ref": said} for name, said in FROM_PARAMETERS.items()}
    pool = FROM_POOL | {"OIDC_ORIGINS": outputs["OidcOrigins"]["Value"]}
    return asked | {
        name: {"Fn::If": ["OwnsPool", value, asked[name]]}
        for name, value in pool.items()
    }


def _function(resources: Json, logical_id: str, prefix: str) -> None:
    function = resources[logical_id]["Properties"]
    own = function["Handler"].partition(".")[2].replace("app", "api")
    logs = f"{logical_id}Logs"
    function["FunctionName"] = f"{prefix}-{own}"
    function["LoggingConfig"] = {"LogGroup": {"Ref": logs}}
    function["Tracing"] = "Disabled"
    resources[logs] = {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "LogGroupName": f"/aws/lambda/{prefix}-{own}",
            "RetentionInDays": LOG_DAYS,
        },
    }
    for name, message in ALARMING.items():
        resources[f"{name}In{logical_id}"] = _counted(logs, message)
    role = resources[function["Role"]["Fn::GetAtt"][0]]["Properties"]
    role["Policies"][0]["PolicyDocument"]["Statement"].append(
        {
            "Sid": "OwnLog",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::GetAtt": [logs, "Arn"]},
        }
    )


def _counted(logs: str, message: str) -> Json:
    metric = {
        "MetricNamespace": "contactbook",
        "MetricName": {"Fn::Sub": f"{message}-${{Stage}}"},
        "MetricValue": "1",
    }
    return {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": {"Ref": logs},
            "FilterPattern": f'{{ $.message = "{message}" }}',
            "MetricTransformations": [metric],
        },
    }


def _gateway(api: Json, name: str) -> None:
    definition = api["DefinitionBody"]
    definition["info"]["title"] = name
    for methods in definition["paths"].values():
        _options(methods["options"])
        own = next(way for method, way in methods.items() if method != "options")
        # The function answers 405 with Allow; API Gateway alone would say 403.
        methods["x-amazon-apigateway-any-method"] = own
    _call_by_name(definition["paths"], f"{name}-api")
    definition["x-amazon-apigateway-gateway-responses"] = {
        kind: _refusal(kind) for kind in REFUSED
    }


def _call_by_name(paths: Json, function: str) -> None:
    """The function by its name: the pool's client needs the API's address and the
    function the client's id, so the API must not need the function."""
    own = "${AWS::Region}:${AWS::AccountId}:function:" + function
    for methods in paths.values():
        for method, way in methods.items():
            if method != "options":
                called = way["x-amazon-apigateway-integration"]["uri"]
                called["Fn::Sub"] = called["Fn::Sub"].replace(
                    "${APIHandler.Arn}", "arn:${AWS::Partition}:lambda:" + own
                )


def _options(operation: Json) -> None:
    answer = operation["x-amazon-apigateway-integration"]["responses"]["default"]
    origin = "method.response.header.Access-Control-Allow-Origin"
    answer["responseParameters"][origin] = {"Fn::Sub": "'${CorsOrigin}'"}


def _refusal(kind: str) -> Json:
    """The problem, word for word as the local server tells it, in a form that API
    Gateway fills in."""
    told = http.gateway_problem(REFUSED[kind], "$context.requestId")
    body = json.loads(told.body)
    if kind in ("THROTTLED", "QUOTA_EXCEEDED"):
        body["status"] = THROTTLED
    headers: Json = {name: f"'{value}'" for name, value in told.headers.items()}
    headers["X-Request-Id"] = "context.requestId"
    headers["Access-Control-Allow-Origin"] = {"Fn::Sub": "'${CorsOrigin}'"}
    return {
        "statusCode": body["status"],
        "responseParameters": {
            f"gatewayresponse.header.{name}": value for name, value in headers.items()
        },
        "responseTemplates": {"application/json": json.dumps(body)},
    }
