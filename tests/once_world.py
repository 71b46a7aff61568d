"""What the tests of Idempotency-Key share: an intention, and keyed writes."""

from datetime import datetime
from typing import Any

from chalicelib.base.budget import Budget
from chalicelib.commit import once
from chalicelib.commit.once import Once
from chalicelib.jobs import purge
from chalicelib.model.words import Contact, Deletion, Member
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, members, search
from tests.conftest import NOW

FULL = {
    "name": "Ada Lovelace",
    "phone": "+447400123456",
    "email": "countess@byron.org",
}


def key(text: str = "k", *, who: str = "amy", now: datetime = NOW) -> Once:
    """The intention of a user behind a key; the request is of the same name."""
    return once.of(who, text, ["the request of", text], now)


def create(table: Table, who: Member, intent: Once) -> Contact:
    return contacts.create(table, who, FULL, now=intent.now, intent=intent)


def patch(
    table: Table, who: Member, contact: Contact, intent: Once | None, **body: Any
) -> Contact:
    asked = {"body": body, "now": NOW, "intent": intent}
    return contacts.change(table, who, contact.id, **asked)


def status(table: Table, who: Member, to: str, intent: Once | None, **more: Any) -> Any:
    (contact,), _ = search.contacts(table, who, search.Wanted(9))
    body = {"lead_status": to, **more}
    asked = {"body": body, "now": NOW, "intent": intent}
    return contacts.set_status(table, who, contact.id, **asked)


def remove(table: Table, who: Member, contact_id: str, intent: Once) -> Deletion:
    asked = {"now": NOW, "budget": Budget(20), "intent": intent}
    return purge.delete(table, who, contact_id, **asked)


def another(table: Table, who: Member, user_id: str, role: str = "member") -> Member:
    members.add(table, who, {"user_id": user_id, "role": role}, now=NOW)
    return access.enter(table, "eagle", user_id)
