"""The settings of a workspace: nobody's are lost, and a status goes without taking a
contact's status away."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.base.budget import Budget
from chalicelib.jobs import due
from chalicelib.model.errors import InvalidFields, StatusInUse, VersionMismatch
from chalicelib.model.words import Member, Status, Workspace
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, search, workspaces
from tests.conftest import NOW, add, everything, resume, while_another

MINUTE = NOW + timedelta(seconds=60)
LOST, WON = {"lead_status": "lost"}, {"lead_status": "won"}


def again(table: Table) -> Member:
    """Amy, as she enters now."""
    return access.enter(table, "eagle", "amy")


def without(who: Member, *gone: str) -> dict[str, Any]:
    """The settings' body that leaves these statuses out."""
    kept = [one for one in who.workspace.lead_statuses if one.key not in gone]
    return listing(*kept)


def listing(*statuses: Status) -> dict[str, Any]:
    shown = [
        {"key": one.key, "label": one.label, "color": one.color, "closed": one.closed}
        for one in statuses
    ]
    return {"lead_statuses": shown}


def change(table: Table, body: dict[str, Any], **more: Any) -> Workspace:
    return workspaces.change(table, again(table), body, **{"now": NOW, **more})


def set_status(table: Table, who: Member, contact_id: str, body: Any) -> str:
    return contacts.set_status(table, who, contact_id, body=body, now=NOW).lead_status


def keys_of(table: Table) -> dict[str, bool]:
    """Each status, and whether it is closed."""
    return {one.key: one.closed for one in again(table).workspace.lead_statuses}


def settle(table: Table, seconds: float) -> dict[str, int]:
    return resume(table, now=NOW + timedelta(seconds=seconds), kind="statuses")


def test_a_status_in_use_stays(real_table: Table, amy: Member) -> None:
    """And is as open as it was: nothing is written."""
    add(real_table, amy, **LOST)
    before = everything(real_table)
    with pytest.raises(StatusInUse, match="lost"):
        change(real_table, without(amy, "lost"))
    assert everything(real_table) == before


def test_a_status_is_closed_at_once(real_table: Table, amy: Member) -> None:
    """Nobody can set it any more; a list can still ask for it."""
    contact = add(real_table, amy)
    changed = change(real_table, without(amy, "lost"))
    assert (keys_of(real_table)["lost"], changed.version) == (True, 2)
    now = again(real_table)
    for attempt in (
        lambda: set_status(real_table, now, contact.id, LOST),
        lambda: add(real_table, now, **LOST),
        lambda: contacts.change(real_table, now, contact.id, body=LOST, now=NOW),
    ):
        with pytest.raises(InvalidFields, match="lead_status"):
            attempt()
    wanted = search.Wanted(9, status="lost")
    assert search.contacts(real_table, now, wanted) == ([], None)


def test_a_closed_status_goes_after_a_minute(real_table: Table, amy: Member) -> None:
    """Not before: a request that had read it as open may still be under way. It goes
    behind both names of the workspace, in a version of its own."""
    change(real_table, without(amy, "lost", "archived"))
    assert settle(real_table, 59) == {"done": 0, "running": 0}
    assert keys_of(real_table)["lost"] is True
    assert settle(real_table, 60) == {"done": 1, "running": 0}
    assert list(keys_of(real_table)) == [
        *("new", "contacted", "active", "qualified", "converted"),
    ]
    by_slug, by_id = (
        again(real_table),
        access.enter(real_table, amy.workspace.id, "amy"),
    )
    assert by_slug == by_id
    assert by_id.workspace.version == 3
    assert settle(real_table, 9999) == {"done": 0, "running": 0}


