"""docs/tokens.md is tried: its shell lines one after the other, its form's handler as
it is written, its words for a scanner. docs/operations.md, "People": what is said to
`make deploy` and to `aws` is what they understand."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore import xform_name
from botocore.session import get_session

from bundle import deploy
from chalicelib.model import secret
from chalicelib.model.ids import new_id
from local.engine import ROOT, free_port
from tests.conftest import NOW, Server

GUIDE = (ROOT / "docs/tokens.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
BOOK = "/workspaces/eagle-overseas"


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^ *```{kind}\n(.*?)^ *```$", text, re.M | re.S)


def answers(text: str) -> list[Any]:
    decoder, found, place = json.JSONDecoder(), [], 0
    while place < len(text.rstrip()):
        one, place = decoder.raw_decode(text, place)
        found.append(one)
        while place < len(text) and text[place].isspace():
            place += 1
    return found


def test_the_lines_work_as_they_are_written(server: Server, tmp_path: Path) -> None:
    """Made, used from a file, replaced without a gap, revoked; a retry adds nothing."""
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    script = "\n".join(blocks(GUIDE, "sh"))
    script = script.replace("http://127.0.0.1:8000", server.base)
    keyed = r"(curl [^\n]*Idempotency-Key[^\n]*\\\n[^\n]*\n)"
    script, count = re.subn(keyed, r"\1\1", script)  # the retry
    assert count == 1
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{script}\necho $TOKEN >&2"],
        cwd=tmp_path,
        env={
            **os.environ,
            "DATA_DIR": str(server.data_dir),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    read, made, retried, by_the_new, tokens = answers(ran.stdout)
    assert len(read["contacts"]) == 2
    contact = made["contact"]
    assert (contact["name"], contact["source"]) == ("Grace Hopper", "import")
    assert contact["updated_by"] == f"key_{ran.stderr.strip()[29:55]}"
    assert retried == made
    assert by_the_new["contacts"][0]["id"] == contact["id"]
    new, old = tokens["tokens"][:2]
    assert old["id"] == contact["updated_by"]
    assert (old["role"], old["revoked_at"], new["revoked_at"]) == ("member", None, None)
    header = (tmp_path / "machine.header").stat()
    assert header.st_mode & 0o077 == 0
    with server.client(None) as http:
        http.headers["Authorization"] = f"Bearer {ran.stderr.strip()}"
        assert http.get(f"{BOOK}/contacts").status_code == 401


@pytest.fixture
def machine(server: Server) -> str:
    with server.client("eagle-owner") as http:
        body = {"name": "Website form", "role": "member"}
        made = http.post(f"{BOOK}/tokens", json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["secret"])


@pytest.fixture
def form(server: Server, machine: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """The handler of the guide, run by node."""
    (handler,) = blocks(GUIDE, "js")
    (tmp_path / "form.mjs").write_text(handler)
    port = free_port()
    told = {"BOOK": server.base + BOOK, "TOKEN": machine, "SITE": "https://www.x.org"}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            ["node", "form.mjs"],
            cwd=tmp_path,
            env={**os.environ, **told, "PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    # The connection is tried again until it listens.
    transport = httpx.HTTPTransport(retries=10)
    address = f"http://127.0.0.1:{port}/contact"
    with httpx.Client(base_url=address, transport=transport, timeout=30) as http:
        yield http
    process.kill()
    process.wait()
    assert machine not in (tmp_path / "log").read_text()


def sent(form: httpx.Client, **fields: str) -> str:
    """The page that the visitor is led to."""
    answer = form.post("", data=fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("https://www.x.org/")


def kept(server: Server, email: str) -> list[tuple[str, list[str]]]:
    """Names and notes of the contacts with this e-mail."""
    with server.client("eagle-owner") as http:
        contacts = http.get(f"{BOOK}/contacts", params={"q": email}).json()["contacts"]
        found = []
        for one in contacts:
            notes = http.get(f"{BOOK}/contacts/{one['id']}/notes").json()["notes"]
            found.append((one["name"], [note["content"] for note in notes]))
    return found


def test_the_forms_handler_makes_one_contact(
    server: Server, form: httpx.Client
) -> None:
    """Sent twice it counts once; from somebody who is known it is a note, and the
    visitor is told the same; a robot, an empty form and an endless one make nothing."""
    email = f"{new_id('con', NOW)[4:].lower()}@example.org"
    ada = {"name": 'Ada "A" Lovelace', "email": email, "message": "Call me.\nÜ"}
    assert [sent(form, **ada) for _ in range(2)] == ["thanks"] * 2
    assert kept(server, email) == [(ada["name"], [ada["message"]])]
    assert sent(form, **ada | {"message": "Once more"}) == "thanks"
    assert kept(server, email) == [(ada["name"], ["Once more", ada["message"]])]
    other = f"x{email}"
    assert sent(form, name="R", email=other, website="http://r.org") == "thanks"
    assert sent(form, email="no address", name="") == "sorry"
    assert sent(form, name="x" * 30_000, email=other) == "sorry"
    assert form.get("").headers["location"] == "https://www.x.org/sorry"
    assert kept(server, other) == []


def test_a_page_with_the_form_names_what_the_handler_reads() -> None:
    (page,) = blocks(GUIDE, "html")
    (handler,) = blocks(GUIDE, "js")
    for name in re.findall(r' name="(\w+)"', page):
        assert re.search(rf"\b{name}\b", handler), name


def test_the_scanners_pattern_finds_a_token_and_no_neighbour() -> None:
    (pattern,) = re.findall(r"^(cb_\[.*)$", GUIDE, re.M)
    text = secret.new(new_id("ws", NOW), new_id("key", NOW))
    assert re.findall(pattern, f'TOKEN="{text}"\n') == [text]
    assert re.findall(pattern, text.replace("cb_", "cd_") + text[:-1]) == []


def people(text: str) -> list[list[str]]:
    """The commands of the chapters that are about people and pools."""
    found = []
    for block in blocks(text, "sh"):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            words = shlex.split(line.strip(), comments=True)
            if words[:1] == ["make"] or "cognito-idp" in words:
                found.append(words)
    return found


def test_every_word_to_make_is_one_of_its_own() -> None:
    said = [words for words in people(OPERATIONS) if words[1] == "deploy"]
    known = {*deploy.PARAMETERS, "STAGE"}
    assert len(said) >= 4
    for words in said:
        assert {word.partition("=")[0] for word in words[2:]} <= known, words


def test_every_word_to_cognito_is_one_that_it_knows() -> None:
    """Operations and options, by the service's own model."""
    model = get_session().get_service_model("cognito-idp")
    names = {xform_name(one, "-"): one for one in model.operation_names}
    said = [words[2:] for words in people(OPERATIONS) if words[0] == "aws"]
    assert len(said) >= 7
    for operation, *words in said:
        options = {word.removeprefix("--") for word in words if word.startswith("--")}
        shape = model.operation_model(names[operation]).input_shape
        assert shape is not None
        known = {xform_name(member, "-") for member in shape.members}
        assert options - {"query"} <= known, (operation, options)
        required = {xform_name(member, "-") for member in shape.required_members}
        assert required <= options, (operation, required)
