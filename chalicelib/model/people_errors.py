"""The refusals of coming in: invitations and tokens. All others are errors.py's.

Forbidden   EmailDiffers EmailNotVerified
NotFound    InvitationNotFound TokenNotFound
Conflict    InvitationExists InvitationExpired InvitationWithdrawn InvitationUsed
            InvitationVoid TooManyInvitations TooManyTokens
"""

from chalicelib.model.errors import Conflict, Forbidden, NotFound


class EmailDiffers(Forbidden):
    sentence = "This invitation is for another e-mail than the one you signed in with."


class EmailNotVerified(Forbidden):
    sentence = "Your sign-in has not verified your e-mail; an invitation needs that."


class InvitationNotFound(NotFound):
    sentence = "There is no such invitation."


class TokenNotFound(NotFound):
    sentence = "There is no such token in this workspace."


class InvitationExists(Conflict):
    sentence = "This e-mail has an open invitation already."
    carries = "invitation_id"


class InvitationExpired(Conflict):
    sentence = "This invitation has expired. Ask for a new one."


class InvitationWithdrawn(Conflict):
    sentence = "This invitation was taken back."


class InvitationUsed(Conflict):
    sentence = "This invitation was accepted or declined before."


class InvitationVoid(Conflict):
    sentence = "Who invited you can no longer grant this role. Ask for a new one."


class TooManyInvitations(Conflict):
    sentence = "A workspace has at most 100 open invitations."


class TooManyTokens(Conflict):
    sentence = "A workspace has at most 50 tokens; revoke one first."
