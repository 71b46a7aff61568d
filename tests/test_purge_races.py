"""The cascade when others are at work at the same time."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.jobs import purge
from chalicelib.model.clock import timestamp
from chalicelib.model.errors import ContactNotFound, PhoneTaken
from chalicelib.model.words import Contact, Member
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, notes
from tests.conftest import LATE, NOW, add, delete, resume, say, while_another
from tests.purge_world import FULL, assert_gone, fill, mentions_of


def test_two_workers_on_one_deletion_are_harmless(
    real_table: Table, amy: Member
) -> None:
    """The console, the schedule and a request may all go on with it at once."""
    for _ in range(10):
        contact = add(real_table, amy, **FULL)
        counts = fill(real_table, amy, contact.id, talks=1, says=40, noted=5)
        delete(real_table, amy, contact.id, seconds=0)
        workers: list[Callable[[], Any]] = [
            lambda it=contact.id: delete(real_table, amy, it),
            lambda it=contact.id: delete(real_table, amy, it),
            lambda: resume(real_table),
        ]
        with ThreadPoolExecutor(3) as threads:
            outcomes = [threads.submit(worker) for worker in workers]
        for outcome in outcomes:
            error = outcome.exception()
            assert error is None or isinstance(error, ContactNotFound)
        assert_gone(real_table, amy, contact.id, counts)


def test_no_write_slips_past_the_fence(real_table: Table, amy: Member) -> None:
    """2,000 writes of children, patches and status changes race 250 deletions: each
    that succeeded came before the fence and is in the receipt, each later one got
    404."""

    def note(contact_id: str, _: str) -> str:
        body = {"content": "x"}
        notes.add(real_table, amy, contact_id, body=body, now=NOW)
        return "notes"

    def start(contact_id: str, _: str) -> str:
        body = {"channel": "sms"}
        conversations.start(real_table, amy, contact_id, body=body, now=NOW)
        return "conversations"

    def message(contact_id: str, chat: str) -> str:
        body = {
            "direction": "inbound",
            "content": "x",
            "external_id": str(random.random()),
        }
        say(real_table, amy, contact_id, chat, body)
        return "messages"

    def patch(contact_id: str, _: str) -> str:
        body = {"phone": f"+49151{random.randrange(10**7, 10**8)}"}
        contacts.change(real_table, amy, contact_id, body=body, now=NOW)
        return ""

    def status(contact_id: str, _: str) -> str:
        body = {"lead_status": "lost"}
        contacts.set_status(real_table, amy, contact_id, body=body, now=NOW)
        return ""

    def attempt(write: Callable[[str, str], str], contact_id: str, chat: str) -> str:
        time.sleep(random.uniform(0, 0.02))
        try:
            return write(contact_id, chat)
        except ContactNotFound:
            return "refused"

    def late_delete(contact_id: str) -> Any:
        time.sleep(random.uniform(0, 0.02))
        return delete(real_table, amy, contact_id)

    outcomes: list[str] = []
    writes = (note, start, message, patch, status, note, message, message)
    with ThreadPoolExecutor(len(writes) + 1) as threads:
        for _ in range(250):
            contact = add(
                real_table, amy, phone=f"+49151{random.randrange(10**7, 10**8)}"
            )
            chat = conversations.start(
                real_table, amy, contact.id, body={"channel": "sms"}, now=NOW
            ).id
            done = threads.submit(late_delete, contact.id)
            raced = list(
                threads.map(lambda w: attempt(w, contact.id, chat), writes)  # noqa: B023
            )
            outcomes += raced
            expected = {
                name: raced.count(name)
                for name in ("conversations", "messages", "notes")
            }
            expected["conversations"] += 1
            assert done.result().deleted == expected
            assert mentions_of(real_table, amy, contact.id) == 1
    assert len(outcomes) == 2000
    assert min(outcomes.count("refused"), 2000 - outcomes.count("refused")) > 100


@pytest.mark.parametrize("body", [{}, FULL])
def test_a_late_worker_changes_nothing(
    table: Table, eagle: Member, body: dict[str, Any]
) -> None:
    """Who comes to the last step after another has done it answers with the receipt
    that is there, and writes none of its own."""
    contact = add(table, eagle, **body)

    def faster() -> None:  # the lease of who is slow is over
        assert delete(table, eagle, contact.id, now=LATE).status == "done"
        again.append(add(table, eagle, **FULL))  # the phone is in use again at once

    again: list[Contact] = []
    slow = while_another(table, "batch_write_item", faster)
    late = delete(slow, eagle, contact.id)
    assert late == purge.receipt(table, eagle, late.id, now=NOW)
    assert (late.finished_at or "") >= timestamp(LATE)
    assert contacts.get(table, eagle, again[0].id) == again[0]
    with pytest.raises(PhoneTaken):
        add(table, eagle, **FULL)


def test_who_comes_when_it_is_gone_finds_nothing(table: Table, eagle: Member) -> None:
    """Read before the end, fenced after it: the contact is not found, and no second
    deletion begins."""
    contact = add(table, eagle, **FULL)
    slow = while_another(
        table, "transact_write_items", lambda: delete(table, eagle, contact.id)
    )
    with pytest.raises(ContactNotFound):
        delete(slow, eagle, contact.id)
    assert mentions_of(table, eagle, contact.id) == 1
