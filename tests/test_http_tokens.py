"""Machines over HTTP: let in by a token, kept out of what is for people, told apart
from strangers by nothing."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest

from chalicelib.doors.declared import OPERATIONS
from chalicelib.model import secret
from chalicelib.model.ids import ULID, new_id
from chalicelib.storage.table import Table
from local.engine import ROOT
from tests.conftest import NOW, Server, everything
from tests.http_world import refused
from tests.prove.proof import served
from tests.test_http_isolation import MISSING, body_for, every_route, plain
from tests.test_tokens import forged

FORM = {"name": "Website form", "role": "member"}
OWNER = "tokens-owner"
SLUG = "tokens-http"
HERE, THERE = f"/workspaces/{SLUG}", "/workspaces/harbor-travel"
ROUTES = every_route()  # every route is declared by now
PUBLIC = {one.path for one in OPERATIONS.values() if one.public}
FOR_PEOPLE = sorted(key for key, one in OPERATIONS.items() if one.people)
INSIDE = [one for one in ROUTES if "{workspace}" in one[1]]


class Machine(NamedTuple):
    """A token, what opens the workspace with it, and who holds it up."""

    id: str
    secret: str
    http: httpx.Client


@pytest.fixture(scope="module")
def owner(server: Server) -> Iterator[httpx.Client]:
    with server.client(OWNER) as http:
        http.post("/workspaces", json={"name": "Tokens", "slug": SLUG})
        yield http


def held(server: Server, text: str) -> httpx.Client:
    http = server.client(None)
    http.headers["Authorization"] = f"Bearer {text}"
    return http


def made(server: Server, owner: httpx.Client, **body: Any) -> Machine:
    """A token that has been used today."""
    answer = owner.post(f"{HERE}/tokens", json=FORM | body)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    text = told["secret"]
    with held(server, text) as http:
        assert http.get(HERE).status_code == 200
    return Machine(told["token"]["id"], text, held(server, text))


@pytest.fixture(scope="module")
def machine(server: Server, owner: httpx.Client) -> Iterator[Machine]:
    one = made(server, owner)
    with one.http:
        yield one


def path_of(path: str, workspace: str) -> str:
    return path.format(
        workspace=workspace,
        contact_id=f"con_{MISSING}",
        deletion_id=f"del_{MISSING}",
        note_id=f"note_{MISSING}",
        conversation_id=f"conv_{MISSING}",
        token_id=f"key_{MISSING}",
        job_id=f"job_{MISSING}",
        invitation_id=f"inv_{MISSING}",
        user_id="somebody",
    )


def test_a_token_is_made_used_and_revoked(server: Server, owner: httpx.Client) -> None:
    """Its secret is told once; what it does is told as its own; revoked, it is refused
    at once and stays as a name."""
    answer = owner.post(f"{HERE}/tokens", json=FORM | {"expires_in_days": 7})
    told = answer.json()
    token, text = told["token"], told["secret"]
    assert list(told) == ["token", "secret"]
    assert re.fullmatch(rf"cb_{ULID}{ULID}_[0-9A-Za-z]{{49}}", text)
    assert text[29:55] == token["id"].removeprefix("key_")
    assert (token["name"], token["role"]) == (FORM["name"], "member")
    assert (token["created_by"], token["last_used_on"]) == (OWNER, None)
    with held(server, text) as http:
        contact = http.post(f"{HERE}/contacts", json={"name": "Ada"}).json()["contact"]
        assert contact["updated_by"] == token["id"]
        (listed,) = shown(owner, token["id"])
        assert listed == token | {"last_used_on": contact["created_at"][:10]}
        assert owner.delete(f"{HERE}/tokens/{token['id']}").status_code == 204
        refused(http.get(f"{HERE}/contacts"), 401, "unauthenticated")
    (ended,) = shown(owner, token["id"])
    assert ended["revoked_at"] is not None
    assert owner.delete(f"{HERE}/tokens/{token['id']}").status_code == 204
    assert shown(owner, token["id"]) == [ended]


def shown(owner: httpx.Client, token_id: str) -> list[dict[str, Any]]:
    listed = owner.get(f"{HERE}/tokens", params={"limit": 100}).json()["tokens"]
    return [one for one in listed if one["id"] == token_id]


def test_a_retry_is_not_told_the_secret(server: Server, owner: httpx.Client) -> None:
    """No record holds one: the same token, `secret` null."""
    headers = {"Idempotency-Key": uuid4().hex}
    first, again = (
        owner.post(f"{HERE}/tokens", json=FORM, headers=headers) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["secret"]
    assert again.json() == {"token": first.json()["token"], "secret": None}
    answer = owner.post(f"{HERE}/tokens", json=FORM | {"name": "x"}, headers=headers)
    refused(answer, 422, "idempotency_key_reused")


def test_entering_by_a_token_costs_the_same_one_call(
    machine: Machine, owner: httpx.Client
) -> None:
    """By either name, with what the verb reads first: the token tells the workspace's
    id, so even by slug it is one call."""
    contact = owner.post(f"{HERE}/contacts", json={"name": "Ada"}).json()["contact"]
    for place in (HERE, f"/workspaces/{contact['workspace_id']}"):
        answer = machine.http.get(place)
        assert answer.headers["x-storage-calls"] == "1"
        assert answer.headers["x-capacity"] == "rcu=2, wcu=0"
        answer = machine.http.get(f"{place}/contacts/{contact['id']}")
        assert answer.headers["x-storage-calls"] == "1"
        assert answer.headers["x-capacity"] == "rcu=4, wcu=0"


def test_what_it_may_is_its_role(server: Server, owner: httpx.Client) -> None:
    """A viewer reads, a member writes, an admin changes settings."""
    may = {"viewer": (200, 403, 403), "member": (200, 201, 403)}
    may |= {"admin": (200, 201, 200)}
    for role, statuses in may.items():
        with made(server, owner, role=role).http as http:
            answers = (
                http.get(f"{HERE}/contacts"),
                http.post(f"{HERE}/contacts", json={"name": "Ada"}),
                http.patch(HERE, json={"name": f"Tokens of {role}"}),
            )
            assert tuple(one.status_code for one in answers) == statuses, role


def test_the_short_forms_need_no_workspace(
    machine: Machine, owner: httpx.Client
) -> None:
    """A token has its only one."""
    contact = owner.post(f"{HERE}/contacts", json={"name": "Ada"}).json()["contact"]
    path = f"/contacts/{contact['id']}"
    changed = machine.http.patch(path, json={"name": "Eve"}).json()["contact"]
    assert (changed["name"], changed["updated_by"]) == ("Eve", machine.id)
    asked = {"params": {"workspace": SLUG}, "json": {"name": "Ada"}}
    assert machine.http.patch(path, **asked).status_code == 200  # type: ignore[arg-type]
    elsewhere = {"params": {"workspace": "harbor-travel"}, "json": {"name": "X"}}
    answer = machine.http.patch(path, **elsewhere)  # type: ignore[arg-type]
    refused(answer, 404, "workspace_not_found")
    answer = machine.http.delete("/contacts", params={"id": contact["id"]})
    assert answer.json()["deletion"]["requested_by"] == machine.id


def test_a_machine_may_ask_twice(machine: Machine) -> None:
    """An Idempotency-Key is the token's own."""
    asked = {"json": {"name": "Once"}, "headers": {"Idempotency-Key": uuid4().hex}}
    first, again = (
        machine.http.post(f"{HERE}/contacts", **asked)  # type: ignore[arg-type]
        for _ in range(2)
    )
    assert (first.status_code, first.content) == (201, again.content)


