"""The packaged template as plain CloudFormation, as AWS's own transform makes it."""

import copy
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

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
    """Plain CloudFormation as it is with these parameters: conditions decided, what is
    not made left out."""
    values = {
        name: told.get(name, parameter.get("Default"))
        for name, parameter in template["Parameters"].items()
    }
    decided = {
        name: _holds(condition, template["Conditions"], values)
        for name, condition in template["Conditions"].items()
    }
    resources = {
        name: _filled(resource, decided, told)
        for name, resource in template["Resources"].items()
        if decided.get(resource.get("Condition"), True)
    }
    return {**template, "Resources": resources}


def _holds(condition: Any, others: dict[str, Any], values: dict[str, Any]) -> bool:
    ((kind, given),) = condition.items()
    if kind == "Condition":
        return _holds(others[given], others, values)
    if kind == "Fn::Equals":
        left, right = (
            values[one["Ref"]] if isinstance(one, dict) else one for one in given
        )
        return bool(left == right)
    held = [_holds(one, others, values) for one in given]
    return {"Fn::Not": not held[0], "Fn::And": all(held), "Fn::Or": any(held)}[kind]


NOTHING = {"Ref": "AWS::NoValue"}


def _filled(part: Any, decided: dict[str, bool], told: dict[str, str]) -> Any:
    """With every Fn::If decided and every Ref to what was told filled in."""
    if isinstance(part, list):
        filled = [_filled(one, decided, told) for one in part]
        return [one for one in filled if one != NOTHING]
    if not isinstance(part, dict):
        return part
    if set(part) == {"Fn::If"}:
        name, then, otherwise = part["Fn::If"]
        return _filled(then if decided[name] else otherwise, decided, told)
    if set(part) == {"Ref"}:
        return told.get(part["Ref"], part)
    filled_in = {name: _filled(one, decided, told) for name, one in part.items()}
    return {name: one for name, one in filled_in.items() if one != NOTHING}
