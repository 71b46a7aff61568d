"""`make deploy` and `make destroy`, with an AWS CLI that answers as AWS does: what is
done, what is said, and what is refused before anything is done."""

import io
import re
import subprocess
from typing import Any

import pytest

from bundle import deploy, stack
from tests.bundle.deployments import FIRST, RESTORED, Account, Run, refused
from tests.test_http_isolation import every_route


def test_a_first_deployment_makes_the_stack_and_its_table(
    account: Account,
    run: Run,
) -> None:
    """One stack, its parameters from the environment, told before; the URL at the
    end."""
    ended, said = run("up", FIRST | {"CORS_ORIGIN": "https://a.org"})
    assert ended == 0
    assert account.written == ["package", "deploy"]
    assert account.parameters["CorsOrigin"] == "https://a.org"
    assert account.parameters["JwtIssuer"] == "https://issuer.example/"
    deployed = account.read()["told"][-2]
    assert deployed[: deployed.index("--parameter-overrides")] == [
        *("cloudformation", "deploy", "--stack-name", "contactbook-dev"),
        *("--template-file", str(deploy.OUT / "packaged.json")),
        *("--s3-bucket", "bundles", "--capabilities", "CAPABILITY_IAM"),
        "--no-fail-on-empty-changeset",
    ]
    for sentence in (
        "Account 123456789012, region eu-central-1.",
        "There is no stack contactbook-dev: it is made.",
        "The table contactbook-dev is made.",
        "  CORS_ORIGIN      https://a.org   given",
        "  JWT_ALGORITHMS   RS256   default",
        "contactbook-dev is at https://x/api/",
    ):
        assert sentence in said


def test_later_what_is_not_given_is_kept_and_shown(
    account: Account,
    run: Run,
) -> None:
    """The stack is asked for its last values; what changes shows what it was."""
    account.stands(CorsOrigin="https://a.org", JwtAlgorithms="RS256")
    account.holds("contactbook-dev")
    given = {"BUNDLE_BUCKET": "b", "ISSUER_CHECK": "no", "CORS_ORIGIN": "https://b.org"}
    ended, said = run("up", given)
    assert ended == 0
    assert "The stack contactbook-dev is UPDATE_COMPLETE: it is changed." in said
    assert "JWT_ALGORITHMS   RS256   kept" in said
    assert "CORS_ORIGIN      https://b.org   given; before: https://a.org" in said
    assert account.parameters["JwtAlgorithms"] == "RS256"
    assert account.parameters["CorsOrigin"] == "https://b.org"


def test_the_mail_of_alarms_can_be_cleared(account: Account, run: Run) -> None:
    """An empty ALARM_EMAIL is an answer; an empty CORS_ORIGIN is none."""
    account.stands(AlarmEmail="ops@example.org", CorsOrigin="https://a.org")
    account.holds("contactbook-dev")
    base = {"BUNDLE_BUCKET": "b", "ISSUER_CHECK": "no"}
    assert run("up", base)[0] == 0
    assert account.parameters["AlarmEmail"] == "ops@example.org"
    ended, said = run("up", base | {"ALARM_EMAIL": "", "CORS_ORIGIN": ""})
    assert ended == 0
    assert "ALARM_EMAIL      (empty)   given; before: ops@example.org" in said
    assert account.parameters["AlarmEmail"] == ""
    assert account.parameters["CorsOrigin"] == "https://a.org"


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "BUNDLE_BUCKET"),
        (
            {"BUNDLE_BUCKET": "b", "ISSUER_CHECK": "no"},
            "set JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS",
        ),
        ({**FIRST, "JWT_JWKS": ""}, "set JWT_JWKS."),
        ({**FIRST, "JWT_ALGORITHMS": "HS256"}, "JWT_ALGORITHMS='HS256' is not"),
        ({**FIRST, "JWT_JWKS": "http://a.org/keys"}, "JWT_JWKS='http://a.org/keys'"),
        (
            {**FIRST, "JWT_JWKS": "https://issuer.example@evil.example/"},
            "The functions would not start: JWT_JWKS must be an https URL",
        ),
        ({**FIRST, "CREATE_TABLE": "NO"}, "CREATE_TABLE is yes or no, not 'NO'."),
    ],
)
def test_what_is_missing_or_wrong_is_named_before_anything_is_done(
    account: Account,
    run: Run,
    given: dict[str, str],
    word: str,
) -> None:
    """A first deployment needs the issuer; later ones keep what they were told."""
    refused(account, run("up", given), word)


