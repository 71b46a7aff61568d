"""One read, one transaction: it fits into what DynamoDB takes, its answer is what its
condition proved, and nothing is written when nothing changes."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.base import cost
from chalicelib.commit import commit, once, places, whole
from chalicelib.commit.commit import Edit
from chalicelib.model import terms
from chalicelib.model.words import Member
from chalicelib.storage import keys
from chalicelib.storage.expressions import packed
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, members, messages, search
from chalicelib.verbs.messages import Place
from tests.conftest import LATE, NOW, add, everything, while_another
from tests.faults import through

TRANSACTION = 100  # actions, an AWS limit


class Recorded:
    """The real client; it keeps what it is asked for."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Any:
            self.asked.append((operation, asked))
            return getattr(self._client, operation)(**asked)

        return call

    def largest(self) -> int:
        """The most actions of one transaction."""
        return max(len(asked.get("TransactItems", ())) for _, asked in self.asked)

    @property
    def calls(self) -> list[str]:
        return [operation for operation, _ in self.asked]


def large(kind: str, user_id: str) -> dict[str, Any]:
    """A contact that has the most terms, all of them other than another kind's."""
    digits = {"one": "2345678901", "two": "8642097531"}[kind]
    # Each word begins otherwise in its first three, and in its first five letters.
    words = [f"{letter}{kind}xyz" for letter in "abcd"]
    return {
        "name": " ".join(words),
        "phone": f"+492{digits}",
        "email": f"e{kind}zz.f{kind}zz@g{kind}zz.org",
        "lead_status": {"one": "new", "two": "lost"}[kind],
        "lead_score": {"one": 1, "two": 2}[kind],
        "tags": [f"{kind} {number}" for number in range(20)],
        "assigned_to": user_id,
        "source": kind,
        "metadata": {"text": kind * 5000},
    }


def key(text: str) -> once.Once:
    return once.of("amy", text, text, NOW)


def test_the_largest_change_fits_into_a_transaction() -> None:
    """Computed from the constants: every term of before goes and every one of after
    comes, both claims too; then the contact, its metadata, its history, the assignee,
    and the two steps of the key."""
    claims = 2 * len(places.CLAIMS)
    single = ["contact", "metadata", "history", "assignee", once.STEP, "said"]
    # The number of terms is told in steps that are put and deleted.
    assert terms.MOST == 44
    assert 2 * terms.MOST + claims + len(single) <= TRANSACTION


def test_the_largest_change_passes(real_table: Table, amy: Member) -> None:
    """Everything is another: names, tags, phone, e-mail, metadata, assignee, under a
    key; on the real engine."""
    members.add(real_table, amy, {"user_id": "bob", "role": "member"}, now=NOW)
    contact = add(real_table, amy, **large("one", "amy"))
    after = large("two", "bob")
    assert len(terms.of(contact)) == terms.MOST
    client = Recorded(real_table._client)
    store = through(real_table, client)
    asked: dict[str, Any] = {"body": after, "now": NOW, "intent": key("k")}
    changed = contacts.change(store, amy, contact.id, **asked)
    assert len(terms.of(changed)) == terms.MOST
    assert not terms.of(changed).keys() & terms.of(contact).keys()
    assert client.largest() == 2 * terms.MOST + 4 + 6 <= TRANSACTION
    assert contacts.get(real_table, amy, contact.id) == changed


def test_the_largest_array_of_messages_fits(real_table: Table, amy: Member) -> None:
    """40 with an external id each: two steps for each, four for all."""
    contact = add(real_table, amy)
    where = (real_table, amy, contact.id)
    chat = conversations.start(*where, body={"channel": "sms"}, now=NOW)
    client = Recorded(real_table._client)
    place = Place(through(real_table, client), amy, contact.id, chat.id)
    bodies = [
        {"direction": "inbound", "content": "x", "external_id": str(number)}
        for number in range(messages.TOGETHER)
    ]
    received = messages.receive(place, bodies, now=NOW, intent=key("k"))
    assert [one.is_new for one in received] == [True] * 40
    assert client.largest() == 2 * messages.TOGETHER + 4 <= TRANSACTION


def test_an_answer_is_what_its_condition_proved(real_table: Table, amy: Member) -> None:
    """Another write comes right after the transaction, before the answer: it is not in
    it, though it is in the store."""
    contact = add(real_table, amy)

    class Followed(Recorded):
        def transact_write_items(self, **asked: Any) -> Any:
            answer = self._client.transact_write_items(**asked)
            body = {"name": "Eve", "phone": "+447400000002"}
            contacts.change(real_table, amy, contact.id, body=body, now=LATE)
            return answer

    store = through(real_table, Followed(real_table._client))
    body = {"phone": "+447400000001"}
    told = contacts.change(store, amy, contact.id, body=body, now=NOW)
    assert (told.version, told.phone, told.name) == (2, "+447400000001", "Ada")
    now = contacts.get(real_table, amy, contact.id)
    assert (now.version, now.phone, now.name) == (3, "+447400000002", "Eve")


