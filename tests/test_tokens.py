"""A machine comes in by a token: into its one workspace, with its role, as itself,
until it ends. What is wrong about one that is held up is told to nobody."""

import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.base.cost import metered
from chalicelib.model import secret
from chalicelib.model.errors import (
    Forbidden,
    InvalidFields,
    Unauthenticated,
    WorkspaceNotFound,
)
from chalicelib.model.ids import new_id
from chalicelib.model.people import Token
from chalicelib.model.people_errors import TokenNotFound, TooManyTokens
from chalicelib.model.secret import Secret
from chalicelib.model.words import Contact, Member
from chalicelib.storage.guard import Foreign
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, members, tokens
from tests.conftest import NOW, add, everything, found
from tests.faults import through
from tests.once_world import key

FORM = {"name": "Website form", "role": "member"}
DAY = timedelta(days=1)


def made(table: Table, who: Member, **body: Any) -> tuple[Token, str]:
    token, text = tokens.make(table, who, FORM | body, now=NOW)
    assert text
    return token, text


def held(text: str) -> Secret:
    said = secret.read(text)
    assert said
    return said


def enter(
    table: Table, text: str, reference: str | None = None, now: datetime = NOW
) -> Member:
    return access.by_token(table, reference, held(text), now=now)[0]


def listed(table: Table, who: Member, now: datetime = NOW) -> list[Token]:
    return tokens.page(table, who, limit=100, cursor=None, now=now)[0]


# --- the secret


def test_a_secret_tells_whose_it_is_and_nothing_else() -> None:
    """`cb_`, both ULIDs, 43 digits that nobody can guess, 6 that check them."""
    workspace_id, token_id = new_id("ws", NOW), new_id("key", NOW)
    text = secret.new(workspace_id, token_id)
    head, _, tail = text.removeprefix("cb_").partition("_")
    assert head == workspace_id[3:] + token_id[4:]
    assert (len(tail), tail.isalnum(), tail.isascii()) == (49, True, True)
    assert secret.read(text) == (workspace_id, token_id, secret.digest(text))
    assert secret.new(workspace_id, token_id) != text
    assert (
        len(secret.DIGITS) ** secret.RANDOM > 2 ** (8 * secret.RANDOM_BYTES) >= 2**256
    )


def test_one_wrong_letter_is_known_without_a_look() -> None:
    """Whatever was mistyped, cut off or put behind: it is none of ours."""
    text = secret.new(new_id("ws", NOW), new_id("key", NOW))
    for at in range(len(text)):
        for other in "0aZ_ ":
            wrong = text[:at] + other + text[at + 1 :]
            assert wrong == text or secret.read(wrong) is None
    for wrong in ("", "cb_", text[:-1], text + "0", text + "\n", text * 2, "CB" + text):
        assert secret.read(wrong) is None


# --- entering


def test_it_opens_its_one_workspace_by_either_name(table: Table, eagle: Member) -> None:
    """As itself, with its own role."""
    token, text = made(table, eagle)
    for reference in (eagle.workspace.id, "eagle", None):
        machine = enter(table, text, reference)
        assert (machine.user_id, machine.role) == (token.id, "member")
        assert machine.workspace == eagle.workspace


def test_it_is_nobody_elsewhere(table: Table, eagle: Member, harbor: Member) -> None:
    """As a stranger there, by whatever name; and its table is its own workspace's."""
    _, text = made(table, eagle)
    for reference in (harbor.workspace.id, "harbor", "nowhere", new_id("ws", NOW)):
        with pytest.raises(WorkspaceNotFound):
            enter(table, text, reference)
    theirs = add(table, harbor)
    _, inside = access.by_token(table, None, held(text), now=NOW)
    with pytest.raises(Foreign):
        contacts.get(inside, harbor, theirs.id)


def test_what_it_does_is_told_as_its_own(table: Table, eagle: Member) -> None:
    """In the contact and its history; nothing can be assigned to it."""
    token, text = made(table, eagle)
    machine, inside = access.by_token(table, "eagle", held(text), now=NOW)
    contact = contacts.create(inside, machine, {"name": "Ada"}, now=NOW)
    assert contact.updated_by == token.id
    with pytest.raises(InvalidFields, match="assigned_to"):
        add(table, eagle, assigned_to=token.id)