def test_without_credentials_it_says_what_to_do(account: Account, run: Run) -> None:
    """The CLI's own reason, and the next step."""
    account.change(account="")
    refused(account, run("up", FIRST), "Unable to locate credentials", "aws configure")


def test_without_a_region_it_says_what_to_do(account: Account, run: Run) -> None:
    account.change(region="")
    refused(account, run("up", FIRST), "Name the region: AWS_REGION=")
    account.change(buckets={"bundles": "EU"})
    assert run("up", FIRST | {"AWS_REGION": "eu-west-1"})[0] == 0


def test_without_the_cli_it_says_where_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert deploy.main(["up", "dev"], FIRST) == 1
    assert "getting-started-install" in capsys.readouterr().err


@pytest.mark.parametrize("hidden", ["describe-stacks", "describe-table"])
def test_what_may_not_be_seen_is_not_taken_for_missing(
    account: Account,
    run: Run,
    hidden: str,
) -> None:
    """A caller without the right to look would else make a second one."""
    account.stands()
    account.change(denied=[hidden])
    refused(account, run("up", FIRST), "was refused", "AccessDenied")


def test_a_creation_that_failed_is_repeated_on_the_table_that_it_left(
    account: Account,
    run: Run,
) -> None:
    """The dead stack is found, said, removed; what it was told is told again, and the
    retained table is served."""
    account.change(unbuildable="no more roles in this account")
    given = FIRST | {"CORS_ORIGIN": "https://a.org", "JWT_ALGORITHMS": "RS256"}
    ended, said = run("up", given)
    assert ended == 1
    assert "`aws cloudformation deploy` has failed; see above." in said
    state = account.read()
    assert state["stacks"]["contactbook-dev"]["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "contactbook-dev" in state["tables"]

    again = {"BUNDLE_BUCKET": "bundles", "ISSUER_CHECK": "no"}
    ended, said = run("up", again)
    assert ended == 0
    assert "is ROLLBACK_COMPLETE: it never stood" in said
    assert "It is removed, and made again" in said
    assert "CREATE_TABLE     no   the table is there" in said
    assert account.written[2:] == ["package", "delete-stack", "deploy"]
    assert "Should this stop half-way, go on with:\n  make deploy" in said
    assert "CREATE_TABLE=no" in said
    assert "CORS_ORIGIN=https://a.org" in said
    assert account.parameters["CreateTable"] == "no"
    assert account.parameters["CorsOrigin"] == "https://a.org"
    assert account.parameters["JwtAlgorithms"] == "RS256"


def test_a_creation_that_failed_before_its_table_makes_it(
    account: Account,
    run: Run,
) -> None:
    account.stands("ROLLBACK_COMPLETE", CreateTable="yes")
    ended, said = run("up", FIRST)
    assert ended == 0
    assert "The table contactbook-dev is made." in said
    assert account.written == ["package", "delete-stack", "deploy"]
    assert account.parameters["CreateTable"] == "yes"


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("UPDATE_IN_PROGRESS", "wait until that has ended"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback"),
    ],
)
def test_a_stack_that_cannot_be_changed_now_is_left_alone(
    account: Account,
    run: Run,
    status: str,
    sentence: str,
) -> None:
    account.stands(status)
    account.holds("contactbook-dev")
    refused(account, run("up", FIRST), status, sentence)


def test_a_stack_that_is_only_a_change_set_is_none(account: Account, run: Run) -> None:
    """REVIEW_IN_PROGRESS: a creation that was never carried out; the CLI creates."""
    account.stands("REVIEW_IN_PROGRESS", CorsOrigin="https://old.org")
    account.world = account.read()
    assert "There is no stack contactbook-dev" in run("up", FIRST)[1]


def test_destroy_says_what_stays_and_asks(account: Account, run: Run) -> None:
    """Another name typed is a no; the table is never touched."""
    account.stands()
    account.holds("contactbook-dev")
    assert run("down", {"YES": "contactbook-prod"})[0] == 1
    assert account.written == []
    ended, said = run("down", {"YES": "contactbook-dev"})
    assert ended == 0
    assert account.written == ["delete-stack"]
    assert "contactbook-dev" in account.read()["tables"]
    assert "deletion\n    protection on" in said


