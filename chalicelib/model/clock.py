"""Time as the contract spells it."""

import re
from datetime import UTC, datetime

TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"


def timestamp(now: datetime) -> str:
    """RFC 3339, UTC, with milliseconds."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def moment(text: str) -> datetime:
    """The time that `timestamp` spells so; raises ValueError for any other text."""
    if not re.fullmatch(TIME, text):
        raise ValueError("no time as the contract spells it")
    return datetime.fromisoformat(text)
