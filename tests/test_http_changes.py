"""What is new, over HTTP: for a page that asks every half a minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from chalicelib.model.clock import timestamp
from chalicelib.model.ids import new_id
from tests.conftest import Server
from tests.http_world import CONTACTS, TIME, made, refused

CHANGES = "/workspaces/eagle-overseas/changes"


def ago(**how_long: float) -> str:
    return timestamp(datetime.now(UTC) - timedelta(**how_long))


def told(http: httpx.Client, path: str = CHANGES, **query: str) -> dict[str, Any]:
    answer = http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    news: dict[str, Any] = answer.json()
    assert list(news) == ["changed", "gone", "until", "next_cursor"]
    return news


def heard(http: httpx.Client, since: str) -> tuple[dict[str, Any], list[str], str]:
    """All pages: the contacts by id, what has gone, and where to go on."""
    changed: dict[str, Any] = {}
    gone: list[str] = []
    more: dict[str, str] | None = {}
    while more is not None:
        news = told(http, since=since, **more)
        changed |= {one["id"]: one for one in news["changed"]}
        gone += news["gone"]
        more = {"cursor": news["next_cursor"]} if news["next_cursor"] else None
    return changed, gone, news["until"]


def test_a_client_follows_what_happens(eagle_http: httpx.Client) -> None:
    """It begins without a time, and goes on from `until`: a new contact, a change, a
    status, a note, a message are told whole, a deletion by its id."""
    news = told(eagle_http)
    assert (news["changed"], news["gone"], news["next_cursor"]) == ([], [], None)
    until = news["until"]
    assert TIME.fullmatch(until)
    contact = made(eagle_http, metadata={"a": 1})
    path = f"{CONTACTS}/{contact['id']}"
    talk = eagle_http.post(f"{path}/conversations", json={"channel": "sms"}).json()
    said = f"{path}/conversations/{talk['conversation']['id']}/messages"
    for method, address, body in (
        ("PATCH", path, {"name": "Bea"}),
        ("PUT", f"{path}/status", {"lead_status": "lost"}),
        ("POST", f"{path}/notes", {"content": "x"}),
        ("POST", said, {"direction": "inbound", "content": "Hello"}),
    ):
        assert eagle_http.request(method, address, json=body).is_success
        changed, gone, until = heard(eagle_http, until)
        assert changed[contact["id"]] == eagle_http.get(path).json()["contact"]
        assert contact["id"] not in gone
    assert eagle_http.delete(path).is_success
    changed, gone, _ = heard(eagle_http, until)
    assert contact["id"] not in changed
    assert contact["id"] in gone


def test_it_costs_two_calls_when_nothing_happens(server: Server) -> None:
    """Beside entering; and without a time nothing but entering."""
    with server.client("changes-owner") as http:
        body = {"name": "Quiet", "slug": "changes-quiet"}
        assert http.post("/workspaces", json=body).status_code == 201
        path = "/workspaces/changes-quiet/changes"
        first, later = http.get(path), http.get(path, params={"since": ago(minutes=2)})
    assert first.headers["x-storage-calls"] == "1"
    assert (later.headers["x-storage-calls"], later.headers["x-capacity"]) == (
        "3",
        "rcu=3, wcu=0",
    )


def test_a_long_walk_goes_page_by_page(server: Server) -> None:
    """110 contacts of one workspace; its cursor opens neither another nor another
    `since`, and one of a stranger's opens nothing here."""
    with server.client("changes-owner") as http:
        home, other = (
            http.post("/workspaces", json={"name": "Long", "slug": slug}).headers[
                "location"
            ]
            for slug in ("changes-long", "changes-other")
        )
        since = ago(seconds=30)
        ids = {
            http.post(f"{home}/contacts", json={"name": "A"}).json()["contact"]["id"]
            for _ in range(110)
        }
        first = told(http, f"{home}/changes", since=since)
        cursor = first["next_cursor"]
        second = told(http, f"{home}/changes", since=since, cursor=cursor)
        sizes = [len(page["changed"]) for page in (first, second)]
        assert (sizes, second["next_cursor"]) == ([100, 10], None)
        assert {one["id"] for page in (first, second) for one in page["changed"]} == ids
        assert first["until"] == second["until"] < ago(seconds=50)
        for path, query in (
            (other, {"since": since, "cursor": cursor}),
            (home, {"since": ago(days=1), "cursor": cursor}),
            (home, {"cursor": cursor}),
            (home, {"since": since, "cursor": cursor[:-1]}),
        ):
            answer = http.get(f"{path}/changes", params=query)
            named(answer, "cursor")


