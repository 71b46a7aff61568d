"""The hands of a member at one contact: by the verbs, or over HTTP. Either way what
comes back is the whole answer."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from chalicelib.base.budget import Budget
from chalicelib.jobs import purge
from chalicelib.model.errors import Refusal
from chalicelib.model.words import Contact, Member, as_json
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, notes
from tests.prove.book import Json
from tests.prove.machine import Answer

Versions = tuple[int, ...] | None


class Hands(Protocol):
    """What one member does; each call is one operation of a history."""

    user_id: str

    def create(self, body: Json) -> Answer: ...
    def get(self, contact_id: str) -> Answer: ...
    def patch(self, contact_id: str, body: Json, versions: Versions) -> Answer: ...
    def status(self, contact_id: str, body: Json, versions: Versions) -> Answer: ...
    def delete(self, contact_id: str, versions: Versions) -> Answer: ...
    def note(self, contact_id: str) -> None: ...


class OfVerbs:
    """Through the verbs, with a table of its own."""

    def __init__(self, table: Table, member: Member) -> None:
        self._place, self.user_id = (table, member), member.user_id

    def create(self, body: Json) -> Answer:
        return _told(lambda: contacts.create(*self._place, body, now=_now()))

    def get(self, contact_id: str) -> Answer:
        return _told(lambda: contacts.get(*self._place, contact_id))

    def patch(self, contact_id: str, body: Json, versions: Versions) -> Answer:
        asked: Json = {"body": body, "versions": versions, "now": _now()}
        return _told(lambda: contacts.change(*self._place, contact_id, **asked))

    def status(self, contact_id: str, body: Json, versions: Versions) -> Answer:
        asked: Json = {"body": body, "versions": versions, "now": _now()}
        return _told(lambda: contacts.set_status(*self._place, contact_id, **asked))

    def delete(self, contact_id: str, versions: Versions) -> Answer:
        asked: Json = {"versions": versions, "now": _now(), "budget": Budget(60)}
        return _told(lambda: purge.delete(*self._place, contact_id, **asked))

    def note(self, contact_id: str) -> None:
        body = {"content": "meanwhile"}
        _told(lambda: notes.add(*self._place, contact_id, body=body, now=_now()))


class OfHttp:
    """Over HTTP, with a connection of its own."""

    def __init__(self, http: httpx.Client, workspace: str, user_id: str) -> None:
        self._http, self.user_id = http, user_id
        self._contacts = f"/workspaces/{workspace}/contacts"

    def create(self, body: Json) -> Answer:
        return self._ask("POST", "", body)

    def get(self, contact_id: str) -> Answer:
        return self._ask("GET", f"/{contact_id}")

    def patch(self, contact_id: str, body: Json, versions: Versions) -> Answer:
        return self._ask("PATCH", f"/{contact_id}", body, versions)

    def status(self, contact_id: str, body: Json, versions: Versions) -> Answer:
        return self._ask("PUT", f"/{contact_id}/status", body, versions)

    def delete(self, contact_id: str, versions: Versions) -> Answer:
        return self._ask("DELETE", f"/{contact_id}", None, versions)

    def note(self, contact_id: str) -> None:
        self._ask("POST", f"/{contact_id}/notes", {"content": "meanwhile"})

    def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        versions: Versions = None,
    ) -> Answer:
        tags = ", ".join(f'"{version}"' for version in versions or ())
        headers = {"If-Match": tags} if tags else {}
        address = self._contacts + path
        got = self._http.request(method, address, json=body, headers=headers)
        told = got.json()
        code = "ok" if got.is_success else told["code"]
        return Answer(code, _as_kept(told.get("contact") or told.get("current")))


def _as_kept(contact: Json | None) -> Json | None:
    """Without the phone as people write it, which must be the same phone."""
    if contact:
        shown = contact.pop("phone_display")
        assert (shown and shown.replace(" ", "")) == contact["phone"]
    return contact


def _told(verb: Callable[[], Any]) -> Answer:
    try:
        answer = verb()
    except Refusal as refusal:
        return Answer(refusal.code, _contact(refusal.extra.get("current")))
    return Answer("ok", _contact(answer))


def _contact(told: Any) -> Json | None:
    return as_json(told) if isinstance(told, Contact) else None


def _now() -> datetime:
    return datetime.now(UTC)
