"""Every verb that writes, by name, each on a scene that has one of everything. A verb
that is missing here is found by a test."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.base.budget import Budget
from chalicelib.commit.once import Once
from chalicelib.jobs import handover, purge
from chalicelib.model.errors import ContactNotFound, Refusal, WorkspaceNotFound
from chalicelib.model.people import Person
from chalicelib.model.words import Member, as_json
from chalicelib.storage.table import Table
from chalicelib.verbs import (
    access,
    contacts,
    conversations,
    invitations,
    joining,
    members,
    messages,
    notes,
    tokens,
    workspaces,
)
from chalicelib.verbs.messages import Place
from tests.conftest import NOW, add, found, say
from tests.prove.retries import keyed

Do = Callable[[Table, "Scene", datetime, Once | None], Any]
Seen = Callable[[Table, "Scene"], bool]

FULL = {
    "phone": "+447400123456",
    "email": "ada@example.org",
    "tags": ["vip", "family"],
    "assigned_to": "amy",
    "metadata": {"age": 36},
}
NEW = {
    "name": "Grace Hopper",
    "phone": "+12025550123",
    "email": "grace@example.org",
    "tags": ["navy"],
    "assigned_to": "bob",
    "metadata": {"rank": "admiral"},
}
SAID = {"direction": "inbound", "content": "hello", "external_id": "wamid.new"}
KNOWN = SAID | {"external_id": "wamid.first"}
MANY = [  # new ones, one without an id, one twice, one that is known, one that is bad
    SAID,
    {"direction": "outbound", "content": "without an id"},
    SAID | {"content": "hello again"},
    KNOWN,
    {"direction": "sideways"},
    SAID | {"external_id": "wamid.newer"},
]
ASKED = {"email": "eve@example.org", "role": "owner"}
EVE = Person("eve", "Eve", "eve@example.org", True, 1)
TOKEN = {"name": "Website form", "role": "member"}
STATUSES = [{"key": "new", "label": "New", "color": "#000000"}]


@dataclass(frozen=True, slots=True)
class Scene:
    """A workspace with one of everything, and the ids that a deed names."""

    member: Member
    contact: str
    note: str
    talk: str
    token: str
    invitation: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done; `verb` is who does it. What is done in steps may be found half
    done, but then nobody sees that: `begun` says whether all who look find it done."""

    verb: Callable[..., Any]
    do: Do
    begun: Seen | None = None


def built(table: Table) -> Scene:
    member = found(table, "eagle", "amy")
    members.add(table, member, {"user_id": "bob", "role": "viewer"}, now=NOW)
    members.add(table, member, {"user_id": "owen", "role": "owner"}, now=NOW)
    token, _ = tokens.make(table, member, TOKEN, now=NOW)
    owen = access.enter(table, "eagle", "owen")
    for role in ("admin", "viewer"):
        tokens.make(table, owen, TOKEN | {"role": role}, now=NOW)
    contact = add(table, member, **FULL)
    for number in range(2):
        add(table, member, name=f"Of Bob {number}", assigned_to="bob")
    args = (table, member, contact.id)
    note = notes.add(*args, body={"content": "a note"}, now=NOW)
    talk = conversations.start(*args, body={"channel": "whatsapp"}, now=NOW)
    say(*args, talk.id, KNOWN)
    asked = invitations.create(table, member, ASKED, now=NOW)
    return Scene(member, contact.id, note.id, talk.id, token.id, asked.id)


def answer(told: Any) -> Any:
    """As a door would tell it."""
    if isinstance(told, messages.Received):
        refusal = told.refusal and told.refusal.code
        return [answer(told.message), told.is_new, refusal]
    if isinstance(told, list):
        return [answer(one) for one in told]
    return as_json(told) if hasattr(told, "__dataclass_fields__") else told


def still() -> Budget:
    """A minute of a clock that stands: what is done in steps tells times that can be
    compared."""
    return Budget(60, clock=lambda: 0.0)


def _of_contact(verb: Callable[..., Any], *child: str, **asked: Any) -> Deed:
    """A verb that takes a contact, perhaps one of its children, and a body."""

    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        place = [scene.contact, *(getattr(scene, name) for name in child)]
        return verb(table, scene.member, *place, **asked, now=now, **keyed(intent))

    return Deed(verb, do)


def _create(body: dict[str, Any]) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        return contacts.create(table, scene.member, body, now=now, **keyed(intent))

    return Deed(contacts.create, do)


