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


class Overtaken:
    """The real client; before each of its first writes somebody else does something."""

    def __init__(self, client: Any, times: int, what: Callable[[], Any]) -> None:
        self._client, self._left, self._what = client, times, what

    def __getattr__(self, operation: str) -> Any:
        if operation in ("update_item", "transact_write_items") and self._left:
            self._left -= 1
            self._what()
        return getattr(self._client, operation)


class Met:
    """The real client; before its k-th call something else happens."""

    def __init__(self, client: Any, at: int, what: Callable[[], Any]) -> None:
        self._client, self._left, self._what = client, at, what
        self._lock = threading.Lock()

    def __getattr__(self, operation: str) -> Any:
        with self._lock:
            self._left -= 1
            now = self._left == 0
        if now:
            self._what()
        return getattr(self._client, operation)


def through(table: Table, client: Any) -> Table:
    """The same table, as it is reached through another client."""
    return Table(client, table._name)