def named(answer: httpx.Response, parameter: str) -> None:
    problem = refused(answer, 400, "invalid_request")
    assert [one["field"] for one in problem["errors"]] == [parameter]


@pytest.mark.parametrize(
    "since",
    [
        *("yesterday", "2026-01-02", "2026-01-02T03:04:05Z", "1767323045", "undefined"),
        *("2026-02-30T03:04:05.678Z", "2026-01-02T25:04:05.678Z", "null", "con_1"),
        *("0000-00-00T00:00:00.000Z", "0001-01-01T00:00:00.000Z", " ", "٢٠٢٦"),
        *("2026-01-02T03:04:05.678+00:00", "9999-12-31T23:59:59.999Z"),
        *(ago(days=7, minutes=1), ago(minutes=-10)),
    ],
)
def test_a_time_that_is_none_or_too_far_is_named(
    eagle_http: httpx.Client, since: str
) -> None:
    """Neither more than seven days back nor to come; and spelled as it was told."""
    named(eagle_http.get(CHANGES, params={"since": since}), "since")


def test_a_week_back_is_served(eagle_http: httpx.Client) -> None:
    """And a clock that is a little fast is forgiven."""
    for since in (ago(days=7, minutes=-1), ago(seconds=-2), ago()):
        told(eagle_http, since=since)


def test_a_cursor_that_nobody_was_given_is_named(eagle_http: httpx.Client) -> None:
    """Not one of another list, nor one with a time or a place that cannot be."""
    since = ago(minutes=5)
    home = made(eagle_http)["workspace_id"]
    stranger, contact = (new_id(kind, datetime.now(UTC)) for kind in ("ws", "con"))
    good = f"{home}~{since}~{ago(minutes=1)}~{ago(minutes=2)}{contact}~-"
    told(eagle_http, since=since, cursor=good)
    for bad in (
        contact,
        "x" * 5000,
        good.replace(home, stranger),
        f"{home}~{since}~{ago(minutes=1)}~{ago(minutes=6)}{contact}~-",  # before
        f"{home}~{since}~{ago(minutes=1)}~-~{ago(seconds=1)}{contact}",  # after
        f"{home}~{since}~{ago(minutes=6)}~-~-",
        f"{home}~{since}~{ago(minutes=-6)}~-~-",
        f"{home}~{since}~9999-99-99T99:99:99.999Z~-~-",
        good.replace("con_", "note_"),
    ):
        named(eagle_http.get(CHANGES, params={"since": since, "cursor": bad}), "cursor")


def test_a_viewer_may_follow_and_a_stranger_may_not(
    server: Server, eagle_http: httpx.Client
) -> None:
    """Whoever may read the list; to others there is no such workspace."""
    body = {"user_id": "changes-viewer", "role": "viewer"}
    eagle_http.post("/workspaces/eagle-overseas/members", json=body)
    with server.client("changes-viewer") as viewer:
        told(viewer, since=ago(minutes=1))
    with server.client("changes-stranger") as stranger:
        for query in ({}, {"since": ago(minutes=1)}, {"since": "x"}):
            refused(stranger.get(CHANGES, params=query), 404, "workspace_not_found")
