"""The mail of an invitation: sent at most once, by real HTTP to what stands where SES
would, and never the invitation's undoing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from chalicelib.base import mail
from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import invitations, people
from local.engine import ROOT
from tests.conftest import NOW, Server, start_server
from tests.people_world import person, proof, someone, workspace
from tests.test_invitations import invite


class Post:
    """Stands where SES does: keeps what it gets, and answers as it is told to."""

    def __init__(self) -> None:
        self.mails: list[dict[str, Any]] = []
        self.status = 200
        self.drops = False
        post = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                got = json.loads(self.rfile.read(length))
                assert self.path == "/v2/email/outbound-emails"
                post.mails.append(got)
                if post.drops:
                    self.close_connection = True
                    return
                told = b'{"MessageId": "1", "message": "bob@example.org is no good"}'
                self.send_response(post.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def office() -> Iterator[Post]:
    made = Post()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def post(office: Post) -> Post:
    office.mails, office.status, office.drops = [], 200, False
    return office


@pytest.fixture(scope="module")
def sending(office: Post, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server, that sends its mail to the post."""
    place: Path = tmp_path_factory.mktemp("sending")
    running = start_server(
        place,
        DEMO="0",
        SES_FROM="book@example.org",
        AWS_ENDPOINT_URL_SESV2=office.url,
    )
    yield running
    running.stop()


@pytest.fixture
def http(sending: Server) -> Iterator[httpx.Client]:
    amy = someone()
    with sending.client(amy) as client:
        client.put("/me", json=proof(sending, amy, name="Amy Tan")).raise_for_status()
        yield client


def asked(http: httpx.Client, home: str, key: str = "k") -> httpx.Response:
    body = {"email": "bob@example.org", "role": "admin"}
    headers = {"Idempotency-Key": key}
    answer = http.post(f"{home}/invitations", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


def logged(server: Server, message: str) -> list[dict[str, Any]]:
    lines = [line for line in server.log.read_text().splitlines() if "{" in line]
    return [json.loads(line) for line in lines if f'"{message}"' in line]


def test_who_invites_where_to_as_what_and_until_when(
    post: Post, http: httpx.Client
) -> None:
    """All of it is in the mail, with the link; it is noted, and a retry sends none."""
    home = workspace(http, "Eagle Overseas")
    answer = asked(http, home)
    one = answer.json()["invitation"]
    assert one["mailed_at"] is not None
    (sent,) = post.mails
    assert sent["FromEmailAddress"] == "book@example.org"
    assert sent["Destination"] == {"ToAddresses": ["bob@example.org"]}
    simple = sent["Content"]["Simple"]
    assert simple["Subject"]["Data"] == "Amy Tan invites you to Eagle Overseas"
    text = simple["Body"]["Text"]["Data"]
    for told in ("Amy Tan", "Eagle Overseas", "an admin", "bob@example.org"):
        assert told in text
    assert f"\n{one['link']}\n" in text
    year, _, day = one["expires_at"][:10].split("-")
    assert f"until {int(day)} " in text
    assert f" {year}, " in text
    again = asked(http, home)
    assert again.content == answer.content
    assert len(post.mails) == 1
    listed = http.get(f"{home}/invitations").json()["invitations"]
    assert listed == [one]


def test_a_mail_that_fails_undoes_nothing(
    post: Post, http: httpx.Client, sending: Server
) -> None:
    """The invitation is there and says that no mail was sent; the log says why,
    without the address; a retry sends it."""
    home = workspace(http)
    post.status = 400
    answer = asked(http, home)
    assert answer.json()["invitation"]["mailed_at"] is None
    listed = http.get(f"{home}/invitations").json()["invitations"]
    assert listed == [answer.json()["invitation"]]
    assert logged(sending, "mail_not_sent")
    assert "bob@example.org" not in sending.log.read_text()
    post.status = 200
    assert asked(http, home).json()["invitation"]["mailed_at"] is not None
    assert len(post.mails) == 2  # the one that was refused, and this


def test_a_mail_whose_answer_is_lost_is_not_sent_again(
    post: Post, http: httpx.Client, sending: Server
) -> None:
    """It may have arrived: at most once counts more."""
    home = workspace(http)
    post.drops = True
    first = asked(http, home)
    assert first.json()["invitation"]["mailed_at"] is not None
    assert logged(sending, "mail_in_doubt")
    post.drops = False
    assert asked(http, home).content == first.content
    assert len(post.mails) == 1


def test_where_nobody_answers_the_invitation_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No connection, no credentials, no region: false, never an exception."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:9")
    mail._client.cache_clear()
    assert mail.send("a@example.org", "b@example.org", "s", "t") is False
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_ENDPOINT_URL_SESV2")
    mail._client.cache_clear()
    assert mail.send("a@example.org", "b@example.org", "s", "t") is False
    mail._client.cache_clear()


def test_without_a_sender_nothing_is_sent(server: Server) -> None:
    """And nothing says so."""
    with server.client(someone()) as http:
        one = asked(http, workspace(http)).json()["invitation"]
    assert one["mailed_at"] is None


def test_no_cold_start_pays_for_it() -> None:
    """The client is made for the first mail."""
    code = (
        "from tests.test_http_isolation import every_route; every_route();"
        "from chalicelib.base import mail;"
        "print(mail._client.cache_info().currsize)"
    )
    made = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert made == "0\n"


class TestTheMail:
    def test_is_claimed_once(self, table: Table, eagle: Member) -> None:
        """Of all who ask one is told to send it; it is noted when."""
        one = invite(table, eagle)
        first = invitations.begin_mail(table, eagle, one, now=NOW)
        assert first.is_due
        assert first.invitation.mailed_at == "2026-01-02T03:04:05.678Z"
        later = NOW + timedelta(seconds=1)
        second = invitations.begin_mail(table, eagle, one, now=later)
        assert (second.is_due, second.invitation) == (False, first.invitation)

    def test_that_was_not_sent_may_be_tried_again(
        self, table: Table, eagle: Member
    ) -> None:
        """By a retry of the invitation."""
        one = invite(table, eagle)
        first = invitations.begin_mail(table, eagle, one, now=NOW)
        assert invitations.forget_mail(table, eagle, first) == one
        assert invitations.begin_mail(table, eagle, one, now=NOW).is_due

    def test_is_not_sent_for_what_is_over(self, table: Table, eagle: Member) -> None:
        """A retry that comes late, after it was taken back."""
        one = invite(table, eagle)
        invitations.withdraw(table, eagle, one.id, now=NOW)
        assert not invitations.begin_mail(table, eagle, one, now=NOW).is_due

    def test_is_sent_a_hundred_times_a_day(
        self, table: Table, eagle: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """To invite and take back, again and again, fills nobody's mailbox; the next
        day there is room."""
        monkeypatch.setattr(invitations, "MOST_MAILED", 3)

        def is_due(now: datetime) -> bool:
            one = invite(table, eagle, now=now)
            mailing = invitations.begin_mail(table, eagle, one, now=now)
            assert (mailing.invitation.mailed_at is None) is not mailing.is_due
            invitations.withdraw(table, eagle, one.id, now=now)
            return mailing.is_due

        assert [is_due(NOW) for _ in range(5)] == [True, True, True, False, False]
        assert is_due(NOW + timedelta(days=1))

    def test_names_who_invites(self, table: Table, eagle: Member) -> None:
        """As he was called when he did."""
        people.keep(table, lambda: person("amy", name="Amy Tan"))
        one = invite(table, eagle)
        mailing = invitations.begin_mail(table, eagle, one, now=NOW)
        assert mailing.inviter == "Amy Tan"
