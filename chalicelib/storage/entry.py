"""The keys of coming in: invitations, and tokens of machines. A room of keys.py, under
the same rule: what is a workspace's own is built from a Member, or by access.py before
there is one.

    WS           inv_...      an invitation              gsi1 invited#HASH / inv_...
    WS           invite#EMAIL claim > the open invitation
    WS           invites      counts who was invited: two at once are told apart
    WS           mails#DAY    counts what was sent: nobody floods others' mailboxes
    WS           key_...      a token: its secret as a hash only
    WS           keyring      which tokens live, and who has made them
"""

import hashlib

from chalicelib.model.words import Member
from chalicelib.storage.shapes import Key, Range

INVITED = "invited#"


def invitation(workspace_id: str, invitation_id: str) -> Key:
    return Key(workspace_id, invitation_id)


def invitations(member: Member) -> Range:
    return Range(member.workspace.id, "inv_")


def invite(workspace_id: str, email: str) -> Key:
    """The claim of an e-mail: it has one open invitation to a workspace."""
    return Key(workspace_id, f"invite#{email.lower()}")


def invites(member: Member) -> Range:
    return Range(member.workspace.id, "invite#")


def inviting(member: Member) -> Key:
    return Key(member.workspace.id, "invites")


def mails(workspace_id: str, day: str) -> Key:
    return Key(workspace_id, f"mails#{day}")


def invitations_to(email: str) -> Range:
    """All open ones to an e-mail, of whatever workspace: for who has verified it."""
    digest = hashlib.sha256(email.lower().encode()).hexdigest()
    return Range(INVITED + digest, index="gsi1")


def listed_as_invited(email: str, invitation_id: str) -> dict[str, str]:
    return {"gsi1pk": invitations_to(email).pk, "gsi1sk": invitation_id}


def token(workspace_id: str, token_id: str) -> Key:
    return Key(workspace_id, token_id)


def tokens(member: Member) -> Range:
    return Range(member.workspace.id, "key_")


def keyring(workspace_id: str) -> Key:
    """One item: what makes, ends or counts tokens meets there."""
    return Key(workspace_id, "keyring")


def token_after(member: Member, token_id: str) -> dict[str, str]:
    """Behind a token of the caller's own workspace: a foreign cursor cannot cross."""
    return token(member.workspace.id, token_id)._asdict()
