"""Who somebody is: kept as the issuer said it last, and shown to colleagues once he has
come in; on both engines."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.base.cost import metered
from chalicelib.model.errors import Busy
from chalicelib.model.words import Member
from chalicelib.storage import keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access, members, people, workspaces
from tests.conftest import NOW, everything, found, while_another
from tests.once_world import key
from tests.people_world import person


def says(table: Table, user_id: str, **claims: Any) -> Any:
    return people.keep(table, lambda: person(user_id, **claims))


def shown(table: Table, by: Member) -> dict[str, tuple[str | None, str | None]]:
    listed, _ = members.page(table, by, limit=100, cursor=None)
    return {one.user_id: (one.name, one.email) for one in listed}


def join(table: Table, by: Member, user_id: str) -> None:
    members.add(table, by, {"user_id": user_id, "role": "viewer"}, now=NOW)


def test_the_later_word_counts(table: Table) -> None:
    """In whatever order they come; all of it, also what is no longer said."""
    words = [
        person("amy", issued_at=1, name="One"),
        person("amy", issued_at=2, name="Two", email_verified=False),
        person("amy", issued_at=3, name=None, email=None),
    ]
    for number, order in enumerate(itertools.permutations(words)):
        user_id = f"amy-{number}"
        for word in order:
            says(
                table,
                user_id,
                name=word.name,
                email=word.email,
                email_verified=word.email_verified,
                issued_at=word.issued_at,
            )
        kept = people.known(table, user_id)
        assert (kept.issued_at, kept.name, kept.email) == (3, None, None)


def test_an_older_word_is_told_what_is_kept(table: Table) -> None:
    """And writes nothing."""
    kept = says(table, "amy", issued_at=2)
    before = everything(table)
    assert says(table, "amy", issued_at=1, name="Old") == kept
    assert everything(table) == before


def test_the_count_of_workspaces_stays(table: Table, eagle: Member) -> None:
    """The profile has it, too."""
    says(table, "amy")
    profile = table.get(keys.profile("amy"))
    assert profile is not None
    assert (profile["made"], profile["name"]) == (1, "Amy")


def test_colleagues_see_the_new_name_everywhere(table: Table) -> None:
    """In each workspace that he has come into; where nothing differs nothing is
    written."""
    homes = [found(table, f"home-{number}", "amy") for number in range(3)]
    says(table, "amy", name="Amara")
    for home in homes:
        assert shown(table, home)["amy"] == ("Amara", "amy@example.org")
    before = everything(table)
    says(table, "amy", name="Amara", issued_at=2000)
    after = everything(table)
    assert [place for place in after if after[place] != before[place]] == [
        ("user#amy", "profile")
    ]


def test_more_workspaces_than_one_look_has(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are walked, page by page, up to a bound."""
    monkeypatch.setattr(people, "A_PAGE", 2)
    homes = [found(table, f"home-{number}", "amy") for number in range(5)]
    says(table, "amy", name="Amara")
    assert {shown(table, home)["amy"][0] for home in homes} == {"Amara"}
    monkeypatch.setattr(people, "MOST_PAGES", 1)
    says(table, "amy", name="Amy", issued_at=2000)
    names = [shown(table, home)["amy"][0] for home in homes]
    assert sorted(map(str, names)) == ["Amara"] * 3 + ["Amy"] * 2


def test_one_who_was_added_is_nameless_until_he_comes_in(
    table: Table, eagle: Member
) -> None:
    """Else adding an id would tell whose it is. By either name of the workspace, once;
    added anew, anew."""
    says(table, "bob")
    for reference in ("eagle", eagle.workspace.id):
        join(table, eagle, "bob")
        says(table, "bob", issued_at=2000)
        assert shown(table, eagle)["bob"] == (None, None)
        costs = []
        for again in ("eagle", eagle.workspace.id, reference):
            with metered() as cost:
                access.enter(table, reference if not costs else again, "bob")
            costs.append(cost.calls)
        assert costs == [3, 1, 1]
        assert shown(table, eagle)["bob"] == ("Bob", "bob@example.org")
        assert shown(table, eagle)["amy"] == (None, None)
        members.close(table, eagle, "bob", now=NOW)


def test_one_of_whom_nothing_is_known_comes_in_once(
    table: Table, eagle: Member
) -> None:
    """No name is a name that is written; later it comes with the sign-in."""
    join(table, eagle, "bob")
    access.enter(table, "eagle", "bob")
    with metered() as cost:
        access.enter(table, "eagle", "bob")
    assert cost.calls == 1
    says(table, "bob")
    assert shown(table, eagle)["bob"] == ("Bob", "bob@example.org")


def test_an_unverified_email_is_shown_to_nobody(table: Table, eagle: Member) -> None:
    """Anybody could say it was his."""
    join(table, eagle, "bob")
    says(table, "bob", email_verified=False)
    access.enter(table, "eagle", "bob")
    assert shown(table, eagle)["bob"] == ("Bob", None)


def test_a_name_keeps_nobody_out(table: Table, eagle: Member) -> None:
    """Somebody who is removed, or whose other request was faster, in that moment; and
    a store that is busy: the entry is as any other, and the next one writes it."""
    join(table, eagle, "bob")
    for meanwhile in (
        lambda: access.enter(table, "eagle", "bob"),
        lambda: members.close(table, eagle, "bob", now=NOW),
    ):
        slow = while_another(table, "transact_write_items", meanwhile)
        assert access.enter(slow, "eagle", "bob").role == "viewer"

    join(table, eagle, "eve")

    def busy() -> None:
        raise Busy

    slow = while_another(table, "get_item", busy)
    assert access.enter(slow, "eagle", "eve").role == "viewer"
    says(table, "eve")
    access.enter(table, "eagle", "eve")
    assert shown(table, eagle)["eve"][0] == "Eve"


def test_what_was_said_later_is_not_overwritten(table: Table, eagle: Member) -> None:
    """By an older word on its way to the profile, or to the memberships."""
    slow = while_another(
        table,
        "transact_write_items",
        lambda: says(table, "amy", name="Newer", issued_at=1500),
    )
    assert says(slow, "amy", name="Old", issued_at=1000).name == "Newer"
    assert people.known(table, "amy").name == "Newer"
    slow = while_another(
        table, "query", lambda: says(table, "amy", name="New", issued_at=2000)
    )
    says(slow, "amy", name="Old", issued_at=1000)
    assert people.known(table, "amy").name == "New"
    assert shown(table, eagle)["amy"][0] == "New"


def test_a_new_workspace_shows_its_maker(table: Table) -> None:
    """From the first moment, without a second write."""
    says(table, "amy")
    body = {"name": "X", "slug": "xxx"}
    workspaces.create(table, "amy", body, now=NOW)
    with metered() as cost:
        home = access.enter(table, "xxx", "amy")
    assert cost.calls == 1
    assert shown(table, home) == {"amy": ("Amy", "amy@example.org")}


def test_a_keyed_word_is_kept_once(table: Table) -> None:
    """The same answer again, also to an older word, and after a newer one."""
    newer = says(table, "amy", issued_at=2000, name="New")
    old, intent = person("amy", issued_at=1000), key()
    assert people.keep(table, lambda: old, intent=intent) == newer
    latest = says(table, "amy", issued_at=3000, name="Newest")
    later = key(now=NOW + timedelta(hours=1))
    assert people.keep(table, lambda: old, intent=later) == newer
    assert people.known(table, "amy") == latest
