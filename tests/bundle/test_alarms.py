"""Alarms fire when somebody has to do something, and not because the stack is new."""

from typing import Any

import pytest

from tests.bundle.packaged import Bundle
from tests.bundle.stack import chosen, translated
from tests.bundle.test_template import of_type

TOPIC = ["AlarmTopic"]


@pytest.fixture(scope="module")
def alarms(bundle: Bundle) -> dict[str, dict[str, Any]]:
    """By their names, in what SAM makes of the template."""
    plain = translated(bundle.template, "s3://bundles/key")
    made = chosen(plain)
    found = [made[name] for name in of_type(plain, "AWS::CloudWatch::Alarm")]
    return {one["AlarmName"].removeprefix("contactbook-dev-"): one for one in found}


def test_no_alarm_is_raised_by_a_new_stack(alarms: dict[str, Any]) -> None:
    """An alarm begins without data. Where that counts as breaching, it fires before the
    first minute is over."""
    for name, alarm in alarms.items():
        assert alarm["TreatMissingData"] in ("notBreaching", "missing"), name


def test_silence_of_the_schedule_is_told(alarms: dict[str, Any]) -> None:
    """Where nothing comes any more the alarm falls back to having no data, and says so;
    a new one is there already, so that it says nothing."""
    alarm = alarms["old-deletion"]
    assert alarm["TreatMissingData"] == "missing"
    assert alarm["InsufficientDataActions"] == TOPIC
    others = {n for n, one in alarms.items() if "InsufficientDataActions" in one}
    assert others == {"old-deletion"}


@pytest.mark.parametrize("kind", ["Read", "Write"])
def test_a_throttled_index_is_seen(
    bundle: Bundle, alarms: dict[str, Any], kind: str
) -> None:
    """The table's metric does not have it: each index is asked for by its own name, and
    a new index cannot be forgotten."""
    table = bundle.template["Resources"]["ContactsTable"]["Properties"]
    indexes = {index["IndexName"] for index in table["GlobalSecondaryIndexes"]}
    alarm = alarms[f"index-{kind.lower()}-throttles"]
    total, *asked = alarm["Metrics"]
    assert {metric["Id"] for metric in asked} == indexes
    for metric in asked:
        told = metric["MetricStat"]["Metric"]
        assert (told["Namespace"], told["MetricName"]) == (
            *("AWS/DynamoDB", f"{kind}ThrottleEvents"),
        )
        assert told["Dimensions"] == [
            {"Name": "TableName", "Value": "contactbook-dev"},
            {"Name": "GlobalSecondaryIndexName", "Value": metric["Id"]},
        ]
        assert metric["ReturnData"] is False
        assert metric["MetricStat"]["Stat"] == "Sum"
    terms = {term.strip() for term in total["Expression"].split("+")}
    assert terms == {f"FILL({index}, 0)" for index in indexes}
    assert total.get("ReturnData", True) is True
    assert alarm["AlarmActions"] == TOPIC


def test_conflicts_of_transactions_are_seen(alarms: dict[str, Any]) -> None:
    alarm = alarms["conflicts"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == (
        *("AWS/DynamoDB", "TransactionConflict", "Sum"),
    )
    assert alarm["Dimensions"] == [{"Name": "TableName", "Value": "contactbook-dev"}]


def test_the_access_log_leads_to_the_functions_log(bundle: Bundle) -> None:
    """A person has seen the function's request id (X-Request-Id), which is not API
    Gateway's own."""
    api = of_type(bundle.template, "AWS::Serverless::Api")["RestAPI"]
    told = '"function_request_id":"$context.integration.requestId"'
    assert told in api["AccessLogSetting"]["Format"]
