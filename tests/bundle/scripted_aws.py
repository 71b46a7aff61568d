"""An AWS CLI for tests: a program `aws` that answers, refuses and changes as AWS does,
as far as a deployment goes, on a world that lies in a file. It writes down what it is
told. It imports little: it is started for every command.

    account, region, quota, buckets   what the account is; account "" has no credentials
    stacks, tables            by name, as CloudFormation and DynamoDB tell them
    backups, expiry           names of the tables with recovery, with time to live
    denied                    operations that this caller may not do
    unbuildable               why the next creation of a stack fails, or ""
    told                      the commands, as lists of words
"""

import json
import os
import sys

PLACE = os.path.join(os.path.dirname(__file__), "world.json")
World = dict[str, object]


def empty() -> World:
    return {
        "account": "123456789012",
        "region": "eu-central-1",
        "quota": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000},
        "buckets": {"bundles": "eu-central-1", "b": "eu-central-1"},
        "stacks": {},
        "tables": {},
        "backups": [],
        "expiry": [],
        "denied": [],
        "unbuildable": "",
        "told": [],
    }


def fail(code: str, operation: str, message: str) -> None:
    print(
        f"\nAn error occurred ({code}) when calling the {operation} operation: "
        f"{message}",
        file=sys.stderr,
    )
    sys.exit(254)


def option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1]


def answer(world: World, words: list[str]) -> object:
    """What is printed as JSON; None: nothing."""
    service, operation, *rest = words
    if operation in world["denied"]:
        spelled = "".join(part.capitalize() for part in operation.split("-"))
        fail("AccessDeniedException", spelled, "User is not authorized to perform it")
    match service, operation:
        case "sts", _:
            if not world["account"]:
                print("\nUnable to locate credentials.", file=sys.stderr)
                sys.exit(253)
            return {"Account": world["account"]}
        case "configure", _:
            print(world["region"])
            sys.exit(0 if world["region"] else 1)
        case "lambda", "get-account-settings":
            return {"AccountLimit": world["quota"]}
        case "s3api", "get-bucket-location":
            there = world["buckets"].get(option(rest, "--bucket"), "none")
            if there == "none":
                told = "The specified bucket does not exist"
                fail("NoSuchBucket", "GetBucketLocation", told)
            return {"LocationConstraint": there}
        case "cloudformation", "wait" | "package":
            return None
        case "cloudformation", _:
            return formation(world, operation, rest)
        case "dynamodb", _:
            return dynamodb(world, operation, option(rest, "--table-name"))
    raise AssertionError(words)


def formation(world: World, operation: str, rest: list[str]) -> object:
    name = option(rest, "--stack-name")
    stack = world["stacks"].get(name)
    if operation == "describe-stacks":
        if stack is None:
            told = f"Stack with id {name} does not exist"
            fail("ValidationError", "DescribeStacks", told)
        return {"Stacks": [stack]}
    if operation == "delete-stack":
        world["stacks"].pop(name, None)
        return None
    assert operation == "deploy"
    deploy(world, name, rest[rest.index("--parameter-overrides") + 1 :])
    return None


def deploy(world: World, name: str, overrides: list[str]) -> None:
    before = world["stacks"].get(name)
    status = before["StackStatus"] if before else "REVIEW_IN_PROGRESS"
    if status.endswith(("ROLLBACK_COMPLETE", "FAILED")) and "UPDATE" not in status:
        fail(
            "ValidationError",
            "CreateChangeSet",
            f"Stack:{name} is in {status} state and can not be updated.",
        )
    kept = {
        p["ParameterKey"]: p["ParameterValue"]
        for p in (before or {"Parameters": []})["Parameters"]
    }
    defaults = {"CreateTable": "yes", "ServedTable": name, **world.get("defaults", {})}
    values = {**defaults, **kept, **dict(one.split("=", 1) for one in overrides)}
    made = {
        "StackName": name,
        "StackStatus": "UPDATE_COMPLETE" if before else "CREATE_COMPLETE",
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in values.items()
        ],
        "Outputs": [{"OutputKey": "EndpointURL", "OutputValue": "https://x/api/"}],
    }
    world["stacks"][name] = made
    owned = kept.get("CreateTable") == "yes"
    exists = values["CreateTable"] == "yes" and not owned and name in world["tables"]
    why = world["unbuildable"] or (f"{name} already exists" if exists else "")
    if values["CreateTable"] == "yes":
        world["tables"].setdefault(name, {**world["new_table"], "TableName": name})
        world["backups"].append(name)
        world["expiry"].append(name)
    if why and not before:
        made["StackStatus"], made["Outputs"] = "ROLLBACK_COMPLETE", []
    if why:
        world["unbuildable"] = ""
        save(world)
        print("Failed to create/update the stack. Run the following", file=sys.stderr)
        sys.exit(255)


def dynamodb(world: World, operation: str, name: str) -> object:
    if name not in world["tables"]:
        told = f"Requested resource not found: Table: {name} not found"
        fail("ResourceNotFoundException", "DescribeTable", told)
    match operation:
        case "describe-table":
            return {"Table": world["tables"][name]}
        case "describe-continuous-backups":
            on = "ENABLED" if name in world["backups"] else "DISABLED"
            recovery = {"PointInTimeRecoveryStatus": on}
            return {
                "ContinuousBackupsDescription": {
                    "PointInTimeRecoveryDescription": recovery
                }
            }
        case "describe-time-to-live":
            on = "ENABLED" if name in world["expiry"] else "DISABLED"
            return {"TimeToLiveDescription": {"TimeToLiveStatus": on}}
    raise AssertionError(operation)


def save(world: World) -> None:
    with open(PLACE, "w") as file:
        json.dump(world, file)


def main(words: list[str]) -> None:
    with open(PLACE) as file:
        world = json.load(file)
    world["told"].append(words)
    save(world)
    assert os.environ["AWS_PAGER"] == ""
    told = answer(world, words)
    save(world)
    if told is not None:
        print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
