"""Three workspaces of three owners, each with one of everything, made over HTTP. Every
text in one holds its mark, a word that nobody outside may ever be told; every value
that a stranger could send has a twin of the same length that stands for nothing."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from chalicelib.model.ids import CROCKFORD, ULID
from local import engine
from tests.conftest import Server
from tests.prove.proof import served

TWINS = {"eagle": "eagly", "harbor": "harbox", "raven": "ravex"}
CONTACTS = 2  # in each


@dataclass(slots=True)
class Tenant:
    """A workspace: who is in it, and by kind every value that belongs to it."""

    name: str
    slug: str
    owner: httpx.Client
    viewer: httpx.Client
    values: dict[str, list[str]] = field(default_factory=dict)
    kept: list[dict[str, str]] = field(default_factory=list)  # ids that hang together

    @property
    def mark(self) -> str:
        return f"hidden{self.name}"

    @property
    def id(self) -> str:
        return self.values["workspace"][0]

    @property
    def secrets(self) -> list[str]:
        """What nobody outside may be told unless he said it himself."""
        ids = [one for kind in self.values.values() for one in kind if _is_id(one)]
        return [self.mark, f"owner-{self.name}", *ids]

    def owns(self, partition: str) -> bool:
        return partition.startswith((self.id, f"slug#{self.slug}"))

    def know(self, kind: str, value: str) -> str:
        self.values.setdefault(kind, []).append(value)
        return value

    def made(self, path: str, body: dict[str, Any], key: str = "") -> dict[str, Any]:
        """What the owner has made in the workspace."""
        headers = {"Idempotency-Key": key} if key else {}
        address = f"/workspaces/{self.slug}{path}"
        answer = self.owner.post(address, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        ((_, made),) = answer.json().items()
        return dict(made)


class World:
    """The three, in a table that holds nothing else."""

    def __init__(self, server: Server, number: int) -> None:
        self.client, self.table_name = served(server)
        engine.empty_table(self.client, self.table_name)
        self.tenants = [_tenant(server, name, number) for name in TWINS]
        for at, tenant in enumerate(self.tenants):
            _furnish(tenant, at)

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        for tenant in self.tenants:
            tenant.owner.close()
            tenant.viewer.close()


def twin(value: str) -> str:
    """A value of the same kind and length, in the same place of every order, that is
    nowhere: an id with another last letter, a name with another, other digits."""
    if _is_id(value):
        at = CROCKFORD.index(value[-1])
        return value[:-1] + CROCKFORD[at - 1 if at else 1]
    if value.startswith("+"):
        return value[:-5] + value[-5:].translate(str.maketrans("23456", "67892"))
    for name, other in TWINS.items():
        value = value.replace(name, other)
    return value


def _is_id(value: str) -> bool:
    return bool(re.fullmatch(f"[a-z]+_{ULID}", value))


def _tenant(server: Server, name: str, number: int) -> Tenant:
    people = server.client(f"owner-{name}"), server.client(f"viewer-{name}")
    tenant = Tenant(name, f"{name}-{number}", *people)
    body = {"name": tenant.mark, "slug": tenant.slug}
    answer = tenant.owner.post("/workspaces", json=body)
    assert answer.status_code == 201, answer.text
    tenant.know("workspace", answer.json()["workspace"]["id"])
    tenant.know("workspace", tenant.slug)
    return tenant


def _furnish(tenant: Tenant, at: int) -> None:
    """Members, a status of its own, contacts with children, a receipt."""
    statuses = [("new", "New"), (f"{tenant.name}_only", tenant.mark)]
    listed = [{"key": k, "label": text, "color": "#000000"} for k, text in statuses]
    settings = {"lead_statuses": listed}
    tenant.owner.patch(f"/workspaces/{tenant.slug}", json=settings).raise_for_status()
    tenant.know("status", statuses[1][0])
    tenant.know("status", "new")  # everybody has it
    tenant.made("/members", {"user_id": f"viewer-{tenant.name}", "role": "viewer"})
    # His first entry has his name written, which costs more than any other.
    tenant.viewer.get(f"/workspaces/{tenant.slug}").raise_for_status()
    user_id = tenant.know("user", f"user-{tenant.name}")
    tenant.made("/members", {"user_id": user_id, "role": "member"})
    reader = tenant.know("reader", f"reader-{tenant.name}")
    tenant.made("/members", {"user_id": reader, "role": "viewer"})
    tenant.know("mark", tenant.mark)
    body = {"name": tenant.mark, "role": "viewer"}
    made = tenant.owner.post(f"/workspaces/{tenant.slug}/tokens", json=body)
    tenant.know("token_id", made.json()["token"]["id"])
    asked = {"email": f"asked@{tenant.name}.example.org", "role": "viewer"}
    invitation = tenant.made("/invitations", asked)
    tenant.know("invitation_id", invitation["id"])
    tenant.know("invited", asked["email"])
    for number in range(CONTACTS):
        kept = _contact(tenant, f"+447400{at}{number}2{3 + number}456"[:13], number)
        tenant.kept.append(kept)
        for kind, one in kept.items():
            tenant.know(kind, one)
    gone = tenant.made("/contacts", {"name": tenant.mark})
    path = f"/workspaces/{tenant.slug}/contacts/{gone['id']}"
    receipt = tenant.owner.delete(path).json()["deletion"]
    tenant.know("deletion_id", receipt["id"])
    tenant.know("contact_id", gone["id"])


def _contact(tenant: Tenant, phone: str, number: int) -> dict[str, str]:
    """One with everything, and the values of it that a stranger could send."""
    key = tenant.know("key", f"key-{tenant.name}-{number}")
    email = f"one{number}@{tenant.name}.example.org"
    body = {"name": f"{tenant.mark} {number}", "phone": phone, "email": email}
    body |= {"tags": [tenant.mark], "source": tenant.mark}
    texts = {
        "metadata": {tenant.mark: tenant.mark},
        "assigned_to": tenant.values["user"][0],
    }
    contact = tenant.made("/contacts", body | texts, key)
    path = f"/contacts/{contact['id']}"
    note = tenant.made(f"{path}/notes", {"content": tenant.mark})
    talk = tenant.made(f"{path}/conversations", {"channel": "sms"})
    external = tenant.know("external", f"wamid-{tenant.name}-{number}")
    said = {"direction": "inbound", "content": tenant.mark, "external_id": external}
    message = tenant.made(f"{path}/conversations/{talk['id']}/messages", said)
    return {
        "contact_id": contact["id"],
        "note_id": note["id"],
        "conversation_id": talk["id"],
        "message_id": message["id"],
        ("phone" if number == 0 else "number"): phone,
        "email": email,
    }
