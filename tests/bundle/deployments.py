"""What the tests of a deployment stand on: an AWS that lies in a file, its CLI on PATH,
and tables as DynamoDB tells them."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bundle import deploy, stack, table
from tests.bundle import scripted_aws

FIRST = {
    "BUNDLE_BUCKET": "bundles",
    "JWT_ISSUER": "https://issuer.example/",
    "JWT_AUDIENCE": "contactbook",
    "JWT_JWKS": "https://issuer.example/jwks.json",
    "ISSUER_CHECK": "no",
}
RESTORED = "contactbook-dev-r1"
WRITES = {"package", "deploy", "delete-stack", "update-table", "delete-table"}


class Account:
    """An account of AWS, as the CLI on PATH tells and changes it."""

    def __init__(self, place: Path) -> None:
        self.file = place / "world.json"
        self.world = scripted_aws.empty()
        self.world["new_table"] = ours("new")
        defaults = {
            name: given["Default"]
            for name, given in stack.DEFINED["Parameters"].items()
            if "Default" in given
        }
        self.world["defaults"] = defaults
        program = place / "aws"
        program.write_text(
            f"#!{sys.executable} -SE\n" + Path(scripted_aws.__file__).read_text()
        )
        program.chmod(0o755)
        self.save()

    def save(self) -> None:
        self.file.write_text(json.dumps(self.world))

    def change(self, **words: Any) -> None:
        self.world = json.loads(self.file.read_text()) | words
        self.save()

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file.read_text())
        return found

    def holds(self, name: str, **changed: Any) -> None:
        """A table of ours, armed, but for what is changed."""
        world = self.read()
        world["tables"][name] = ours(name) | changed
        world["backups"].append(name)
        world["expiry"].append(name)
        self.change(**world)

    def stands(self, status: str = "UPDATE_COMPLETE", **parameters: str) -> None:
        """A stack of dev, told what FIRST says and these."""
        told = {
            **self.world["defaults"],
            "ServedTable": "contactbook-dev",
            "JwtIssuer": FIRST["JWT_ISSUER"],
            "JwtAudience": FIRST["JWT_AUDIENCE"],
            "JwtJwks": FIRST["JWT_JWKS"],
            **parameters,
        }
        made = {
            "StackName": "contactbook-dev",
            "StackStatus": status,
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in told.items()
            ],
        }
        self.change(stacks={"contactbook-dev": made})

    @property
    def parameters(self) -> dict[str, str]:
        told = self.read()["stacks"]["contactbook-dev"]["Parameters"]
        return {one["ParameterKey"]: one["ParameterValue"] for one in told}

    @property
    def written(self) -> list[str]:
        """The operations that change something, in their order."""
        told = [words[1] for words in self.read()["told"]]
        return [word for word in told if word in WRITES]


def ours(name: str) -> dict[str, Any]:
    """A table like ours, as describe-table tells it."""
    wanted = table.EXPECTED
    return {
        "TableName": name,
        "TableStatus": "ACTIVE",
        "DeletionProtectionEnabled": True,
        "KeySchema": wanted["KeySchema"],
        "AttributeDefinitions": list(reversed(wanted["AttributeDefinitions"])),
        "GlobalSecondaryIndexes": [
            {**index, "IndexStatus": "ACTIVE"}
            for index in reversed(wanted["GlobalSecondaryIndexes"])
        ],
    }


Run = Callable[..., tuple[int, str]]


def refused(account: Account, outcome: tuple[int, str], *sentences: str) -> None:
    ended, said = outcome
    for sentence in sentences:
        assert sentence in " ".join(said.split())
    assert ended == 1
    assert account.written == []


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return Account(tmp_path)


@pytest.fixture
def run(account: Account, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command of deploy.py: how it ended, and all that it said."""

    def go(
        command: str, environ: Mapping[str, str], stage: str = "dev"
    ) -> tuple[int, str]:
        ended = deploy.main([command, stage], environ)
        said = capsys.readouterr()
        return ended, said.out + said.err

    return go
