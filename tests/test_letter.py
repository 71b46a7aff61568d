"""Where the link of an invitation leads, and what its mail says."""

from typing import Any

import pytest
from chalice.app import Request

from chalicelib.doors import examples, letter
from chalicelib.doors.call import Call
from tests.bundle.gateway import proxy_event

API = "abc123.execute-api.eu-central-1.amazonaws.com"
NAMED = f"#invitation={examples.INVITATION.id}&workspace={examples.WORKSPACE.id}"


def linked(stage: str, host: str, **context: Any) -> str:
    path = "/workspaces/eagle-overseas/invitations"
    resource, captured = "/workspaces/{workspace}/invitations", {"workspace": "x"}
    headers = {"Host": host}
    event = proxy_event("GET", path, resource, captured, headers, None, stage)
    event["requestContext"].pop("domainName", None)
    event["requestContext"] |= context
    call = Call(Request(event, None))
    return letter.link(call, examples.WORKSPACE, examples.INVITATION)


@pytest.mark.parametrize(
    ("stage", "host", "context", "page"),
    [
        ("/api", API, {"domainName": API}, f"https://{API}/api/"),
        # Behind a domain of one's own there is no stage in the address.
        ("", "x", {"domainName": "book.example.org"}, "https://book.example.org/"),
        ("", "127.0.0.1:8000", {}, "http://127.0.0.1:8000/"),
        ("", "[::1]:8000", {}, "http://[::1]:8000/"),
        # What the gateway knows counts, never a header.
        ("/api", "evil.example.org", {"domainName": API}, f"https://{API}/api/"),
    ],
)
def test_the_link_leads_to_the_page(
    stage: str, host: str, context: dict[str, str], page: str
) -> None:
    """The address that was asked, with the stage's name where it has one."""
    assert linked(stage, host, **context) == page + NAMED


@pytest.mark.parametrize(
    ("inviter", "subject"),
    [
        ("Amara Okafor", "Amara Okafor invites you to Eagle Overseas"),
        (None, "A colleague invites you to Eagle Overseas"),
        # Names are text, never a pattern.
        ("{link}", "{link} invites you to Eagle Overseas"),
    ],
)
def test_the_mail_says_who_where_and_until_when(
    inviter: str | None, subject: str
) -> None:
    """In plain words, whole."""
    one, home = examples.INVITATION, examples.WORKSPACE
    assert letter.written(one, home, inviter, "https://x.org/#a") == (
        subject,
        f'{inviter or "A colleague"} invites you to the workspace "Eagle Overseas" in '
        "contactbook, as a member.\n"
        "\n"
        "Open this link and sign in with grace@example.org:\n"
        "\n"
        "https://x.org/#a\n"
        "\n"
        "The invitation is open until 2 January 2026, 03:04 (UTC).\n"
        "If you do not know who invites you, you need not do anything.\n",
    )
