"""Time as the contract spells it."""

from datetime import UTC, datetime


def timestamp(now: datetime) -> str:
    """RFC 3339, UTC, with milliseconds."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
