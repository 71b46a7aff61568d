"""Random verbs on the real engine, each answer compared with the book's; and now and
then every list, every claim, every counter and the whole table."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.base.budget import Budget
from chalicelib.jobs import purge
from chalicelib.model.errors import Refusal
from chalicelib.model.ids import new_id
from chalicelib.model.words import as_json
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, notes
from tests.conftest import found, new_table
from tests.prove.book import Book, Json, No
from tests.prove.drawn import (
    CHANNELS,
    EXTERNAL,
    TALK_STATUSES,
    a_body,
    a_patch,
    a_status,
)
from tests.prove.look import look_over
from tests.prove.proof import Ground, Proof

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
MOST_ALIVE = 25  # contacts: few enough that they meet, many enough for pages
LOOKS = 25  # in all, however many steps


class Walk:
    """One workspace, its book, and the next step."""

    def __init__(self, client: Any, seed: int) -> None:
        self.table: Table = new_table(client)
        self.member = found(self.table, "eagle", "amy")
        self.book = Book(self.member.workspace.id, "amy")
        self.random, self.now, self.texts = random.Random(seed), BEGAN, 0

    def step(self) -> None:
        self.now += timedelta(seconds=1)
        few = len(self.book.contacts) < MOST_ALIVE
        name = self.random.choices(list(STEPS), [*(w for _, w in STEPS.values())])[0]
        STEPS["create" if few and self.random.random() < 0.2 else name][0](self)

    # --- who and what is meant: mostly what is there, sometimes what is not

    def a_contact(self) -> str:
        gone = [one.replace("del_", "con_") for one in self.book.receipts]
        chosen = self.random.random()
        if self.book.contacts and chosen < 0.92:
            return self.random.choice([*self.book.contacts])
        return self.random.choice(gone) if gone and chosen < 0.97 else self._no("con")

    def a_child(self, kept: dict[str, dict[str, Json]], kind: str, of: str) -> str:
        there = [*kept.get(of, {})]
        some = there and self.random.random() < 0.9
        return self.random.choice(there) if some else self._no(kind)

    def _no(self, kind: str) -> str:
        return new_id(kind, self.now)

    def text(self) -> str:
        self.texts += 1
        return f"text {self.texts}"

    # --- one step each

    def create(self) -> None:
        body = a_body(self.random)
        told = self._told(
            lambda: contacts.create(self.table, self.member, body, now=self.now)
        )
        new = told.get("id", "con_none")
        self._same(told, lambda: self.book.create(new, body, self.now))

    def change(self) -> None:
        which, body = self.a_contact(), a_patch(self.random)
        versions = self._versions(which)
        told = self._told(
            lambda: contacts.change(
                self.table,
                self.member,
                which,
                body=body,
                now=self.now,
                versions=versions,
            )
        )
        self._same(told, lambda: self.book.change(which, body, self.now, versions))

    def set_status(self) -> None:
        which, body = self.a_contact(), a_status(self.random)
        told = self._told(
            lambda: contacts.set_status(
                self.table, self.member, which, body=body, now=self.now
            )
        )
        change = {"lead_status": body["lead_status"]}
        was = body.get("from")
        self._same(told, lambda: self.book.change(which, change, self.now, None, was))

    def delete(self) -> None:
        which = self.a_contact()
        told = self._told(
            lambda: purge.delete(
                self.table, self.member, which, now=self.now, budget=Budget(60)
            )
        )
        told.pop("finished_at", None)  # of a clock that is not ours
        self._same(told, lambda: self.book.delete(which, self.now))

    def add_note(self) -> None:
        which, text = self.a_contact(), self.text()
        body = {"content": text}
        told = self._told(
            lambda: notes.add(self.table, self.member, which, body=body, now=self.now)
        )
        new = told.get("id", "")
        self._same(told, lambda: self.book.add_note(which, new, text, self.now))

    def change_note(self) -> None:
        which, text = self.a_contact(), self.text()
        note, body = self.a_child(self.book.notes, "note", which), {"content": text}
        told = self._told(
            lambda: notes.change(
                self.table, self.member, which, note, body=body, now=self.now
            )
        )
        self._same(told, lambda: self.book.change_note(which, note, text, self.now))

    def remove_note(self) -> None:
        which = self.a_contact()
        note = self.a_child(self.book.notes, "note", which)
        told = self._told(
            lambda: notes.remove(self.table, self.member, which, note, now=self.now)
        )
        self._same(told, lambda: self.book.remove_note(which, note, self.now))

    def start(self) -> None:
        which, channel = self.a_contact(), self.random.choice(CHANNELS)
        body = {"channel": channel}
        told = self._told(
            lambda: conversations.start(
                self.table, self.member, which, body=body, now=self.now
            )
        )
        new = told.get("id", "")
        self._same(told, lambda: self.book.start(which, new, channel, self.now))

    def change_talk(self) -> None:
        which = self.a_contact()
        talk = self.a_child(self.book.talks, "conv", which)
        now_is = self.book.talks.get(which, {}).get(talk, {}).get("status")
        others = [status for status in TALK_STATUSES if status != now_is]
        body = {"status": self.random.choice(others)}
        told = self._told(
            lambda: conversations.change(
                self.table, self.member, which, talk, body=body, now=self.now
            )
        )
        self._same(told, lambda: self.book.change_talk(which, talk, body, self.now))

    def receive(self) -> None:
        which = self.a_contact()
        talk = self.a_child(self.book.talks, "conv", which)
        body = {"direction": "inbound", "content": self.text()}
        if self.random.random() < 0.5:
            body["external_id"] = self.random.choice(EXTERNAL)
        told = self._told(
            lambda: conversations.receive(
                self.table, self.member, which, talk, body=body, now=self.now
            )[0]
        )
        new = told.get("id", "")
        self._same(told, lambda: self.book.receive(which, talk, new, body, self.now)[0])

    # --- the answers, as they are compared

    def _versions(self, which: str) -> tuple[int, ...] | None:
        """If-Match: mostly none, else the right one or another."""
        if self.random.random() < 0.7 or which not in self.book.contacts:
            return None
        right: int = self.book.contacts[which]["version"]
        return (right,) if self.random.random() < 0.6 else (right + 1, right + 7)

    def _told(self, verb: Callable[[], Any]) -> Json:
        try:
            answer = verb()
        except Refusal as refusal:
            return _refused(refusal.code, refusal.extra.get("contact_id"))
        return {} if answer is None else as_json(answer)

    def _same(self, told: Json, rule: Callable[[], Json | None]) -> None:
        try:
            should = rule() or {}
        except No as no:
            should = _refused(no.code, no.contact_id)
        assert told == should, f"step of {self.now}: {told} instead of {should}"


def _refused(code: str, contact_id: str | None) -> Json:
    return {"refused": code, "in the way": contact_id}


STEPS: dict[str, tuple[Callable[[Walk], None], int]] = {
    "create": (Walk.create, 6),
    "change": (Walk.change, 30),
    "set_status": (Walk.set_status, 12),
    "delete": (Walk.delete, 5),
    "add_note": (Walk.add_note, 10),
    "change_note": (Walk.change_note, 5),
    "remove_note": (Walk.remove_note, 5),
    "start": (Walk.start, 6),
    "change_talk": (Walk.change_talk, 4),
    "receive": (Walk.receive, 17),
}


def prove(client: Any, seed: int, steps: int) -> int:
    """That many steps, the whole looked over from time to time and at the end."""
    walk = Walk(client, seed)
    for number in range(1, steps + 1):
        walk.step()
        if number % max(1, steps // LOOKS) == 0 or number == steps:
            look_over(walk.table, walk.member, walk.book, walk.random)
    return steps


def run(ground: Ground, seed: int, cases: int) -> int:
    return prove(ground.client, seed, cases)


MODEL = Proof(20_000, run)
