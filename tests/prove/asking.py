"""Requests drawn at random: any route, any parameter, with ids and cursors, names and
numbers of all three workspaces mixed; and the same request with what is nowhere."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.prove.tenants import Tenant, twin

Json = dict[str, Any]

FOREIGN = 0.5  # of the values of a request
SOMETIMES = 0.4  # a parameter or a field is there
READS = ("GET", "HEAD")
PUBLIC = {"/", "/docs", "/health", "/openapi.json", "/page/{build}/{room}/{file}"}
ONLY_ONCE = {("POST", "/workspaces")}  # slugs are one's own to everybody: see isolation


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    method: str
    path: str
    captured: Json = field(default_factory=dict)
    query: Json = field(default_factory=dict)
    body: Json | None = None
    headers: Json = field(default_factory=dict)

    def said(self) -> list[str]:
        """Every value that the caller names."""
        return _texts([self.captured, self.query, self.body, self.headers])

    def with_others(self, instead: dict[str, str]) -> "Ask":
        return replace(
            self,
            captured=_swapped(self.captured, instead),
            query=_swapped(self.query, instead),
            body=_swapped(self.body, instead),
            headers=_swapped(self.headers, instead),
        )


class Draw:
    """Draws one request of a member of `mine`; `foreign` are the values of others in
    it, `own` the ids of one's own in its path."""

    def __init__(self, dice: random.Random, mine: Tenant, others: list[Tenant]) -> None:
        self.dice, self.mine, self.others = dice, mine, others
        self.foreign: dict[str, str] = {}
        self.own: dict[str, str] = {}
        self.kept = dice.choice(mine.kept)

    def ask(self, method: str, path: str) -> Ask:
        names = re.findall(r"{(\w+)}", path)
        captured = {n: self._in_path(n) for n in names if n != "invitation_id"}
        if "invitation_id" in names:
            captured["invitation_id"] = self._invitation(path)
        query = self._query(method, path)
        body = self._body(method, path) if method in ("POST", "PUT", "PATCH") else None
        return Ask(method, path, captured, query, body, self._headers(method))

    def a(self, kind: str) -> str:
        """A value of the kind: somebody else's, or one's own."""
        if self.dice.random() < FOREIGN:
            other = self.dice.choice(self.others)
            value = self.dice.choice(
                other.values.get(kind) or other.values["contact_id"]
            )
            self.foreign[value] = twin(value)
            return value
        own = self.kept.get(kind)
        return own or self.dice.choice(self.mine.values.get(kind) or [self.mine.mark])

    def _in_path(self, name: str) -> str:
        value = self.a(name)
        ends_once = name == "token_id" and value not in self.foreign
        if value in self.kept.values() or ends_once:
            self.own[name] = value
        return value

    def _invitation(self, path: str) -> str:
        """To accept or decline, its id is a way in by its nature: there nobody has
        another's."""
        if path.endswith(("/accept", "/decline")):
            return self.dice.choice(self.mine.values["invitation_id"])
        value = self.a("invitation_id")
        if value not in self.foreign:  # it ends once
            self.own["invitation_id"] = value
        return value

    def _query(self, method: str, path: str) -> Json:
        if "/workspaces/" not in path:
            found = {"workspace": self.a("workspace")} if self._some(0.7) else {}
            return found | (
                {"id": self._in_path("contact_id")} if method == "DELETE" else {}
            )
        if method not in READS:
            return {}
        last = path.rsplit("/", 1)[1]
        asked = LISTS.get(last, {})
        found = {n: self.a(kind) for n, kind in asked.items() if self._some(SOMETIMES)}
        limit = (
            {"limit": str(self.dice.randint(1, 3))} if asked and self._some(0.5) else {}
        )
        return found | limit

    def _body(self, method: str, path: str) -> Json:
        last = path.rsplit("/", 1)[1]
        make = BODIES.get((method, last), lambda draw: {"name": draw.mine.mark})
        return make(self)

    def _headers(self, method: str) -> Json:
        found = {}
        if method not in READS and self._some(0.2):
            other = self.dice.choice(self.others)
            key = self.dice.choice(other.values["key"])
            self.foreign[key] = twin(key)
            found["Idempotency-Key"] = key
        if self._some(0.1):
            found["If-None-Match" if method in READS else "If-Match"] = '"1"'
        return found

    def _some(self, share: float) -> bool:
        return self.dice.random() < share

    # --- bodies

    def contact(self) -> Json:
        fields = {"phone": "phone", "email": "email", "assigned_to": "user"}
        fields |= {"lead_status": "status"}
        chosen = {n: self.a(kind) for n, kind in fields.items() if self._some(0.3)}
        return {"name": self.mine.mark, **chosen}

    def status(self) -> Json:
        was = {"from": self.a("status")} if self._some(0.3) else {}
        return {"lead_status": self.a("status"), **was}

    def message(self) -> Json:
        external = {"external_id": self.a("external")} if self._some(0.6) else {}
        return {"direction": "inbound", "content": self.mine.mark, **external}

    def talk(self) -> Json:
        return {"status": "closed"} | (
            {"assigned_to": self.a("user")} if self._some(0.6) else {}
        )


# The parameters of each list, and of which kind their values are. A phone or a user of
# others may well come to be one's own, too: these here are never written.
LISTS: dict[str, dict[str, str]] = {
    "contacts": {
        "cursor": "contact_id",
        "lead_status": "status",
        "phone": "number",
        "q": "mark",
    },
    "changes": {"cursor": "contact_id"},
    "notes": {"cursor": "note_id"},
    "conversations": {"cursor": "conversation_id"},
    "messages": {"cursor": "message_id"},
    "members": {"cursor": "reader"},
    "tokens": {"cursor": "token_id"},
    "invitations": {"cursor": "invitation_id"},
}

BODIES: dict[tuple[str, str], Callable[[Draw], Json]] = {
    ("POST", "contacts"): Draw.contact,
    ("PATCH", "{contact_id}"): Draw.contact,
    ("PUT", "status"): Draw.status,
    ("POST", "notes"): lambda draw: {"content": draw.mine.mark},
    ("PATCH", "{note_id}"): lambda draw: {"content": draw.mine.mark},
    ("POST", "conversations"): lambda draw: {"channel": "sms"},
    ("PATCH", "{conversation_id}"): Draw.talk,
    ("POST", "messages"): Draw.message,
    ("POST", "members"): lambda draw: {"user_id": draw.a("user"), "role": "viewer"},
    ("POST", "tokens"): lambda draw: {"name": draw.mine.mark, "role": "viewer"},
    ("POST", "invitations"): lambda draw: {
        "email": draw.a("invited"),
        "role": "viewer",
    },
    ("PATCH", "{user_id}"): lambda draw: {"role": "member"},
}


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _swapped(value: Any, instead: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _swapped(one, instead) for name, one in value.items()}
    if isinstance(value, list):
        return [_swapped(one, instead) for one in value]
    return instead.get(value, value) if isinstance(value, str) else value
