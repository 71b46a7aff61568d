"""The words of coming in: who somebody is, where he belongs, and how he got there. What
opens a workspace is words.py's Member."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Who a user is, as the issuer says in an ID token."""

    user_id: str
    name: str | None
    email: str | None
    email_verified: bool
    issued_at: int  # seconds: an older token changes nothing

    @property
    def verified_email(self) -> str | None:
        """As the issuer spells it; one that is not verified might be anybody's."""
        return self.email if self.email_verified else None

    @property
    def known_email(self) -> str | None:
        """What nobody else can claim, compared without case. Of ASCII only, as those
        are that are invited: the sign of Kelvin has a small letter, which is k."""
        email = self.verified_email
        return email.lower() if email and email.isascii() else None


@dataclass(frozen=True, slots=True)
class Membership:
    """A user's place in a workspace, as shown to others; opens no door."""

    user_id: str
    role: str
    created_at: str
    name: str | None = None  # as the issuer told them, once the user has come in
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An e-mail is asked in with a role; whose verified e-mail it is may accept."""

    id: str
    email: str
    role: str
    invited_by: str
    created_at: str
    expires_at: str
    mailed_at: str | None


@dataclass(frozen=True, slots=True)
class Token:
    """A machine's way in; its secret was shown once and is kept nowhere."""

    id: str
    name: str
    role: str
    created_by: str
    created_at: str
    expires_at: str
    last_used_on: str | None  # the day
    revoked_at: str | None  # it opens nothing, and is kept for the name of what it did
