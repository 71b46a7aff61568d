"""What was assigned to somebody who goes is counted, and goes to whom is named: each
contact once, whoever dies when; where it is much, a job tells how far it is."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import handover
from chalicelib.model.errors import InvalidRequest, JobNotFound, WorkspaceNotFound
from chalicelib.model.words import Job, Member
from chalicelib.storage import keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access, assignments, changes, contacts, members
from tests.conftest import (
    LATE,
    NOW,
    Server,
    delete,
    everything,
    found,
    new_table,
    while_another,
)
from tests.faults import Killed, Met, Mortal, through
from tests.http_world import refused
from tests.once_world import another, key
from tests.test_http_isolation import MISSING, plain
from tests.test_leaving import all_of, assigned, handed, traces


@pytest.fixture
def bob(real_table: Table, amy: Member) -> Member:
    return another(real_table, amy, "bob")


@pytest.fixture
def cy(real_table: Table, amy: Member) -> Member:
    """Who gets what was Bob's."""
    return another(real_table, amy, "cy", "viewer")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two contacts are much, and a checkpoint comes after each two."""
    monkeypatch.setattr(handover, "AT_ONCE", 1)
    monkeypatch.setattr(handover, "CHUNK", 2)


def remove(
    table: Table, who: Member, heir: str | None = "cy", seconds: float = 20, **more: Any
) -> Job | None:
    asked: dict[str, Any] = {"now": NOW, "budget": Budget(seconds), "assign_to": heir}
    return handover.remove(table, who, "bob", **asked, **more)


def job(table: Table, who: Member, job_id: str, now: Any = NOW) -> Job:
    return handover.job(table, who, job_id, now=now)


def assignees(table: Table, who: Member) -> set[tuple[str | None, int, str]]:
    return {(c.assigned_to, c.version, c.updated_by) for c in all_of(table, who)}


def test_what_was_assigned_goes_to_the_heir(
    real_table: Table, amy: Member, bob: Member, cy: Member
) -> None:
    """Told as done by who has asked, in the history and in what is new; the heir may
    have any role. Few contacts are no job."""
    mine = assigned(real_table, amy, 2)
    assert remove(real_table, amy) is None
    assert assignees(real_table, amy) == {("cy", 2, "amy")}
    row = real_table.get(keys.event(amy, mine[0].id, 2))
    assert row
    assert (row["by"], row["action"]) == ("amy", "changed")
    assert row["changes"] == '{"assigned_to":{"from":"bob","to":"cy"}}'
    count = assignments.count(real_table, amy, "cy", most=9)
    assert count == (2, True)
    since = changes.since(
        real_table, amy, changes.Walk("2026-01-02T03:04:05.678Z", "2026-01-03")
    )
    assert {(one.id, one.assigned_to) for one in since.changed} == {
        (one.id, "cy") for one in mine
    }
    assert handed(real_table) == {"done": 1, "running": 0}
    assert traces(real_table) == []


def test_who_leaves_names_his_heir_himself(
    real_table: Table, amy: Member, bob: Member, cy: Member
) -> None:
    """And the rest of it is told as done by him, also when he is long out."""
    assigned(real_table, amy, 60)
    remove(real_table, bob, seconds=0)
    with pytest.raises(WorkspaceNotFound):
        access.enter(real_table, "eagle", "bob")
    handed(real_table)
    assert assignees(real_table, amy) == {("cy", 2, "bob")}


@pytest.mark.parametrize("heir", ["bob", "nobody", "key_" + MISSING, "dan"])
def test_who_is_no_other_member_is_no_heir(
    real_table: Table, amy: Member, bob: Member, heir: str
) -> None:
    """The leaving one, a stranger, a machine, one who has left: nobody goes, nothing
    changes."""
    another(real_table, amy, "dan")
    members.close(real_table, amy, "dan", now=NOW)
    assigned(real_table, amy, 1)
    before = everything(real_table)
    with pytest.raises(InvalidRequest) as refused:
        remove(real_table, amy, heir)
    (error,) = refused.value.errors
    assert (error.field, error.code) == ("assign_to", "unknown_member")
    assert everything(real_table) == before


def test_an_heir_who_goes_in_that_moment_is_none(
    real_table: Table, amy: Member, bob: Member, cy: Member
) -> None:
    """The transaction looks again."""
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: members.close(real_table, amy, "cy", now=NOW),
    )
    with pytest.raises(InvalidRequest, match="assign_to"):
        remove(slow, amy)
    assert access.enter(real_table, "eagle", "bob") == bob


def test_an_heir_who_goes_meanwhile_gets_nothing_more(
    real_table: Table, amy: Member, bob: Member, cy: Member
) -> None:
    """What is left goes to nobody; no contact stays with who is not there."""
    assigned(real_table, amy, 4)

    def closing() -> None:
        members.close(real_table, amy, "cy", now=NOW)

    # Calls: count, read, close, lease, list; then two for each contact.
    remove(through(real_table, Met(real_table._client, 9, closing)), amy)
    found = [one.assigned_to for one in all_of(real_table, amy)]
    assert (found.count("cy"), found.count(None)) == (1, 3)
    handed(real_table)
    handed(real_table, LATE + timedelta(minutes=2))
    assert {one.assigned_to for one in all_of(real_table, amy)} == {None}
    assert not [one for one in everything(real_table) if "#find#a:" in one[0]]


# --- jobs


def test_much_is_a_job(real_table: Table, amy: Member, bob: Member, cy: Member) -> None:
    """From the 51st contact on; what the request had no time for is done by whoever
    comes, in the name of who has asked."""
    assigned(real_table, amy, 50)
    assert handover._asked_for(real_table, amy, "bob", NOW) is None
    assigned(real_table, amy, 1)
    made = remove(real_table, amy, seconds=0)
    assert made
    assert (made.kind, made.state, made.total, made.done) == (
        *("handover", "running"),
        *(51, 0),
    )
    assert (made.requested_by, made.finished_at) == ("amy", None)
    assert job(real_table, cy, made.id) == made
    assert handed(real_table) == {"done": 1, "running": 0}
    ended = job(real_table, cy, made.id)
    assert (ended.state, ended.total, ended.done) == ("done", 51, 51)
    assert ended.finished_at
    assert assignees(real_table, amy) == {("cy", 2, "amy")}
    assert traces(real_table) == []


def test_a_job_that_the_request_could_end_is_done(
    real_table: Table, amy: Member, bob: Member, cy: Member, few: None
) -> None:
    assigned(real_table, amy, 5)
    made = remove(real_table, amy)
    assert made
    assert (made.state, made.total, made.done) == ("done", 5, 5)


def test_a_job_tells_how_far_it_is(
    real_table: Table, amy: Member, bob: Member, cy: Member, few: None
) -> None:
    """At each checkpoint; who asks sees it grow."""
    assigned(real_table, amy, 6)
    seen: list[int] = []
    made = remove(real_table, amy, seconds=0)
    assert made

    class Watching:
        def __getattr__(self, operation: str) -> Any:
            seen.append(job(real_table, amy, made.id).done)
            return getattr(real_table._client, operation)

    handed(through(real_table, Watching()))
    assert sorted(set(seen)) == [0, 2, 4, 6]
    assert seen == sorted(seen)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_call_it_comes_to_its_end(
    real_client: Any, after: bool, few: None
) -> None:
    """Each contact is changed once, and the job is done with all of them."""
    calls = 0
    for at in range(1, 99):
        table = new_world(real_client)
        amy = access.enter(table, "eagle", "amy")
        dying = Mortal(table._client, at, after)
        try:
            made = remove(through(table, dying), amy)
        except Killed:
            made = None
        else:
            assert made
            calls = at - 1
        assert_ended(table, amy, began=not (at < 3 or (at == 3 and not after)))
        if calls:
            break
    assert calls > 15


def new_world(client: Any) -> Table:
    table = new_table(client)
    amy = found(table, "eagle", "amy")
    for user_id in ("bob", "cy"):
        another(table, amy, user_id)
    assigned(table, amy, 5)
    return table


def assert_ended(table: Table, amy: Member, began: bool) -> None:
    """After two visits of the schedule, one for what the second look may find."""
    for now in (LATE, LATE + timedelta(minutes=2)):
        handed(table, now)
    jobs = [one for one in everything(table) if one[1].startswith("job_")]
    if not began:
        assert jobs == []
        assert assignees(table, amy) == {("bob", 1, "amy")}
        return
    ((_, job_id),) = jobs
    ended = job(table, amy, job_id)
    assert (ended.state, ended.total, ended.done) == ("done", 5, 5)
    assert assignees(table, amy) == {("cy", 2, "amy")}
    assert traces(table) == []


def test_a_retry_tells_of_the_one_job(
    real_table: Table, amy: Member, bob: Member, cy: Member, few: None
) -> None:
    """As it stands now."""
    assigned(real_table, amy, 3)
    first = remove(real_table, amy, seconds=0, intent=key())
    again = remove(real_table, amy, seconds=0, intent=key())
    assert first == again
    handed(real_table)
    late = remove(real_table, amy, intent=key())
    assert first
    assert late
    assert (late.id, late.state) == (first.id, "done")


def test_the_job_of_one_who_is_added_again_is_cancelled(
    real_table: Table, amy: Member, bob: Member, cy: Member, few: None
) -> None:
    """What is left stays with him; nobody comes back to it."""
    assigned(real_table, amy, 3)
    made = remove(real_table, amy, seconds=0)
    assert made
    another(real_table, amy, "bob")
    assert job(real_table, amy, made.id).state == "cancelled"
    handed(real_table)
    handed(real_table, LATE + timedelta(hours=1))
    assert assignees(real_table, amy) == {("bob", 1, "amy")}
    assert job(real_table, amy, made.id).state == "cancelled"
    again = remove(real_table, amy)
    assert again
    assert again.state == "done"
    assert job(real_table, amy, made.id).state == "cancelled"


def test_what_was_deleted_meanwhile_is_done_with(
    real_table: Table, amy: Member, bob: Member, cy: Member, few: None
) -> None:
    """A job ends with as many as it began with."""
    mine = assigned(real_table, amy, 3)
    made = remove(real_table, amy, seconds=0)
    assert made
    delete(real_table, amy, mine[0].id)
    handed(real_table)
    ended = job(real_table, amy, made.id)
    assert (ended.state, ended.total, ended.done) == ("done", 3, 3)


def test_a_job_is_its_workspaces_and_kept_thirty_days(
    real_table: Table, amy: Member, bob: Member, cy: Member, few: None
) -> None:
    assigned(real_table, amy, 3)
    made = remove(real_table, amy)
    assert made
    job(real_table, amy, made.id, NOW + timedelta(days=29))
    zed = found(real_table, "harbor", "zed")
    for who, job_id, now in (
        (amy, made.id, NOW + timedelta(days=30)),
        (zed, made.id, NOW),
        (amy, "job_" + MISSING, NOW),
    ):
        with pytest.raises(JobNotFound):
            job(real_table, who, job_id, now)


# --- counting


def test_what_is_assigned_is_counted_up_to_a_bound(
    table: Table, eagle: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly, unless there is more; page by page, and no contact is read."""
    members.add(table, eagle, {"user_id": "bob", "role": "viewer"}, now=NOW)
    monkeypatch.setattr(assignments, "A_QUERY", 2)
    for count in range(5):
        exact = assignments.count(table, eagle, "bob", most=3)
        assert exact == (min(count, 3), count <= 3)
        contacts.create(table, eagle, {"name": "A", "assigned_to": "bob"}, now=NOW)
    assert assignments.count(table, eagle, "bob", most=100) == (5, True)
    assert assignments.count(table, eagle, "nobody", most=100) == (0, True)


