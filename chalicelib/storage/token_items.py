"""How a machine's token, and the list of a workspace's living ones, lie in items."""

from typing import Any

from chalicelib.model.people import Token
from chalicelib.model.words import Member
from chalicelib.storage import entry, keys
from chalicelib.storage.items import Item


def token_item(member: Member, token: Token, digest: str, forgotten: int) -> Item:
    """`ends_at` is when it opens nothing more, `expires_at` when it is forgotten: the
    name of what it did is kept longer."""
    return {
        **entry.token(member.workspace.id, token.id)._asdict(),
        "name": token.name,
        "role": token.role,
        "created_by": token.created_by,
        "created_at": token.created_at,
        "ends_at": token.expires_at,
        "digest": digest,
        "expires_at": forgotten,
    }


def token(item: Item) -> Token:
    return Token(
        id=item["sk"],
        name=item["name"],
        role=item["role"],
        created_by=item["created_by"],
        created_at=item["created_at"],
        expires_at=item["ends_at"],
        last_used_on=item.get("last_used_on"),
        revoked_at=item.get("revoked_at"),
    )


def revoked(at: str, forgotten: int) -> Item:
    """What makes a token a name: nothing is left that a secret could be held to."""
    return {"digest": None, "revoked_at": at, "expires_at": forgotten}


def keyring_item(place: keys.Key, living: list[Any], revision: int) -> Item:
    return {**place._asdict(), "living": living, "revision": revision}
