"""The AWS CLI, as we run it: a question whose answer is read, or a step that the person
at the terminal watches. Region and credentials are the CLI's own."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

NO_CLI = """The AWS CLI is not here. Install it
(https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html),
or give out/template.json to SAM: docs/operations.md, "Deploy"."""
NO_CREDENTIALS = """AWS does not know who you are:
  {reason}
Set AWS_PROFILE, or run `aws configure` or `aws sso login`."""
MOST_TOLD = 500  # characters of a refusal
NO_REGION = "Name the region: AWS_REGION=eu-central-1, or `aws configure`."
REFUSED = """`aws {command}` was refused:
  {reason}"""


class Stopped(Exception):
    """Why nothing was done, for the person at the terminal."""


def account() -> str:
    """The number of the account that the credentials are of; raises Stopped."""
    if not shutil.which("aws"):
        raise Stopped(NO_CLI)
    asked = _run("sts", "get-caller-identity", "--output", "json")
    if asked.returncode:
        raise Stopped(NO_CREDENTIALS.format(reason=asked.stderr.strip()))
    return str(json.loads(asked.stdout)["Account"])


def region(environ: Mapping[str, str]) -> str:
    """The region that the CLI will use; raises Stopped when there is none."""
    named = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    found = named or _run("configure", "get", "region").stdout.strip()
    if not found:
        raise Stopped(NO_REGION)
    return found


def ask(*words: str, absent: str = "") -> Any:
    """What the CLI answers; None when it says that the thing is not there, which it
    does in the words `absent`. Any other refusal raises Stopped: not to be allowed to
    see a stack is no proof that there is none."""
    asked = _run(*words, "--output", "json")
    if asked.returncode == 0:
        return json.loads(asked.stdout)
    if absent and absent in asked.stderr:
        return None
    reason = " ".join(asked.stderr.split())[:MOST_TOLD]
    raise Stopped(REFUSED.format(command=" ".join(words[:2]), reason=reason))


def act(*words: str) -> None:
    """A step whose progress is shown; raises Stopped when it fails."""
    if subprocess.run(["aws", *words], check=False, env=_quiet()).returncode:
        raise Stopped(f"`aws {words[0]} {words[1]}` has failed; see above.")


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["aws", *words], capture_output=True, text=True, check=False, env=_quiet()
    )


def _quiet() -> dict[str, str]:
    # A pager would wait for a key, in the middle of a deployment.
    return {**os.environ, "AWS_PAGER": ""}
