"""Documented or failing: what the README says is run, and what is there is said."""

import json
import re
import subprocess

from local.engine import ROOT
from tests.conftest import Server
from tests.test_console import FUNCTIONS
from tests.test_http_isolation import every_route

README = (ROOT / "README.md").read_text()
API = (ROOT / "docs/api.md").read_text()


def test_the_curl_lines_work_as_they_are_written(server: Server) -> None:
    """Somebody copies them as the first thing."""
    block = next(b for b in re.findall(r"```sh\n(.*?)```", README, re.S) if "curl" in b)
    script = block.replace("http://127.0.0.1:8000", server.base)
    ran = subprocess.run(
        ["bash", "-euc", f"export DATA_DIR={server.data_dir}\n{script}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(one) for one in ran.stdout.replace("}{", "}\n{").splitlines()]
    filtered, searched, read, changed, status, deleted, stranger = answers
    assert {one["lead_status"] for one in filtered["contacts"]} == {"qualified"}
    assert [one["name"] for one in searched["contacts"]] == ["Anna Müller"]
    assert read["contact"]["phone"] == "+447400123456"
    assert changed["contact"]["name"] == "Ada King"
    assert changed["contact"]["tags"] == ["vip"]
    assert status["contact"]["lead_status"] == "qualified"
    assert deleted["deletion"]["contact_id"] == read["contact"]["id"]
    assert stranger["code"] == "workspace_not_found"


def test_every_route_is_documented() -> None:
    """docs/api.md has each method and path, in its own spelling of the contract."""
    documented = set()
    for methods, paths in re.findall(r"^\| ([A-Z, ]+) (\S+)[^|]*\|", API, re.M):
        path = paths.split("?")[0]
        if path.startswith("...") and not path.startswith(".../contacts"):
            path = path.replace("...", ".../contacts/{contact_id}", 1)
        path = path.replace("...", "/workspaces/{workspace}", 1)
        for method in methods.split(", "):
            documented.add((method, path))
    # Said once for all of them: HEAD wherever GET is.
    documented |= {("HEAD", path) for method, path in documented if method == "GET"}
    assert [route for route in every_route() if route not in documented] == []


def test_every_function_target_and_variable_is_documented() -> None:
    """A thing that is not in the README is found by nobody."""
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.M)
    help_text = subprocess.run(
        ["make"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert all(f"make {target}" in help_text for target in targets)
    settings = (ROOT / "chalicelib/base/settings.py").read_text()
    variables = re.findall(r'"([A-Z_]{4,})"', settings)
    for word in [*FUNCTIONS, *variables, "PORT", "DATA_DIR", "DEMO"]:
        assert f"`{word}`" in README, word