# --- over HTTP

HERE = "/workspaces/handing"


@pytest.fixture(scope="module")
def owner(server: Server) -> Any:
    with server.client("handing-owner") as http:
        http.post("/workspaces", json={"name": "Handing", "slug": "handing"})
        http.post(f"{HERE}/members", json={"user_id": "heir", "role": "member"})
        yield http


def with_contacts(owner: httpx.Client, user_id: str, count: int) -> None:
    owner.post(f"{HERE}/members", json={"user_id": user_id, "role": "member"})
    for number in range(count):
        body = {"name": f"{user_id} {number}", "assigned_to": user_id}
        assert owner.post(f"{HERE}/contacts", json=body).status_code == 201


def test_twelve_contacts_are_amaras(owner: httpx.Client) -> None:
    """What is assigned is told beside the member, and goes to the heir with a delete.
    200, as when nothing was assigned."""
    with_contacts(owner, "amara", 12)
    answer = owner.get(f"{HERE}/members/amara").json()
    assert answer["member"]["user_id"] == "amara"
    assert answer["assigned"] == {"count": 12, "exact": True}
    mine = owner.get(f"{HERE}/members/me").json()
    assert (mine["member"]["role"], mine["assigned"]["count"]) == ("owner", 0)
    answer = owner.delete(f"{HERE}/members/amara", params={"assign_to": "heir"})
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assigned = owner.get(f"{HERE}/members/heir").json()["assigned"]
    assert assigned["count"] >= 12
    refused(owner.get(f"{HERE}/members/amara"), 404, "member_not_found")


