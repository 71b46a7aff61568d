"""What Chalice's SAM template lacks and .chalice/resources.json cannot add by merging,
because it is the same for each function or each path.

Names and log groups of the functions, what an alarm counts in their logs, the
environment from the stack's parameters, what a key of one's own asks of each role, 405
for a method that a path does not know, 404 for a path that nobody knows, and the
problems that API Gateway tells. The alarms of each index are alarms.py's.
"""

import json
from typing import Any

from bundle import alarms, sign_in
from chalicelib.doors import http
from chalicelib.model import errors
from chalicelib.model.errors import Refusal

Json = dict[str, Any]

LOG_DAYS = 30  # a log is for finding faults, not for keeping
# Lines that no function may ever write: an alarm counts them.
ALARMING = {"ForeignKey": "foreign_key", "Orphans": "orphans"}
FROM_PARAMETERS = {
    "TABLE_NAME": "ServedTable",
    "CORS_ORIGIN": "CorsOrigin",
    "READ_ONLY": "ReadOnly",
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
    # No method of ours is signed: it came to an address that is none.
    "INVALID_SIGNATURE": errors.RouteNotFound(),
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
ANY = "x-amazon-apigateway-any-method"
# What DynamoDB does with a key of one's own it does in the caller's name.
WITH_THE_KEY = (
    *("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"),
    *("kms:DescribeKey", "kms:CreateGrant"),
)
NOTHING = {"Ref": "AWS::NoValue"}


def finish(template: Json, stage: str, table: str) -> Json:
    """The template, complete; the one that came from Chalice is changed."""
    template["Parameters"]["Stage"] |= {"Default": stage, "AllowedValues": [stage]}
    template["Parameters"]["ServedTable"]["Default"] = table
    resources = template["Resources"]
    functions = [
        logical_id
        for logical_id, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    for logical_id in functions:
        _function(resources, logical_id, f"contactbook-{stage}")
    resources |= alarms.of_indexes(resources["ContactsTable"])
    resources["TableKeyPolicy"] = _table_key(
        [_role_of(resources[logical_id]) for logical_id in functions]
    )
    _gateway(resources["RestAPI"]["Properties"], f"contactbook-{stage}")
    sign_in.add(template)
    return template


def _function(resources: Json, logical_id: str, prefix: str) -> None:
    function = resources[logical_id]["Properties"]
    own = function["Handler"].partition(".")[2].replace("app", "api")
    logs = f"{logical_id}Logs"
    function["FunctionName"] = f"{prefix}-{own}"
    function["LoggingConfig"] = {"LogGroup": {"Ref": logs}}
    function["Tracing"] = "Disabled"
    if reserved := function.get("ReservedConcurrentExecutions"):
        # A new account has 10, and Lambda wants 100 to be left: serverless #5630.
        function["ReservedConcurrentExecutions"] = {
            "Fn::If": ["ReservesConcurrency", reserved, NOTHING]
        }
    variables = function["Environment"]["Variables"]
    for name, parameter in FROM_PARAMETERS.items():
        variables[name] = {"Ref": parameter}
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
    role = resources[_role_of(resources[logical_id])]["Properties"]
    role["Policies"][0]["PolicyDocument"]["Statement"].append(
        {
            "Sid": "OwnLog",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::GetAtt": [logs, "Arn"]},
        }
    )


def _role_of(function: Json) -> str:
    name: str = function["Properties"]["Role"]["Fn::GetAtt"][0]
    return name


def _table_key(roles: list[str]) -> Json:
    """One policy for all of them, and only through DynamoDB."""
    statement = {
        "Sid": "TableKey",
        "Effect": "Allow",
        "Action": list(WITH_THE_KEY),
        "Resource": {"Ref": "TableKeyArn"},
        "Condition": {
            "StringEquals": {
                "kms:ViaService": {
                    "Fn::Sub": "dynamodb.${AWS::Region}.${AWS::URLSuffix}"
                }
            }
        },
    }
    return {
        "Type": "AWS::IAM::Policy",
        "Condition": "HasTableKey",
        "Properties": {
            "PolicyName": "TableKey",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "Roles": [{"Ref": role} for role in roles],
        },
    }


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
        methods[ANY] = own
    definition["paths"]["/{proxy+}"] = _elsewhere(definition["paths"]["/"])
    definition["x-amazon-apigateway-gateway-responses"] = {
        kind: _refusal(kind) for kind in REFUSED
    }
    # By its name: the pool's client needs the API's address and the function needs the
    # client's id, so the API must not need the function.
    own = "${AWS::Region}:${AWS::AccountId}:function:" + f"{name}-api"
    named = "arn:${AWS::Partition}:lambda:" + own
    text = json.dumps(definition["paths"]).replace("${APIHandler.Arn}", named)
    definition["paths"] = json.loads(text)


def _elsewhere(root: Json) -> Json:
    """Whatever no other path takes: the function tells its 404. Without it API Gateway
    reads an Authorization header there as a signature, and a bearer token is none."""
    proxy = {"name": "proxy", "in": "path", "required": True, "type": "string"}
    return {ANY: {**root[ANY], "parameters": [proxy]}}


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
