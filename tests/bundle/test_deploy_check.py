"""`make deploy-check`: what a deployment would do, by questions alone; and what an
account has to have for it."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from bundle import account as about
from local.engine import ROOT
from tests.bundle import issuers
from tests.bundle.deployments import FIRST, Account, Run
from tests.bundle.issuers import KEYS
from tests.test_identity import jwk

QUESTIONS = {
    "get-caller-identity",
    "describe-stacks",
    "describe-table",
    "describe-continuous-backups",
    "describe-time-to-live",
    "get-account-settings",
    "get-bucket-location",
    "get",  # configure get region
}
RESERVES = {"RESERVE_CONCURRENCY": "yes"}


def test_everything_is_said_and_nothing_done(
    account: Account, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Account, region, stack, table, index, issuer, parameters, quota, cost."""
    file = issuers.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with issuers.running(file) as issuer:
        issuer.publish(jwk(ed25519.Ed25519PrivateKey.generate(), "one"))
        account.stands(CorsOrigin="https://a.org", JwtIssuer=issuer.url + "/")
        account.holds("contactbook-dev")
        given = {
            "BUNDLE_BUCKET": "b",
            "CORS_ORIGIN": "https://b.org",
            "JWT_ALGORITHMS": "EdDSA",
            "JWT_JWKS": issuer.url + KEYS,
        }
        ended, said = run("check", given)
    assert ended == 0, said
    for sentence in (
        "Account 123456789012, region eu-central-1.",
        "The stack contactbook-dev is UPDATE_COMPLETE: it is changed.",
        "The table contactbook-dev is there, and is one of ours.",
        "The issuer was asked: its keys are for EdDSA.",
        "Lambda runs at most 1,000 at once here, 1,000 of them unreserved.",
        "CORS_ORIGIN      https://b.org   given; before: https://a.org",
        f"JWT_ISSUER       {issuer.url}/   kept",
        "At idle it costs about $",
        "Nothing stands against it. Nothing was done.",
    ):
        assert sentence in said
    told = {words[1] for words in account.read()["told"]}
    assert told <= QUESTIONS
    assert account.written == []


def test_all_that_stands_against_it_is_said_at_once(account: Account, run: Run) -> None:
    """Not the first alone: who mends it wants to mend it once."""
    account.change(
        quota={"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10},
        buckets={"b": "us-west-2"},
    )
    given = {"BUNDLE_BUCKET": "b", "SERVED_TABLE": "typo", "JWT_ALGORITHMS": "none"}
    given |= RESERVES
    ended, said = run("check", given)
    said = " ".join(said.split())
    assert ended == 1
    for sentence in (
        "It would be refused:",
        "set JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS.",
        "JWT_ALGORITHMS='none' is not acceptable",
        "There is no table typo in this region.",
        "Lambda may run 10 functions at once here, 10 of them unreserved, and the "
        "stack reserves 2. Lambda keeps 10 for the others and would refuse.",
        "The bucket b is in us-west-2, and a function takes its code only from its "
        "own region, eu-central-1.",
    ):
        assert sentence in said
    assert account.written == []


@pytest.mark.parametrize(
    ("limit", "free", "is_refused"),
    [
        *((10, 10, True), (100, 100, True), (101, 101, True), (102, 102, False)),
        *((1000, 101, True), (1000, 102, False)),
    ],
)
def test_the_quota_has_to_hold_what_the_stack_reserves(
    account: Account, run: Run, limit: int, free: int, is_refused: bool
) -> None:
    """Lambda keeps 100 unreserved, or all of a smaller quota; else the creation fails
    half-way."""
    quota = {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": free}
    account.change(quota=quota)
    ended, said = run("up", FIRST | RESERVES)
    assert (ended == 1) == is_refused
    assert ("Ask for more: Service Quotas" in " ".join(said.split())) == is_refused
    assert account.written == ([] if is_refused else ["package", "deploy"])


@pytest.mark.parametrize(("before", "is_refused"), [("yes", False), ("no", True)])
def test_a_stack_that_stands_has_reserved_already(
    account: Account, run: Run, before: str, is_refused: bool
) -> None:
    """Or has not: then it is told so before the update fails half-way."""
    account.stands(ReserveConcurrency=before)
    account.holds("contactbook-dev")
    account.change(
        quota={"ConcurrentExecutions": 102, "UnreservedConcurrentExecutions": 100}
    )
    assert run("up", FIRST | RESERVES)[0] == is_refused


def test_a_new_account_is_no_obstacle(account: Account, run: Run) -> None:
    """It has 10, and by default the stack reserves none."""
    account.change(
        quota={"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
    )
    ended, said = run("up", FIRST)
    assert ended == 0, said
    assert "RESERVE_CONCURRENCY no   default" in said


def test_an_alarm_on_five_indexes_is_paid_five_times(
    account: Account, run: Run
) -> None:
    """And all of them are in the sum that a month at idle costs."""
    said = run("check", FIRST)[1]
    told = re.search(r"(\d+) alarms on (\d+) metrics (\d+\.\d\d)", said)
    assert told is not None, said
    alarms, watched, dollars = told.groups()
    assert int(watched) - int(alarms) == 2 * (5 - 1)
    assert float(dollars) == pytest.approx(int(watched) * 0.10)


def test_a_bucket_that_is_not_there_is_refused(account: Account, run: Run) -> None:
    ended, said = run("up", FIRST | {"BUNDLE_BUCKET": "typo"})
    assert ended == 1
    assert "There is no bucket typo." in said
    assert account.written == []


@pytest.mark.parametrize(
    "hidden",
    [
        "get-account-settings",
        "get-bucket-location",
        "describe-time-to-live",
        "describe-continuous-backups",
    ],
)
def test_what_need_not_be_known_may_stay_unseen(
    account: Account, run: Run, hidden: str
) -> None:
    """A caller with fewer rights is told so, and goes on."""
    account.holds("contactbook-dev")
    account.change(denied=[hidden])
    ended, said = run("check", FIRST | {"CREATE_TABLE": "no"})
    assert ended == 0
    assert re.search(r"^Note: .* cannot be seen: `aws \w+ " + hidden, said, re.M)
    assert "AccessDenied" in said
    # The others are looked at all the same.
    told = {words[1] for words in account.read()["told"]}
    assert {"get-account-settings", "get-bucket-location"} <= told


def test_the_rights_that_it_needs_stand_in_the_guide() -> None:
    """Each question, as IAM calls it, and no other."""
    guide = (ROOT / "docs/operations.md").read_text()
    (policy,) = re.findall(r'"Action": \[(.*?)\]', guide, re.S)
    named = {
        "".join(f"-{c.lower()}" if c.isupper() else c for c in one.split(":")[1])[1:]
        for one in re.findall(r'"([a-z0-9]+:\w+)"', policy)
    }
    assert named == QUESTIONS - {"get", "get-caller-identity"}  # these need none


def test_the_cost_at_idle_adds_up() -> None:
    """From the definition itself: a new alarm is in it."""
    total, *parts = (
        float(n) for n in re.findall(r"\$?(\d+\.\d\d)\b", about.idle())[:5]
    )
    assert abs(total - sum(parts)) < 0.02
    assert total < 10
