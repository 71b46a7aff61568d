"""The stack holds in an account that has never seen it: what the template says, as SAM
makes plain CloudFormation of it, and what the stack's parameters choose."""

import copy
import re
from typing import Any

import pytest
from samtranslator.model import apigateway

from bundle.stack import PARAMETERS as WORDS
from local.engine import ROOT
from tests.bundle.packaged import Bundle
from tests.bundle.stack import chosen, translated
from tests.bundle.test_template import of_type

NEW = {"CorsOrigin": "https://one.example"}


@pytest.fixture(scope="module")
def plain(bundle: Bundle) -> dict[str, Any]:
    return translated(bundle.template, "s3://bundles/key")


def deployments(template: dict[str, Any]) -> list[str]:
    return [*of_type(template, "AWS::ApiGateway::Deployment")]


def test_there_is_one_stage_with_all_that_bounds_it(
    bundle: Bundle, plain: dict[str, Any]
) -> None:
    """SAM's other one, `Stage`, is public, and has no throttle, no access log and no
    alarm: SAM #191, #2077. It goes with OpenApiVersion, and only before the first
    deployment: later its removal breaks the update."""
    (stage,) = of_type(plain, "AWS::ApiGateway::Stage").values()
    assert stage["StageName"] == "api"
    assert stage["AccessLogSetting"]["DestinationArn"] == {
        "Fn::GetAtt": ["AccessLogs", "Arn"]
    }
    assert stage["MethodSettings"][0]["ThrottlingRateLimit"] == 200
    (made,) = of_type(plain, "AWS::ApiGateway::Deployment").values()
    assert "StageName" not in made, "a deployment with a name makes a stage, too"
    assert plain["Resources"]["RestAPI"]["Properties"]["Body"]["swagger"] == "2.0"
    without = copy.deepcopy(bundle.template)
    del without["Globals"]
    other = translated(without, "s3://bundles/key")
    (left_over,) = of_type(other, "AWS::ApiGateway::Deployment").values()
    assert left_over["StageName"] == "Stage", "SAM does so no more: take it out"


