"""python -m bundle.deploy up|down STAGE

`up` puts out/bundle.zip and out/template.json on AWS through the AWS CLI, as one
CloudFormation stack, and prints the URL. `down` takes the stack away and says what
stays.
Region and credentials are the AWS CLI's own; what the stack is told comes from the
environment, and what is not given keeps its value of the last time. What is given as
empty is taken away, where the stack can do without.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bundle import sign_in

ROOT = Path(__file__).parent.parent
OUT = ROOT / "out"

RESOURCES: Any = json.loads((ROOT / ".chalice/resources.json").read_text())
DEFINED: Any = RESOURCES["Parameters"] | sign_in.FOUND["Parameters"]

# The environment's word, and the stack's.
PARAMETERS = {
    **sign_in.PARAMETERS,
    "CREATE_USER_POOL": "CreateUserPool",
    "SELF_SIGN_UP": "SelfSignUp",
    "PAGE_URL": "PageUrl",
    "CORS_ORIGIN": "CorsOrigin",
    "ALARM_EMAIL": "AlarmEmail",
    "CREATE_TABLE": "CreateTable",
    "SERVED_TABLE": "ServedTable",
}
REQUIRED = ("JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS")

NO_CLI = """The AWS CLI is not here. Install it
(https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html),
or give out/template.json to SAM: docs/operations.md, "Deploy"."""
NO_CREDENTIALS = """AWS does not know who you are:
  {reason}
Set AWS_PROFILE, or run `aws configure` or `aws sso login`."""
NO_BUCKET = "Name a bucket of yours in this region for the zip: BUNDLE_BUCKET=..."
STAYS = """The stack {stack} goes: API, functions, roles, logs, alarms, schedule.

What stays, because the template says Retain:
  - the table {stack}, with every contact, its point-in-time recovery, and deletion
    protection on. It goes on costing its storage.
  - a user pool, with everybody's account, its domain and its client, if the stack has
    made one: docs/operations.md, "Destroy".
  - the role with which API Gateway writes logs, which is the account's setting.

To have the service again on the same table: make deploy STAGE={stage} CREATE_TABLE=no
To delete the table for good, by hand (docs/operations.md, "Destroy"):
  aws dynamodb update-table --table-name {stack} --no-deletion-protection-enabled
  aws dynamodb delete-table --table-name {stack}
"""


class Stopped(Exception):
    """Why nothing was done, for the person at the terminal."""


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    match arguments:
        case ["up", "dev" | "prod" as stage]:
            work = up
        case ["down", "dev" | "prod" as stage]:
            work = down
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    try:
        _ready()
        work(stage, environ)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    return 0


def up(stage: str, environ: Mapping[str, str]) -> None:
    """Deploys what is in out/; raises Stopped."""
    stack, bucket = f"contactbook-{stage}", environ.get("BUNDLE_BUCKET")
    if not bucket:
        raise Stopped(NO_BUCKET)
    given = overrides(environ)
    if _outputs(stack) is None and environ.get("CREATE_USER_POOL") != "yes":
        missing = [name for name in REQUIRED if not environ.get(name)]
        if missing:
            raise Stopped(f"For the first deployment set {', '.join(missing)}.")
    packaged = OUT / "packaged.json"
    _aws(
        *("cloudformation", "package", "--use-json"),
        *("--template-file", str(OUT / "template.json"), "--s3-bucket", bucket),
        *("--output-template-file", str(packaged)),
    )
    _aws(
        *("cloudformation", "deploy", "--stack-name", stack),
        *("--template-file", str(packaged), "--s3-bucket", bucket),
        *("--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset"),
        *(["--parameter-overrides", *given] if given else []),
    )
    outputs = _outputs(stack) or {}
    print(f"\n{stack} is at {outputs.get('EndpointURL')}")


def down(stage: str, environ: Mapping[str, str]) -> None:
    """Deletes the stack after a yes; raises Stopped."""
    stack = f"contactbook-{stage}"
    print(STAYS.format(stack=stack, stage=stage))
    said = environ.get("YES") or input(f"Type {stack} to go on: ")
    if said != stack:
        raise Stopped("Nothing was done.")
    _aws("cloudformation", "delete-stack", "--stack-name", stack)
    _aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", stack)
    print(f"{stack} is gone; its table is not.")


def overrides(environ: Mapping[str, str]) -> list[str]:
    return [
        f"{parameter}={environ[name]}"
        for name, parameter in PARAMETERS.items()
        if environ.get(name) or (name in environ and _may_be_empty(parameter))
    ]


def _may_be_empty(parameter: str) -> bool:
    return bool(DEFINED[parameter].get("Default") == "")


def _ready() -> None:
    if not shutil.which("aws"):
        raise Stopped(NO_CLI)
    asked = _run("sts", "get-caller-identity")
    if asked.returncode:
        raise Stopped(NO_CREDENTIALS.format(reason=asked.stderr.strip()))


def _outputs(stack: str) -> dict[str, str] | None:
    """None when there is no such stack."""
    asked = _run(
        *("cloudformation", "describe-stacks", "--stack-name", stack),
        *("--output", "json"),
    )
    if asked.returncode:
        return None
    (found,) = json.loads(asked.stdout)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["aws", *words], capture_output=True, text=True, check=False)


def _aws(*words: Any) -> None:
    if subprocess.run(["aws", *words], check=False).returncode:
        raise Stopped(f"`aws {words[0]} {words[1]}` has failed; see above.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
