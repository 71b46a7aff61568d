"""A token ends with its maker: when he leaves, is removed, or falls below its role. No
race leaves one that lives without him."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.commit.membership import Going
from chalicelib.doors.examples import JOB
from chalicelib.model.errors import Forbidden, Refusal, Unauthenticated
from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import members, tokens
from tests.conftest import NOW, while_another
from tests.once_world import another, key
from tests.test_tokens import DAY, FORM, enter, listed, made

ROUNDS = 25  # of a race


@pytest.fixture
def ada(real_table: Table, amy: Member) -> Member:
    """An admin who makes tokens."""
    return another(real_table, amy, "ada", "admin")


def opens(table: Table, text: str) -> bool:
    try:
        return bool(enter(table, text))
    except Unauthenticated:
        return False


def living(table: Table, amy: Member) -> list[str]:
    """Who has made each token that lives."""
    return [one.created_by for one in listed(table, amy) if one.revoked_at is None]


def closed(table: Table, amy: Member) -> Any:
    return members.close(table, amy, "ada", now=NOW)


def demoted(table: Table, amy: Member, role: str = "viewer") -> Any:
    return members.change_role(table, amy, "ada", body={"role": role}, now=NOW)


def test_who_leaves_takes_his_tokens_along(
    real_table: Table, amy: Member, ada: Member
) -> None:
    """At once, whoever sends him away; those of others stay, and so do the names."""
    _, hers = made(real_table, ada)
    _, mine = made(real_table, amy)
    members.close(real_table, ada, "ada", now=NOW)
    assert not opens(real_table, hers)
    assert opens(real_table, mine)
    assert living(real_table, amy) == ["amy"]
    assert len(listed(real_table, amy)) == 2
    again = another(real_table, amy, "ada", "admin")  # nothing comes back with her
    assert not opens(real_table, hers)
    assert opens(real_table, made(real_table, again)[1])


def test_who_falls_below_a_token_loses_it(
    real_table: Table, amy: Member, ada: Member
) -> None:
    """Those that are not above the new role stay; rising ends none."""
    held = {role: made(real_table, ada, role=role)[1] for role in tokens.GRANTED}
    demoted(real_table, amy, "owner")
    assert [opens(real_table, text) for text in held.values()] == [True] * 3
    demoted(real_table, amy, "admin")
    assert [opens(real_table, text) for text in held.values()] == [True] * 3
    demoted(real_table, amy, "member")
    assert [opens(real_table, text) for text in held.values()] == [True, True, False]
    demoted(real_table, amy, "viewer")
    assert [opens(real_table, text) for text in held.values()] == [True, False, False]


@pytest.mark.parametrize("end", [closed, demoted])
def test_a_token_made_while_its_maker_goes_ends_with_him(
    real_table: Table, amy: Member, ada: Member, end: Callable[[Table, Member], Any]
) -> None:
    """Made between the read of the living tokens and the transaction."""
    told: list[str] = []
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: told.append(made(real_table, ada)[1]),
    )
    end(slow, amy)
    assert not opens(real_table, told[0])
    assert living(real_table, amy) == []


@pytest.mark.parametrize("end", [closed, demoted])
def test_who_has_gone_meanwhile_makes_no_token(
    real_table: Table, amy: Member, ada: Member, end: Callable[[Table, Member], Any]
) -> None:
    """Closed or demoted between the read of the membership and the transaction."""
    slow = while_another(
        real_table, "transact_write_items", lambda: end(real_table, amy)
    )
    with pytest.raises(Forbidden):
        made(slow, ada)
    assert listed(real_table, amy) == []
    with pytest.raises(Forbidden):
        made(real_table, ada)


@pytest.mark.parametrize("end", [closed, demoted])
def test_no_race_leaves_a_token_without_its_maker(
    real_table: Table, amy: Member, ada: Member, end: Callable[[Table, Member], Any]
) -> None:
    """Eight make tokens as fast as they can while their maker goes, and others make and
    revoke theirs: in the end none of hers lives."""
    dice = random.Random(7)
    for _ in range(ROUNDS):
        go = threading.Barrier(10)

        def make(who: Member = ada) -> None:
            go.wait()  # noqa: B023
            for _ in range(3):
                with suppress(Refusal):
                    made(real_table, who)

        def gone(pause: float = dice.random() / 50) -> None:
            go.wait()  # noqa: B023
            time.sleep(pause)  # somewhere among them
            end(real_table, amy)

        racers = [threading.Thread(target=make) for _ in range(8)]
        racers.append(threading.Thread(target=make, args=(amy,)))
        racers.append(threading.Thread(target=gone))
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert "ada" not in living(real_table, amy)
        for one in listed(real_table, amy):
            if one.revoked_at is None:
                tokens.revoke(real_table, amy, one.id, now=NOW)
        if end is closed:
            another(real_table, amy, "ada", "admin")
        else:
            demoted(real_table, amy, "admin")


class Sent:
    """The real client; it notes how many actions each transaction has."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.actions: list[int] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            if operation == "transact_write_items":
                self.actions.append(len(asked["TransactItems"]))
            return getattr(self._client, operation)(**asked)

        return call


def test_the_largest_leaving_is_one_transaction(real_table: Table, amy: Member) -> None:
    """An owner with all 50 tokens, under a key, with an heir and a job: 57 actions of
    the 100 that a transaction may have (an AWS limit)."""
    owner = another(real_table, amy, "owen", "owner")
    for _ in range(tokens.MOST):
        made(real_table, owner)
    sent = Sent(real_table._client)
    store = Table(sent, real_table._name)
    asked: dict[str, Any] = {"going": Going("amy", JOB), "intent": key()}
    members.close(store, amy, "owen", now=NOW, **asked)
    assert sent.actions == [tokens.MOST + 7]
    assert living(real_table, amy) == []


def test_what_has_expired_long_ago_keeps_nobody(
    real_table: Table, amy: Member, ada: Member
) -> None:
    """Its item may be swept away: whoever leaves later does not need it."""
    token, _ = tokens.make(real_table, ada, FORM | {"expires_in_days": 1}, now=NOW)
    place = {"pk": {"S": amy.workspace.id}, "sk": {"S": token.id}}
    real_table._client.delete_item(TableName=real_table._name, Key=place)
    members.close(real_table, amy, "ada", now=NOW + 2 * DAY)
    assert listed(real_table, amy) == []