# --- what is wrong


def wrong_ones(machine: Machine) -> list[str]:
    home = "ws_" + machine.secret[3:29]
    return [
        forged(machine.secret),
        secret.new(home, new_id("key", NOW)),
        secret.new(new_id("ws", NOW), machine.id),
    ]


@pytest.mark.parametrize(("method", "path"), [r for r in ROUTES if r[1] not in PUBLIC])
def test_a_wrong_secret_gets_the_same_on_every_route(
    server: Server, machine: Machine, method: str, path: str
) -> None:
    """401 with the same bytes, headers and cost, whatever is wrong about it, and
    whatever else is wrong about the request: nobody is told more who is not in."""
    answers = []
    asked: list[dict[str, Any]] = [
        {"json": body_for(method, path)},
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        {"params": {"nonsense": "1"}},
        {"headers": {"Idempotency-Key": "two words"}},
    ]
    for text in wrong_ones(machine):
        with held(server, text) as http:
            for workspace in (SLUG, "harbor-travel", "nowhere", "NO_WORKSPACE"):
                for one in asked[: 4 if workspace == SLUG else 1]:
                    address = path_of(path, workspace)
                    answers.append(plain(http.request(method, address, **one)))
    assert all(one == answers[0] for one in answers)
    first = answers[0]
    assert first["status"] == 401
    assert method == "HEAD" or '"code":"unauthenticated"' in first["body"]
    assert first["headers"]["x-storage-calls"] == "1"
    assert first["headers"]["x-capacity"] == "rcu=2, wcu=0"


