"""One workspace as plain dicts: what each verb should answer, by the contract alone. It
stores nothing anywhere, and knows no key and no condition."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.model.clock import timestamp
from tests.prove.expected import expected_changes, expected_claims

Json = dict[str, Any]

CLEARED: Json = {
    "name": None,
    "phone": None,
    "email": None,
    "lead_status": "new",
    "lead_score": 0,
    "tags": [],
    "assigned_to": None,
    "source": None,
    "metadata": {},
}
REACHABLE_BY = ("name", "phone", "email")
UNTOUCHED: Json = {
    "note_count": 0,
    "conversation_count": 0,
    "message_count": 0,
    "last_activity_at": None,
}


class No(Exception):
    """A refusal: its code, and whose contact stands in the way, if one does."""

    def __init__(self, code: str, contact_id: str | None = None) -> None:
        self.code, self.contact_id = code, contact_id
        super().__init__(code)


@dataclass(slots=True)
class Book:
    """Contacts with what belongs to them, and the receipts of those that are gone."""

    workspace_id: str
    me: str
    contacts: dict[str, Json] = field(default_factory=dict)
    notes: dict[str, dict[str, Json]] = field(default_factory=dict)
    talks: dict[str, dict[str, Json]] = field(default_factory=dict)
    said: dict[str, dict[str, list[Json]]] = field(default_factory=dict)
    receipts: dict[str, Json] = field(default_factory=dict)
    rows: dict[str, list[Json]] = field(default_factory=dict)  # of history
    touched: dict[str, str] = field(default_factory=dict)
    metadata_at: dict[str, int] = field(default_factory=dict)  # the version
    answered: dict[str, str | None] = field(default_factory=dict)  # key > contact

    def create(self, new_id: str, body: Json, now: datetime) -> Json:
        fields = CLEARED | {name: _set(name, body[name]) for name in body}
        self._refuse_taken(new_id, fields)
        time = timestamp(now)
        made = {"id": new_id, "workspace_id": self.workspace_id, **fields, **UNTOUCHED}
        made |= {"version": 1, "created_at": time}
        self.contacts[new_id] = made | {"updated_at": time, "updated_by": self.me}
        self.notes[new_id], self.talks[new_id], self.said[new_id] = {}, {}, {}
        self.rows[new_id] = []
        self._tell(None, self.contacts[new_id], "created")
        return self.contacts[new_id]

    def change(
        self,
        contact_id: str,
        body: Json,
        now: datetime,
        versions: tuple[int, ...] | None = None,
        was: str | None = None,
        action: str = "changed",
    ) -> Json:
        """A merge patch; `was` is the status that it must have been."""
        before = self.living(contact_id)
        if versions is not None and before["version"] not in versions:
            raise No("version_mismatch")
        if was is not None and before["lead_status"] != was:
            raise No("status_changed")
        after = before | {n: _set(n, v, before[n]) for n, v in body.items()}
        if not any(after[name] for name in REACHABLE_BY):
            raise No("invalid_fields")
        self._refuse_taken(contact_id, after)
        if after != before:  # what changes nothing is not written
            after |= {"version": before["version"] + 1, "updated_by": self.me}
            after["updated_at"] = timestamp(now)
            self._tell(before, after, action)
        self.contacts[contact_id] = after
        return after

    def delete(self, contact_id: str, now: datetime) -> Json:
        gone = self.living(contact_id)
        receipt = {
            "id": contact_id.replace("con_", "del_"),
            "contact_id": contact_id,
            "status": "done",
            "deleted": {
                "conversations": len(self.talks.pop(contact_id)),
                "messages": sum(map(len, self.said.pop(contact_id).values())),
                "notes": len(self.notes.pop(contact_id)),
            },
            "requested_by": self.me,
            "started_at": timestamp(now),
            "finished_at": timestamp(now),
            "progress": None,
        }
        del self.contacts[gone["id"]]
        self.receipts[receipt["id"]] = receipt
        return receipt

    def add_note(self, contact_id: str, note_id: str, text: str, now: datetime) -> Json:
        self._counted(contact_id, "note_count", 1, now)
        time = timestamp(now)
        made = {"id": note_id, "contact_id": contact_id, "content": text}
        made |= {"created_at": time, "created_by": self.me}
        made |= {"updated_at": time, "updated_by": self.me}
        self.notes[contact_id][note_id] = made
        return made

    def change_note(
        self, contact_id: str, note_id: str, text: str, now: datetime
    ) -> Json:
        note = self._note(contact_id, note_id)
        if note["content"] == text:
            return note
        note |= {"content": text, "updated_at": timestamp(now), "updated_by": self.me}
        return note

    def remove_note(self, contact_id: str, note_id: str, now: datetime) -> None:
        self._note(contact_id, note_id)
        self._counted(contact_id, "note_count", -1, now)
        del self.notes[contact_id][note_id]

    def start(self, contact_id: str, talk_id: str, channel: str, now: datetime) -> Json:
        self._counted(contact_id, "conversation_count", 1, now)
        made = {"id": talk_id, "contact_id": contact_id, "channel": channel}
        made |= {"status": "open", "assigned_to": None, "message_count": 0}
        made |= {"last_message_at": None, "created_at": timestamp(now)}
        made["updated_at"] = made["created_at"]
        self.talks[contact_id][talk_id], self.said[contact_id][talk_id] = made, []
        return made

    def change_talk(
        self, contact_id: str, talk_id: str, body: Json, now: datetime
    ) -> Json:
        talk = self._talk(contact_id, talk_id)
        if talk != talk | body:
            talk |= body | {"updated_at": timestamp(now)}
        return talk

    def receive(
        self, contact_id: str, talk_id: str, new_id: str, body: Json, now: datetime
    ) -> tuple[Json, bool]:
        talk = self._talk(contact_id, talk_id)
        said = self.said[contact_id][talk_id]
        for one in said:
            if one["external_id"] and one["external_id"] == body.get("external_id"):
                return one, False
        made = {"id": new_id, "conversation_id": talk_id, "external_id": None, **body}
        made |= {"created_at": timestamp(now), "created_by": self.me}
        said.append(made)
        talk["message_count"] += 1
        talk["last_message_at"] = timestamp(now)
        self._counted(contact_id, "message_count", 1, now)
        return made, True

    def living(self, contact_id: str) -> Json:
        if contact_id not in self.contacts:
            raise No("contact_not_found")
        return self.contacts[contact_id]

    def claims(self) -> Iterator[tuple[str, str]]:
        """Every claim with its owner."""
        for contact_id, contact in self.contacts.items():
            for claim in expected_claims(contact):
                yield claim, contact_id

    def _refuse_taken(self, contact_id: str, after: Json) -> None:
        taken = {claim: owner for claim, owner in self.claims() if owner != contact_id}
        for name in ("phone", "email"):
            wanted = expected_claims({"phone": None, "email": None, name: after[name]})
            for claim in wanted & taken.keys():
                raise No(f"{name}_taken", taken[claim])

    def _counted(self, contact_id: str, counter: str, by: int, now: datetime) -> None:
        contact = self.living(contact_id)
        counted = {counter: contact[counter] + by, "last_activity_at": timestamp(now)}
        self.contacts[contact_id] = contact | counted
        self.touched[contact_id] = timestamp(now)

    def _tell(self, before: Json | None, after: Json, action: str) -> None:
        """One row a version."""
        row = {"version": after["version"], "at": after["updated_at"]}
        row |= {"by": after["updated_by"], "action": action}
        row["changes"] = expected_changes(before, {n: after[n] for n in CLEARED})
        self.rows[after["id"]].append(row)
        self.touched[after["id"]] = after["updated_at"]
        if "metadata" in row["changes"]:
            self.metadata_at[after["id"]] = after["version"]

    def _note(self, contact_id: str, note_id: str) -> Json:
        self.living(contact_id)
        if note_id not in self.notes[contact_id]:
            raise No("note_not_found")
        return self.notes[contact_id][note_id]

    def _talk(self, contact_id: str, talk_id: str) -> Json:
        self.living(contact_id)
        if talk_id not in self.talks[contact_id]:
            raise No("conversation_not_found")
        return self.talks[contact_id][talk_id]


def _set(name: str, value: Any, before: Any = None) -> Any:
    if name == "metadata":
        return {} if value is None else merged(before, value)
    return CLEARED[name] if value is None else value


def merged(target: Any, change: Any) -> Any:
    """RFC 7396: objects are merged, null clears, anything else replaces."""
    if not isinstance(change, dict):
        return change
    kept = dict(target) if isinstance(target, dict) else {}
    for name, value in change.items():
        kept[name] = merged(kept.get(name), value)
    return {
        name: value for name, value in kept.items() if change.get(name, 0) is not None
    }
