"""The same as items.py for people: who a user is, what a membership shows of him, and
invitations, with the claim of an e-mail by the open one."""

from datetime import datetime, timedelta

from chalicelib.model.clock import moment
from chalicelib.model.people import Invitation, Person
from chalicelib.model.words import Member, Workspace
from chalicelib.storage import entry
from chalicelib.storage.items import Item

KEPT = timedelta(days=30)  # after its end, so that it can be told what happened


# --- people


def profile_attributes(person: Person) -> Item:
    """As the issuer said it, and when. None means: not stored."""
    return {
        "name": person.name,
        "email": person.email,
        "email_verified": person.email_verified,
        "iat": person.issued_at,
    }


def person(user_id: str, profile: Item | None) -> Person:
    """Who a user is; without a profile nothing is known of him."""
    known = profile or {}
    return Person(
        user_id=user_id,
        name=known.get("name"),
        email=known.get("email"),
        email_verified=known.get("email_verified", False),
        issued_at=int(known.get("iat", 0)),
    )


def come_in(person: Person, workspace: Workspace, partition: str) -> Item:
    """What a membership gets when its member comes in for the first time. Before that
    it tells no name: whoever adds an id would learn whose it is."""
    shown = shown_of(person) if partition == workspace.id else {}
    return {"entered": True, **shown}


def shown_of(person: Person) -> Item:
    """What colleagues see of somebody. None means: not stored."""
    return {
        "name": person.name,
        "email": person.verified_email,
        "known_email": person.known_email,  # a filter compares no other spelling
        "iat": person.issued_at,
    }


# --- invitations


def invitation_item(member: Member, made: Invitation, inviter: str | None) -> Item:
    """A new one; the inviter's name is kept as it was when he asked."""
    return {
        **entry.invitation(member.workspace.id, made.id)._asdict(),
        **entry.listed_as_invited(made.email, made.id),
        "email": made.email,
        "role": made.role,
        "invited_by": made.invited_by,
        "inviter": inviter,
        "created_at": made.created_at,
        "ends_at": made.expires_at,
        "expires_at": _second(made.expires_at) + int(KEPT.total_seconds()),
    }


def ended(how: str, now: str) -> Item:
    """What its end sets: it is in no list any more, and goes some weeks later."""
    return {
        "ended": how,
        "ended_at": now,
        "expires_at": _second(now) + int(KEPT.total_seconds()),
        "gsi1pk": None,
        "gsi1sk": None,
    }


def claim_item(member: Member, made: Invitation) -> Item:
    return {
        **entry.invite(member.workspace.id, made.email)._asdict(),
        "invitation_id": made.id,
        "expires_at": _second(made.expires_at),
    }


def invitation(item: Item) -> Invitation:
    return Invitation(
        id=item["sk"],
        email=item["email"],
        role=item["role"],
        invited_by=item["invited_by"],
        created_at=item["created_at"],
        expires_at=item["ends_at"],
        mailed_at=item.get("mailed_at"),
    )


def has_gone(item: Item, now: datetime) -> bool:
    """Too long over to be told of: DynamoDB removes late, the local engine never."""
    return bool(item["expires_at"] <= now.timestamp())


def is_open(item: Item, now: str) -> bool:
    return bool("ended" not in item and item["ends_at"] > now)


def _second(time: str) -> int:
    return int(moment(time).timestamp())
