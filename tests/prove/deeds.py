"""Every verb that writes, by name, each on a scene that has one of everything. A verb
that is missing here is found by a test."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.base.budget import Budget
from chalicelib.jobs import purge
from chalicelib.model.words import Member, as_json
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, members, notes, workspaces
from tests.conftest import NOW, add, found
from tests.prove.retries import Once, keyed

Do = Callable[[Table, "Scene", datetime, Once], Any]

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
    "metadata": {"rank": "admiral"},
}
SAID = {"direction": "inbound", "content": "hello", "external_id": "wamid.new"}


@dataclass(frozen=True, slots=True)
class Scene:
    """A workspace with one of everything, and the ids that a deed names."""

    member: Member
    contact: str
    note: str
    talk: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done; `verb` is who does it. In `steps`: it may be seen half done."""

    verb: Callable[..., Any]
    do: Do
    steps: bool = False


def built(table: Table) -> Scene:
    member = found(table, "eagle", "amy")
    contact = add(table, member, **FULL)
    args = (table, member, contact.id)
    members.add(table, member, {"user_id": "bob", "role": "viewer"}, now=NOW)
    members.add(table, member, {"user_id": "owen", "role": "owner"}, now=NOW)
    note = notes.add(*args, body={"content": "a note"}, now=NOW)
    talk = conversations.start(*args, body={"channel": "whatsapp"}, now=NOW)
    said = SAID | {"external_id": "wamid.first"}
    conversations.receive(*args, talk.id, body=said, now=NOW)
    return Scene(member, contact.id, note.id, talk.id)


def answer(told: Any) -> Any:
    """As a door would tell it."""
    if isinstance(told, tuple):
        return [answer(one) for one in told]
    return as_json(told) if hasattr(told, "__dataclass_fields__") else told


def _of_contact(verb: Callable[..., Any], *child: str, **asked: Any) -> Deed:
    """A verb that takes a contact, perhaps one of its children, and a body."""

    def do(table: Table, scene: Scene, now: datetime, once: Once) -> Any:
        place = [scene.contact, *(getattr(scene, name) for name in child)]
        return verb(table, scene.member, *place, **asked, now=now, **keyed(once))

    return Deed(verb, do)


def _create(body: dict[str, Any]) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, once: Once) -> Any:
        return contacts.create(table, scene.member, body, now=now, **keyed(once))

    return Deed(contacts.create, do)


def _delete(table: Table, scene: Scene, now: datetime, once: Once) -> Any:
    budget = Budget(60)
    asked = {"now": now, "budget": budget, **keyed(once)}
    return purge.delete(table, scene.member, scene.contact, **asked)


def _found(table: Table, scene: Scene, now: datetime, once: Once) -> Any:
    body = {"name": "Harbor", "slug": "harbor"}
    return workspaces.create(table, "amy", body, now=now, **keyed(once))


def _settings(table: Table, scene: Scene, now: datetime, once: Once) -> Any:
    body = {"name": "Eagle's", "phone_region": "DE"}
    return workspaces.change(table, scene.member, body, now=now, **keyed(once))


def _add_member(role: str) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, once: Once) -> Any:
        body = {"user_id": "eve", "role": role}
        return members.add(table, scene.member, body, now=now, **keyed(once))

    return Deed(members.add, do)


def _role(who: str, role: str) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, once: Once) -> Any:
        body = {"role": role}
        asked = {"body": body, **keyed(once)}
        return members.change_role(table, scene.member, who, **asked)

    return Deed(members.change_role, do)


def _remove(who: str) -> Deed:
    def do(table: Table, scene: Scene, now: datetime, once: Once) -> Any:
        return members.remove(table, scene.member, who, **keyed(once))

    return Deed(members.remove, do)


def _patch(**body: Any) -> Deed:
    return _of_contact(contacts.change, body=body)


def _say(**body: Any) -> Deed:
    return _of_contact(conversations.receive, "talk", body=body)


DEEDS: dict[str, Deed] = {
    "create": _create({"name": "Grace Hopper"}),
    "create with everything": _create(NEW),
    "patch plain fields": _patch(name="Ada King", lead_score=9, tags=["vip"]),
    "patch the phone": _patch(phone="+12025550123"),
    "patch phone and e-mail away": _patch(phone=None, email=None),
    "patch the metadata": _patch(metadata={"age": 37, "born": 1815}),
    "patch everything": _patch(**NEW),
    "patch to what it is": _patch(name="Ada", phone=FULL["phone"]),
    "status": _of_contact(contacts.set_status, body={"lead_status": "qualified"}),
    "status from another": _of_contact(
        contacts.set_status, body={"lead_status": "lost", "from": "new"}
    ),
    "patch upon a version": _of_contact(
        contacts.change, body={"name": "Ada King"}, versions=(1,)
    ),
    "delete": Deed(purge.delete, _delete, steps=True),
    "add a note": _of_contact(notes.add, body={"content": "another"}),
    "change a note": _of_contact(notes.change, "note", body={"content": "better"}),
    "remove a note": _of_contact(notes.remove, "note"),
    "start a conversation": _of_contact(conversations.start, body={"channel": "sms"}),
    "change a conversation": _of_contact(
        conversations.change, "talk", body={"status": "closed", "assigned_to": "amy"}
    ),
    "receive a message": _say(direction="outbound", content="hello"),
    "receive a message of a channel": _say(**SAID),
    "receive a message again": _say(**SAID | {"external_id": "wamid.first"}),
    "create a workspace": Deed(workspaces.create, _found),
    "change the settings": Deed(workspaces.change, _settings),
    "add a member": _add_member("member"),
    "add an owner": _add_member("owner"),
    "change a role": _role("bob", "admin"),
    "make an owner a viewer": _role("owen", "viewer"),
    "remove a member": _remove("bob"),
    "remove an owner": _remove("owen"),
}
