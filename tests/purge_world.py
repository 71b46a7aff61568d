"""What the tests of the cascade share: contacts with a history, and the look for what
is left of them."""

from concurrent.futures import ThreadPoolExecutor

from chalicelib.jobs import leftovers
from chalicelib.model.ids import new_id
from chalicelib.model.words import Contact, Member
from chalicelib.storage import conditions, keys
from chalicelib.storage.expressions import Change, packed
from chalicelib.storage.table import Table
from chalicelib.verbs import conversations, notes
from tests.conftest import NOW, everything, say

FULL = {"phone": "+447400123456", "email": "ada@example.org", "tags": ["vip"]}
Counts = dict[str, int]


def fill(
    table: Table, who: Member, contact_id: str, *, talks: int, says: int, noted: int
) -> Counts:
    """Children of every kind, through the verbs; half of the messages are claimed."""
    for number in range(noted):
        body = {"content": f"note {number} about {contact_id}"}
        notes.add(table, who, contact_id, body=body, now=NOW)
    chats = [
        conversations.start(
            table, who, contact_id, body={"channel": "whatsapp"}, now=NOW
        )
        for _ in range(talks)
    ]
    for number in range(says):
        body = {"direction": "inbound", "content": f"message {number}"}
        if number % 2:
            body["external_id"] = f"wamid.{number}"
        chat = chats[number % talks].id
        say(table, who, contact_id, chat, body)
    return {"conversations": talks, "messages": says, "notes": noted}


def pour(table: Table, who: Member, contact: Contact, count: int) -> Counts:
    """Many messages, written past the verbs for speed, and counted as verbs count."""
    conversation = new_id("conv", NOW)

    def put(numbers: range) -> None:
        requests = []
        for _ in numbers:
            key = keys.message(who, contact.id, conversation, new_id("msg", NOW))
            item = {**key._asdict(), "content": "x" * 100}
            requests.append({"PutRequest": {"Item": packed(item)}})
        table._client.batch_write_item(RequestItems={table._name: requests})

    with ThreadPoolExecutor(8) as threads:
        starts = range(0, count, 25)
        list(threads.map(put, [range(n, min(n + 25, count)) for n in starts]))
    change = Change(add={"message_count": count})
    table.update(keys.contact(who, contact.id), change, conditions.ALIVE)
    return {"conversations": 0, "messages": count, "notes": 0}


def mentions(table: Table, contact_id: str, *words: str) -> list[tuple[str, str]]:
    """Every item of the whole table that mentions the contact, by id or by word."""
    wanted = (contact_id, contact_id.removeprefix("con_"), *words)
    found_items = everything(table).items()
    return [key for key, item in found_items if any(w in repr(item) for w in wanted)]


def assert_gone(table: Table, who: Member, contact_id: str, counts: Counts) -> None:
    """Nothing in table or index but one receipt, with these counts."""
    checked = leftovers.check(table, who, contact_id, now=NOW)
    assert checked["total"] == 0, checked
    assert checked["deletion"]["deleted"] == counts
    assert checked["deletion"]["status"] == "done"
    receipt_key = keys.deletion(who, checked["deletion"]["id"])
    assert mentions(table, contact_id) == [receipt_key]


def mentions_of(table: Table, who: Member, contact_id: str) -> int:
    """What is left of a contact, without walking the whole table: its receipt is 1."""
    checked = leftovers.check(table, who, contact_id, now=NOW)
    return int(checked["total"]) + (checked["deletion"]["status"] == "done")