def test_where_nobody_can_be_asked_nothing_is_taken_away(
    account: Account, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipeline without a terminal is no yes."""
    account.stands()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    refused(account, run("down", {}), "Nothing was done.")


def test_a_table_that_the_stack_lets_go_is_said(account: Account, run: Run) -> None:
    account.stands()
    account.holds("contactbook-dev")
    ended, said = run("up", FIRST | {"CREATE_TABLE": "no"})
    assert ended == 0
    assert "Note: the stack lets go of the table contactbook-dev: it stays" in said


def test_a_stack_that_makes_its_own_issuer_needs_none(
    account: Account, run: Run
) -> None:
    """The user pool is not there yet: it cannot be asked, and that is said."""
    ended, said = run("up", {"BUNDLE_BUCKET": "b", "CREATE_USER_POOL": "yes"})
    assert ended == 0, said
    assert "Note: the stack's own user pool is the issuer; it is not asked." in said
    assert account.parameters["CreateUserPool"] == "yes"


def told_by_the_template() -> dict[str, Any]:
    every_route()  # template.py reads the app's settings when it is imported
    from bundle.template import FROM_POOL

    return FROM_POOL


def test_a_pool_that_a_destroy_keeps_is_the_issuer_of_the_printed_deployment(
    account: Account, run: Run
) -> None:
    """As the template tells it to the functions now: a new pool would know nobody."""
    from_pool = told_by_the_template()
    account.stands(
        CreateUserPool="yes", JwtIssuer="", JwtAudience="", JwtJwks="", CreateTable="no"
    )
    account.holds("contactbook-dev")
    pool = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a"
    made = {"OidcIssuer": pool, "OidcClientId": "page", "OidcOrigins": "https://l.org"}
    stacks = account.read()["stacks"]
    stacks["contactbook-dev"]["Outputs"] = [
        {"OutputKey": key, "OutputValue": value} for key, value in made.items()
    ]
    account.change(stacks=stacks)
    _, said = run("down", {"YES": "contactbook-dev"})
    words = said.replace("\\\n", "").split()
    told = dict(word.split("=", 1) for word in words if re.match("[A-Z_]+=", word))
    assert told["CREATE_USER_POOL"] == "no"
    assert told["OIDC_ORIGINS"] == "https://l.org"
    again = {"ProviderURL": pool, "PageClient": "page"}
    for word, value in from_pool.items():
        plain = value if isinstance(value, str) else next(iter(value.values()))
        if isinstance(plain, list):
            plain = again[plain[1]]
        plain = plain.replace("${UserPool.ProviderURL}", pool)
        assert told[word] == again.get(plain, plain)


def test_every_parameter_can_be_given_and_is_kept() -> None:
    """One that deploy.py does not know would fall back with each destroy."""
    assert set(stack.PARAMETERS.values()) == set(stack.DEFINED["Parameters"]) - {
        "Stage"
    }


def test_nothing_is_taken_away_where_nothing_is(account: Account, run: Run) -> None:
    refused(account, run("down", {"YES": "contactbook-dev"}), "There is no stack")


def test_restored_destroyed_and_made_again_it_is_as_it_was(
    account: Account,
    run: Run,
) -> None:
    """The command that a destroy prints serves the restored table again, with the same
    origin and algorithms; not the old table, open to every page."""
    given = FIRST | {"CORS_ORIGIN": "https://a.org", "JWT_ALGORITHMS": "RS256"}
    assert run("up", given)[0] == 0
    account.holds(RESTORED)
    later = {"BUNDLE_BUCKET": "bundles", "ISSUER_CHECK": "no"}
    assert run("up", later | {"SERVED_TABLE": RESTORED})[0] == 0
    before = account.parameters

    _, said = run("down", later | {"YES": "contactbook-dev"})
    assert f"the table {RESTORED}, with every contact" in said
    assert "the table contactbook-dev, which the stack has made" in said
    printed = re.search(r"^  (make deploy (?:.*\\\n)*.*)$", said, re.M)
    assert printed
    typed = subprocess.check_output(
        ["bash", "-c", f"make() {{ printf '%s\\n' \"$@\"; }}\n{printed[1]}"], text=True
    )
    target, *words = typed.splitlines()
    assert (target, words[0]) == ("deploy", "STAGE=dev")
    environ = dict(word.split("=", 1) for word in words)

    assert run("up", environ | {"ISSUER_CHECK": "no"})[0] == 0
    assert account.parameters == before | {"CreateTable": "no"}
    assert account.parameters["ServedTable"] == RESTORED


def test_a_strange_stage_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy.main(["up", "local"], FIRST) == 2
    assert "check|up|down STAGE" in capsys.readouterr().err
