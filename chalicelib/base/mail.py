"""The only file that sends mail: Amazon SES, by the client that botocore has. What is
written in it does not belong here (doors/letter.py).

Nothing is tried twice: a mail whose answer was lost may have been sent."""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.session import get_session

from chalicelib.base import log

CLIENT = Config(
    connect_timeout=1,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 1},
    user_agent="contactbook",
)


def send(sender: str, to: str, subject: str, text: str) -> bool:
    """Sends one mail. False when it was certainly not sent; then the log has the reason
    without its sentence, in which SES repeats the address."""
    try:
        _client().send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": [to]},
            Content={
                "Simple": {
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
                }
            },
        )
    except HTTPClientError as error:  # it broke off: nobody knows
        log.error("mail_in_doubt", reason=type(error).__name__)
    except ClientError as error:
        answer: Any = error.response
        log.error("mail_not_sent", reason=answer["Error"]["Code"])
        return False
    except BotoCoreError as error:
        log.error("mail_not_sent", reason=type(error).__name__)
        return False
    return True


@cache
def _client() -> Any:
    """Made for the first mail, so that no cold start pays for it."""
    return get_session().create_client("sesv2", config=CLIENT)
