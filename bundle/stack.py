"""The stack of a stage: its state, what it was told, and what it is told next.

A value that is not given in the environment is the one of the last time; a stack that
is new takes the default of .chalice/resources.json.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from bundle import cli, sign_in

ROOT = Path(__file__).parent.parent
DEFINED: dict[str, Any] = json.loads((ROOT / ".chalice/resources.json").read_text())
DEFINED["Parameters"] |= sign_in.FOUND["Parameters"]

# The environment's word, and the stack's.
PARAMETERS = {
    **sign_in.PARAMETERS,
    "CREATE_USER_POOL": "CreateUserPool",
    "SELF_SIGN_UP": "SelfSignUp",
    "PAGE_URL": "PageUrl",
    "CORS_ORIGIN": "CorsOrigin",
    "READ_ONLY": "ReadOnly",
    "ALARM_EMAIL": "AlarmEmail",
    "MONTHLY_BUDGET": "MonthlyBudget",
    "RESERVE_CONCURRENCY": "ReserveConcurrency",
    "ACCOUNT_LOG_ROLE": "AccountLogRole",
    "TABLE_KEY_ARN": "TableKeyArn",
    "CREATE_TABLE": "CreateTable",
    "SERVED_TABLE": "ServedTable",
}
# Unless the stack makes a user pool, which is the issuer then.
REQUIRED = ("JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS")

# Never stood, or will not stand again: CloudFormation only deletes these.
DEAD = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
# A change set that was never carried out: for the CLI it is no stack either.
NOT_YET = {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"}


@dataclass(frozen=True)
class Stack:
    """A stack as CloudFormation tells it."""

    name: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def is_dead(self) -> bool:
        return self.status in DEAD

    @property
    def owns_table(self) -> bool:
        return not self.is_dead and self.parameters.get("CreateTable") == "yes"

    @property
    def obstacle(self) -> str:
        """Why it can be neither changed nor removed now; "" when it can."""
        if self.status == "UPDATE_ROLLBACK_FAILED":
            return STUCK.format(name=self.name)
        if self.status.endswith("_IN_PROGRESS"):
            return f"{self.name} is {self.status}: wait until that has ended."
        return ""


STUCK = """{name} is UPDATE_ROLLBACK_FAILED: an update failed, and so did the way back.
See its events, mend the reason, then
  aws cloudformation continue-update-rollback --stack-name {name}"""


class Value(NamedTuple):
    """What a parameter will be, where that comes from, and what it was."""

    word: str  # the environment's
    value: str
    origin: str  # given, kept, default
    before: str | None = None

    @property
    def told(self) -> str:
        changed = self.before is not None and self.before != self.value
        was = f"; before: {self.before or '(empty)'}" if changed else ""
        return f"  {self.word + ' ':17}{self.value or '(empty)'}   {self.origin}{was}"


def find(stage: str) -> Stack | None:
    """The stack of a stage, if there is one; raises Stopped."""
    name = f"contactbook-{stage}"
    answer = cli.ask(
        *("cloudformation", "describe-stacks", "--stack-name", name),
        absent="does not exist",
    )
    if answer is None or answer["Stacks"][0]["StackStatus"] in NOT_YET:
        return None
    (found,) = answer["Stacks"]
    return Stack(
        name,
        found["StackStatus"],
        {
            one["ParameterKey"]: one.get("ParameterValue", "")
            for one in found.get("Parameters", [])
        },
        {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])},
    )


def values(
    stage: str, stack: Stack | None, environ: Mapping[str, str]
) -> dict[str, Value]:
    """What the stack will be told, by the stack's words. Nothing of it is for a
    parameter that has neither a value nor a default."""
    found = {}
    before = stack.parameters if stack else {}
    for word, parameter in PARAMETERS.items():
        was = before.get(parameter)
        if is_given(word, environ):
            found[parameter] = Value(word, environ[word], "given", was)
        elif was is not None:
            found[parameter] = Value(word, was, "kept", was)
        elif (default := _default(stage, parameter)) is not None:
            found[parameter] = Value(word, default, "default")
    return found


def is_given(word: str, environ: Mapping[str, str]) -> bool:
    """A word of the environment counts when it says something, or when it is there and
    empty for a parameter that may be: ALARM_EMAIL= clears it."""
    return bool(environ.get(word)) or (word in environ and _may_be_empty(word))


def unacceptable(value: Value, parameter: str) -> str:
    """Why CloudFormation would not take it, before it is asked; "" when it would."""
    defined = _defined(parameter)
    allowed = defined.get("AllowedValues")
    if allowed and value.value not in allowed:
        return f"{value.word} is {' or '.join(allowed)}, not {value.value!r}."
    pattern = defined.get("AllowedPattern", ".*")
    if not re.fullmatch(pattern, value.value):
        why = defined.get("ConstraintDescription", pattern)
        return f"{value.word}={value.value!r} is not acceptable: {why}"
    return ""


def redeployment(stack: Stack, environ: Mapping[str, str], *, has_table: bool) -> str:
    """The command that makes the stack again as it is now, on its table."""
    told = {"STAGE": stack.name.removeprefix("contactbook-")}
    if bucket := environ.get("BUNDLE_BUCKET"):
        told["BUNDLE_BUCKET"] = bucket
    for word, parameter in PARAMETERS.items():
        if value := stack.parameters.get(parameter):
            told[word] = value
    told["CREATE_TABLE"] = "no" if has_table else "yes"
    told |= _kept_pool(stack)
    # make reads $ as the beginning of a variable of its own.
    words = [f"{word}={shlex.quote(told[word].replace('$', '$$'))}" for word in told]
    return " \\\n    ".join(["make deploy", *words])


def _kept_pool(stack: Stack) -> dict[str, str]:
    """The user pool that a destroy keeps, as any other issuer that is told: a new pool
    would know nobody."""
    issuer, client = stack.outputs.get("OidcIssuer"), stack.outputs.get("OidcClientId")
    if stack.parameters.get("CreateUserPool") != "yes" or not (issuer and client):
        return {}
    return {
        "CREATE_USER_POOL": "no",
        "JWT_ISSUER": issuer,
        "JWT_AUDIENCE": client,
        "JWT_JWKS": f"{issuer}/.well-known/jwks.json",
        "JWT_ALGORITHMS": "RS256",
        "JWT_AUDIENCE_CLAIM": "client_id",
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": client,
        "OIDC_ORIGINS": stack.outputs.get("OidcOrigins", ""),
    }


def _may_be_empty(word: str) -> bool:
    return _defined(PARAMETERS[word]).get("Default") == ""


def _default(stage: str, parameter: str) -> str | None:
    if parameter == "ServedTable":
        return f"contactbook-{stage}"
    default: str | None = _defined(parameter).get("Default")
    return default


def _defined(parameter: str) -> dict[str, Any]:
    found: dict[str, Any] = DEFINED["Parameters"][parameter]
    return found
