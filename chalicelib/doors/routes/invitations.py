"""Invitations to a workspace over HTTP; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers, letter
from chalicelib.doors.asked import cursor_of, limit_of
from chalicelib.doors.bodies import many, new, nothing, one, told
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.doors.parameters import Refusals
from chalicelib.model.errors import Forbidden, MemberExists
from chalicelib.model.people import Invitation, Membership
from chalicelib.model.people_errors import (
    EmailDiffers,
    EmailNotVerified,
    InvitationExists,
    InvitationExpired,
    InvitationUsed,
    InvitationVoid,
    InvitationWithdrawn,
    TooManyInvitations,
)
from chalicelib.model.words import Member, as_json
from chalicelib.verbs import invitations, joining

blueprint = Blueprint(__name__)

INVITATIONS = "/workspaces/{workspace}/invitations"
INVITATION = INVITATIONS + "/{invitation_id}"
OVER: Refusals = (InvitationExpired, InvitationWithdrawn, InvitationUsed)
NOT_HIS: Refusals = (EmailDiffers, EmailNotVerified)


@route(
    blueprint,
    "GET",
    INVITATIONS,
    people=True,
    query="limit cursor",
    answers={200: many(Invitation)},
    refuses=(Forbidden,),
)
def page(call: Call, workspace: str) -> Response:
    """List the open invitations of a workspace, newest first."""
    limit, cursor = limit_of(call.query), cursor_of(call.query, "inv")
    member = call.enter(workspace)
    found, after = invitations.page(
        call.table, member, now=call.now, limit=limit, cursor=cursor
    )
    shown = [_shown(call, member, one) for one in found]
    return answers.ok({"invitations": shown, "next_cursor": after})


@route(
    blueprint,
    "POST",
    INVITATIONS,
    people=True,
    takes=new(invitations.NEW),
    answers={201: one(Invitation, "Location")},
    refuses=(InvitationExists, MemberExists, TooManyInvitations),
)
def create(call: Call, workspace: str) -> Response:
    """Invite somebody by e-mail. The link is no secret: whose verified e-mail it is may
    accept. It is sent where a sender is set up, else by who invites."""
    body = call.body()
    member = call.enter(workspace)
    made = invitations.create(
        call.table, member, body, now=call.now, intent=call.intent
    )
    made = letter.send(call, member, made)
    place = call.location("workspaces", member.workspace.id, "invitations", made.id)
    return answers.ok({"invitation": _shown(call, member, made)}, 201, Location=place)


@route(
    blueprint, "DELETE", INVITATION, people=True, answers={204: nothing()}, refuses=OVER
)
def withdraw(call: Call, workspace: str, invitation_id: str) -> Response:
    """Take an invitation back."""
    member = call.enter(workspace)
    invitations.withdraw(
        call.table, member, invitation_id, now=call.now, intent=call.intent
    )
    return answers.nothing()


@route(
    blueprint,
    "POST",
    INVITATION + "/accept",
    people=True,
    takes=new(joining.PROOF),
    answers={200: one(Membership)},
    refuses=(*NOT_HIS, *OVER, MemberExists, InvitationVoid),
)
def accept(call: Call, workspace: str, invitation_id: str) -> Response:
    """Accept an invitation: the caller becomes a member. The ID token's verified e-mail
    must be the invitation's. To who names no invitation there is none, and no
    workspace."""
    body = call.body()
    guest = call.enter_invited(workspace, invitation_id)
    made = joining.accept(
        call.table,
        guest,
        invitation_id,
        lambda: call.person(body),
        now=call.now,
        intent=call.intent,
    )
    return answers.ok({"member": as_json(made)})


@route(
    blueprint,
    "POST",
    INVITATION + "/decline",
    people=True,
    takes=new(joining.PROOF),
    answers={200: told(success=True)},
    refuses=(*NOT_HIS, *OVER),
)
def decline(call: Call, workspace: str, invitation_id: str) -> Response:
    """Decline an invitation, with the same proof as to accept it."""
    body = call.body()
    guest = call.enter_invited(workspace, invitation_id)
    joining.decline(
        call.table,
        guest,
        invitation_id,
        lambda: call.person(body),
        now=call.now,
        intent=call.intent,
    )
    return answers.ok({"success": True})


def _shown(call: Call, member: Member, one: Invitation) -> dict[str, object]:
    return as_json(one) | {"link": letter.link(call, member.workspace, one)}
