"""CloudFormation as far as a template can be evaluated as data: what is refused before
anything is made, and what would be made. Names of resources stand for what AWS tells of
them: <UserPool>, <UserPool.ProviderURL>.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
"""

import re
from collections.abc import Callable
from typing import Any

from tests.bundle.stack import translated

Json = dict[str, Any]

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::AccountId": "123456789012",
    "AWS::StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/"
    "contactbook-dev/1a2b3c4d-0000-4000-8000-000000000000",
}
GONE = object()  # AWS::NoValue, and what hangs on a condition that is false


class Refused(Exception):
    """The template's own sentence about parameters that cannot be."""


class Formation:
    """The packaged template, as SAM makes it, with its parameters; raises Refused."""

    def __init__(self, template: Json, **given: str) -> None:
        self.template = translated(template, "s3://bundles/key")
        self.names: Json = {**PSEUDO, "AWS::NoValue": GONE}
        for name, defined in template["Parameters"].items():
            self.names[name] = _accepted(defined, given.pop(name, None), name)
        assert not given, f"no parameters of the template: {sorted(given)}"
        for rule in template["Rules"].values():
            if self.value(rule.get("RuleCondition", True)):
                for one in rule["Assertions"]:
                    if not self.value(one["Assert"]):
                        raise Refused(one["AssertDescription"])

    @property
    def resources(self) -> dict[str, Json]:
        """What would be made, with its properties as they would be sent."""
        found = self.template["Resources"].items()
        return {
            name: resource | {"Properties": self.value(resource.get("Properties", {}))}
            for name, resource in found
            if self._holds(resource.get("Condition"))
        }

    @property
    def outputs(self) -> Json:
        found = self.template["Outputs"].items()
        return {
            name: self.value(one["Value"])
            for name, one in found
            if self._holds(one.get("Condition"))
        }

    def value(self, node: Any) -> Any:
        if isinstance(node, list):
            values = [self.value(one) for one in node]
            return [one for one in values if one is not GONE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, asked),) = node.items()
            if function := FUNCTIONS.get(name):
                return function(self, asked)
        values = {name: self.value(one) for name, one in node.items()}
        return {name: one for name, one in values.items() if one is not GONE}

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(
            self.value(self.template["Conditions"][condition])
        )

    def _named(self, name: str) -> Any:
        if name in self.names:
            return self.names[name]
        resource = self.template["Resources"][name.partition(".")[0]]
        assert self._holds(resource.get("Condition")), f"{name} is not made"
        return f"<{name}>"

    def _sub(self, asked: Any) -> str:
        text, own = asked if isinstance(asked, list) else (asked, {})
        own = self.value(own)

        def fill(found: "re.Match[str]") -> str:
            return str(own[found[1]] if found[1] in own else self._named(found[1]))

        return re.sub(r"\${([^!}]+)}", fill, text)

    def _if(self, asked: list[Any]) -> Any:
        condition, yes, no = asked
        return self.value(yes if self._holds(condition) else no)

    def _select(self, asked: list[Any]) -> Any:
        index, values = asked
        return self.value(values)[int(index)]

    def _split(self, asked: list[Any]) -> list[str]:
        mark, text = asked
        return str(self.value(text)).split(mark)

    def _equals(self, asked: list[Any]) -> bool:
        first, second = (self.value(one) for one in asked)
        return bool(first == second)


FUNCTIONS: dict[str, Callable[[Formation, Any], Any]] = {
    "Ref": Formation._named,
    "Fn::GetAtt": lambda one, asked: one._named(".".join(asked)),
    "Fn::Sub": Formation._sub,
    "Fn::If": Formation._if,
    "Fn::Select": Formation._select,
    "Fn::Split": Formation._split,
    "Fn::Equals": Formation._equals,
    "Fn::Not": lambda one, asked: not one.value(asked[0]),
    "Fn::And": lambda one, asked: all(one.value(each) for each in asked),
}


def _accepted(defined: Json, given: str | None, name: str) -> str:
    value: str | None = defined.get("Default") if given is None else given
    if value is None:
        raise Refused(f"{name} has no value")
    refused = defined.get("ConstraintDescription", f"{name} cannot be {value!r}")
    if "AllowedValues" in defined and value not in defined["AllowedValues"]:
        raise Refused(refused)
    if not re.fullmatch(defined.get("AllowedPattern", "(?s:.*)"), value):
        raise Refused(refused)
    return value


def needs(node: Any, known: set[str]) -> set[str]:
    """The resources that something of a template waits for."""
    if isinstance(node, list):
        return set().union(*(needs(one, known) for one in node))
    if not isinstance(node, dict):
        return set()
    found = needs(list(node.values()), known)
    for name in ("Ref", "Fn::GetAtt", "DependsOn"):
        asked = node.get(name, [])
        found |= {asked} if isinstance(asked, str) else set(asked)
    if "Fn::Sub" in node:
        texts = node["Fn::Sub"]
        text = texts if isinstance(texts, str) else texts[0]
        found |= {one.partition(".")[0] for one in re.findall(r"\${([^!}]+)}", text)}
    return found & known
