"""The key with which a request is sent again: the one place that knows how it is made.
The same key goes with the first try and with every one after it."""

from datetime import datetime
from typing import Any

from chalicelib.commit import once
from chalicelib.commit.once import Once


def intent_of(user_id: str, name: str, now: datetime) -> Once:
    """What the `Idempotency-Key` of one request of this user stands for."""
    return once.of(user_id, f"key of {name}", ["POST", name, None], now)


def keyed(intent: Once | None) -> dict[str, Any]:
    """As a verb takes it."""
    return {"intent": intent}
