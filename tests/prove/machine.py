"""What a contact may answer in which state, and the state after that: sequential, and
from the contract's words alone. Counters and the time of the last activity do not count
here; the time of a change is the one that its own answer told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tests.prove.book import CLEARED, REACHABLE_BY, Json, merged
from tests.prove.linear import Op

NOT_COMPARED = ("note_count", "conversation_count", "message_count", "last_activity_at")
GONE = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """ "ok" or the refusal's code; the contact as answered, or as `current`."""

    code: str
    contact: Json | None = None

    def state(self) -> str:
        return state_of(self.contact) if self.contact else GONE


def state_of(contact: Json) -> str:
    """A contact as a state: what is compared, spelled in one way."""
    kept = {name: v for name, v in contact.items() if name not in NOT_COMPARED}
    return json.dumps(kept, sort_keys=True)


class Machine:
    """One contact among others; `taken` are the phones and e-mails that are theirs."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self.taken = taken

    def step(self, state: str, op: Op) -> Iterator[str]:
        """The states after the operation, if its answer makes sense in this one."""
        if op.answer.code == "busy":  # it says that nothing has happened
            yield state
        elif state == GONE:
            yield from self._of_gone(op)
        elif op.what == "get":
            yield from self._if(op.answer.state() == state, state, op, "ok")
        else:
            yield from self._of_living(json.loads(state), state, op)

    def _of_gone(self, op: Op) -> Iterator[str]:
        """Two who delete at once may both be told that it is done."""
        may = {"contact_not_found"} | ({"ok"} if op.what == "delete" else set())
        if op.answer.code in may:
            yield GONE

    def _of_living(self, now: Json, state: str, op: Op) -> Iterator[str]:
        code = self._refusal(now, op)
        if code in ("version_mismatch", "status_changed"):
            yield from self._if(op.answer.state() == state, state, op, code)
        elif code:
            yield from self._if(True, state, op, code)
        elif op.what == "delete":
            yield from self._if(True, GONE, op, "ok")
        elif op.answer.code == "ok":
            yield from self._changed(now, state, op)

    def _refusal(self, now: Json, op: Op) -> str | None:
        versions = op.asked.get("versions")
        if versions is not None and now["version"] not in versions:
            return "version_mismatch"
        body = op.asked.get("body", {})
        if body.get("from", now["lead_status"]) != now["lead_status"]:
            return "status_changed"
        after = _after(now, body)
        if not any(after[name] for name in REACHABLE_BY):
            return "invalid_fields"
        for name in ("phone", "email"):
            if after[name] != now[name] and after[name] in self.taken:
                return f"{name}_taken"
        return None

    def _changed(self, now: Json, state: str, op: Op) -> Iterator[str]:
        """One more version, by this member, with these fields; when nothing changes,
        the state as it is."""
        told: Json = op.answer.contact
        after = _after(now, op.asked["body"])
        if after == now:
            yield from self._if(op.answer.state() == state, state, op, "ok")
            return
        made = {"version": now["version"] + 1, "updated_by": op.who}
        made["updated_at"] = told["updated_at"]
        if state_of(after | made) == op.answer.state():
            yield op.answer.state()

    def _if(self, fits: bool, then: str, op: Op, code: str) -> Iterator[str]:
        if fits and op.answer.code == code:
            yield then


def _after(now: Json, body: Json) -> Json:
    """A merge patch."""
    after = dict(now)
    for name, value in body.items():
        if name == "metadata":
            after[name] = {} if value is None else merged(now[name], value)
        elif name != "from":
            after[name] = CLEARED[name] if value is None else value
    return after
