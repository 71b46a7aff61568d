"""Two workspaces, and every verb as broken code would call it: with the table of the
one and a Member of the other."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.base.budget import Budget
from chalicelib.jobs import handover, leftovers, purge
from chalicelib.model.people import Invitation, Person
from chalicelib.model.words import Member
from chalicelib.storage.guard import Guard
from chalicelib.storage.table import Table
from chalicelib.verbs import (
    access,
    assignments,
    contacts,
    conversations,
    invitations,
    joining,
    members,
    messages,
    notes,
    search,
    tokens,
    workspaces,
)
from chalicelib.verbs.invitations import Mailing
from chalicelib.verbs.messages import Place
from chalicelib.verbs.search import Wanted
from tests.conftest import NOW, add, found, new_table, say

FULL = {"phone": "+447400123456", "email": "ada@example.org", "assigned_to": "zed"}
EVE = "eve@example.org"
ASKED = {"email": "ann@example.org", "role": "viewer"}
SAID = {"direction": "inbound", "content": "hello", "external_id": "wamid.1"}
TOKEN = {"name": "Website form", "role": "member"}
STATUS = {"lead_status": "lost"}
STATUSES = [{"key": "new", "label": "New", "color": "#000000"}]
NONE: dict[str, Any] = {"cursor": None, "limit": 9}


class Counting:
    """The real client; it counts what is sent."""

    def __init__(self, client: Any) -> None:
        self._client, self.sent = client, 0

    def __getattr__(self, operation: str) -> Any:
        self.sent += 1
        return getattr(self._client, operation)


@dataclass
class World:
    """Amy's table, bound to her workspace; and Zed's workspace, with everything in
    it, that she must not come into by any way."""

    whole: Table
    client: Counting
    table: Table
    amy: Member
    zed: Member
    contact: str
    note: str
    talk: str
    token: str
    invitation: Invitation

    @property
    def swapped(self) -> Member:
        """Amy, as broken code would take her for a member of Zed's workspace."""
        return replace(self.amy, workspace=self.zed.workspace)

    @property
    def place(self) -> tuple[Table, Member, str]:
        return self.table, self.swapped, self.contact


def made(real: Any) -> World:
    whole = new_table(real)
    amy, zed = found(whole, "eagle", "amy"), found(whole, "harbor", "zed")
    add(whole, amy, name="Amy's own")
    contact = add(whole, zed, **FULL, metadata={"a": 1}, tags=["vip"])
    args = (whole, zed, contact.id)
    members.add(whole, zed, {"user_id": "bob", "role": "member"}, now=NOW)
    note = notes.add(*args, body={"content": "a note"}, now=NOW)
    talk = conversations.start(*args, body={"channel": "sms"}, now=NOW)
    say(*args, talk.id, SAID)
    one = invitations.create(whole, zed, {"email": EVE, "role": "viewer"}, now=NOW)
    client = Counting(real)
    bound = Table(client, whole._name).inside(Guard.of(amy.workspace))
    token, _ = tokens.make(whole, zed, TOKEN, now=NOW)
    ids = (contact.id, note.id, talk.id, token.id, one)
    return World(whole, client, bound, amy, zed, *ids)


def wanted(**only: Any) -> Callable[[World], Any]:
    return lambda w: search.contacts(w.table, w.swapped, Wanted(9, **only))


def chat(w: World) -> Place:
    return Place(*w.place, w.talk)


def invited(w: World) -> tuple[Table, Member, str, Callable[[], Person]]:
    guest = replace(w.swapped, user_id="eve", role=access.GUEST)
    return w.table, guest, w.invitation.id, lambda: Person("eve", "", EVE, True, 1)


def removed(w: World) -> Any:
    asked = {"now": NOW, "budget": Budget(9)}
    return handover.remove(w.table, w.swapped, "bob", **asked)