def _delete(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
    asked = {"now": now, "budget": still(), **keyed(intent)}
    return purge.delete(table, scene.member, scene.contact, **asked)


def _gone(table: Table, scene: Scene) -> bool:
    return _refused(
        ContactNotFound, lambda: contacts.get(table, scene.member, scene.contact)
    )


def _found(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
    body = {"name": "Harbor", "slug": "harbor"}
    return workspaces.create(table, "amy", body, now=now, **keyed(intent))


def _settings(**body: Any) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        return workspaces.change(table, scene.member, body, now=now, **keyed(intent))

    return Deed(workspaces.change, do)


def _add_member(role: str) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        body = {"user_id": "eve", "role": role}
        return members.add(table, scene.member, body, now=now, **keyed(intent))

    return Deed(members.add, do)


def _role(who: str, role: str) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        asked = {"body": {"role": role}, "now": now, **keyed(intent)}
        return members.change_role(table, scene.member, who, **asked)

    return Deed(members.change_role, do)


def _close(who: str) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        return members.close(table, scene.member, who, now=now, **keyed(intent))

    return Deed(members.close, do)


def _make_token(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
    asked = {"now": now, **keyed(intent)}
    return tokens.make(table, scene.member, TOKEN, **asked)[0]


def _revoke(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
    asked = {"now": now, **keyed(intent)}
    return tokens.revoke(table, scene.member, scene.token, **asked)


def _invite(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
    body = {"email": "ivy@example.org", "role": "viewer"}
    return invitations.create(table, scene.member, body, now=now, **keyed(intent))


def _withdraw(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
    asked = {"now": now, **keyed(intent)}
    return invitations.withdraw(table, scene.member, scene.invitation, **asked)


def _as_guest(verb: Callable[..., Any]) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        asked = {"now": now, **keyed(intent)}
        one = scene.invitation
        guest, inside = access.let_in_invited(table, "eagle", one, "eve", **asked)
        return verb(inside, guest, one, lambda: EVE, **asked)

    return Deed(verb, do)


def _remove(who: str, heir: str | None = None) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        asked = {"now": now, "budget": still(), "assign_to": heir, **keyed(intent)}
        return handover.remove(table, scene.member, who, **asked)

    def out(table: Table, scene: Scene) -> bool:
        return _refused(WorkspaceNotFound, lambda: access.enter(table, "eagle", who))

    return Deed(handover.remove, do, out)


def _refused(refusal: type[Refusal], look: Callable[[], Any]) -> bool:
    try:
        look()
    except refusal:
        return True
    return False


def _patch(**body: Any) -> Deed:
    return _of_contact(contacts.change, body=body)


def _say(*bodies: dict[str, Any]) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, intent: Once | None) -> Any:
        place = Place(table, scene.member, scene.contact, scene.talk)
        return messages.receive(place, bodies, now=now, **keyed(intent))

    return Deed(messages.receive, do)


DEEDS: dict[str, Deed] = {
    "create": _create({"name": "Grace Hopper"}),
    "create with everything": _create(NEW),
    "patch plain fields": _patch(name="Ada King", lead_score=9, tags=["vip"]),
    "patch the phone": _patch(phone="+12025550123"),
    "patch phone and e-mail away": _patch(phone=None, email=None),
    "patch the metadata": _patch(metadata={"age": 37, "born": 1815}),
    "patch the metadata away": _patch(metadata=None),
    "patch everything": _patch(**NEW),
    "patch to what it is": _patch(name="Ada", phone=FULL["phone"]),
    "status": _of_contact(contacts.set_status, body={"lead_status": "qualified"}),
    "status from another": _of_contact(
        contacts.set_status, body={"lead_status": "lost", "from": "new"}
    ),
    "patch upon a version": _of_contact(
        contacts.change, body={"name": "Ada King"}, versions=(1,)
    ),
    "delete": Deed(purge.delete, _delete, _gone),
    "add a note": _of_contact(notes.add, body={"content": "another"}),
    "change a note": _of_contact(notes.change, "note", body={"content": "better"}),
    "change a note to what it is": _of_contact(
        notes.change, "note", body={"content": "a note"}
    ),
    "remove a note": _of_contact(notes.remove, "note"),
    "start a conversation": _of_contact(conversations.start, body={"channel": "sms"}),
    "change a conversation": _of_contact(
        conversations.change, "talk", body={"status": "closed", "assigned_to": "amy"}
    ),
    "receive a message": _say({"direction": "outbound", "content": "hello"}),
    "receive a message of a channel": _say(SAID),
    "receive a message again": _say(KNOWN),
    "receive many messages": _say(*MANY),
    "create a workspace": Deed(workspaces.create, _found),
    "change the settings": _settings(name="Eagle's", phone_region="DE"),
    "change the settings to what they are": _settings(name="Eagle"),
    "close statuses": _settings(lead_statuses=STATUSES),
    "add a member": _add_member("member"),
    "add an owner": _add_member("owner"),
    "change a role": _role("bob", "admin"),
    "make an owner a viewer": _role("owen", "viewer"),
    "close a membership": _close("bob"),
    "close an owner's membership": _close("owen"),
    "invite": Deed(invitations.create, _invite),
    "take an invitation back": Deed(invitations.withdraw, _withdraw),
    "accept an invitation": _as_guest(joining.accept),
    "decline an invitation": _as_guest(joining.decline),
    "remove a member": _remove("bob"),
    "remove an owner": _remove("owen"),
    "remove a member, with an heir": _remove("bob", "owen"),
    "make a token": Deed(tokens.make, _make_token),
    "revoke a token": Deed(tokens.revoke, _revoke),
}
