"""One line of JSON an event, on stdout, where Lambda takes its log from. What may
stand in a line is for those who write it to know: never a token, a phone, an e-mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from aws_lambda_powertools import Logger

_logger = Logger(service="contactbook", location=None)
_request_id: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def request(request_id: str) -> Iterator[None]:
    """Inside, work is done for this request: history says so."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


def request_id() -> str:
    """The request that work is done for; empty outside of one."""
    return _request_id.get()


def info(message: str, **fields: Any) -> None:
    """Says what was done."""
    _logger.info(message, extra=fields)


def error(message: str, **fields: Any) -> None:
    """Says what must not be, for an alarm."""
    _logger.error(message, extra=fields)


def exception(message: str, **fields: Any) -> None:
    """Says what went wrong, with the traceback of the exception at hand."""
    _logger.exception(message, extra=fields)
