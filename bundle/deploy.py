"""python -m bundle.deploy check|up|down STAGE

`check` looks at the stack, the table, the issuer and the account, and says what `up`
would do; it needs rights to read only. `up` looks and says the same, and then it puts
out/bundle.zip and out/template.json on AWS through the AWS CLI, as one CloudFormation
stack, and prints the URL. `down` takes the stack away and says what stays, and how to
have it again.
Region and credentials are the AWS CLI's own; what the stack is told comes from the
environment, and what is not given keeps its value of the last time. What is given as
empty is taken away, where the stack can do without.
"""

import os
import sys
from collections.abc import Mapping

from bundle import account, cli, plan, stack, table
from bundle.cli import Stopped

OUT = stack.ROOT / "out"

NO_STACK = "There is no stack contactbook-{stage}: nothing is to be taken away."
STAYS = """The stack {stack} goes: API, functions, roles, logs, alarms, schedule.

What stays, because the template says Retain:
  - the table {served}, with every contact, its point-in-time recovery, and deletion
    protection on. It goes on costing its storage.{other}
  - a user pool, with everybody's account, its domain and its client, if the stack has
    made one: docs/operations.md, "Destroy".
  - the role with which API Gateway writes logs, which is the account's setting.

To have the service again as it is now, on the same table:
  {redeployment}
To delete the table for good, by hand (docs/operations.md, "Destroy"):
  aws dynamodb update-table --table-name {served} --no-deletion-protection-enabled
  aws dynamodb delete-table --table-name {served}
"""
OTHER = "\n  - the table {own}, which the stack has made and no longer serves."


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    match arguments:
        case ["check", "dev" | "prod" as stage]:
            work = check
        case ["up", "dev" | "prod" as stage]:
            work = up
        case ["down", "dev" | "prod" as stage]:
            work = down
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    try:
        print(f"Account {cli.account()}, region {cli.region(environ)}.")
        work(stage, environ)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    return 0


def check(stage: str, environ: Mapping[str, str]) -> None:
    """Says what `up` would do; raises Stopped when it would refuse."""
    made = plan.of(stage, environ)
    print(plan.told(made))
    print(account.idle())
    if made.refusals:
        raise Stopped("\n".join(["It would be refused:", *made.refusals]))
    print("Nothing stands against it. Nothing was done.")


def up(stage: str, environ: Mapping[str, str]) -> None:
    """Deploys what is in out/; raises Stopped."""
    made = plan.of(stage, environ)
    print(plan.told(made))
    if made.refusals:
        raise Stopped("\n".join(["Nothing was done.", *made.refusals]))
    packaged, bucket = OUT / "packaged.json", environ["BUNDLE_BUCKET"]
    cli.act(
        *("cloudformation", "package", "--use-json"),
        *("--template-file", str(OUT / "template.json"), "--s3-bucket", bucket),
        *("--output-template-file", str(packaged)),
    )
    if made.stack and made.stack.is_dead:
        # What it was told goes with it, and the next step may fail.
        again = stack.redeployment(made.stack, environ, has_table=not made.makes_table)
        print(f"It is removed. Should this stop half-way, go on with:\n  {again}")
        _remove(made.name)
    cli.act(
        *("cloudformation", "deploy", "--stack-name", made.name),
        *("--template-file", str(packaged), "--s3-bucket", bucket),
        *("--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset"),
        *("--parameter-overrides", *made.overrides),
    )
    standing = stack.find(stage)
    outputs = standing.outputs if standing else {}
    print(f"\n{made.name} is at {outputs.get('EndpointURL')}")


def down(stage: str, environ: Mapping[str, str]) -> None:
    """Deletes the stack after a yes; raises Stopped."""
    found = stack.find(stage)
    if found is None:
        raise Stopped(NO_STACK.format(stage=stage))
    print(_stays(found, environ))
    said = environ.get("YES") or _typed(f"Type {found.name} to go on: ")
    if said != found.name:
        raise Stopped("Nothing was done.")
    _remove(found.name)
    print(f"{found.name} is gone; its table is not.")


def _stays(found: stack.Stack, environ: Mapping[str, str]) -> str:
    served = found.parameters.get("ServedTable", found.name)
    left_over = found.owns_table and served != found.name
    has_table = table.find(served) is not None
    return STAYS.format(
        stack=found.name,
        served=served,
        other=OTHER.format(own=found.name) if left_over else "",
        redeployment=stack.redeployment(found, environ, has_table=has_table),
    )


def _typed(question: str) -> str:
    try:
        return input(question)
    except EOFError:  # nobody is there to be asked
        return ""


def _remove(name: str) -> None:
    cli.act("cloudformation", "delete-stack", "--stack-name", name)
    cli.act("cloudformation", "wait", "stack-delete-complete", "--stack-name", name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
