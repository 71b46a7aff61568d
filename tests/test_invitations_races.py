"""Many at once on the real engine: of an invitation there is one end, whoever comes."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from chalicelib.model.errors import Refusal
from chalicelib.model.words import Member
from chalicelib.storage import entry, keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access, invitations, members
from tests.conftest import NOW, Server, everything
from tests.people_world import invited, person, proof, someone, workspace
from tests.test_invitations import BOB, accept, decline, invite, listed


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return "done"


def at_once(*acts: Callable[[], object]) -> list[str]:
    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(outcome, acts))


def test_of_twenty_accepts_one_makes_the_member(server: Server) -> None:
    """Over HTTP: one 200; the others are told that it is used."""
    amy, bob = someone(), someone()
    with server.client(amy) as http:
        home = workspace(http)
        one = invited(http, home, f"{bob}@example.org")["id"]
    body = proof(server, bob)

    def send(_: int) -> tuple[int, str]:
        with server.client(bob) as his:
            path = f"{home}/invitations/{one}/accept"
            answer: httpx.Response = his.post(path, json=body)
        return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(20) as threads:
        told = Counter(threads.map(send, range(20)))
    assert told[200, ""] == 1
    used, exists = told[409, "invitation_used"], told[409, "member_exists"]
    assert used + exists == 19
    with server.client(amy) as http:
        shown = http.get(f"{home}/members").json()["members"]
    assert sorted(one["user_id"] for one in shown) == sorted([amy, bob])


def test_of_twenty_with_one_email_one_comes_in(real_table: Table, amy: Member) -> None:
    """Accounts of different users that the issuer says have one e-mail."""
    one = invite(real_table, amy)
    told = at_once(
        *(
            lambda n=n: accept(real_table, amy, one.id, person(f"b{n}", email=BOB))
            for n in range(20)
        )
    )
    assert Counter(told) == {"done": 1, "invitation_used": 19}
    shown, _ = members.page(real_table, amy, limit=99, cursor=None)
    assert len(shown) == 2


@pytest.mark.parametrize("turn", range(5))
def test_it_has_one_end(real_table: Table, amy: Member, turn: int) -> None:
    """Accepted, declined or taken back, all at once: one of them, the others are told
    which; there is a member exactly if it was accepted, and the e-mail is free."""
    one = invite(real_table, amy)
    acts = [
        lambda: accept(real_table, amy, one.id),
        lambda: decline(real_table, amy, one.id),
        lambda: invitations.withdraw(real_table, amy, one.id, now=NOW),
    ] * 3
    told = at_once(*acts)
    assert told.count("done") == 1
    ended = ["used", "used", "withdrawn"][told.index("done") % 3]
    assert Counter(told) == {"done": 1, f"invitation_{ended}": 8}
    there = [
        real_table.get(keys.membership(door, "bob"))
        for door in keys.doors(amy.workspace)
    ]
    accepted = told.index("done") % 3 == 0
    assert [membership is not None for membership in there] == [accepted] * 2
    assert real_table.get(entry.invite(amy.workspace.id, BOB)) is None


@pytest.mark.parametrize("turn", range(8))
def test_who_is_removed_lets_nobody_in(
    real_table: Table, amy: Member, turn: int
) -> None:
    """An accept and the removal of who has invited at once: either it came before, or
    it is void, and then nobody is in."""
    members.add(real_table, amy, {"user_id": "ann", "role": "admin"}, now=NOW)
    one = invite(real_table, access.enter(real_table, "eagle", "ann"))
    told = at_once(
        lambda: members.close(real_table, amy, "ann", now=NOW),
        lambda: accept(real_table, amy, one.id),
    )
    assert told[0] == "done"
    assert told[1] in ("done", "invitation_void")
    is_in = outcome(lambda: access.enter(real_table, "eagle", "bob")) == "done"
    assert is_in == (told[1] == "done")
    assert outcome(lambda: accept(real_table, amy, one.id)) == (
        "invitation_used" if is_in else "invitation_void"
    )


def test_of_twenty_that_ask_one_email_one_does(real_table: Table, amy: Member) -> None:
    """The others are told of it, by its id."""

    def ask() -> None:
        invite(real_table, amy)

    told = at_once(*[ask] * 20)
    assert Counter(told) == {"done": 1, "invitation_exists": 19}
    assert listed(real_table, amy) == [BOB]


def test_a_hundred_holds_also_at_once(real_table: Table, amy: Member) -> None:
    """Twelve that would each be the last: there is room for two."""
    for number in range(98):
        invite(real_table, amy, f"u{number}@example.org")
    told = at_once(
        *(lambda n=n: invite(real_table, amy, f"v{n}@example.org") for n in range(12))
    )
    assert Counter(told) == {"done": 2, "too_many_invitations": 10}
    assert len(listed(real_table, amy)) == 100


def test_the_mail_is_one_also_at_once(real_table: Table, amy: Member) -> None:
    """Twenty retries: one is told to send it."""
    one = invite(real_table, amy)

    def begin(_: int) -> bool:
        return invitations.begin_mail(real_table, amy, one, now=NOW).is_due

    with ThreadPoolExecutor(20) as threads:
        assert Counter(threads.map(begin, range(20))) == {True: 1, False: 19}


def test_a_first_entry_by_many_is_written_once(real_table: Table, amy: Member) -> None:
    """All come in, and the name stands there."""
    members.add(real_table, amy, {"user_id": "bob", "role": "viewer"}, now=NOW)
    told = at_once(*[lambda: access.enter(real_table, "eagle", "bob")] * 20)
    assert set(told) == {"done"}
    (item,) = [
        item
        for (pk, sk), item in everything(real_table).items()
        if (pk, sk) == (amy.workspace.id, "member#bob")
    ]
    assert item["entered"] == {"BOOL": True}
