"""The key with which a request is sent again: the one place that knows how it is made.
The same key goes with the first try and with every one after it."""

from typing import Any

from chalicelib.model.words import Member

Once = Any  # the code's own, or None for a request without a key


def key_for(member: Member, name: str) -> Once:
    """The `Idempotency-Key` of one request of this member."""
    return None


def keyed(once: Once) -> dict[str, Once]:
    """As a verb takes it."""
    return {"once": once} if once else {}