def test_what_is_badly_spelled_costs_nothing(server: Server, machine: Machine) -> None:
    """Format and checksum are looked at first: 401 without any call."""
    for text in (machine.secret[:-1], machine.secret + "0", "cb_", "cb_x", "cb_" * 99):
        with held(server, text) as http:
            answer = http.get(HERE)
            refused(answer, 401, "unauthenticated")
            assert answer.headers["x-storage-calls"] == "0"
            assert answer.headers["www-authenticate"].startswith("Bearer")


GUESTS = ("/accept", "/decline")


@pytest.mark.parametrize(("method", "path"), INSIDE)
def test_elsewhere_it_is_a_stranger(
    server: Server, machine: Machine, method: str, path: str
) -> None:
    """The very answer that a person gets who is no member: 404 `workspace_not_found`,
    by slug, by id, and where there is nothing. Where people may come as guests, and
    are told that there is no invitation, it is a stranger all the same."""
    with server.client(OWNER) as stranger, server.client("harbor-owner") as theirs:
        harbor = theirs.get(THERE).json()["workspace"]["id"]
        answers = []
        for workspace in ("harbor-travel", harbor, "nowhere", f"ws_{MISSING}"):
            for http in (machine.http, *([] if path.endswith(GUESTS) else [stranger])):
                address, body = path_of(path, workspace), body_for(method, path)
                answers.append(plain(http.request(method, address, json=body)))
    assert answers[0]["status"] == 404
    assert all(one == answers[0] for one in answers)


# --- what is for people


@pytest.mark.parametrize(("method", "path"), FOR_PEOPLE)
def test_what_is_for_people_is_closed_to_machines(
    server: Server, owner: httpx.Client, method: str, path: str
) -> None:
    """403, whatever the token's role is, and nothing happens; the description says so.
    A forged one gets 401 (above): first it is proved who asks."""
    with made(server, owner, role="admin").http as http:
        table = Table(*served(server))
        before = everything(table)
        for body in (body_for(method, path), None):
            answer = http.request(method, path_of(path, SLUG), json=body)
            problem = refused(answer, 403, "forbidden")
            assert problem["detail"].startswith("This is for people")
        assert everything(table) == before
    operation = server.described.document["paths"][path][method.lower()]
    assert operation["security"] == [{"bearer": []}]
    assert "For people" in operation["description"]


def test_these_are_for_people() -> None:
    """Who is in a workspace, who comes in, and who one is: no machine's business."""
    for method, path in ROUTES:
        one = OPERATIONS["GET" if method == "HEAD" else method, path]
        parts = {"members", "invitations", "tokens"} & set(path.split("/"))
        is_personal = path == "/me" or (method, path) == ("POST", "/workspaces")
        assert one.people is bool(parts or is_personal), (method, path)


# --- secrets stay secret