def test_each_deployment_reaches_those_who_call(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAM names a deployment by a hash of the template's text, where a parameter is
    but its name: another CORS_ORIGIN would stay unseen in preflights and refusals (SAM
    #914, #1605). So each deployment has a name of its own."""
    names = set()
    for second in (1_800_000_000, 1_800_000_001):
        monkeypatch.setattr(apigateway.time, "time", lambda now=second: now)
        made = translated(bundle.template, "s3://bundles/key", **NEW)
        names.update(deployments(made))
        (stage,) = of_type(made, "AWS::ApiGateway::Stage").values()
        assert stage["DeploymentId"] == {"Ref": deployments(made)[0]}
    assert len(names) == 2


def test_a_new_account_reserves_nothing(bundle: Bundle, plain: dict[str, Any]) -> None:
    """It has 10 concurrent executions, and Lambda wants 100 to stay unreserved: to
    reserve 1 fails, and the stack with it (serverless #5630)."""
    assert bundle.template["Parameters"]["ReserveConcurrency"]["Default"] == "no"
    for reserves, expected in (("no", None), ("yes", 1)):
        made = chosen(plain, ReserveConcurrency=reserves)
        reserved = {
            made[name]["FunctionName"].removeprefix("contactbook-dev-"): made[name].get(
                "ReservedConcurrentExecutions"
            )
            for name in of_type(plain, "AWS::Lambda::Function")
        }
        alone = ("resume_deletions", "resume_deletions_on_schedule")
        assert {name: reserved.pop(name) for name in alone} == dict.fromkeys(
            alone, expected
        )
        assert set(reserved.values()) == {None}


def test_an_issuer_that_says_nothing_signs_rs256(bundle: Bundle) -> None:
    """As nearly all do; and whatever is chosen is asymmetric."""
    told = bundle.template["Parameters"]["JwtAlgorithms"]
    assert told["Default"] == "RS256"
    for good in ("EdDSA", "ES256,RS256", "RS256"):
        assert re.fullmatch(told["AllowedPattern"], good)
    for bad in ("", "HS256", "none", "RS256,", "RS256, ES256", "RS256,HS256", "rs256"):
        assert not re.fullmatch(told["AllowedPattern"], bad)
    for told_of, signed in (({}, "RS256"), ({"JwtAlgorithms": "ES256"}, "ES256")):
        api = chosen(bundle.template, **told_of)["APIHandler"]
        assert api["Environment"]["Variables"]["JWT_ALGORITHMS"] == signed


@pytest.mark.parametrize("makes", ["yes", "no"])
def test_the_role_for_logs_is_made_once_for_an_account(
    plain: dict[str, Any], makes: str
) -> None:
    """It is a setting of account and region, so a second stage leaves it alone; what
    a stage has made stays. The access log waits for it: API Gateway takes no log
    before it has a role."""
    made = chosen(plain, AccountLogRole=makes)
    there = {"ApiLogsRole", "ApiLogsAccount"} & set(made)
    assert there == ({"ApiLogsRole", "ApiLogsAccount"} if makes == "yes" else set())
    for name in there:
        assert plain["Resources"][name]["DeletionPolicy"] == "Retain"
    assert ("ApiLogsAccount" in str(made["AccessLogs"])) == (makes == "yes")
    waits = [resource.get("DependsOn") for resource in plain["Resources"].values()]
    # What is not made cannot be waited for: cfn-lint E3005.
    assert "ApiLogsAccount" not in str(waits)


def test_an_unknown_path_goes_to_the_function(plain: dict[str, Any]) -> None:
    """By any method; else API Gateway reads a bearer token as a signature there."""
    paths = plain["Resources"]["RestAPI"]["Properties"]["Body"]["paths"]
    assert set(paths["/{proxy+}"]) == {"x-amazon-apigateway-any-method"}
    taken = paths["/{proxy+}"]["x-amazon-apigateway-any-method"]
    integration = taken["x-amazon-apigateway-integration"]
    assert integration == paths["/me"]["get"]["x-amazon-apigateway-integration"]
    assert [one["name"] for one in taken["parameters"]] == ["proxy"]
    (allowed,) = (
        one
        for one in of_type(plain, "AWS::Lambda::Permission").values()
        if one["Principal"] == "apigateway.amazonaws.com"
    )
    assert allowed["SourceArn"]["Fn::Sub"][0].endswith("${RestAPIId}/*")


def test_the_table_is_encrypted_for_nothing_or_with_a_key_of_ones_own(
    plain: dict[str, Any],
) -> None:
    """DynamoDB's own key is free; `SSEEnabled` alone would buy requests of KMS. With
    a key, each function may use it, through DynamoDB of this region and in no other
    way."""
    made = chosen(plain, TableKeyArn="")
    assert "SSESpecification" not in made["ContactsTable"]
    assert "kms:" not in str(made)
    key = (
        "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    )
    made = chosen(plain, TableKeyArn=key)
    assert made["ContactsTable"]["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": key,
    }
    granted = made["TableKeyPolicy"]
    (statement,) = granted["PolicyDocument"]["Statement"]
    assert statement["Resource"] == key
    assert statement["Condition"] == {
        "StringEquals": {"kms:ViaService": "dynamodb.eu-central-1.amazonaws.com"}
    }
    roles = {made[name]["Role"] for name in of_type(plain, "AWS::Lambda::Function")}
    assert {f"{role}.Arn" for role in granted["Roles"]} == roles


@pytest.mark.parametrize(
    ("told", "watches"),
    [
        ({}, False),
        ({"MonthlyBudget": "50"}, False),  # nobody to tell
        ({"AlarmEmail": "ops@example.com"}, False),
        ({"AlarmEmail": "ops@example.com", "MonthlyBudget": "50"}, True),
    ],
)
def test_a_budget_tells_before_the_bill_does(
    plain: dict[str, Any], told: dict[str, str], watches: bool
) -> None:
    """At 80 % of it, and when the month is expected to go beyond."""
    budget = chosen(plain, **told).get("Budget")
    assert bool(budget) == watches
    if budget:
        assert budget["Budget"]["BudgetLimit"] == {"Amount": "50", "Unit": "USD"}
        told_of = [
            (
                one["Notification"]["NotificationType"],
                one["Notification"]["Threshold"],
                [who["Address"] for who in one["Subscribers"]],
            )
            for one in budget["NotificationsWithSubscribers"]
        ]
        mail = ["ops@example.com"]
        assert told_of == [("ACTUAL", 80, mail), ("FORECASTED", 100, mail)]


@pytest.mark.parametrize(
    ("word", "parameter"),
    [
        ("RESERVE_CONCURRENCY", "ReserveConcurrency"),
        ("ACCOUNT_LOG_ROLE", "AccountLogRole"),
        ("MONTHLY_BUDGET", "MonthlyBudget"),
        ("TABLE_KEY_ARN", "TableKeyArn"),
    ],
)
def test_what_the_stack_asks_can_be_told(
    bundle: Bundle, word: str, parameter: str
) -> None:
    """It has its word in the environment of `make deploy`, and the guide says it."""
    assert WORDS[word] == parameter
    assert "Default" in bundle.template["Parameters"][parameter]
    assert f"`{word}" in (ROOT / "docs/operations.md").read_text()


def test_a_value_that_cannot_be_is_refused_by_the_template(bundle: Bundle) -> None:
    """Before anything is made."""
    parameters = bundle.template["Parameters"]
    for name, good, bad in (
        ("MonthlyBudget", ["0", "50"], ["", "-1", "05", "5.5", "50 USD", "1" * 10]),
        (
            "TableKeyArn",
            [""],
            ["alias/mine", "1234abcd", "arn:aws:kms:us-east-1:1:key/x"],
        ),
    ):
        pattern = parameters[name]["AllowedPattern"]
        assert all(re.fullmatch(pattern, one) for one in good), name
        assert not any(re.fullmatch(pattern, one) for one in bad), name


def test_the_guide_counts_with_the_rate_that_is_let_through(bundle: Bundle) -> None:
    """What an abuser could cost is the throttle's to say: 200 a second, day and night,
    at 3.50 dollars a million for API Gateway alone."""
    (settings,) = bundle.template["Resources"]["RestAPI"]["Properties"][
        "MethodSettings"
    ]
    rate = settings["ThrottlingRateLimit"]
    guide = (ROOT / "docs/operations.md").read_text()
    (chapter,) = re.findall(r"## What an abuser could cost\n(.*?)\n## ", guide, re.S)
    assert f"lets {rate} requests a second through" in chapter
    assert f"(bursts of {settings['ThrottlingBurstLimit']})" in chapter
    millions = rate * 86_400 / 1e6
    assert f"{millions:.0f} million refusals" in chapter
    assert f"API Gateway {millions * 3.50:.0f}," in chapter