class Calls:
    """The real client, and what was asked of it: which call, with how many keys."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: list[tuple[str, int]] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            wanted = [one["Keys"] for one in asked.get("RequestItems", {}).values()]
            self.asked.append((operation, sum(map(len, wanted))))
            return getattr(self._client, operation)(**asked)

        return call


def forged(text: str) -> str:
    """The same but for what nobody can guess."""
    head = text[: -secret.RANDOM - secret.CHECK] + "0" * secret.RANDOM
    return head + secret.checksum(head)


def wrong_ones(table: Table, eagle: Member) -> dict[str, str]:
    """All that can be wrong about a secret that is well spelled."""
    _, good = made(table, eagle)
    revoked, text = made(table, eagle)
    tokens.revoke(table, eagle, revoked.id, now=NOW)
    _, expired = tokens.make(table, eagle, FORM | {"expires_in_days": 1}, now=NOW - DAY)
    assert expired
    home, token_id = eagle.workspace.id, held(good).token_id
    return {
        "forged": forged(good),
        "revoked": text,
        "expired": expired,
        "of an unknown token": secret.new(home, new_id("key", NOW)),
        "of an unknown workspace": secret.new(new_id("ws", NOW), token_id),
        "of nowhere": secret.new(new_id("ws", NOW), new_id("key", NOW)),
    }


@pytest.mark.parametrize("reads", [False, True], ids=["", "with a contact"])
def test_what_is_wrong_is_not_told(
    real_table: Table,
    amy: Member,
    monkeypatch: pytest.MonkeyPatch,
    reads: bool,
) -> None:
    """The same words after the same one call of as many keys, whatever is wrong; a
    right one costs no less. A hash is compared each time, in a time that tells
    nothing; so there is no quicker way to No."""
    _, good = made(real_table, amy)
    enter(real_table, good)  # the day's first use
    contact: Contact = add(real_table, amy)
    compared: list[tuple[int, int]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return hmac_compare(one, other)

    waited: list[float] = []
    monkeypatch.setattr(access, "sleep", waited.append)
    hmac_compare = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", compare)
    seen = set()
    for name, text in {**wrong_ones(real_table, amy), "right": good}.items():
        calls = Calls(real_table._client)
        asked: dict[str, Any] = {"reads": contact.id if reads else None, "now": NOW}
        compared.clear()
        words = ""
        with metered() as cost:
            try:
                where = (through(real_table, calls), "eagle", held(text))
                access.by_token(*where, **asked)
            except Unauthenticated as refused:
                words = str(refused)
        assert bool(words) is (name != "right"), name
        assert calls.asked == [("batch_get_item", 4 if reads else 2)], name
        assert compared == [(64, 64)], name
        # What the look took is made up to the same time; a right one does not wait.
        assert [0 <= one <= access.NO_SOONER for one in waited] == [True] * bool(words)
        waited.clear()
        seen.add((words, cost.calls, cost.wcu))
        assert cost.rcu == (4 if reads else 2)
    assert seen == {
        ("unauthenticated: The token is not valid here.", 1, 0.0),
        ("", 1, 0.0),
    }


def test_a_right_secret_of_the_wrong_workspace_proves_nothing_about_it(
    table: Table, eagle: Member, harbor: Member
) -> None:
    """A wrong one is refused as such even where it would be a stranger."""
    _, text = made(table, eagle)
    with pytest.raises(Unauthenticated):
        enter(table, forged(text), "harbor")


def test_the_store_holds_no_secret(table: Table, eagle: Member) -> None:
    """Not in the token, not in the record of the key that it was made under."""
    asked: dict[str, Any] = {"now": NOW, "intent": key()}
    token, text = tokens.make(table, eagle, FORM, **asked)
    assert text
    enter(table, text)
    held_by_store = repr(everything(table))
    assert text not in held_by_store
    assert text[-secret.RANDOM - secret.CHECK :] not in held_by_store
    assert "cb_" not in held_by_store
    assert secret.digest(text) in held_by_store
    again = tokens.make(table, eagle, FORM, **asked)
    assert again == (token, None)
    assert len(listed(table, eagle)) == 1


# --- the day of the last use


def test_the_day_of_the_last_use_costs_one_write_a_day(
    real_table: Table, amy: Member
) -> None:
    """The first use of a day writes it, no other does."""
    _, text = made(real_table, amy)
    day = {"NOW": NOW, "later": NOW + timedelta(hours=9), "next": NOW + DAY}
    written = []
    for now in (day["NOW"], day["NOW"], day["later"], day["next"], day["next"]):
        with metered() as cost:
            enter(real_table, text, now=now)
        written.append((cost.calls, cost.wcu))
    assert written == [(2, 1), (1, 0), (1, 0), (2, 1), (1, 0)]
    assert listed(real_table, amy)[0].last_used_on == "2026-01-03"


def test_an_older_day_does_not_come_back(table: Table, eagle: Member) -> None:
    """Clocks differ between servers."""
    _, text = made(table, eagle)
    enter(table, text, now=NOW + DAY)
    enter(table, text, now=NOW)
    assert listed(table, eagle)[0].last_used_on == "2026-01-03"


class NoWrites:
    """The real client of a store that takes no writes."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, operation: str) -> Any:
        if operation == "update_item":
            raise RuntimeError("no writes today")
        return getattr(self._client, operation)


