"""docs/operations.md is walked: every command that it shows is run, in its order, or is
marked as one that is not."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from moto.core.config import default_user_config
from moto.server import ThreadedMotoServer

from bundle import deploy
from bundle import table as tables
from chalicelib.storage.table import Table
from chalicelib.verbs import access
from local import engine
from local.engine import ROOT
from tests.bundle.deployments import Account, ours
from tests.bundle.spoken import Aws, Command, commands
from tests.conftest import add, found

GUIDE = (ROOT / "docs/operations.md").read_text()
COMMANDS = list(commands(GUIDE))
# Shell that is neither AWS nor ours.
PLAIN = ("export ", "cat ")
MADE_ELSEWHERE = {"make package"}  # test_package.py


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """A server that plays AWS, with both stages' tables, one contact in prod, and the
    functions that the guide names."""
    monkeypatch.setitem(default_user_config, "lambda", {"use_docker": False})
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    spoken = Aws(f"http://127.0.0.1:{server.get_host_and_port()[1]}", tmp_path)
    dynamodb = spoken.client("dynamodb")
    for name in ("contactbook-prod", "contactbook-dev"):
        engine.create_table(dynamodb, name)
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=True)
        dynamodb.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
    for name in set(re.findall(r"--function-name (\S+)", GUIDE)):
        make_function(spoken, name)
    (tmp_path / "event.json").write_text(
        (ROOT / "events/check_leftovers.json").read_text()
    )
    yield spoken
    httpx.post(f"{spoken.endpoint}/moto-api/reset")  # all servers of a process share it
    server.stop()


def make_function(aws: Aws, name: str) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    role = name[:60]
    made = aws.client("iam").create_role(
        RoleName=role, AssumeRolePolicyDocument=json.dumps(trust)
    )
    aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role=made["Role"]["Arn"],
        Handler="app.x",
        Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
    )


def walked(start: str) -> list[Command]:
    return [one for one in COMMANDS if one.is_walked and one.words[0] == start]


def test_every_command_is_walked_or_marked() -> None:
    """A third kind would be run by nobody, and look as if it were."""
    others = [
        one.text
        for one in COMMANDS
        if one.is_walked
        and one.words[0] not in ("aws", "make")
        and not one.text.startswith(PLAIN)
    ]
    assert others == []
    assert len(walked("aws")) >= 12
    assert len(walked("make")) >= 8
    outside = re.sub(r"^ *```.*?^ *```$", "", GUIDE, flags=re.M | re.S)
    assert re.findall(r"`aws [^`]*`", outside) == []


def test_what_is_said_to_aws_is_understood(aws: Aws) -> None:
    """Command by command, in the order of the guide: none is refused, and after each
    there is what the guide promises."""
    store = Table(aws.client("dynamodb"), "contactbook-prod")
    amy = found(store, "eagle", "USER")
    contact = add(store, amy, phone="+4915112345678")
    answers: dict[str, Any] = {}
    for command in walked("aws"):
        # The ids that a reader fills in.
        words = [word.replace("ws_...", amy.workspace.id) for word in command.words]
        answers[" ".join(words)] = aws.run(words)

    def told(start: str) -> Any:
        (answer,) = [a for text, a in answers.items() if text.startswith(start)]
        return answer

    assert amy.workspace.id in str(told("aws dynamodb query"))
    assert told("aws dynamodb get-item") == contact.id
    assert (aws.place / "answer.json").read_bytes() != b""
    restored = aws.client("dynamodb").describe_table(TableName="contactbook-prod-r1")
    assert restored["Table"]["DeletionProtectionEnabled"] is True
    again = Table(aws.client("dynamodb"), "contactbook-prod-r1")
    assert access.enter(again, "eagle", "USER").workspace.id == amy.workspace.id
    assert aws.client("dynamodb").list_tables()["TableNames"] == [
        "contactbook-prod",
        "contactbook-prod-r1",
    ]
    (backup,) = aws.client("dynamodb").list_backups()["BackupSummaries"]
    assert backup["BackupName"] == "before-indexes"


def test_what_is_re_armed_is_what_a_deployment_asks_for(aws: Aws) -> None:
    """After the guide's third step nothing is missing, as deploy.py sees it."""
    arm = [
        one.words
        for one in walked("aws")
        if "contactbook-prod-r1" in one.text and " wait " not in one.text
    ]
    for words in arm:
        aws.run(words)
    client, name = aws.client("dynamodb"), "contactbook-prod-r1"

    def asked(*words: str, absent: str = "") -> Any:
        return aws.run(["aws", *words])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables.cli, "ask", asked)
        there = tables.find(name)
        assert there is not None
        assert tables.unarmed(there) == []
        assert tables.faults(there) == []
        client.update_table(TableName=name, DeletionProtectionEnabled=False)
        there = tables.find(name)
        assert there is not None
        assert tables.unarmed(there) == ["deletion protection"]


def test_what_is_said_to_make_is_done(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each `make` of the guide, in its order, on an account that begins with nothing;
    the restored table comes when the guide has restored it."""
    environ = {"BUNDLE_BUCKET": "bundles", "ISSUER_CHECK": "no"}
    for command in walked("make"):
        _, target, *given = command.words
        if f"make {target}" in MADE_ELSEWHERE:
            continue
        told = dict(word.split("=", 1) for word in given)
        stage = told.pop("STAGE")
        prepare(account, told, stage)
        work = {"deploy-check": "check", "deploy": "up", "destroy": "down"}[target]
        sure = {"YES": f"contactbook-{stage}"} if work == "down" else {}
        ended = deploy.main([work, stage], environ | told | sure)
        assert ended == 0, (command.text, capsys.readouterr().err)
    world = account.read()
    assert "contactbook-dev" not in world["stacks"]
    assert set(world["tables"]) >= {"contactbook-dev", "contactbook-prod-r1"}
    told = {
        one["ParameterKey"]: one["ParameterValue"]
        for one in world["stacks"]["contactbook-prod"]["Parameters"]
    }
    assert (told["ServedTable"], told["ReadOnly"]) == ("contactbook-prod-r1", "no")


def prepare(account: Account, told: dict[str, str], stage: str) -> None:
    """What has been done by hand until then: prod stands; its table was restored."""
    if stage == "prod" and "READ_ONLY" in told and not account.read()["stacks"]:
        first = {"JwtIssuer": "i", "JwtAudience": "a", "JwtJwks": "https://i.example/k"}
        account.stands(**first, ServedTable="contactbook-prod")
        stacks = account.read()["stacks"]
        account.change(stacks={"contactbook-prod": stacks["contactbook-dev"]})
        account.holds("contactbook-prod")
    if served := told.get("SERVED_TABLE"):
        account.holds(served)


def test_the_commands_that_deploy_prints_are_the_guides() -> None:
    """Who follows the terminal and who follows the page do the same."""
    for printed in re.findall(r"^  (aws .*)$", deploy.STAYS, re.M):
        for_dev = printed.format(served="contactbook-dev")
        assert for_dev in [one.text for one in COMMANDS]


def test_a_misspelt_option_is_seen(aws: Aws) -> None:
    """The check that the walk leans on: it does say no."""
    with pytest.raises(AssertionError, match="no option"):
        aws.run(["aws", "dynamodb", "delete-table", "--tabel-name", "x"])
    with pytest.raises(KeyError):
        aws.run(["aws", "dynamodb", "drop-table", "--table-name", "x"])
    assert ours("x")["TableName"] == "x"
    assert os.environ.get("AWS_PROFILE") is None
