"""The calls: what passes by itself is waited out, within a bound; the rest is said."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.base import budget
from chalicelib.base.cost import metered
from chalicelib.model.errors import Busy
from chalicelib.model.words import Member
from chalicelib.storage import keys
from chalicelib.storage.expressions import Put
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, search
from tests.conftest import NOW, add


class Faulty:
    """The real client, with a fault before (or after) its first calls."""

    def __init__(self, client: Any, fault: Callable[[], Exception], times: int) -> None:
        self._client, self._fault, self._left = client, fault, times
        self.after = False

    def __getattr__(self, operation: str) -> Any:
        real = getattr(self._client, operation)

        def call(**asked: Any) -> Any:
            if self._left <= 0:
                return real(**asked)
            self._left -= 1
            if self.after:
                real(**asked)
            raise self._fault()

        return call


def client_error(code: str, *reasons: str) -> Callable[[], Exception]:
    answer: Any = {"Error": {"Code": code, "Message": ""}}
    if reasons:
        answer["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return lambda: ClientError(answer, "operation")


CONFLICT = client_error("TransactionCanceledException", "None", "TransactionConflict")
THROTTLED = client_error("ProvisionedThroughputExceededException")


def no_answer() -> Exception:
    return EndpointConnectionError(endpoint_url="x")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "WAIT_SECONDS", 0)


def faulty(real: Table, fault: Callable[[], Exception], times: int) -> Table:
    return Table(Faulty(real._client, fault, times), real._name)


@pytest.mark.parametrize("fault", [CONFLICT, THROTTLED])
def test_a_conflict_is_waited_out(
    real_table: Table, amy: Member, fault: Callable[[], Exception]
) -> None:
    """A write that meets others is tried again while the request has time, and is done
    once: 100 messages at once to one contact meet more often than ten times."""
    store = faulty(real_table, fault, 30)
    with metered() as cost:
        made = add(store, amy, phone="+447400123456")
    assert cost.calls == 31
    assert search.contacts(real_table, amy, search.Wanted(9)) == ([made], None)


@pytest.mark.parametrize("fault", [CONFLICT, THROTTLED])
def test_the_waiting_is_bounded(
    real_table: Table, amy: Member, fault: Callable[[], Exception]
) -> None:
    """By the time of the request it is Busy, and nothing was written."""
    with budget.patience(0), pytest.raises(Busy):
        add(faulty(real_table, fault, 999), amy)
    assert search.contacts(real_table, amy, search.Wanted(9)) == ([], None)


def test_a_lost_answer_does_not_write_twice(real_table: Table, amy: Member) -> None:
    """All tries of a transaction carry one token: a lost answer is no second write."""
    client = Faulty(real_table._client, client_error("InternalServerError"), 1)
    client.after = True
    store = Table(client, real_table._name)
    made = add(store, amy, phone="+447400123456")
    assert search.contacts(real_table, amy, search.Wanted(9)) == ([made], None)


@pytest.mark.parametrize(
    ("versions", "body"),
    [
        (None, {"name": "B"}),
        ((1,), {"name": "B"}),
        (None, {"metadata": {"a": 1}}),
        ((1,), {"phone": "+447400123456"}),
    ],
)
def test_a_lost_answer_does_not_count_a_change_twice(
    real_table: Table, amy: Member, versions: tuple[int, ...] | None, body: Any
) -> None:
    """A change whose answer was lost is done once, and is no conflict with itself."""
    one = add(real_table, amy)
    store = losing_answers(real_table)
    changed = contacts.change(store, amy, one.id, body=body, now=NOW, versions=versions)
    assert changed.version == 2
    assert contacts.get(real_table, amy, one.id) == changed
    store = losing_answers(real_table)
    status = {"lead_status": "lost", "from": "new"}
    changed = contacts.set_status(store, amy, one.id, body=status, now=NOW)
    assert (changed.lead_status, changed.version) == ("lost", 3)


class Losing:
    """The real client; the answer to its first write is lost on the way."""

    def __init__(self, client: Any) -> None:
        self._client, self._lost = client, False

    def __getattr__(self, operation: str) -> Any:
        real = getattr(self._client, operation)

        def call(**asked: Any) -> Any:
            answer = real(**asked)
            if operation in ("update_item", "transact_write_items") and not self._lost:
                self._lost = True
                raise client_error("InternalServerError")()
            return answer

        return call


def losing_answers(real: Table) -> Table:
    return Table(Losing(real._client), real._name)


@pytest.mark.parametrize("fault", [THROTTLED, no_answer])
def test_a_store_that_does_not_answer_is_busy(
    real_table: Table, amy: Member, fault: Callable[[], Exception]
) -> None:
    """Throttling and silence are 503 for the caller, not our fault."""
    one = add(real_table, amy)
    store = faulty(real_table, fault, 999)
    for attempt in (
        lambda: contacts.get(store, amy, one.id),
        lambda: search.contacts(store, amy, search.Wanted(9)),
        lambda: contacts.change(store, amy, one.id, body={"name": "X"}, now=NOW),
    ):
        with budget.patience(0), pytest.raises(Busy):
            attempt()


def test_an_error_of_ours_is_not_hidden(real_table: Table) -> None:
    """What does not pass by itself is raised as it is."""
    with pytest.raises(ClientError, match="ValidationException"):
        real_table.transact({"bad": Put({"pk": "", "sk": "x"})})


def test_unprocessed_keys_are_asked_for_again(real_table: Table, amy: Member) -> None:
    """BatchGetItem may leave keys out; each is read, in the order asked."""
    ids = [add(real_table, amy).id for _ in range(120)]
    wanted = [keys.contact(amy, contact_id) for contact_id in [*ids, "con_none"]]
    real = real_table._client.batch_get_item

    class Partial:
        def batch_get_item(self, **asked: Any) -> Any:
            request = asked["RequestItems"][real_table._name]
            first, rest = request["Keys"][:40], request["Keys"][40:]
            now = {**request, "Keys": first}
            answer = real(**asked | {"RequestItems": {real_table._name: now}})
            left = {real_table._name: {**request, "Keys": rest}} if rest else {}
            return answer | {"UnprocessedKeys": left}

    with metered() as cost:
        found_items = Table(Partial(), real_table._name).get_many(wanted)
    assert [item and item["sk"] for item in found_items] == [*ids, None]
    assert cost.calls == 4


class Picky:
    """The real client; of each batch of deletes one is done, the rest comes back, and
    every third batch is throttled as a whole."""

    def __init__(self, client: Any) -> None:
        self._client, self.calls = client, 0

    def batch_write_item(self, RequestItems: Any, **asked: Any) -> Any:
        self.calls += 1
        if self.calls % 3 == 0:
            raise THROTTLED()
        ((name, requests),) = RequestItems.items()
        done = {name: requests[:1]}
        answer = self._client.batch_write_item(RequestItems=done, **asked)
        back = {name: requests[1:]} if requests[1:] else {}
        return answer | {"UnprocessedItems": back}


def test_unprocessed_deletes_are_asked_for_again(
    real_table: Table, amy: Member
) -> None:
    """A batch is done when nothing comes back; throttled or not."""
    doomed = [keys.contact(amy, add(real_table, amy).id) for _ in range(5)]
    client = Picky(real_table._client)
    assert Table(client, real_table._name).delete_batch(doomed, lambda: 9.0) is True
    assert real_table.get_many(doomed) == [None] * 5
    assert client.calls == 7  # five that did one each, two throttled


def test_a_batch_ends_with_its_time(real_table: Table, amy: Member) -> None:
    """When no time is left it says that something is left."""
    doomed = [keys.contact(amy, add(real_table, amy).id) for _ in range(5)]
    store = Table(Picky(real_table._client), real_table._name)
    assert store.delete_batch(doomed, lambda: -1.0) is False
    assert real_table.get_many(doomed).count(None) == 1
