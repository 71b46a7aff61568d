"""A client that follows what is new while others write has, in the end, what the store
has. Time runs twenty times as fast here, so that `until` passes what is written."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.model.clock import timestamp
from chalicelib.model.errors import ContactNotFound
from chalicelib.model.words import Contact, Member
from chalicelib.storage.table import Table
from chalicelib.verbs import changes, contacts, notes, search
from chalicelib.verbs.changes import BEHIND, Walk
from tests.conftest import NOW, add, delete

FASTER = 20
SECONDS = 8  # of ours: 160 of theirs
SLOWEST = 40  # seconds of theirs that a write takes from its time to its effect; the
# rest up to BEHIND is for the engine: a second of ours
BEGAN = time.monotonic()


def now() -> datetime:
    return NOW + FASTER * timedelta(seconds=time.monotonic() - BEGAN)


def everyone(table: Table, member: Member) -> dict[str, Contact]:
    found: dict[str, Contact] = {}
    cursor = None
    while True:
        wanted = search.Wanted(100, cursor=cursor)
        page, cursor = search.contacts(table, member, wanted)
        found |= {one.id: one for one in page}
        if cursor is None:
            return found


class Copy:
    """What a client keeps: a list that it has read, and all that was told since."""

    def __init__(self, table: Table, member: Member) -> None:
        self.table, self.member = table, member
        self.pages = 0
        self.until = changes.beginning(member, now()).walk.until
        self.kept = everyone(table, member)

    def follow(self) -> None:
        self.until, began = self._walked(self.until), self.until
        assert self.until >= began

    def _walked(self, since: str) -> str:
        walk = Walk(since, timestamp(now()))
        while not walk.is_over:
            news = changes.since(self.table, self.member, walk)
            self.kept |= {one.id: one for one in news.changed}
            for contact_id in news.gone:
                self.kept.pop(contact_id, None)
            walk = news.walk
            self.pages += 1
        return walk.until


def write(table: Table, member: Member, ids: list[str], dice: random.Random) -> None:
    """One write of any kind, that may have begun a while ago."""
    contact_id = dice.choice(ids)
    moment = now() - timedelta(seconds=dice.uniform(0, SLOWEST))
    what = dice.random()
    with suppress(ContactNotFound):
        if what < 0.1:
            ids.append(contacts.create(table, member, {"name": "N"}, now=moment).id)
        elif what < 0.2:
            delete(table, member, contact_id, now=moment)
        elif what < 0.4:
            body: dict[str, Any] = {"content": "x"}
            notes.add(table, member, contact_id, body=body, now=moment)
        else:
            body = {"lead_score": dice.randrange(100), "metadata": {"a": what}}
            contacts.change(table, member, contact_id, body=body, now=moment)


def test_a_copy_that_follows_equals_the_store(real_table: Table, amy: Member) -> None:
    """Contacts are made, changed, counted upon and deleted by three at once, each write
    with a time of its own that is long past when it takes effect."""
    ids = [add(real_table, amy).id for _ in range(150)]
    copy = Copy(real_table, amy)
    over = threading.Event()

    def work(seed: int) -> int:
        dice, count = random.Random(seed), 0
        while not over.is_set():
            write(real_table, amy, ids, dice)
            count += 1
        return count

    polls = 0
    with ThreadPoolExecutor(3) as threads:
        writers = [threads.submit(work, seed) for seed in range(3)]
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            copy.follow()
            polls += 1
            time.sleep(0.05)
        over.set()
    written = sum(writer.result() for writer in writers)
    time.sleep(BEHIND.total_seconds() / FASTER)  # all that is written is told by now
    copy.follow()
    assert copy.kept == everyone(real_table, amy)
    assert written > 100
    assert copy.pages > polls  # some walks had more than one page
    assert datetime.fromisoformat(copy.until) > NOW.astimezone(UTC) + 2 * BEHIND
