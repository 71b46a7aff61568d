"""What the account has for a stack: concurrency, a bucket, and what idling costs.

Prices are the list prices of us-east-1, in dollars; other regions are a little dearer.
"""

import json
from typing import Any

from bundle import cli
from bundle.alarms import of_indexes
from bundle.stack import DEFINED, ROOT

UNRESERVED = 100  # Lambda keeps this much for functions that reserve none
ALARM, METRIC, DASHBOARD = 0.10, 0.30, 3.00  # a month
RUNS = 30 * 24 * 60  # of the schedule in a month
RUN_SECONDS, RUN_GB, RUN_READ_UNITS, RUN_LOG_BYTES = 0.3, 1, 16, 1500
INVOKED, GB_SECOND = 0.20e-6, 16.6667e-6
READ_UNIT, LOGGED_BYTE = 0.125e-6, 0.50e-9
GB_KEPT, GB_RECOVERED = 0.25, 0.20

FEW = """Lambda may run {limit} functions at once here, {free} of them unreserved, and
the stack reserves {reserved}. Lambda keeps {kept} for the others and would refuse. Ask
for more: Service Quotas > AWS Lambda > Concurrent executions. Or do without:
RESERVE_CONCURRENCY=no."""
LOW = "Every function and every stack of the account and region shares these {limit}."
NO_BUCKET = "There is no bucket {bucket}. BUNDLE_BUCKET names one of yours in {region}."
FAR_BUCKET = """The bucket {bucket} is in {there}, and a function takes its code only
from its own region, {here}. Name another: BUNDLE_BUCKET=..."""


def quota(*, reserves: bool) -> tuple[str, list[str], list[str]]:
    """The account's concurrency, what stands against a stack that `reserves` some now,
    and what to know."""
    limits = cli.ask("lambda", "get-account-settings")["AccountLimit"]
    limit, free = (
        limits["ConcurrentExecutions"],
        limits["UnreservedConcurrentExecutions"],
    )
    told = f"Lambda runs at most {limit:,} at once here, {free:,} of them unreserved."
    reserved = _reserved() if reserves else 0
    kept = min(UNRESERVED, limit)
    refusals = []
    if reserved and free - reserved < kept:
        refusals.append(
            FEW.format(limit=limit, free=free, reserved=reserved, kept=kept)
        )
    return told, refusals, [LOW.format(limit=limit)] if limit < UNRESERVED else []


def bucket_fault(bucket: str, region: str) -> str:
    """Why the zip cannot lie in it; "" when it can."""
    answer = cli.ask(
        *("s3api", "get-bucket-location", "--bucket", bucket), absent="NoSuchBucket"
    )
    if answer is None:
        return NO_BUCKET.format(bucket=bucket, region=region)
    named = answer.get("LocationConstraint") or "us-east-1"
    there = "eu-west-1" if named == "EU" else named
    if there == region:
        return ""
    return FAR_BUCKET.format(bucket=bucket, there=there, here=region)


def idle() -> str:
    """What a month costs in which nobody calls."""
    resources: Any = DEFINED["Resources"]
    resources = [*resources.values(), *of_indexes(resources["ContactsTable"]).values()]
    alarms = [
        resource["Properties"]
        for resource in resources
        if resource.get("Type") == "AWS::CloudWatch::Alarm"
    ]
    # One that adds up metrics is paid for each of them.
    watched = sum(max(1, len(alarm.get("Metrics", [])) - 1) for alarm in alarms)
    metrics = {
        json.dumps(alarm["MetricName"])
        for alarm in alarms
        if alarm.get("Namespace") == "contactbook"
    }
    run = INVOKED + RUN_SECONDS * RUN_GB * GB_SECOND
    run += RUN_READ_UNITS * READ_UNIT + RUN_LOG_BYTES * LOGGED_BYTE
    parts = {
        f"{len(alarms)} alarms on {watched} metrics": watched * ALARM,
        f"{len(metrics)} metrics of ours": len(metrics) * METRIC,
        "a dashboard": DASHBOARD,
        f"{RUNS:,} runs of the schedule": RUNS * run,
    }
    each = ", ".join(f"{name} {price:.2f}" for name, price in parts.items())
    return (
        f"At idle it costs about ${sum(parts.values()):.2f} a month: {each}; and the "
        f"table ${GB_KEPT + GB_RECOVERED:.2f} a GB, with its recovery. (List prices of "
        "us-east-1; a free tier takes off 10 alarms, 10 metrics, 3 dashboards.)"
    )


def _reserved() -> int:
    config = json.loads((ROOT / ".chalice/config.json").read_text())
    return sum(
        function.get("reserved_concurrency", 0)
        for function in config["lambda_functions"].values()
    )
