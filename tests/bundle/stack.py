"""The packaged template as plain CloudFormation, as AWS's own transform makes it."""

import copy
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tests.bundle.evaluated import Evaluated

PARAMETERS = {
    "JwtIssuer": "contactbook-local",
    "JwtAudience": "contactbook",
    "JwtJwks": "https://issuer.example/jwks.json",
}


def translated(template: dict[str, Any], code: str, **told: str) -> dict[str, Any]:
    """SAM in, CloudFormation out; `code` is where the zip was put (s3://...), `told`
    what the stack is told beside PARAMETERS."""
    given = copy.deepcopy(template)
    for resource in given["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            assert resource["Properties"]["CodeUri"] == "./bundle.zip"
            resource["Properties"]["CodeUri"] = code
    values = {
        name: parameter["Default"]
        for name, parameter in given["Parameters"].items()
        if "Default" in parameter
    }
    session = boto3.Session(region_name="us-east-1")
    translator = Translator({}, Parser(), boto_session=session)
    made: dict[str, Any] = translator.translate(given, values | PARAMETERS | told)
    return made


def chosen(template: dict[str, Any], **told: str) -> dict[str, Any]:
    """By name, each resource that is made with these parameters: its properties."""
    told = {"ServedTable": "contactbook-dev", "Stage": "dev"} | PARAMETERS | told
    stack = Evaluated(template, **told)
    found = {name: stack.resource(name) for name in template["Resources"]}
    return {name: made for name, made in found.items() if made is not None}
