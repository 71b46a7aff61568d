"""Clients that fail, for every test that asks what happens when something breaks."""

import threading
from collections.abc import Callable
from typing import Any

from chalicelib.storage.table import Table


class Killed(Exception):
    """The worker died."""


class Mortal:
    """The real client; it dies at its k-th call, before or after the call took effect,
    and every call after that dies too, as a dead worker's would."""

    def __init__(self, client: Any, at: int, after: bool) -> None:
        self._client, self._at, self._after = client, at, after
        self._lock, self.calls = threading.Lock(), 0

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            with self._lock:
                self.calls += 1
                number = self.calls
            if number < self._at:
                return getattr(self._client, operation)(**asked)
            if number == self._at and self._after:
                getattr(self._client, operation)(**asked)
            raise Killed

        return call


class Watched:
    """The real client; every request is shown, and every answer, in order of arrival,
    one at a time."""

    def __init__(
        self, client: Any, see: Callable[[str, dict[str, Any], Any], None]
    ) -> None:
        self._client, self._see, self._lock = client, see, threading.Lock()

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            answer = getattr(self._client, operation)(**asked)
            with self._lock:
                self._see(operation, asked, answer)
            return answer

        return call


def through(table: Table, client: Any) -> Table:
    """The same table, as it is reached through another client."""
    return Table(client, table._name)