def test_many_are_a_job_with_an_address(server: Server, owner: httpx.Client) -> None:
    """202, `Location`, and the same again under its key; everybody in may look."""
    with_contacts(owner, "many", 51)
    asked: dict[str, Any] = {
        "params": {"assign_to": "me"},
        "headers": {"Idempotency-Key": "many"},
    }
    first, again = (owner.delete(f"{HERE}/members/many", **asked) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["job"]["id"] == again.json()["job"]["id"]
    assert first.headers["location"] == again.headers["location"]
    with server.client("heir") as heir:
        seen = heir.get(first.headers["location"]).json()["job"]
    assert (seen["kind"], seen["total"], seen["requested_by"]) == (
        *("handover", 51),
        "handing-owner",
    )
    mine = owner.get(f"{HERE}/members/me").json()["assigned"]
    assert mine["count"] == seen["done"]


@pytest.mark.parametrize(
    "heir",
    [
        "leaver",
        "nobody-here",
        "two words",
        "key_" + MISSING,
        "console",
        "..",
        "x" * 256,
    ],
)
def test_an_heir_that_is_none_is_400(owner: httpx.Client, heir: str) -> None:
    """Naming `assign_to`; the member stays."""
    owner.post(f"{HERE}/members", json={"user_id": "leaver", "role": "member"})
    answer = owner.delete(f"{HERE}/members/leaver", params={"assign_to": heir})
    (error,) = refused(answer, 400, "invalid_request")["errors"]
    assert error["field"] == "assign_to"
    assert owner.get(f"{HERE}/members/leaver").status_code == 200


@pytest.mark.parametrize("heir", ["none", "", None])
def test_without_an_heir_nobody_gets_it(owner: httpx.Client, heir: str | None) -> None:
    with_contacts(owner, "alone", 1)
    params = {} if heir is None else {"assign_to": heir}
    assert owner.delete(f"{HERE}/members/alone", params=params).status_code == 200
    listed = owner.get(f"{HERE}/contacts", params={"q": "alone"}).json()["contacts"]
    assert {one["assigned_to"] for one in listed} == {None}


def test_a_job_of_others_and_a_missing_one_are_the_same(
    server: Server, owner: httpx.Client, harbor_http: httpx.Client
) -> None:
    """404 `job_not_found`; what is no id is 400."""
    with_contacts(owner, "foreign", 51)
    made = owner.delete(f"{HERE}/members/foreign").json()["job"]["id"]
    there = "/workspaces/harbor-travel/jobs"
    answers = [
        plain(harbor_http.get(f"{there}/{one}")) for one in (made, f"job_{MISSING}")
    ]
    assert answers[0] == answers[1]
    assert '"code":"job_not_found"' in answers[0]["body"]
    refused(owner.get(f"{HERE}/jobs/undefined"), 400, "invalid_request")
