"""A deployment from beginning to end against moto's server: put, created, invoked,
changed, deleted; the table stays.

moto has no SAM transform, so the template goes through AWS's own translator first, and
what moto's CloudFormation does not know is left out by name; test_template.py reads it.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.bundle.packaged import Bundle
from tests.bundle.runtime import Environment
from tests.bundle.stack import PARAMETERS, translated

UNKNOWN_TO_MOTO = {
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::Deployment",  # moto does not import the API's body
    "AWS::ApiGateway::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Logs::MetricFilter",
    "AWS::SQS::QueuePolicy",
}
KEYS = {
    "region_name": "us-east-1",
    "aws_access_key_id": "deployer",
    "aws_secret_access_key": "deployer",
}


@pytest.fixture
def aws() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    server.stop()


def stack_of(bundle: Bundle) -> dict[str, Any]:
    made = translated(bundle.template, "s3://bundles/bundle.zip")
    made["Resources"]["RestAPI"]["Properties"]["Name"] = "contactbook-dev"
    made["Resources"] = {
        name: resource
        for name, resource in made["Resources"].items()
        if resource["Type"] not in UNKNOWN_TO_MOTO
    }
    return made


def run_deployed(
    aws: str, bundle: Bundle, name: str, given: Any, place: Path
) -> tuple[bool, Any]:
    """Invokes a function with the code and configuration that the stack gave it."""
    configured = boto3.client("lambda", endpoint_url=aws, **KEYS).get_function(
        FunctionName=f"contactbook-dev-{name}"
    )["Configuration"]
    stored = boto3.client("s3", endpoint_url=aws, **KEYS).get_object(
        Bucket="bundles", Key="bundle.zip"
    )
    zipfile.ZipFile(io.BytesIO(stored["Body"].read())).extractall(place)
    variables = {
        **configured["Environment"]["Variables"],
        "AWS_ENDPOINT_URL_DYNAMODB": aws,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "role",
        "AWS_SECRET_ACCESS_KEY": "role",
    }
    with (place.parent / f"{name}.log").open("w") as log:
        one = Environment(place, bundle.client, configured["Handler"], variables, log)
        try:
            outcome = one.invoke(given)
        finally:
            one.stop()
    return outcome.is_error, outcome.payload


def test_deploy_invoke_redeploy_delete(
    bundle: Bundle, aws: str, tmp_path: Path
) -> None:
    """The stack stands, works, changes, and goes; the contacts' table does not."""
    clients = {
        name: boto3.client(name, endpoint_url=aws, **KEYS)
        for name in ("s3", "cloudformation", "lambda", "dynamodb", "events", "logs")
    }
    clients["s3"].create_bucket(Bucket="bundles")
    clients["s3"].upload_file(bundle.out / "bundle.zip", "bundles", "bundle.zip")
    stack = stack_of(bundle)
    # moto does not know the account's role for logs.
    told = PARAMETERS | {"AccountLogRole": "no"}
    given = [{"ParameterKey": k, "ParameterValue": v} for k, v in told.items()]
    formation = clients["cloudformation"]
    body = json.dumps(stack)
    formation.create_stack(
        StackName="contactbook-dev", TemplateBody=body, Parameters=given
    )
    described = formation.describe_stacks(StackName="contactbook-dev")["Stacks"][0]
    assert described["StackStatus"] == "CREATE_COMPLETE"
    outputs = {o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}
    assert outputs["EndpointURL"].endswith(".execute-api.us-east-1.amazonaws.com/api/")
    assert outputs["TableName"] == "contactbook-dev"
    (rule,) = clients["events"].list_rules()["Rules"]
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    groups = clients["logs"].describe_log_groups()["logGroups"]
    assert {group["retentionInDays"] for group in groups} == {30}

    new = {"name": "First", "slug": "first", "owner": "amy"}
    is_error, made = run_deployed(
        aws, bundle, "create_workspace", new, tmp_path / "task"
    )
    assert (is_error, made["workspace"]["slug"]) == (False, "first")
    is_error, made = run_deployed(
        aws, bundle, "resume_deletions", {}, tmp_path / "again"
    )
    nothing = {"done": 0, "running": 0}
    assert (is_error, made) == (False, dict.fromkeys(made, nothing))

    stack["Resources"]["APIHandler"]["Properties"]["MemorySize"] = 2048
    formation.update_stack(
        StackName="contactbook-dev", TemplateBody=json.dumps(stack), Parameters=given
    )
    changed = clients["lambda"].get_function(FunctionName="contactbook-dev-api")
    assert changed["Configuration"]["MemorySize"] == 2048

    formation.delete_stack(StackName="contactbook-dev")
    assert clients["lambda"].list_functions()["Functions"] == []
    assert clients["dynamodb"].list_tables()["TableNames"] == ["contactbook-dev"]
    kept = clients["dynamodb"].scan(TableName="contactbook-dev")
    assert "First" in str(kept["Items"])
