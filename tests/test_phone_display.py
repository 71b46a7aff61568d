"""A contact's phone is also told as people write it, in every answer that has the
contact; it is kept nowhere, and nobody can set it."""

import itertools
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from chalicelib.doors import console
from chalicelib.model.phones import displayed
from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import workspaces
from tests.conftest import NOW, Server, add, everything
from tests.http_world import refused

BODY = {"name": "Ada", "phone": "+44 7400 123456"}
numbers = itertools.count()
OWN, ABROAD = "07400 123456", "+44 7400 123456"


@pytest.mark.parametrize(
    ("e164", "region", "shown"),
    [
        ("+447400123456", "GB", OWN),
        ("+447400123456", "DE", ABROAD),
        ("+447400123456", None, ABROAD),
        ("+442079460958", "GB", "020 7946 0958"),
        ("+12025550123", "US", "(202) 555-0123"),
        ("+12025550123", "CA", "+1 202-555-0123"),  # the same code, another country
        ("+493012345678", "DE", "030 12345678"),
        ("+390612345678", "IT", "06 1234 5678"),
        ("+80012345678", "GB", "+800 1234 5678"),  # of no country
        ("+99912345678", "GB", "+99912345678"),  # a code that is none any more
    ],
)
def test_a_phone_is_written_as_people_do(
    e164: str, region: str | None, shown: str
) -> None:
    """As it is dialled in the workspace's own region; else with the country code."""
    assert displayed(e164, region) == shown


@pytest.fixture
def owner(server: Server) -> Iterator[httpx.Client]:
    with server.client("phones-owner") as http:
        yield http


@pytest.fixture
def home(owner: httpx.Client) -> str:
    """A new workspace in Britain."""
    slug = f"phones-{next(numbers)}"
    place = owner.post("/workspaces", json={"name": "P", "slug": slug})
    region = {"phone_region": "GB"}
    assert owner.patch(place.headers["location"], json=region).status_code == 200
    return place.headers["location"]


def phones(answer: httpx.Response, name: str = "contact") -> tuple[Any, Any]:
    contact = answer.json()[name]
    names = list(contact)
    assert names[names.index("phone") + 1] == "phone_display"
    return contact["phone"], contact["phone_display"]


def test_every_answer_with_a_contact_has_it(owner: httpx.Client, home: str) -> None:
    """Create and its replay, get, patch, status, the lists, what is new; and the
    current contact of a 412 and a 409."""
    key = {"Idempotency-Key": "once"}
    both = ("+447400123456", OWN)
    made = owner.post(f"{home}/contacts", json=BODY, headers=key)
    again = owner.post(f"{home}/contacts", json=BODY, headers=key)
    assert (phones(made), made.json()) == (both, again.json())
    path = made.headers["location"]
    assert phones(owner.get(path)) == both
    patch = {"lead_score": 7}
    assert phones(owner.patch(path, json=patch)) == both
    lost = {"lead_status": "lost"}
    assert phones(owner.put(f"{path}/status", json=lost)) == both
    stale = owner.patch(path, json=patch, headers={"If-Match": '"1"'})
    moved = owner.put(f"{path}/status", json=lost | {"from": "new"})
    assert (stale.status_code, moved.status_code) == (412, 409)
    assert phones(stale, "current") == phones(moved, "current") == both
    for query in ("", "?lead_status=lost", "?phone=07400123456", "?q=ada"):
        (found,) = owner.get(f"{home}/contacts{query}").json()["contacts"]
        assert found == owner.get(path).json()["contact"]
    (new,) = owner.get(
        f"{home}/changes", params={"since": made.json()["contact"]["created_at"]}
    ).json()["changed"]
    assert new == owner.get(path).json()["contact"]
    assert phones(owner.patch(path, json={"phone": None})) == (None, None)


def test_it_goes_with_the_workspaces_region(owner: httpx.Client, home: str) -> None:
    """From the next answer on, and an ETag of before spares nothing; the contact is as
    it was."""
    path = owner.post(f"{home}/contacts", json=BODY).headers["location"]
    before = owner.get(path)
    tag = {"If-None-Match": before.headers["etag"]}
    assert owner.get(path, headers=tag).status_code == 304
    assert owner.patch(home, json={"phone_region": "DE"}).status_code == 200
    after = owner.get(path, headers=tag)
    assert after.status_code == 200
    assert phones(after) == ("+447400123456", ABROAD)
    shown = {"phone_display": ABROAD}
    assert after.json()["contact"] == before.json()["contact"] | shown


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_it_cannot_be_set(owner: httpx.Client, home: str, method: str) -> None:
    """As nothing that is read only."""
    made = owner.post(f"{home}/contacts", json=BODY)
    path = f"{home}/contacts" if method == "POST" else made.headers["location"]
    body = {"name": "Bea", "phone_display": OWN}
    problem = refused(owner.request(method, path, json=body), 422, "invalid_fields")
    named = [(one["field"], one["code"]) for one in problem["errors"]]
    assert named == [("phone_display", "read_only")]


def test_the_console_tells_it_and_nobody_keeps_it(
    real_table: Table, amy: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the contact, its history, nor the answer that is kept for a retry."""
    workspaces.change(real_table, amy, {"phone_region": "GB"}, now=NOW)
    contact = add(real_table, amy, phone="+447400123456")
    monkeypatch.setattr(console.access, "store", lambda: real_table)
    event = {"workspace_id": "eagle", "contact_id": contact.id}
    for told in (
        console.update_contact(event | {"lead_score": 3}),
        console.update_contact_status(event | {"lead_status": "lost"}),
    ):
        assert told["contact"]["phone_display"] == OWN
    stored = repr(everything(real_table))
    assert contact.id in stored
    assert "phone_display" not in stored
    assert OWN not in stored