def test_a_day_that_cannot_be_written_refuses_nobody(
    table: Table, eagle: Member
) -> None:
    """It is told in the log, and written with the next use."""
    token, text = made(table, eagle)
    machine = enter(through(table, NoWrites(table._client)), text)
    assert machine.user_id == token.id
    assert listed(table, eagle)[0].last_used_on is None


def test_it_is_not_brought_back_by_its_own_use(real_table: Table, amy: Member) -> None:
    """Revoked between the look and the write of the day: it stays as it was ended."""
    token, text = made(real_table, amy)

    class Revoking(NoWrites):
        def __getattr__(self, operation: str) -> Any:
            if operation == "update_item":
                tokens.revoke(real_table, amy, token.id, now=NOW)
            return getattr(self._client, operation)

    enter(through(real_table, Revoking(real_table._client)), text)
    (ended,) = listed(real_table, amy)
    assert (ended.revoked_at, ended.last_used_on) == (
        "2026-01-02T03:04:05.678Z",
        None,
    )


# --- making, listing, revoking


def test_a_token_ends_by_its_day_and_its_name_stays(
    table: Table, eagle: Member
) -> None:
    """90 days unless somebody says; the name of what it did 400 days longer."""
    token, text = made(table, eagle)
    assert token.expires_at == "2026-04-02T03:04:05.678Z"
    end = NOW + timedelta(days=90)
    enter(table, text, now=end - timedelta(milliseconds=1))
    with pytest.raises(Unauthenticated):
        enter(table, text, now=end)
    kept = end + timedelta(days=400)
    assert [one.id for one in listed(table, eagle, kept - DAY)] == [token.id]
    assert listed(table, eagle, kept) == []


def test_a_revoked_token_is_a_name(table: Table, eagle: Member) -> None:
    """Nothing is left that a secret could be held to; again is no harm."""
    token, text = made(table, eagle)
    tokens.revoke(table, eagle, token.id, now=NOW + DAY)
    with pytest.raises(Unauthenticated):
        enter(table, text)
    before = everything(table)
    tokens.revoke(table, eagle, token.id, now=NOW + 2 * DAY)
    assert everything(table) == before
    assert secret.digest(text) not in repr(before)
    (ended,) = listed(table, eagle)
    assert (ended.name, ended.revoked_at) == (token.name, "2026-01-03T03:04:05.678Z")
    assert listed(table, eagle, NOW + 401 * DAY) == []


def test_tokens_are_listed_newest_first_page_by_page(
    table: Table, eagle: Member
) -> None:
    """Each once; everybody in the workspace may see their names."""
    names = [made(table, eagle, name=f"t{n}")[0].id for n in range(5)]
    members.add(table, eagle, {"user_id": "bob", "role": "viewer"}, now=NOW)
    bob = access.enter(table, "eagle", "bob")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        some, cursor = tokens.page(table, bob, limit=2, cursor=cursor, now=NOW)
        seen += [one.id for one in some]
        if cursor is None:
            break
    assert seen == sorted(names, reverse=True)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"role": "owner"}, "role", "unknown_value"),
        ({"role": "king"}, "role", "unknown_value"),
        ({"role": None}, "role", "unknown_value"),
        ({"name": ""}, "name", "wrong_length"),
        ({"name": "x" * 101}, "name", "wrong_length"),
        ({"name": "a\u202eb"}, "name", "control_character"),
        ({"name": 1}, "name", "wrong_type"),
        ({"expires_in_days": 0}, "expires_in_days", "out_of_range"),
        ({"expires_in_days": 366}, "expires_in_days", "out_of_range"),
        ({"expires_in_days": True}, "expires_in_days", "wrong_type"),
        ({"expires_in_days": "90"}, "expires_in_days", "wrong_type"),
        ({"secret": "cb_mine"}, "secret", "unknown_field"),
        ({"id": "key_" + "0" * 26}, "id", "read_only"),
    ],
)
def test_what_is_bad_is_named(
    table: Table, eagle: Member, body: dict[str, Any], field: str, code: str
) -> None:
    """And nothing is written."""
    before = everything(table)
    with pytest.raises(InvalidFields) as refused:
        tokens.make(table, eagle, FORM | body, now=NOW)
    assert [(one.field, one.code) for one in refused.value.errors] == [(field, code)]
    assert everything(table) == before