def test_neither_log_nor_store_holds_a_secret(
    server: Server, owner: httpx.Client
) -> None:
    """Right and wrong ones alike, and no part that would do: searched whole. The log
    tells who has asked by the token's id, and what only says so as what it says."""
    one = made(server, owner)
    one.http.close()
    texts = [one.secret, *wrong_ones(one)]
    for text in texts:
        with held(server, text) as http:
            http.get(f"{HERE}/contacts")
            http.post(f"{HERE}/contacts", json={"name": "Ada"})
            http.get("/me")
            http.get(f"{HERE}/contacts", params={"cursor": "nonsense"})
    log = server.log.read_text()
    store = repr(everything(Table(*served(server))))
    for place in (log, store):
        assert not re.search(secret.PATTERN, place)
        assert not [
            text for text in texts if text[-49:] in place or text[-49:-6] in place
        ]
    assert f'"caller":"{one.id}"' in log
    assert f'"claims":"{one.id}"' in log
    assert f'"claims":"{texts[2][29:55]}"' not in log


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x", "role": "owner"}, "role"),
        ({"name": "x"}, "role"),
        ({"role": "member"}, "name"),
        ({"name": "x", "role": "member", "expires_in_days": 0}, "expires_in_days"),
        ({"name": "x", "role": "member", "expires_in_days": 10**9}, "expires_in_days"),
        ({"name": "x" * 1000, "role": "member"}, "name"),
        ({"name": "x", "role": ["member"]}, "role"),
        ({"name": "x", "role": "member", "secret": "cb_"}, "secret"),
    ],
)
def test_a_bad_token_is_refused_by_name(
    owner: httpx.Client, body: dict[str, Any], field: str
) -> None:
    answer = owner.post(f"{HERE}/tokens", json=body)
    assert [
        one["field"] for one in refused(answer, 422, "invalid_fields")["errors"]
    ] == [field]


def test_a_token_that_is_none_cannot_be_revoked(
    owner: httpx.Client, harbor_http: httpx.Client
) -> None:
    """Missing and another's are the same; what is no id is 400."""
    theirs = harbor_http.post(f"{THERE}/tokens", json=FORM).json()["token"]["id"]
    answers = [
        plain(owner.delete(f"{HERE}/tokens/{token_id}"))
        for token_id in (theirs, f"key_{MISSING}")
    ]
    assert answers[0] == answers[1]
    assert '"code":"token_not_found"' in answers[0]["body"]
    for token_id in ("undefined", "key_", f"con_{MISSING}", f"key_{MISSING}0"):
        answer = owner.delete(f"{HERE}/tokens/{token_id}")
        refused(answer, 400, "invalid_request")
    assert harbor_http.delete(f"{THERE}/tokens/{theirs}").status_code == 204


def test_members_see_names_and_make_none(server: Server, owner: httpx.Client) -> None:
    """What a machine did is told by its name, to everybody in the workspace."""
    owner.post(f"{HERE}/members", json={"user_id": "tokens-viewer", "role": "viewer"})
    with server.client("tokens-viewer") as viewer:
        answer = viewer.get(f"{HERE}/tokens", params={"limit": 1})
        assert len(answer.json()["tokens"]) == 1
        assert "secret" not in answer.text
        cursor = answer.json()["next_cursor"]
        more = viewer.get(f"{HERE}/tokens", params={"cursor": cursor}).json()["tokens"]
        assert answer.json()["tokens"][0]["id"] > more[0]["id"]
        refused(viewer.post(f"{HERE}/tokens", json=FORM), 403, "forbidden")
        refused(viewer.delete(f"{HERE}/tokens/{more[0]['id']}"), 403, "forbidden")
        answer = viewer.get(f"{HERE}/tokens", params={"cursor": f"con_{MISSING}"})
        refused(answer, 400, "invalid_request")


def test_the_contract_tells_how_to_find_a_secret() -> None:
    """The expression for secret scanners in docs/api.md finds what is made here."""
    (told,) = re.findall(r"`(cb_[^`]*\{49\}[^`]*)`", (ROOT / "docs/api.md").read_text())
    text = secret.new(new_id("ws", NOW), new_id("key", NOW))
    assert re.fullmatch(told, text)
    assert not re.search(told, f"cb_{MISSING}")
