"""One line of JSON an event, on stdout, where Lambda takes its log from. What may
stand in a line is for those who write it to know: never a token, a phone, an e-mail."""

from typing import Any

from aws_lambda_powertools import Logger

_logger = Logger(service="contactbook", location=None)


def info(message: str, **fields: Any) -> None:
    """Says what was done."""
    _logger.info(message, extra=fields)


def exception(message: str, **fields: Any) -> None:
    """Says what went wrong, with the traceback of the exception at hand."""
    _logger.exception(message, extra=fields)
