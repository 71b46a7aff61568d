"""The template with its parameters put in, as CloudFormation does before it acts: what
a condition leaves out is gone, and a rule that is broken is told. Not Java's regular
expressions, but Python's: the patterns are such that they agree."""

import re
from graphlib import TopologicalSorter
from typing import Any

Json = dict[str, Any]
PSEUDO = {
    "AWS::Region": "eu-central-1",
    "AWS::AccountId": "111122223333",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackId": "arn:aws:cloudformation:eu-central-1:111122223333:stack/"
    "contactbook-dev/1a2b3c4d-0000-4000-8000-000000000000",
}
NOTHING = object()
NAMED = re.compile(r"\$\{([^!}]+)\}")


class Evaluated:
    """A template with these values of its parameters; a resource's Ref is its name."""

    def __init__(self, template: Json, **given: str) -> None:
        self.template = template
        defaults = {
            name: one["Default"]
            for name, one in template["Parameters"].items()
            if "Default" in one
        }
        assert set(given) <= set(template["Parameters"])
        self.values = PSEUDO | defaults | given

    def of(self, part: Any) -> Any:
        """A part of the template as it stands for these values."""
        if isinstance(part, list):
            found = [self.of(one) for one in part]
            return [one for one in found if one is not NOTHING]
        if not isinstance(part, dict):
            return part
        if len(part) == 1:
            ((name, value),) = part.items()
            if name == "Ref" or name.startswith("Fn::") or name == "Condition":
                return self._function(name, value)
        found = {name: self.of(value) for name, value in part.items()}
        return {name: value for name, value in found.items() if value is not NOTHING}

    def resource(self, name: str) -> Any:
        """The properties of a resource; None when it is not made."""
        one = self.template["Resources"][name]
        made = "Condition" not in one or self.holds(one["Condition"])
        return self.of(one.get("Properties", {})) if made else None

    def holds(self, condition: str) -> bool:
        return bool(self.of(self.template["Conditions"][condition]))

    def refusals(self) -> list[str]:
        """The same, and the values that a parameter does not take by itself."""
        found = []
        for name, one in self.template["Parameters"].items():
            value = self.values[name]
            allowed = value in one.get("AllowedValues", [value])
            pattern = one.get("AllowedPattern", "(?s:.*)")
            if not allowed or not re.fullmatch(pattern, value):
                found.append(one.get("ConstraintDescription", f"{name}: {value!r}"))
        return found + self.broken_rules()

    def broken_rules(self) -> list[str]:
        """What CloudFormation says before it makes anything."""
        return [
            one["AssertDescription"]
            for rule in self.template["Rules"].values()
            if self.of(rule["RuleCondition"])
            for one in rule["Assertions"]
            if not self.of(one["Assert"])
        ]

    def _known(self, name: str) -> Any:
        """A parameter's value; a resource's name, which must be made."""
        if name in self.values:
            return self.values[name]
        one = self.template["Resources"].get(name.partition(".")[0], {})
        assert "Condition" not in one or self.holds(one["Condition"]), name
        return name

    def _function(self, name: str, value: Any) -> Any:
        if name == "Ref":
            if value == "AWS::NoValue":
                return NOTHING
            return self._known(value)
        if name == "Condition":
            return self.holds(value)
        if name == "Fn::If":
            condition, yes, no = value
            return self.of(yes if self.holds(condition) else no)
        found = self.of(value)
        if name == "Fn::Equals":
            return found[0] == found[1]
        if name == "Fn::Not":
            return not found[0]
        if name == "Fn::And":
            return all(found)
        if name == "Fn::Or":
            return any(found)
        if name == "Fn::Sub":
            text, own = found if isinstance(found, list) else (found, {})
            return NAMED.sub(
                lambda one: str(own[one[1]] if one[1] in own else self._known(one[1])),
                text,
            )
        if name == "Fn::Split":
            return found[1].split(found[0])
        if name == "Fn::Select":
            return found[1][found[0]]
        if name == "Fn::GetAtt":
            return self._known(found if isinstance(found, str) else ".".join(found))
        raise AssertionError(f"{name} is not evaluated here")


def in_order(template: Json) -> list[str]:
    """The resources, each after those that it needs; raises CycleError for a circle."""
    resources = template["Resources"]
    needs = {
        name: {one for one in _named(resource) if one in resources} - {name}
        for name, resource in resources.items()
    }
    return list(TopologicalSorter(needs).static_order())


def _named(part: Any) -> set[str]:
    """Everything that a part of the template names."""
    if isinstance(part, list):
        return set().union(*map(_named, part))
    if not isinstance(part, dict):
        return set()
    found: set[str] = set()
    for name, value in part.items():
        if name == "Ref" or (name == "DependsOn" and isinstance(value, str)):
            found.add(value)
        elif name == "DependsOn":
            found.update(value)
        elif name == "Fn::GetAtt":
            found.add(value.partition(".")[0] if isinstance(value, str) else value[0])
        elif name == "Fn::Sub":
            text = value if isinstance(value, str) else value[0]
            found |= {one.partition(".")[0] for one in NAMED.findall(text)}
            found |= _named(value)
        else:
            found |= _named(value)
    return found
