"""A workspace of its own for one test. Contacts are made through the verbs, straight
into the store: the page is what is tried."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from chalicelib.model.words import Contact, Member, Workspace
from chalicelib.storage import conditions, items, keys
from chalicelib.storage.expressions import Change, packed
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, workspaces
from tests.conftest import Server

OWNER = "page-owner"
_numbers = itertools.count()


@dataclass
class Book:
    """A workspace of its own for one test, and what the server says about it."""

    site: Server
    store: Table
    member: Member
    made: list[Contact] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        return self.member.workspace

    @property
    def link(self) -> str:
        return f"{self.site.base}/#token={self.site.token(OWNER)}&workspace={self.slug}"

    @property
    def slug(self) -> str:
        return self.workspace.slug

    def add(self, name: str, **fields: Any) -> Contact:
        """A contact, each a minute younger than the one before."""
        then = (
            datetime.now(UTC) - timedelta(days=30) + timedelta(minutes=len(self.made))
        )
        body = {"name": name, **fields}
        self.made.append(contacts.create(self.store, self.member, body, now=then))
        return self.made[-1]

    def fill(self, count: int, **fields: Any) -> list[Contact]:
        start = len(self.made)
        return [self.add(f"Person {start + n:04}", **fields) for n in range(count)]

    def pour(self, count: int) -> None:
        """So many contacts that are only listed, straight into the table by batches,
        each a second older than the one before: Contact 0 is the newest."""
        then = datetime.now(UTC) - timedelta(days=60)
        batch: list[dict[str, Any]] = []
        for number in range(count):
            body = {"name": f"Contact {number}", "tags": ("poured",)}
            made = contacts._new(self.member, body, then - timedelta(seconds=number))
            item = items.contact_item(self.member, made)
            whole = {name: value for name, value in item.items() if value is not None}
            batch.append({"PutRequest": {"Item": packed(whole)}})
            if len(batch) == 25 or number == count - 1:
                while batch:
                    batch = self.store._write_batch(batch)

    def client(self) -> httpx.Client:
        client = self.site.client(OWNER)
        client.base_url = client.base_url.join(f"/workspaces/{self.slug}/")
        return client

    def settle(self, **settings: Any) -> None:
        """The owner changes settings of the workspace."""
        with self.site.client(OWNER) as client:
            answer = client.patch(f"/workspaces/{self.slug}", json=settings)
        assert answer.status_code == 200, answer.text

    def get(self, contact: Contact) -> dict[str, Any]:
        with self.client() as client:
            found: dict[str, Any] = client.get(f"contacts/{contact.id}").json()
        return found["contact"]

    def stored(self) -> dict[str, dict[str, Any]]:
        """Every contact, as the API tells it, by id."""
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        with self.client() as client:
            while True:
                query = {"limit": "100", **({"cursor": cursor} if cursor else {})}
                page = client.get("contacts", params=query).json()
                found |= {one["id"]: one for one in page["contacts"]}
                cursor = page["next_cursor"]
                if not cursor:
                    return found


def another_book(site: Server, store: Table) -> Book:
    slug = f"book-{next(_numbers)}"
    settings = {"name": slug.title(), "slug": slug}
    workspaces.create(store, OWNER, settings, now=datetime.now(UTC))
    # All tests together make more of them than one user may.
    store.update(keys.profile(OWNER), Change(set={"made": 0}), conditions.EXISTS)
    return Book(site, store, access.enter(store, slug, OWNER))