def test_a_change_that_is_overtaken_is_computed_anew(
    real_table: Table, amy: Member
) -> None:
    """Another write comes before the transaction: both are in the answer, and the
    claim and the terms of the phone that the other set are gone."""
    contact = add(real_table, amy)
    other = {"name": "Eve", "phone": "+447400000002"}
    slow = while_another(
        real_table,
        "transact_write_items",
        lambda: contacts.change(real_table, amy, contact.id, body=other, now=NOW),
    )
    body = {"phone": "+447400000001"}
    told = contacts.change(slow, amy, contact.id, body=body, now=NOW)
    assert (told.version, told.phone, told.name) == (3, "+447400000001", "Eve")
    assert contacts.get(real_table, amy, contact.id) == told
    assert real_table.get(keys.phone(amy, "+447400000002")) is None
    found = [
        pk.split("#find#")[1] for pk, _ in everything(real_table) if "#find#" in pk
    ]
    assert set(found) == terms.of(told).keys()


class Torn:
    """The real client; its first answers tell of a contact's metadata as it was, as a
    BatchGetItem may that meets a transaction."""

    def __init__(self, client: Any, old: dict[str, Any] | None, times: int) -> None:
        self._client, self._old, self.left = client, old, times

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)

    def batch_get_item(self, **asked: Any) -> Any:
        answer = self._client.batch_get_item(**asked)
        for found in answer["Responses"].values() if self.left else ():
            kept = [item for item in found if item["sk"]["S"] != "metadata"]
            found[:] = [*kept, packed(self._old)] if self._old else kept
        self.left = max(0, self.left - 1)
        return answer


@pytest.mark.parametrize("had", [{}, {"a": 1}], ids=["none", "another"])
def test_what_does_not_agree_is_read_again(
    real_table: Table, amy: Member, had: dict[str, Any]
) -> None:
    """A change of metadata is never computed from an older one: both reads, of one and
    of a list, and the change go on from what is stored."""
    contact = add(real_table, amy, metadata=had)
    old = real_table.get(keys.metadata(amy, contact.id))
    body = {"metadata": {"b": 2}}
    now = contacts.change(real_table, amy, contact.id, body=body, now=NOW)
    torn = Torn(real_table._client, old, 2)
    assert whole.living(through(real_table, torn), amy, contact.id) == now
    torn.left = 2
    listed = search.contacts(through(real_table, torn), amy, search.Wanted(9))
    assert listed == ([now], None)
    torn.left = 2
    body = {"metadata": {"c": 3}}
    after = contacts.change(
        through(real_table, torn), amy, contact.id, body=body, now=NOW
    )
    assert after.metadata == {**had, "b": 2, "c": 3}
    assert contacts.get(real_table, amy, contact.id) == after


def test_nothing_changes_so_nothing_is_written(real_table: Table, amy: Member) -> None:
    """One read and no write: the version, the time and the history stay."""
    contact = add(real_table, amy, **large("one", "amy"))
    before = everything(real_table)
    client = Recorded(real_table._client)
    store = through(real_table, client)
    same: dict[str, Any] = {"body": large("one", "amy"), "now": LATE}
    del same["body"]["assigned_to"]  # a parser looks it up: a read of its own
    assert contacts.change(store, amy, contact.id, **same) == contact
    body = {"lead_status": "new"}
    told = contacts.set_status(store, amy, contact.id, body=body, now=LATE)
    assert told == contact
    assert client.calls == ["batch_get_item", "batch_get_item"]
    assert everything(real_table) == before


def test_a_replayed_transaction_counts_what_it_read(
    real_table: Table, amy: Member
) -> None:
    """Its answer was lost, it is sent again under its token: DynamoDB writes nothing
    and reports read units, which are told as such."""
    contact = add(real_table, amy)

    class Sent(Recorded):
        def transact_write_items(self, **asked: Any) -> Any:
            self._client.transact_write_items(**asked)
            return self._client.transact_write_items(**asked)

    def spent(store: Table, name: str) -> cost.Cost:
        with cost.metered() as counted:
            edit = Edit("changed", lambda one: replace(one, name=name), NOW)
            commit.change(store, amy, contact.id, edit)
        return counted

    once_sent = spent(real_table, "Eve")
    again = spent(through(real_table, Sent(real_table._client)), "Ida")
    assert once_sent.wcu > 0
    assert again.wcu == 0
    assert again.rcu > once_sent.rcu
