"""A contact whose deletion has begun, on every route: the answer is that of one that is
nowhere, in status, body, headers, calls and capacity; and what it had is free."""

from typing import Any

import httpx

from chalicelib.base.budget import Budget
from chalicelib.jobs import purge
from chalicelib.storage.table import Table
from chalicelib.verbs import access
from tests.conftest import NOW, Server
from tests.prove.asking import Ask
from tests.prove.isolation import plain, sent
from tests.prove.tenants import Tenant, World, twin
from tests.test_http_isolation import every_route

CHAIN = ("contact_id", "note_id", "conversation_id")
DELETES = ("DELETE", "/workspaces/{workspace}/contacts/{contact_id}")  # it goes on
BODIES: dict[str, list[dict[str, Any]]] = {
    "{contact_id}": [
        {"name": "Ada"},
        {"phone": "+12025550123"},
        {"email": "other@example.org"},
        {"metadata": {"a": 1}},
        {"tags": ["x"], "lead_score": 1},
    ],
    "status": [{"lead_status": "new"}, {"lead_status": "new", "from": "new"}],
    "notes": [{"content": "x"}],
    "{note_id}": [{"content": "x"}],
    "conversations": [{"channel": "sms"}],
    "{conversation_id}": [{"status": "closed"}],
    "messages": [{"direction": "inbound", "content": "x", "external_id": "wamid.x"}],
}


Pair = tuple[Ask, httpx.Response, httpx.Response]


def asked(tenant: Tenant, kept: dict[str, str]) -> list[Ask]:
    """Every route of a contact, with every body."""
    captured = {**kept, "workspace": tenant.slug}
    found = []
    for method, path in every_route():
        if "{contact_id}" not in path or (method, path) == DELETES:
            continue
        query = {} if "{workspace}" in path else {"workspace": tenant.slug}
        writes = method in ("POST", "PUT", "PATCH")
        bodies = BODIES.get(path.rsplit("/", 1)[1], [{}]) if writes else [None]
        found += [Ask(method, path, captured, query, body) for body in bodies]
    return found


def answered(server: Server) -> list[Pair]:
    """Each request at a contact that is going, and at one that is nowhere; the first is
    made at once, so that nobody goes on with the deletion meanwhile."""
    found = []
    with World(server, 0) as world:
        tenant = world.tenants[0]
        for number in range(len(asked(tenant, tenant.kept[0]))):
            kept = _going(world, tenant, number)
            ask = asked(tenant, kept)[number]
            nowhere = {kept[name]: twin(kept[name]) for name in CHAIN}
            others = ask.with_others(nowhere)
            found.append((ask, sent(tenant.owner, ask), sent(tenant.owner, others)))
    return found


def let_through(pairs: list[Pair]) -> list[str]:
    """What is told something else than that there is no such contact."""
    return [_line(ask, one) for ask, one, _ in pairs if not _refused(one)]


def _refused(answer: httpx.Response) -> bool:
    """Of HEAD there is no body."""
    told = answer.json().get("code") if answer.text else "contact_not_found"
    return (answer.status_code, told) == (404, "contact_not_found")


def told_apart(pairs: list[Pair]) -> list[str]:
    """What is answered in another way, or at another cost, than by a missing one."""
    return [
        f"{_line(ask, one)} instead of {_line(ask, other)}"
        for ask, one, other in pairs
        if plain(one, {}, exact=True) != plain(other, {}, exact=True)
    ]


def _line(ask: Ask, answer: httpx.Response) -> str:
    cost = answer.headers["x-storage-calls"], answer.headers["x-capacity"]
    return f"{ask.method} {ask.path} {ask.body}: {answer.status_code} {cost}"


def _going(world: World, tenant: Tenant, number: int) -> dict[str, str]:
    """A contact with children, a phone and an e-mail, whose deletion has just begun; it
    is large, so that to read it costs more than to read nothing."""
    body = {"name": "Going", "email": f"going{number}@example.org"}
    body |= {"phone": f"+4474005{number:05}", "metadata": {"a": "x" * 12_000}}
    made = tenant.made("/contacts", body)
    path = f"/contacts/{made['id']}"
    note = tenant.made(f"{path}/notes", {"content": "x"})
    talk = tenant.made(f"{path}/conversations", {"channel": "sms"})
    table = Table(world.client, world.table_name)
    member = access.enter(table, tenant.slug, f"owner-{tenant.name}")
    purge.delete(table, member, made["id"], now=NOW, budget=Budget(0))
    return {
        "contact_id": made["id"],
        "note_id": note["id"],
        "conversation_id": talk["id"],
    }


def taken_meanwhile(server: Server) -> list[int]:
    """The answers to those who want the phone and the e-mail of a contact that is
    going."""
    with World(server, 0) as world:
        tenant = world.tenants[0]
        _going(world, tenant, 1)
        wanted = [{"phone": "+447400500001"}, {"email": "going1@example.org"}]
        path = f"/workspaces/{tenant.slug}/contacts"
        return [tenant.owner.post(path, json=body).status_code for body in wanted]
