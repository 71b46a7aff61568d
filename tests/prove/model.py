"""Random verbs on the real engine, each answer compared with the book's; and now and
then every list, every claim, every counter and the whole table."""

import itertools
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.base.budget import Budget
from chalicelib.commit.once import Once
from chalicelib.jobs import purge
from chalicelib.model.errors import Refusal
from chalicelib.model.ids import new_id
from chalicelib.model.words import Member
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts, conversations, messages, notes
from chalicelib.verbs.messages import Place
from tests.conftest import found, new_table
from tests.prove.book import Book, Json, No
from tests.prove.deeds import answer
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
from tests.prove.retries import intent_of

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
MOST_ALIVE = 25  # contacts: few enough that they meet, many enough for pages
KEYED = 0.2  # of the steps have a key
LOOKS = 25  # in all, however many steps


class Walk:
    """One workspace, its book, and the next step."""

    def __init__(self, client: Any, seed: int) -> None:
        self.table: Table = new_table(client)
        self.member = found(self.table, "eagle", "amy")
        self.book = Book(self.member.workspace.id, "amy")
        self.random, self.now, self.texts = random.Random(seed), BEGAN, 0
        self.intent: Once | None = None

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
        told = self._told(partial(contacts.create, *self._here, body))
        new = told.get("id", "con_none")
        self._same(told, lambda: self.book.create(new, body, self.now), new)

    def change(self) -> None:
        which, body = self.a_contact(), a_patch(self.random)
        versions = self._versions(which)
        asked = {"body": body, "versions": versions}
        told = self._told(partial(contacts.change, *self._here, which, **asked))
        change = self.book.change
        self._same(told, lambda: change(which, body, self.now, versions), which)

    def set_status(self) -> None:
        which, body = self.a_contact(), a_status(self.random)
        told = self._told(partial(contacts.set_status, *self._here, which, body=body))
        change, was = {"lead_status": body["lead_status"]}, body.get("from")
        asked = (which, change, self.now, None, was, "status")
        self._same(told, lambda: self.book.change(*asked), which)

    def delete(self) -> None:
        which, budget = self.a_contact(), Budget(60, clock=lambda: 0.0)
        told = self._told(partial(purge.delete, *self._here, which, budget=budget))
        self._same(told, lambda: self.book.delete(which, self.now))

    def add_note(self) -> None:
        which, text = self.a_contact(), self.text()
        told = self._told(
            partial(notes.add, *self._here, which, body={"content": text})
        )
        asked = (which, told.get("id", ""), text, self.now)
        self._same(told, lambda: self.book.add_note(*asked), which)

    def change_note(self) -> None:
        which = self.a_contact()
        note = self.a_child(self.book.notes, "note", which)
        same = self.book.notes.get(which, {}).get(note, {}).get("content")
        text = same if same and self.random.random() < 0.2 else self.text()
        told = self._told(
            partial(notes.change, *self._here, which, note, body={"content": text})
        )
        asked = (which, note, text, self.now)
        self._same(told, lambda: self.book.change_note(*asked), which)

    def remove_note(self) -> None:
        which = self.a_contact()
        note = self.a_child(self.book.notes, "note", which)
        told = self._told(partial(notes.remove, *self._here, which, note))
        self._same(told, lambda: self.book.remove_note(which, note, self.now), which)

    def start(self) -> None:
        which, channel = self.a_contact(), self.random.choice(CHANNELS)
        body = {"channel": channel}
        told = self._told(partial(conversations.start, *self._here, which, body=body))
        asked = (which, told.get("id", ""), channel, self.now)
        self._same(told, lambda: self.book.start(*asked), which)

    def change_talk(self) -> None:
        which = self.a_contact()
        talk = self.a_child(self.book.talks, "conv", which)
        body = {"status": self.random.choice(TALK_STATUSES)}
        told = self._told(
            partial(conversations.change, *self._here, which, talk, body=body)
        )
        asked = (which, talk, body, self.now)
        self._same(told, lambda: self.book.change_talk(*asked), which)

    def receive(self) -> None:
        """One message, or several together."""
        which = self.a_contact()
        talk = self.a_child(self.book.talks, "conv", which)
        bodies = [self._message() for _ in range(self.random.choice([1, 1, 1, 2, 5]))]
        place = Place(*self._here, which, talk)
        told = self._told(partial(messages.receive, place, bodies))
        ids = [one["id"] for one, *_ in told.get("received", [])] or [""]

        def rule() -> Json:
            each = zip(bodies, itertools.cycle(ids), strict=False)
            come = [(which, talk, new, body, self.now) for body, new in each]
            received = [self.book.receive(*one) for one in come]
            return {"received": [[one, is_new, None] for one, is_new in received]}

        self._same(told, rule, which)

    def _message(self) -> Json:
        body = {"direction": "inbound", "content": self.text()}
        external = {"external_id": self.random.choice(EXTERNAL)}
        return body | (external if self.random.random() < 0.5 else {})

    # --- the answers, as they are compared

    def _versions(self, which: str) -> tuple[int, ...] | None:
        """If-Match: mostly none, else the right one or another."""
        if self.random.random() < 0.7 or which not in self.book.contacts:
            return None
        right: int = self.book.contacts[which]["version"]
        return (right,) if self.random.random() < 0.6 else (right + 1, right + 7)

    @property
    def _here(self) -> tuple[Table, Member]:
        return self.table, self.member

    def _told(self, verb: Callable[..., Any]) -> Json:
        """The answer; with a key it is asked for twice, and told the same."""
        self.intent = None
        if self.random.random() < KEYED:
            self.intent = intent_of("amy", f"step {self.now}", self.now)
        asked = partial(verb, now=self.now, intent=self.intent)
        told = _answer(asked)
        if self.intent and "refused" not in told:
            assert _answer(asked) == told, f"step of {self.now}, again"
        return told

    def _same(
        self, told: Json, rule: Callable[[], Json | None], owner: str | None = None
    ) -> None:
        """The rule gives the same; `owner` is the contact that keeps the answer."""
        try:
            should = rule() or {}
            if self.intent:
                self.book.answered[self.intent.digest] = owner
        except No as no:
            should = _refused(no.code, no.contact_id)
        assert told == should, f"step of {self.now}: {told} instead of {should}"


def _answer(verb: Callable[[], Any]) -> Json:
    try:
        got = verb()
    except Refusal as refusal:
        return _refused(refusal.code, refusal.extra.get("contact_id"))
    told = answer(got)
    return {"received": told} if isinstance(told, list) else told or {}


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