def test_only_who_manages_makes_and_revokes(table: Table, eagle: Member) -> None:
    """And no machine does, whatever its role."""
    token, text = made(table, eagle, role="admin")
    machine, inside = access.by_token(table, None, held(text), now=NOW)
    for role in ("viewer", "member"):
        members.add(table, eagle, {"user_id": role, "role": role}, now=NOW)
        who = access.enter(table, "eagle", role)
        with pytest.raises(Forbidden):
            tokens.make(table, who, FORM, now=NOW)
        with pytest.raises(Forbidden):
            tokens.revoke(table, who, token.id, now=NOW)
    with pytest.raises(Forbidden):
        tokens.make(inside, machine, FORM, now=NOW)


def test_a_token_of_another_workspace_is_none(
    table: Table, eagle: Member, harbor: Member
) -> None:
    """Neither listed nor revoked from outside."""
    token, text = made(table, eagle)
    with pytest.raises(TokenNotFound):
        tokens.revoke(table, harbor, token.id, now=NOW)
    assert listed(table, harbor) == []
    assert enter(table, text).user_id == token.id


# --- how many


def test_fifty_live_in_a_workspace(real_table: Table, amy: Member) -> None:
    """The 51st is refused; those that were revoked or have expired do not count."""
    short = made(real_table, amy, expires_in_days=1)[0]
    first = made(real_table, amy)[0]
    for _ in range(48):
        made(real_table, amy)
    before = everything(real_table)
    with pytest.raises(TooManyTokens):
        made(real_table, amy)
    assert everything(real_table) == before
    tokens.revoke(real_table, amy, first.id, now=NOW)
    made(real_table, amy)
    with pytest.raises(TooManyTokens):
        made(real_table, amy)
    tokens.make(real_table, amy, FORM, now=NOW + DAY)  # `short` has expired
    with pytest.raises(TooManyTokens):
        tokens.make(real_table, amy, FORM, now=NOW + DAY)
    assert short.id in [one.id for one in listed(real_table, amy)]


def test_of_twenty_at_once_as_many_are_made_as_may_live(
    real_table: Table, amy: Member
) -> None:
    """47 live, 20 come at once: 3 are made."""
    for _ in range(47):
        made(real_table, amy)
    outcomes = at_once(20, lambda _: made(real_table, amy))
    assert outcomes.count("TooManyTokens") == 17
    assert len(listed(real_table, amy)) == 50


def test_of_twenty_with_one_key_one_is_made(real_table: Table, amy: Member) -> None:
    """And one of them is told the secret."""
    with ThreadPoolExecutor(20) as threads:
        asked: dict[str, Any] = {"now": NOW, "intent": key()}
        told = list(
            threads.map(
                lambda _: tokens.make(real_table, amy, FORM, **asked), range(20)
            )
        )
    assert len({token.id for token, _ in told}) == 1
    (text,) = [text for _, text in told if text]
    assert enter(real_table, text).user_id == told[0][0].id


def at_once(count: int, do: Callable[[int], Any]) -> list[str]:
    """What became of each: the name of its refusal, or nothing."""

    def one(number: int) -> str:
        try:
            do(number)
        except Exception as refusal:
            return type(refusal).__name__
        return ""

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_two_workspaces_do_not_share_their_fifty(real_table: Table) -> None:
    """What one makes is not counted to the other."""
    one, other = found(real_table, "one", "amy"), found(real_table, "two", "amy")
    for _ in range(50):
        made(real_table, one)
    assert made(real_table, other)[0].name == "Website form"
