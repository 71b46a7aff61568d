"""The alarms that are the same for each index of the table.

DynamoDB counts what it refuses for an index under the index's own name: the table's
metric does not have it. And a throttled index throttles the table's writes.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

from typing import Any

Json = dict[str, Any]

MANY = 100  # in five minutes, as for the table
REFUSED = {"Read": "reads", "Write": "writes"}


def of_indexes(table: Json) -> dict[str, Json]:
    """By logical id, one alarm for the reads and one for the writes of all indexes."""
    indexes = table["Properties"]["GlobalSecondaryIndexes"]
    names = [index["IndexName"] for index in indexes]
    return {f"Index{kind}ThrottlesAlarm": _alarm(kind, names) for kind in REFUSED}


def _alarm(kind: str, indexes: list[str]) -> Json:
    name = f"index-{kind.lower()}-throttles"
    topic = [{"Ref": "AlarmTopic"}]
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": {"Fn::Sub": f"contactbook-${{Stage}}-{name}"},
            "AlarmDescription": f"DynamoDB refused {REFUSED[kind]} of an index. "
            f"docs/operations.md, alarm {name}.",
            "Metrics": [_sum(indexes), *(_refused(kind, index) for index in indexes)],
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": MANY,
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": topic,
            "OKActions": topic,
        },
    }


def _sum(indexes: list[str]) -> Json:
    # An index that has refused nothing tells nothing; a sum with nothing is nothing.
    terms = " + ".join(f"FILL({index}, 0)" for index in indexes)
    return {"Id": "all", "Label": "all indexes", "Expression": terms}


def _refused(kind: str, index: str) -> Json:
    dimensions = {
        "TableName": {"Ref": "ServedTable"},
        "GlobalSecondaryIndexName": index,
    }
    return {
        "Id": index,
        "ReturnData": False,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/DynamoDB",
                "MetricName": f"{kind}ThrottleEvents",
                "Dimensions": [
                    {"Name": name, "Value": value} for name, value in dimensions.items()
                ],
            },
            "Period": 300,
            "Stat": "Sum",
        },
    }
