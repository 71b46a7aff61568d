"""A contact's notes over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.asked import cursor_of, limit_of
from chalicelib.doors.bodies import many, new, nothing, one, patch
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.model.words import Note, as_json
from chalicelib.verbs import notes

blueprint = Blueprint(__name__)

NOTES = "/workspaces/{workspace}/contacts/{contact_id}/notes"
NOTE = NOTES + "/{note_id}"


@route(blueprint, "GET", NOTES, query="limit cursor", answers={200: many(Note)})
def page(call: Call, workspace: str, contact_id: str) -> Response:
    """List the notes of a contact, newest first."""
    limit, cursor = limit_of(call.query), cursor_of(call.query, "note")
    member = call.enter(workspace)
    found, after = notes.page(
        call.table, member, contact_id, limit=limit, cursor=cursor
    )
    return answers.ok({"notes": [as_json(one) for one in found], "next_cursor": after})


@route(blueprint, "POST", NOTES, takes=new(notes.CONTENT), answers={201: one(Note)})
def add(call: Call, workspace: str, contact_id: str) -> Response:
    """Add a note."""
    body = call.body()
    member = call.enter(workspace)
    made = notes.add(
        call.table, member, contact_id, body=body, now=call.now, intent=call.intent
    )
    return answers.ok({"note": as_json(made)}, 201)


@route(blueprint, "PATCH", NOTE, takes=patch(notes.CONTENT), answers={200: one(Note)})
def change(call: Call, workspace: str, contact_id: str, note_id: str) -> Response:
    """Change a note."""
    body = call.body()
    member = call.enter(workspace)
    changed = notes.change(
        call.table,
        member,
        contact_id,
        note_id,
        body=body,
        now=call.now,
        intent=call.intent,
    )
    return answers.ok({"note": as_json(changed)})


@route(blueprint, "DELETE", NOTE, answers={204: nothing()})
def remove(call: Call, workspace: str, contact_id: str, note_id: str) -> Response:
    """Remove a note."""
    member = call.enter(workspace)
    notes.remove(
        call.table, member, contact_id, note_id, now=call.now, intent=call.intent
    )
    return answers.nothing()
