"""Contacts over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers, examples
from chalicelib.doors.asked import cursor_of, limit_of
from chalicelib.doors.bodies import many, new, one, patch
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.doors.shapes import CONTACT as FIELDS
from chalicelib.jobs import purge
from chalicelib.model import fields, parsers, statuses
from chalicelib.model.errors import (
    EmailTaken,
    IfMatchRequired,
    PhoneTaken,
    StatusChanged,
)
from chalicelib.model.ids import parse_id
from chalicelib.model.words import Contact, Deletion, Member, as_json
from chalicelib.verbs import contacts, search

blueprint = Blueprint(__name__)

CONTACTS = "/workspaces/{workspace}/contacts"
CONTACT = CONTACTS + "/{contact_id}"

TAKEN = (PhoneTaken, EmailTaken)
THE_CONTACT = {200: one(Contact, "ETag")}
GONE = {
    200: one(Deletion, success=True),
    202: one(Deletion, "Location", success=True),
}


@route(
    blueprint,
    "GET",
    CONTACTS,
    query="limit cursor lead_status phone q",
    answers={200: many(Contact)},
)
def page(call: Call, workspace: str) -> Response:
    """List contacts, newest first."""
    member = call.enter(workspace)
    wanted = _wanted(member, call.query)
    found, after = search.contacts(call.table, member, wanted)
    return answers.ok(
        {
            "contacts": [answers.told(one, member.workspace) for one in found],
            "next_cursor": after,
        }
    )


@route(
    blueprint,
    "POST",
    CONTACTS,
    takes=new(FIELDS, contacts.REACHABLE_BY),
    answers={201: one(Contact, "ETag Location")},
    refuses=TAKEN,
)
def create(call: Call, workspace: str) -> Response:
    """Create a contact; it has a name, a phone or an e-mail."""
    body = call.body()
    member = call.enter(workspace)
    made = contacts.create(call.table, member, body, now=call.now, intent=call.intent)
    place = call.location("workspaces", member.workspace.id, "contacts", made.id)
    return answers.contact(made, member.workspace, 201, Location=place)


@route(blueprint, "GET", CONTACT, answers=THE_CONTACT, headers="If-None-Match")
def get(call: Call, workspace: str, contact_id: str) -> Response:
    """Read a contact."""
    member = call.enter(workspace, reads=contact_id)
    found = contacts.get(call.table, member, contact_id)
    tag = answers.etag(answers.told(found, member.workspace))
    if call.has(tag):
        return answers.not_modified(tag)
    return answers.contact(found, member.workspace)


@route(
    blueprint,
    "PATCH",
    CONTACT,
    takes=patch(FIELDS),
    answers=THE_CONTACT,
    refuses=(*TAKEN, IfMatchRequired),
    headers="If-Match",
)
def change(call: Call, workspace: str, contact_id: str) -> Response:
    """Change a contact.

    A merge patch (RFC 7396): what is not named stays, null clears."""
    body = call.body()
    return _change(call, call.enter(workspace, contact_id), contact_id, body)


@route(
    blueprint,
    "PATCH",
    "/contacts/{contact_id}",
    query="workspace",
    takes=patch(FIELDS),
    answers=THE_CONTACT,
    refuses=(*TAKEN, IfMatchRequired),
    headers="If-Match",
)
def change_short(call: Call, contact_id: str) -> Response:
    """Change a contact: the short form."""
    body = call.body()
    return _change(call, call.enter_named(contact_id), contact_id, body)


@route(
    blueprint,
    "PUT",
    CONTACT + "/status",
    takes=new(fields.status(examples.WORKSPACE)),
    answers=THE_CONTACT,
    refuses=(StatusChanged, IfMatchRequired),
    headers="If-Match",
)
def set_status(call: Call, workspace: str, contact_id: str) -> Response:
    """Set the status of a contact, if it is still what it was set `from`."""
    body = call.body()
    member = call.enter(workspace, contact_id)
    changed = contacts.set_status(
        call.table,
        member,
        contact_id,
        body=body,
        now=call.now,
        versions=call.precondition(member),
        intent=call.intent,
    )
    return answers.contact(changed, member.workspace)


@route(
    blueprint,
    "DELETE",
    CONTACT,
    answers=GONE,
    refuses=(IfMatchRequired,),
    headers="If-Match",
)
def delete(call: Call, workspace: str, contact_id: str) -> Response:
    """Delete a contact with all that belongs to it.

    202 while it is running: ask again, or follow `Location`."""
    return _delete(call, call.enter(workspace, contact_id), contact_id)


@route(
    blueprint,
    "DELETE",
    "/contacts",
    query="id workspace",
    answers=GONE,
    refuses=(IfMatchRequired,),
    headers="If-Match",
)
def delete_short(call: Call) -> Response:
    """Delete a contact: the short form."""
    contact_id = parse_id("con", call.query.get("id"), "id")
    return _delete(call, call.enter_named(contact_id), contact_id)


@route(
    blueprint,
    "GET",
    "/workspaces/{workspace}/deletions/{deletion_id}",
    answers={200: one(Deletion)},
)
def deletion(call: Call, workspace: str, deletion_id: str) -> Response:
    """Read the receipt of a deletion; it is kept 90 days."""
    member = call.enter(workspace)
    found = purge.receipt(call.table, member, deletion_id, now=call.now)
    return answers.ok({"deletion": as_json(found)})


def _change(
    call: Call, member: Member, contact_id: str, body: contacts.Body
) -> Response:
    changed = contacts.change(
        call.table,
        member,
        contact_id,
        body=body,
        now=call.now,
        versions=call.precondition(member),
        intent=call.intent,
    )
    return answers.contact(changed, member.workspace)


def _delete(call: Call, member: Member, contact_id: str) -> Response:
    gone = purge.delete(
        call.table,
        member,
        contact_id,
        now=call.now,
        budget=call.budget,
        versions=call.precondition(member),
        intent=call.intent,
    )
    place = call.location("workspaces", member.workspace.id, "deletions", gone.id)
    return answers.deletion(gone, place)


def _wanted(member: Member, query: dict[str, str]) -> search.Wanted:
    """The filters, read as the fields are: a phone in any spelling, a known status."""
    accepted = {
        "lead_status": statuses.status_key(member.workspace.status_keys),
        "phone": parsers.phone(member.workspace.phone_region),
        "q": parsers.text(100),
    }
    given = {name: query[name] for name in accepted if name in query}
    kept = fields.parse_query(given, accepted)
    return search.Wanted(
        limit=limit_of(query),
        cursor=cursor_of(query, "con"),
        status=kept.get("lead_status"),
        phone=kept.get("phone"),
        text=kept.get("q"),
    )