VERBS: dict[str, Callable[[World], Any]] = {
    "contacts.create": lambda w: contacts.create(
        w.table, w.swapped, {"name": "X"}, now=NOW
    ),
    "contacts.create assigned": lambda w: contacts.create(
        w.table, w.swapped, {"name": "X", "assigned_to": "zed"}, now=NOW
    ),
    "contacts.get": lambda w: contacts.get(*w.place),
    "contacts.change": lambda w: contacts.change(*w.place, body={"name": "X"}, now=NOW),
    "contacts.set_status": lambda w: contacts.set_status(
        *w.place, body=STATUS, now=NOW
    ),
    "search.contacts": wanted(),
    "search.contacts after": wanted(cursor="con_" + "Z" * 26),
    "search.contacts of a status": wanted(status="new"),
    "search.contacts of a phone": wanted(phone=FULL["phone"]),
    "search.contacts with a text": wanted(text="ada"),
    "search.contacts with all": wanted(status="new", text="ada"),
    "notes.page": lambda w: notes.page(*w.place, **NONE),
    "notes.add": lambda w: notes.add(*w.place, body={"content": "x"}, now=NOW),
    "notes.change": lambda w: notes.change(
        *w.place, w.note, body={"content": "x"}, now=NOW
    ),
    "notes.remove": lambda w: notes.remove(*w.place, w.note, now=NOW),
    "conversations.page": lambda w: conversations.page(*w.place, **NONE),
    "conversations.start": lambda w: conversations.start(
        *w.place, body={"channel": "sms"}, now=NOW
    ),
    "conversations.change": lambda w: conversations.change(
        *w.place, w.talk, body={"status": "closed"}, now=NOW
    ),
    "messages.page": lambda w: messages.page(chat(w), **NONE),
    "messages.receive": lambda w: messages.receive(chat(w), [SAID], now=NOW),
    "messages.receive many": lambda w: messages.receive(
        chat(w), [SAID, SAID | {"external_id": None}], now=NOW
    ),
    "members.page": lambda w: members.page(w.table, w.swapped, **NONE),
    "members.page after": lambda w: members.page(
        w.table, w.swapped, limit=1, cursor="bob"
    ),
    "members.one": lambda w: members.one(w.table, w.swapped, "bob"),
    "assignments.count": lambda w: assignments.count(w.table, w.swapped, "zed", most=9),
    "members.add": lambda w: members.add(
        w.table, w.swapped, {"user_id": "eve", "role": "viewer"}, now=NOW
    ),
    "members.change_role": lambda w: members.change_role(
        w.table, w.swapped, "bob", body={"role": "viewer"}, now=NOW
    ),
    "invitations.page": lambda w: invitations.page(w.table, w.swapped, now=NOW, **NONE),
    "invitations.create": lambda w: invitations.create(
        w.table, w.swapped, ASKED, now=NOW
    ),
    "invitations.withdraw": lambda w: invitations.withdraw(
        w.table, w.swapped, w.invitation.id, now=NOW
    ),
    "invitations.begin_mail": lambda w: invitations.begin_mail(
        w.table, w.swapped, w.invitation, now=NOW
    ),
    "invitations.forget_mail": lambda w: invitations.forget_mail(
        w.table, w.swapped, Mailing(w.invitation, None, True)
    ),
    "joining.accept": lambda w: joining.accept(*invited(w), now=NOW),
    "joining.decline": lambda w: joining.decline(*invited(w), now=NOW),
    "members.close": lambda w: members.close(w.table, w.swapped, "bob", now=NOW),
    "handover.remove": removed,
    "handover.job": lambda w: handover.job(
        w.table, w.swapped, "job_" + "0" * 26, now=NOW
    ),
    "tokens.page": lambda w: tokens.page(w.table, w.swapped, **NONE, now=NOW),
    "tokens.page after": lambda w: tokens.page(
        w.table, w.swapped, limit=1, cursor=w.token, now=NOW
    ),
    "tokens.make": lambda w: tokens.make(w.table, w.swapped, TOKEN, now=NOW),
    "tokens.revoke": lambda w: tokens.revoke(w.table, w.swapped, w.token, now=NOW),
    "workspaces.change": lambda w: workspaces.change(
        w.table, w.swapped, {"name": "X"}, now=NOW
    ),
    "workspaces.change statuses": lambda w: workspaces.change(
        w.table, w.swapped, {"lead_statuses": STATUSES}, now=NOW
    ),
    "purge.delete": lambda w: purge.delete(*w.place, now=NOW, budget=Budget(9)),
    "purge.receipt": lambda w: purge.receipt(
        w.table, w.swapped, w.contact.replace("con_", "del_"), now=NOW
    ),
    "leftovers.check": lambda w: leftovers.check(*w.place, now=NOW),
}
