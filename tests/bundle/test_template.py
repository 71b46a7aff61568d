"""The template is what CloudFormation and SAM take, and what the issue asks for."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bundle.template import ALARMING
from chalicelib.base.budget import Budget
from chalicelib.jobs import due
from chalicelib.model.words import Member
from chalicelib.storage import keys
from chalicelib.storage.expressions import Put
from chalicelib.storage.guard import Foreign, Guard
from chalicelib.storage.table import Table
from local.engine import ROOT
from local.gzipped import LEAST
from tests.bundle.packaged import Bundle
from tests.bundle.stack import translated
from tests.conftest import LATE, add, delete
from tests.door_world import Lines
from tests.test_http_isolation import every_route

STAGES = json.loads((ROOT / ".chalice/config.json").read_text())["stages"]


RAISED_BY = (
    *("Statistic", "ComparisonOperator", "Threshold"),
    *("EvaluationPeriods", "TreatMissingData"),
)
SECONDS = {
    "check_leftovers": 300,
    "resume_deletions": 900,
    "resume_deletions_on_schedule": 300,
}


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def test_cfn_lint_finds_nothing(bundle: Bundle) -> None:
    """Neither an error nor a warning."""
    checked = subprocess.run(
        [
            Path(sys.executable).parent / "cfn-lint",
            *("--regions", "us-east-1", "eu-central-1"),
            *("--template", bundle.out / "template.json"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, "")


def test_sam_translates_it(bundle: Bundle) -> None:
    """Into plain CloudFormation, every function and the API among it."""
    plain = translated(bundle.template, "s3://bundles/key")
    kinds = [resource["Type"] for resource in plain["Resources"].values()]
    assert kinds.count("AWS::Lambda::Function") == 9
    assert not any(kind.startswith("AWS::Serverless") for kind in kinds)
    assert plain["Resources"]["RestAPI"]["Properties"]["EndpointConfiguration"] == {
        "Types": ["REGIONAL"]
    }


def test_the_gateway_compresses_what_the_local_server_does(bundle: Bundle) -> None:
    """From the same size on, in what SAM makes of it, too."""
    plain = translated(bundle.template, "s3://bundles/key")
    for template in (bundle.template, plain):
        api = template["Resources"]["RestAPI"]["Properties"]
        assert api["MinimumCompressionSize"] == LEAST == 1024


def test_prod_differs_from_dev_in_its_name_only(bundle: Bundle, prod: Path) -> None:
    """What is rehearsed is what is deployed."""
    dev_text = (bundle.out / "template.json").read_text()
    prod_text = (prod / "template.json").read_text()
    assert re.sub(r"\bdev\b", "prod", dev_text) == prod_text


def test_the_table_is_kept_whatever_happens(bundle: Bundle) -> None:
    """Retain, point-in-time recovery, deletion protection, TTL; its name is the one
    that the stage's functions use."""
    table = bundle.template["Resources"]["ContactsTable"]
    kept = table["Properties"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain",) * 2
    assert kept["DeletionProtectionEnabled"] is True
    assert kept["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True
    }
    assert kept["TimeToLiveSpecification"]["Enabled"] is True
    assert kept["TableName"] == {"Fn::Sub": "contactbook-${Stage}"}
    for stage in ("dev", "prod"):
        name = STAGES[stage]["environment_variables"]["TABLE_NAME"]
        assert name == f"contactbook-{stage}"
    assert bundle.template["Parameters"]["ServedTable"]["Default"] == "contactbook-dev"


def test_functions_are_bounded_named_and_logged(bundle: Bundle) -> None:
    """Memory, time-out, own log with an end, no tracing, nothing secret in clear."""
    logs = of_type(bundle.template, "AWS::Logs::LogGroup")
    for function in of_type(bundle.template, "AWS::Serverless::Function").values():
        name = function["FunctionName"]
        own = name.removeprefix("contactbook-dev-")
        assert (function["Timeout"], function["MemorySize"]) == (
            *(SECONDS.get(own, 29), 1024),
        )
        assert function["Tracing"] == "Disabled"
        log = logs[function["LoggingConfig"]["LogGroup"]["Ref"]]
        assert log == {"LogGroupName": f"/aws/lambda/{name}", "RetentionInDays": 30}
        variables = function["Environment"]["Variables"]
        assert float(variables["RESUME_SECONDS"]) < 900
        assert float(variables["DELETE_SECONDS"]) < 29
        assert "issuer.invalid" not in str(variables)


@pytest.mark.parametrize(("method", "path"), every_route())
def test_every_route_is_in_the_api(bundle: Bundle, method: str, path: str) -> None:
    """With its preflight, and with the function for any other method (405)."""
    api = of_type(bundle.template, "AWS::Serverless::Api")["RestAPI"]
    methods = api["DefinitionBody"]["paths"][path]
    assert {method.lower(), "options", "x-amazon-apigateway-any-method"} <= set(methods)


def test_what_api_gateway_refuses_is_a_problem_with_cors(bundle: Bundle) -> None:
    """RFC 9457, our codes, CORS, a request id; Retry-After when it is worth a try."""
    api = of_type(bundle.template, "AWS::Serverless::Api")["RestAPI"]
    told = api["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    prefix = "gatewayresponse.header."
    codes = {}
    for kind, refusal in told.items():
        headers = refusal["responseParameters"]
        problem = json.loads(refusal["responseTemplates"]["application/json"])
        assert headers[f"{prefix}Content-Type"] == "'application/problem+json'"
        assert headers[f"{prefix}X-Request-Id"] == "context.requestId"
        origin = headers[f"{prefix}Access-Control-Allow-Origin"]
        assert origin == {"Fn::Sub": "'${CorsOrigin}'"}
        assert problem["request_id"] == "$context.requestId"
        assert problem["status"] == refusal["statusCode"]
        again = problem["status"] in (429, 503)
        assert (f"{prefix}Retry-After" in headers) == again
        codes[kind] = (problem["status"], problem["code"])
    assert codes["MISSING_AUTHENTICATION_TOKEN"] == (404, "route_not_found")
    assert codes["THROTTLED"] == (429, "busy")
    assert codes["REQUEST_TOO_LARGE"] == (413, "body_too_large")
    assert codes["DEFAULT_5XX"] == (500, "internal")
    assert {401, 403, 404, 413, 415, 429, 500, 503} <= {s for s, _ in codes.values()}


def test_the_access_log_has_nothing_personal(bundle: Bundle) -> None:
    """No address of a caller, no path with its ids, no query, no user agent."""
    api = of_type(bundle.template, "AWS::Serverless::Api")["RestAPI"]
    written = json.loads(api["AccessLogSetting"]["Format"])
    assert set(written.values()) == {
        *("$context.requestTime", "$context.requestId", "$context.httpMethod"),
        "$context.integration.requestId",
        *("$context.resourcePath", "$context.status", "$context.responseLatency"),
        *("$context.integrationLatency", "$context.responseLength"),
        "$context.error.responseType",
    }
    (settings,) = api["MethodSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (
        *(200, 400),
    )
    assert settings["DataTraceEnabled"] is False


def test_every_alarm_is_sent_and_answered(bundle: Bundle) -> None:
    """It goes to the topic, names what it watches, and the operator's guide has a
    heading for it."""
    guide = (ROOT / "docs/operations.md").read_text()
    alarms = of_type(bundle.template, "AWS::CloudWatch::Alarm")
    names = set()
    for alarm in alarms.values():
        name = alarm["AlarmName"]["Fn::Sub"].removeprefix("contactbook-${Stage}-")
        names.add(name)
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        assert re.search(rf"^### `{name}`$", guide, re.M), name
    assert names >= {
        *("server-errors", "throttles", "old-deletion", "api-duration"),
        *("resume-duration", "dead-letters", "foreign-key", "orphans"),
    }


def test_the_alarm_of_old_deletions_reads_the_line_that_is_written(
    bundle: Bundle,
) -> None:
    """The filter's field is the log line's, and its metric the alarm's."""
    metric = of_type(bundle.template, "AWS::Logs::MetricFilter")["OldestDeletion"]
    alarm = bundle.template["Resources"]["OldDeletionAlarm"]["Properties"]
    (made,) = metric["MetricTransformations"]
    assert metric["LogGroupName"] == {"Ref": "ResumeDeletionsOnScheduleLogs"}
    field = made["MetricValue"].removeprefix("$.")
    assert f"{field}=" in (ROOT / "chalicelib/doors/console.py").read_text()
    assert metric["FilterPattern"] == f"{{ $.{field} = * }}"
    assert (made["MetricNamespace"], made["MetricName"]) == (
        *(alarm["Namespace"], alarm["MetricName"]),
    )
    assert (alarm["Threshold"], alarm["TreatMissingData"]) == (3600, "missing")
    silence = alarm["Period"] * alarm["EvaluationPeriods"]
    assert 5 * 60 <= silence <= 15 * 60, "the schedule writes each minute"


def test_the_schedule_ends_before_it_comes_again(bundle: Bundle) -> None:
    """Each minute, 50 s; by hand it goes on for as long as a function may."""
    functions = of_type(bundle.template, "AWS::Serverless::Function")
    schedule = functions["ResumeDeletionsOnSchedule"]
    (event,) = schedule["Events"].values()
    assert event["Properties"]["Schedule"] == "rate(1 minute)"
    assert float(schedule["Environment"]["Variables"]["RESUME_SECONDS"]) == 50
    by_hand = functions["ResumeDeletions"]["Environment"]["Variables"]
    assert float(by_hand["RESUME_SECONDS"]) == 840
    slow = bundle.template["Resources"]["ResumeDurationAlarm"]["Properties"]
    assert 50_000 < slow["Threshold"] < schedule["Timeout"] * 1000


@pytest.mark.parametrize(
    ("resource", "message"),
    [("ForeignKey", "foreign_key"), ("Orphans", "orphans")],
)
def test_what_must_not_be_is_counted_whichever_function_says_it(
    bundle: Bundle, resource: str, message: str
) -> None:
    """A filter on each function's log, the first line of it raises the alarm."""
    filters = of_type(bundle.template, "AWS::Logs::MetricFilter")
    alarm = of_type(bundle.template, "AWS::CloudWatch::Alarm")[f"{resource}Alarm"]
    logs = set()
    for name, one in filters.items():
        if name.startswith(f"{resource}In"):
            (metric,) = one["MetricTransformations"]
            assert one["FilterPattern"] == f'{{ $.message = "{message}" }}'
            told = (metric["MetricNamespace"], metric["MetricName"])
            assert told == (alarm["Namespace"], alarm["MetricName"])
            logs.add(one["LogGroupName"]["Ref"])
    functions = of_type(bundle.template, "AWS::Serverless::Function")
    assert logs == {f"{name}Logs" for name in functions}
    asked = ("Sum", "GreaterThanThreshold", 0, 1, "notBreaching")
    assert asked == tuple(alarm[name] for name in RAISED_BY)


def test_the_guard_and_the_second_look_write_the_lines_that_are_counted(
    table: Table, eagle: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their messages are the filters' own, at the level of an error."""
    lines = Lines(monkeypatch)
    inside = table.inside(Guard.of(eagle.workspace))
    with pytest.raises(Foreign):
        inside.get(keys.workspace("slug#harbor"))
    contact = add(table, eagle)
    delete(table, eagle, contact.id)
    orphan = Put(keys.child(eagle, contact.id, "note_late")._asdict())
    table.transact({"orphan": orphan})
    due.go_on(table, now=LATE, budget=Budget(20))
    for message in ALARMING.values():
        (line,) = lines.named(message)
        assert line["level"] == "ERROR"
