"""Messages that come together: one transaction, and for each an outcome of its own."""

from typing import Any

import httpx
import pytest

from chalicelib.commit import once
from chalicelib.model.errors import ContactNotFound, InvalidFields
from chalicelib.model.words import Conversation, Member
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, messages
from chalicelib.verbs.messages import Place
from tests.conftest import NOW, add, delete, everything, say, while_another
from tests.faults import through
from tests.http_world import CONTACTS, made, refused

SAID = {"direction": "inbound", "content": "hi"}


def named(name: str, content: str = "hi") -> dict[str, str]:
    return {**SAID, "content": content, "external_id": name}


@pytest.fixture
def place(real_table: Table, amy: Member) -> Place:
    where = (real_table, amy, add(real_table, amy).id)
    chat = conversations.start(*where, body={"channel": "sms"}, now=NOW)
    return Place(*where, chat.id)


def receive(place: Place, *bodies: Any, **more: Any) -> list[messages.Received]:
    return messages.receive(place, bodies, **{"now": NOW, **more})


def stored(place: Place) -> list[str]:
    """The contents of all of them, in order."""
    found, _ = messages.page(place, limit=100, cursor=None)
    return sorted(message.content for message in found)


def counts(place: Place) -> tuple[int, int]:
    """What the contact and the conversation have counted."""
    contact = contacts.get(place.table, place.member, place.contact_id)
    where = (place.table, place.member, place.contact_id)
    (chat,), _ = conversations.page(*where, limit=9, cursor=None)
    assert isinstance(chat, Conversation)
    return contact.message_count, chat.message_count


class Counted:
    """The real client; it counts the writes."""

    def __init__(self, client: Any) -> None:
        self._client, self.writes = client, 0

    def __getattr__(self, operation: str) -> Any:
        if "write" in operation or "update" in operation or "put" in operation:
            self.writes += 1
        return getattr(self._client, operation)


def test_forty_are_one_transaction_and_counted_once(place: Place) -> None:
    """All are stored in their order, and both counters say forty."""
    client = Counted(place.table._client)
    store = through(place.table, client)
    seen = Place(store, *place.parts)
    received = receive(seen, *(named(str(n), f"{n:02d}") for n in range(40)))
    assert client.writes == 1
    assert [one.is_new for one in received] == [True] * 40
    assert stored(place) == [f"{number:02d}" for number in range(40)]
    assert counts(place) == (40, 40)


def test_the_good_are_stored_though_others_are_bad(place: Place) -> None:
    """Each bad one is told by its fields, in its place."""
    bodies = [SAID, {"content": "x"}, None, "text", [], named("a", "ho"), {"x": 1}]
    received = receive(place, *bodies)
    assert [one.is_new for one in received] == [True, *[False] * 4, True, False]
    refusals = [one.refusal for one in received]
    assert [one.refusal is None for one in received] == [
        one.message is not None for one in received
    ]
    named_bad = [
        [error.field for error in refusal.errors] for refusal in refusals if refusal
    ]
    assert named_bad == [
        ["direction"],
        *[["message"]] * 3,
        ["x", "direction", "content"],
    ]
    assert stored(place) == ["hi", "ho"]
    assert counts(place) == (2, 2)


def test_an_external_id_twice_in_an_array_is_the_first(place: Place) -> None:
    """The second is told the first; it is counted once."""
    received = receive(place, named("a", "one"), SAID, named("a", "two"))
    assert [one.is_new for one in received] == [True, True, False]
    assert received[2].message == received[0].message
    assert stored(place) == ["hi", "one"]
    assert counts(place) == (2, 2)


