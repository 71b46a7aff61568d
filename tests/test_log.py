"""The log: one line of JSON an event."""

import io
import json

import pytest

from chalicelib.base import log
from chalicelib.storage.expressions import packed, unpacked


def test_an_event_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a traceback, also what JSON does not know; the fields stand beside."""
    written = io.StringIO()
    monkeypatch.setattr(log._logger.registered_handler, "stream", written)
    log.info("request", route="/me", odd={1})
    try:
        raise KeyError("inside")
    except KeyError:
        log.exception("unexpected", request_id="r")
    first, second = map(json.loads, written.getvalue().splitlines())
    assert (first["level"], first["message"], first["route"]) == (
        *("INFO", "request", "/me"),
    )
    assert first["odd"] == "{1}"
    assert (second["level"], second["request_id"]) == ("ERROR", "r")
    assert "KeyError: 'inside'" in second["exception"]


def test_what_is_stored_comes_back() -> None:
    """Text, truth, whole numbers, lists and maps; nothing else is stored."""
    item = {"a": "x", "b": True, "c": -7, "d": ["x", {"e": False}], "f": {"g": 1}}
    assert unpacked(packed(item)) == item
    assert packed({"a": None, "b": (1,)}) == {"b": {"L": [{"N": "1"}]}}
    assert unpacked({"n": {"N": "1.5"}, "z": {"NULL": True}}) == {"n": 1.5, "z": None}
    with pytest.raises(TypeError, match="float is not stored"):
        packed({"a": 1.5})