def test_a_contact_that_got_it_in_the_race_keeps_it(
    real_table: Table, amy: Member
) -> None:
    """Amy of before had read it as open. While a contact has it, it stays closed and is
    looked at again; when none has it any more, it goes."""
    contact = add(real_table, amy)
    change(real_table, without(amy, "lost"))
    assert set_status(real_table, amy, contact.id, LOST) == "lost"
    assert settle(real_table, 60) == {"done": 0, "running": 1}
    assert keys_of(real_table)["lost"] is True
    assert settle(real_table, 60 + 590) == {"done": 0, "running": 0}
    assert set_status(real_table, again(real_table), contact.id, {"lead_status": "new"})
    assert settle(real_table, 60 + 610) == {"done": 1, "running": 0}
    assert "lost" not in keys_of(real_table)


def test_a_status_closed_between_read_and_write_is_no_loss(
    real_table: Table, amy: Member
) -> None:
    """The write of the contact goes through in that moment, and the status stays."""
    contact = add(real_table, amy)
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: change(real_table, without(amy, "lost")),
    )
    assert set_status(slow, amy, contact.id, LOST) == "lost"
    assert settle(real_table, 60) == {"done": 0, "running": 1}
    found, _ = search.contacts(real_table, amy, search.Wanted(9, status="lost"))
    assert [one.id for one in found] == [contact.id]


def test_a_closed_status_can_be_opened_again(real_table: Table, amy: Member) -> None:
    """Then it is set as before, and the look a minute later leaves it."""
    contact = add(real_table, amy)
    change(real_table, without(amy, "lost"))
    change(real_table, listing(*amy.workspace.lead_statuses))
    assert set_status(real_table, again(real_table), contact.id, LOST) == "lost"
    assert settle(real_table, 60) == {"done": 1, "running": 0}
    assert keys_of(real_table)["lost"] is False


def test_what_was_opened_while_it_was_looked_at_stays(
    real_table: Table, amy: Member
) -> None:
    """The worker has counted; before it writes, the status is opened again."""
    change(real_table, without(amy, "lost"))
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: change(real_table, listing(*amy.workspace.lead_statuses)),
    )
    due.go_on(slow, now=MINUTE, budget=Budget(20))
    assert keys_of(real_table)["lost"] is False


def test_closed_statuses_count_too(real_table: Table, amy: Member) -> None:
    """20 in all, else a workspace would grow by closing: the last that go make room."""
    own = [Status(f"own_{n}", "Own", "#000000") for n in range(13)]
    full = change(real_table, listing(*amy.workspace.lead_statuses, *own))
    assert len(full.lead_statuses) == 20
    other = Status("other", "Other", "#000000")
    replaced = listing(*full.lead_statuses[:-1], other)
    with pytest.raises(InvalidFields, match="lead_statuses"):
        change(real_table, replaced)
    change(real_table, listing(*full.lead_statuses[:-1]))
    settle(real_table, 60)
    assert len(change(real_table, replaced).lead_statuses) == 20


def test_a_stale_version_is_refused_with_what_is_current(
    real_table: Table, amy: Member
) -> None:
    """Also when the other comes between the read and the write."""
    slow = while_another(
        real_table, "transact_write_items", lambda: change(real_table, {"name": "One"})
    )
    with pytest.raises(VersionMismatch) as refused:
        workspaces.change(slow, amy, {"name": "Two"}, now=NOW, versions=(1,))
    assert refused.value.extra["current"].name == "One"
    assert again(real_table).workspace.version == 2


def test_a_change_of_nothing_writes_nothing(real_table: Table, amy: Member) -> None:
    """Neither the version nor the time moves."""
    before = everything(real_table)
    assert change(real_table, {"name": amy.workspace.name}) == amy.workspace
    assert everything(real_table) == before


def test_both_changes_without_a_version_are_kept(
    real_table: Table, amy: Member
) -> None:
    """Who is overtaken computes anew on what is stored."""
    slow = while_another(
        real_table, "transact_write_items", lambda: change(real_table, {"name": "One"})
    )
    both = workspaces.change(slow, amy, {"phone_region": "DE"}, now=NOW)
    assert (both.name, both.phone_region, both.version) == ("One", "DE", 3)
    assert again(real_table).workspace == both
