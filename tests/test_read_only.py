"""While nothing may change, nothing does: every write is refused, by HTTP, from the
console and by the schedule; and what can be read is read."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from chalicelib.base import settings
from chalicelib.doors import console
from chalicelib.model.errors import NotFound, ReadOnly, Refusal
from chalicelib.model.words import Member
from chalicelib.storage.guard import Guard
from chalicelib.storage.table import Table
from chalicelib.verbs import access
from tests import guard_world
from tests.conftest import Server, add, everything, start_server
from tests.guard_world import VERBS
from tests.http_world import CONTACTS, made, refused
from tests.test_console import FUNCTIONS
from tests.test_http_isolation import body_for, every_route

OWNER = "eagle-owner"
WRITES = [one for one in every_route() if one[0] not in ("GET", "HEAD")]
SENTENCE = "Nothing can be changed just now: the store is being moved. Try later."


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server that may not write, on data of before; and a contact of it."""
    place = tmp_path_factory.mktemp("frozen")
    before = start_server(place)
    with before.client(OWNER) as http:
        contact = made(http, phone="+447400123456")
    before.stop()
    server = start_server(place, READ_ONLY="yes")
    yield server, contact["id"]
    server.stop()


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_every_write_is_refused_over_http(
    frozen: tuple[Server, str], method: str, path: str
) -> None:
    """With a code of its own, the time to come again, and a sentence for people."""
    server, contact = frozen
    known = {"workspace": "eagle-overseas", "contact_id": contact}
    address = re.sub(
        r"{(\w+)}", lambda name: known.get(name[1], _id_for(name[1])), path
    )
    with server.client(OWNER) as http:
        answer = http.request(method, address, json=body_for(method, path))
    problem = refused(answer, 503, "read_only")
    assert problem["detail"] == SENTENCE
    assert answer.headers["retry-after"] == "60"


def _id_for(name: str) -> str:
    kinds = {
        "conversation_id": "conv",
        "note_id": "note",
        "token_id": "key",
        "invitation_id": "inv",
    }
    return f"{kinds[name]}_{'0' * 26}" if name in kinds else "somebody"


def test_what_can_be_read_is_read(frozen: tuple[Server, str]) -> None:
    """As it was before; a stranger is still nobody, before all else."""
    server, contact = frozen
    with server.client(OWNER) as http:
        found = http.get(f"{CONTACTS}/{contact}").json()["contact"]
        assert (found["phone"], found["version"]) == ("+447400123456", 1)
        assert http.get(CONTACTS).status_code == 200
    with server.client(None) as nobody:
        refused(nobody.post(CONTACTS, json={"name": "X"}), 401, "unauthenticated")


def test_a_machine_reads_on_and_its_day_is_not_written(
    tmp_path: Path,
) -> None:
    """Its first request of a day would write: it is answered without that."""
    before = start_server(tmp_path)
    where = "/workspaces/eagle-overseas/tokens"
    with before.client(OWNER) as http:
        asked = {"name": "Form", "role": "viewer"}
        secret = http.post(where, json=asked).json()["secret"]
    before.stop()
    server = start_server(tmp_path, READ_ONLY="yes")
    machine = {"Authorization": f"Bearer {secret}"}
    answer = httpx.get(server.base + CONTACTS, headers=machine)
    written = httpx.post(server.base + CONTACTS, headers=machine, json={"name": "X"})
    with server.client(OWNER) as http:
        (token,) = http.get(where).json()["tokens"]
    server.stop()
    assert answer.status_code == 200
    refused(written, 503, "read_only")
    assert token["last_used_on"] is None
    assert "last_used" not in server.log.read_text()


@pytest.mark.parametrize("name", VERBS)
def test_no_verb_writes_to_a_table_that_is_read_only(
    real_client: Any, name: str
) -> None:
    """Whoever calls it, and whatever a door has forgotten: the seam refuses."""
    world = guard_world.made(real_client)
    table = Table(real_client, world.whole._name, read_only=True)
    inside = table.inside(Guard.of(world.zed.workspace))
    before = everything(world.whole)
    try:
        VERBS[name](replace(world, table=inside, amy=world.zed))
        was_refused = False
    except (ReadOnly, NotFound) as refusal:
        was_refused = isinstance(refusal, ReadOnly)
    assert everything(world.whole) == before
    reads = r"search|\.(page|get|one|count|check|job|receipt)\b"
    assert was_refused != bool(re.search(reads, name))


@pytest.fixture
def at_the_console(real_table: Table, monkeypatch: pytest.MonkeyPatch) -> Table:
    """The functions as on AWS, with READ_ONLY=yes."""
    chosen = settings.read(
        {
            **{"TABLE_NAME": "t", "JWT_ISSUER": "i", "JWT_AUDIENCE": "a"},
            **{"JWT_JWKS": "/none", "READ_ONLY": "yes"},
        }
    )
    table = Table(real_table._client, real_table._name, read_only=True)
    monkeypatch.setattr(access, "connect", lambda: table)
    monkeypatch.setattr(settings, "current", lambda: chosen)
    return table


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if n != "check_leftovers"])
def test_every_function_that_writes_is_refused(
    at_the_console: Table, name: str
) -> None:
    """Before it looks at its event."""
    with pytest.raises(ReadOnly, match=SENTENCE):
        console.run(getattr(console, name), {})


def test_the_operator_may_look_and_the_schedule_rests(
    at_the_console: Table, amy: Member, real_table: Table
) -> None:
    """It says how long deletions wait, for the alarm, and does not fail each minute."""
    contact = add(real_table, amy)
    before = everything(real_table)
    event = {"workspace_id": "eagle", "contact_id": contact.id}
    assert console.run(console.check_leftovers, event)["total"] > 0
    rested = console.run(console.resume_deletions_on_schedule, {})
    assert rested == {"read_only": True}
    assert everything(real_table) == before


@pytest.mark.parametrize("word", ["true", "YES", "1", "off"])
def test_a_word_that_is_not_understood_does_not_start(word: str) -> None:
    """It must not leave the store open to changes that are meant to be refused."""
    given = {"TABLE_NAME": "t", "JWT_ISSUER": "i", "JWT_AUDIENCE": "a"}
    with pytest.raises(ValueError, match="READ_ONLY must be yes or no"):
        settings.read({**given, "JWT_JWKS": "/none", "READ_ONLY": word})


def test_it_is_a_refusal_of_its_own() -> None:
    """Not Busy: what waits for a busy store would wait in vain."""
    assert ReadOnly.__mro__[1] is Refusal