def test_an_external_id_known_before_is_the_first(place: Place) -> None:
    """What is new beside it is stored; when nothing is new, nothing is written."""
    first, _ = say(*place_of(place), named("a", "one"))
    received = receive(place, named("b", "two"), named("a", "three"))
    assert [one.is_new for one in received] == [True, False]
    assert received[1].message == first
    assert stored(place) == ["one", "two"]
    assert counts(place) == (2, 2)
    before = everything(place.table)
    again = receive(place, named("b", "four"), named("a", "five"))
    assert [one.message for one in again] == [received[0].message, first]
    assert [one.is_new for one in again] == [False, False]
    assert everything(place.table) == before


def place_of(place: Place) -> tuple[Table, Member, str, str]:
    return (place.table, *place.parts)


def test_one_that_comes_in_between_is_the_first(place: Place) -> None:
    """Another delivery of it is faster: this one tells the other's message."""
    told: list[Any] = []
    slow = while_another(
        place.table,
        "transact_write_items",
        lambda: told.extend(receive(place, named("a", "fast"))),
    )
    seen = Place(slow, *place.parts)
    received = receive(seen, named("b", "slow"), named("a", "late"))
    assert [one.is_new for one in received] == [True, False]
    assert received[1].message == told[0].message
    assert stored(place) == ["fast", "slow"]
    assert counts(place) == (2, 2)


def test_a_keyed_array_is_had_once(place: Place) -> None:
    """The retry tells each outcome as it was: new ones as new, bad ones as bad."""
    intent = once.of("amy", "k", ["array"], NOW)
    bodies = [SAID, {"content": 1}, named("a")]
    first = receive(place, *bodies, intent=intent)
    before = everything(place.table)
    again = receive(place, *bodies, intent=intent)
    assert [(one.message, one.is_new) for one in again] == [
        (one.message, one.is_new) for one in first
    ]
    assert isinstance(again[1].refusal, InvalidFields)
    assert everything(place.table) == before


def test_none_is_stored_of_a_contact_that_is_going(place: Place) -> None:
    """Nor told to have come before."""
    receive(place, named("a"))
    delete(place.table, place.member, place.contact_id, seconds=0)
    before = everything(place.table)
    for bodies in ([SAID, SAID], [named("a")], [named("a"), SAID]):
        with pytest.raises(ContactNotFound):
            receive(place, *bodies)
    assert everything(place.table) == before


@pytest.fixture
def path(eagle_http: httpx.Client) -> str:
    chats = f"{CONTACTS}/{made(eagle_http)['id']}/conversations"
    chat = eagle_http.post(chats, json={"channel": "sms"}).json()["conversation"]
    return f"{chats}/{chat['id']}/messages"


def test_each_of_an_array_has_its_outcome(eagle_http: httpx.Client, path: str) -> None:
    """200 for the request; 201, 200 or 422 for each, as if it had come alone."""
    one = eagle_http.post(path, json=named("a")).json()["message"]
    bodies = [SAID, named("a"), {"direction": "up", "content": ""}, named("b")]
    answer = eagle_http.post(path, json={"messages": bodies})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 200, 422, 201]
    assert results[1] == {"status": 200, "message": one}
    error = results[2]["error"]
    assert error["code"] == "invalid_fields"
    assert [bad["field"] for bad in error["errors"]] == ["direction", "content"]
    listed = eagle_http.get(path).json()["messages"]
    stored = [results[n]["message"] for n in (3, 0)]
    assert sorted(map(str, listed)) == sorted(map(str, [*stored, one]))


@pytest.mark.parametrize(("many", "status"), [(40, 200), (41, 422), (0, 422)])
def test_an_array_has_one_to_forty(
    eagle_http: httpx.Client, path: str, many: int, status: int
) -> None:
    """More are refused whole, and nothing is stored."""
    answer = eagle_http.post(path, json={"messages": [SAID] * many})
    assert answer.status_code == status, answer.text
    if status == 422:
        (error,) = refused(answer, 422, "invalid_fields")["errors"]
        assert error["field"] == "messages"
    listed = eagle_http.get(path, params={"limit": "100"}).json()["messages"]
    assert len(listed) == (many if status == 200 else 0)
