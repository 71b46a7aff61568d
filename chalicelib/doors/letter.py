"""What leads somebody to an invitation: its link, and the mail that carries it. It is
no secret: it opens the page, and there nothing but a verified e-mail counts."""

import re
from datetime import datetime

from chalicelib.base import mail, settings
from chalicelib.doors.call import Call
from chalicelib.model.errors import Busy
from chalicelib.model.people import Invitation
from chalicelib.model.words import Member, Workspace
from chalicelib.verbs import invitations

HOST = re.compile(
    r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?"
)

TEXT = """\
{inviter} invites you to the workspace "{workspace}" in contactbook, as {role}.

Open this link and sign in with {email}:

{link}

The invitation is open until {until} (UTC).
If you do not know who invites you, you need not do anything.
"""


def link(call: Call, home: Workspace, invitation: Invitation) -> str:
    """The absolute address of the page, where it shows this invitation."""
    at_aws = call.request.context.get("domainName")
    host = at_aws or call.request.headers.get("host", "")
    if not HOST.fullmatch(host):
        host = "localhost"  # a header may hold anything, and a link goes to a person
    scheme = "https" if at_aws else "http"
    place = "/".join(["", *call.stage, ""])
    named = f"invitation={invitation.id}&workspace={home.id}"
    return f"{scheme}://{host}{place}#{named}"


def send(call: Call, member: Member, made: Invitation) -> Invitation:
    """The invitation after its mail was sent, where a sender is set up. Whatever
    becomes of the mail, there is the invitation."""
    sender = settings.current().ses_from
    if not sender:
        return made
    try:
        mailing = invitations.begin_mail(call.table, member, made, now=call.now)
        if not mailing.is_due:
            return mailing.invitation
        inviter, address = mailing.inviter, link(call, member.workspace, made)
        subject, text = written(made, member.workspace, inviter, address)
        if mail.send(sender, made.email, subject, text):
            return mailing.invitation
        return invitations.forget_mail(call.table, member, mailing)
    except Busy:  # it was made before this; the link can be sent by hand
        return made


def written(
    made: Invitation, home: Workspace, inviter: str | None, address: str
) -> tuple[str, str]:
    """The subject and the text."""
    until = datetime.fromisoformat(made.expires_at)
    who = inviter or "A colleague"
    text = TEXT.format(
        inviter=who,
        workspace=home.name,
        role=f"an {made.role}" if made.role[0] in "aeiou" else f"a {made.role}",
        email=made.email,
        link=address,
        until=f"{until.day} {until:%B %Y, %H:%M}",
    )
    return f"{who} invites you to {home.name}", text
