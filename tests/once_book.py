"""What the tests of Idempotency-Key over HTTP share: a workspace with one of each kind,
and every write that there is."""

from typing import Any, NamedTuple
from uuid import uuid4

import httpx


class Book(NamedTuple):
    """A workspace of its own, with one of each kind, and addresses by name."""

    http: httpx.Client
    places: dict[str, str]

    def send(self, method: str, place: str, body: Any, key: str) -> httpx.Response:
        path = place.format(**self.places)
        headers = {"Idempotency-Key": key}
        return self.http.request(method, path, json=body, headers=headers)

    def state(self) -> dict[str, Any]:
        """All that can be read in it."""
        lists = ("{contacts}", "{notes}", "{chats}", "{chat}/messages", "{members}")
        lists += ("{tokens}", "{invitations}")
        places = [*lists, "{contact}", "{workspace}"]
        read = [place.format(**self.places) for place in places]
        told = {path: self.http.get(path).json() for path in [*read, "/me"]}
        for body in told.values():
            body.pop("request_id", None)
        return told


def opened(http: httpx.Client, workspace: str) -> Book:
    """A new contact of the workspace with one child of each kind, and a new member."""

    def made(path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = http.post(path, json=body)
        assert answer.status_code == 201, answer.text
        (told,) = answer.json().values()
        return dict(told)

    contacts = f"{workspace}/contacts"
    one = made(contacts, {"name": "Ada"})["id"]
    contact = f"{contacts}/{one}"
    note = made(f"{contact}/notes", {"content": "old"})["id"]
    chat = made(f"{contact}/conversations", {"channel": "sms"})["id"]
    token = _token(http, workspace)
    unique = uuid4().hex
    asked = {"email": f"{unique}@example.org", "role": "viewer"}
    one_asked = made(f"{workspace}/invitations", asked)["id"]
    made(f"{workspace}/members", {"user_id": f"u{unique}", "role": "viewer"})
    places = {
        "workspace": workspace,
        "members": f"{workspace}/members",
        "member": f"{workspace}/members/u{unique}",
        "invitations": f"{workspace}/invitations",
        "invitation": f"{workspace}/invitations/{one_asked}",
        "contacts": contacts,
        "contact": contact,
        "short": f"/contacts/{one}?workspace=once-http",
        "gone": f"/contacts?id={one}&workspace=once-http",
        "notes": f"{contact}/notes",
        "note": f"{contact}/notes/{note}",
        "chats": f"{contact}/conversations",
        "chat": f"{contact}/conversations/{chat}",
        "tokens": f"{workspace}/tokens",
        "token": f"{workspace}/tokens/{token}",
        "unique": unique,
    }
    return Book(http, places)


def _token(http: httpx.Client, workspace: str) -> str:
    """A token, in place of those before it: there may be 50."""
    path = f"{workspace}/tokens"
    for one in http.get(path).json()["tokens"]:
        http.delete(f"{path}/{one['id']}")
    made = http.post(path, json={"name": "Form", "role": "member"})
    return str(made.json()["token"]["id"])


def filled(book: Book, body: Any) -> Any:
    """The body with what must differ from test to test."""
    unique = book.places["unique"]
    digits = str(int(unique, 16))[-6:]
    marks = {"{digits}": digits, "{slug}": unique[:20]}
    if not isinstance(body, dict):
        return body
    made = dict(body)
    for name, value in made.items():
        for mark, text in marks.items() if isinstance(value, str) else ():
            made[name] = made[name].replace(mark, text)
    return made


def told(answer: httpx.Response) -> tuple[Any, ...]:
    """What a retry must repeat."""
    names = ("etag", "location", "content-type")
    return (
        answer.status_code,
        answer.content,
        *(answer.headers.get(name) for name in names),
    )


SAID = {"direction": "inbound", "content": "hi"}
MANY = {"messages": [SAID, {"content": 1}, SAID]}
HEARD = {**SAID, "content": "ho"}

# Method, place, body, another body that would do as well, status.
WRITES: list[tuple[str, str, Any, Any, int]] = [
    ("POST", "{contacts}", {"phone": "+447400{digits}"}, {"name": "Eve"}, 201),
    ("PATCH", "{contact}", {"name": "Eve"}, {"name": "Ada"}, 200),
    ("PATCH", "{contact}", {"name": "Ada"}, {"name": "Eve"}, 200),  # changes nothing
    ("PATCH", "{short}", {"phone": "+447402{digits}"}, {"name": "Eve"}, 200),
    (
        *("PUT", "{contact}/status"),
        {"lead_status": "lost", "from": "new"},
        {"lead_status": "lost", "from": "lost"},
        200,
    ),
    ("DELETE", "{contact}", None, {}, 200),
    ("DELETE", "{gone}", None, {}, 200),
    ("POST", "{notes}", {"content": "x"}, {"content": "y"}, 201),
    ("PATCH", "{note}", {"content": "new"}, {"content": "old"}, 200),
    ("DELETE", "{note}", None, {}, 204),
    ("POST", "{chats}", {"channel": "email"}, {"channel": "sms"}, 201),
    ("PATCH", "{chat}", {"status": "closed"}, {"status": "open"}, 200),
    ("POST", "{chat}/messages", SAID, HEARD, 201),
    ("POST", "{chat}/messages", {**SAID, "external_id": "one"}, SAID, 201),
    ("POST", "{chat}/messages", MANY, {"messages": [SAID]}, 200),
    (
        *("POST", "/workspaces"),
        {"name": "W", "slug": "s{slug}"},
        {"name": "W", "slug": "t{slug}"},
        201,
    ),
    ("PATCH", "{workspace}", {"name": "Once {digits}"}, {"name": "W"}, 200),
    (
        *("POST", "{members}"),
        {"user_id": "m{digits}", "role": "viewer"},
        {"user_id": "n{digits}", "role": "viewer"},
        201,
    ),
    (
        *("POST", "{invitations}"),
        {"email": "i{digits}@example.org", "role": "viewer"},
        {"email": "j{digits}@example.org", "role": "viewer"},
        201,
    ),
    ("DELETE", "{invitation}", None, {}, 204),
    ("PATCH", "{member}", {"role": "admin"}, {"role": "member"}, 200),
    ("DELETE", "{member}", None, {}, 200),
    ("DELETE", "{token}", None, {}, 204),
]
