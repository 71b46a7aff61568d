"""`make deploy` and `make destroy`, with an AWS CLI that only writes down what it is
told: the right commands, and a clear word when something is missing."""

import json
import os
from pathlib import Path

import pytest

from bundle import deploy

CLI = """#!/bin/sh
echo "$@" >> {told}
case "$2" in
  get-caller-identity) {identity} ;;
  describe-stacks) cat {stack} ;;
esac
"""
FIRST = {
    "BUNDLE_BUCKET": "bundles",
    "JWT_ISSUER": "https://issuer.example/",
    "JWT_AUDIENCE": "contactbook",
    "JWT_JWKS": "https://issuer.example/jwks.json",
}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the CLI writes; a stack stands as soon as the file `stack` is there."""
    program(tmp_path, "true")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path / "told"


def program(place: Path, identity: str) -> None:
    cli = place / "aws"
    text = CLI.format(told=place / "told", stack=place / "stack", identity=identity)
    cli.write_text(text)
    cli.chmod(0o755)


def stands(told: Path) -> None:
    outputs = [{"OutputKey": "EndpointURL", "OutputValue": "https://x/api/"}]
    stack = {"Stacks": [{"Outputs": outputs}]}
    (told.parent / "stack").write_text(json.dumps(stack))


def test_a_deployment_is_packaged_deployed_and_told(
    told: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One stack, its parameters from the environment, the URL in the end."""
    stands(told)
    assert deploy.main(["up", "dev"], FIRST | {"CORS_ORIGIN": "https://a.org"}) == 0
    lines = told.read_text().splitlines()
    package, made = (line for line in lines if " package " in line or "deploy " in line)
    assert "--s3-bucket bundles" in package
    assert "--stack-name contactbook-dev" in made
    assert "--capabilities CAPABILITY_IAM" in made
    assert made.endswith(
        "--parameter-overrides JwtIssuer=https://issuer.example/ "
        "JwtAudience=contactbook JwtJwks=https://issuer.example/jwks.json "
        "CorsOrigin=https://a.org"
    )
    assert "contactbook-dev is at https://x/api/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "BUNDLE_BUCKET"),
        ({"BUNDLE_BUCKET": "b"}, "set JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS"),
        ({**FIRST, "JWT_JWKS": ""}, "set JWT_JWKS."),
    ],
)
def test_what_is_missing_is_named_before_anything_is_done(
    told: Path, capsys: pytest.CaptureFixture[str], given: dict[str, str], word: str
) -> None:
    """A first deployment needs the issuer; later ones keep what they were told."""
    assert deploy.main(["up", "prod"], given) == 1
    assert word in capsys.readouterr().err
    assert "cloudformation deploy" not in told.read_text()


def test_without_credentials_it_says_what_to_do(
    told: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The CLI's own reason, and the next step."""
    program(told.parent, "echo 'Unable to locate credentials' >&2; exit 253")
    assert deploy.main(["up", "dev"], FIRST) == 1
    message = capsys.readouterr().err
    assert "Unable to locate credentials" in message
    assert "aws configure" in message


def test_without_the_cli_it_says_where_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert deploy.main(["up", "dev"], FIRST) == 1
    assert "getting-started-install" in capsys.readouterr().err


def test_destroy_says_what_stays_and_asks(
    told: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another name typed is a no; the table is never touched."""
    assert deploy.main(["down", "dev"], {"YES": "contactbook-prod"}) == 1
    assert "delete-stack" not in told.read_text()
    assert deploy.main(["down", "dev"], {"YES": "contactbook-dev"}) == 0
    assert "delete-stack --stack-name contactbook-dev" in told.read_text()
    assert "dynamodb" not in told.read_text()
    assert "deletion\n    protection" in capsys.readouterr().out


def test_a_strange_stage_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy.main(["up", "local"], FIRST) == 2
    assert "up|down STAGE" in capsys.readouterr().err
