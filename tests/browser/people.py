"""Somebody with a name and an e-mail, as his provider tells them, before the page."""

from typing import Any

from tests.browser.book import Book
from tests.people_world import proof


def call(book: Book, user: str, name: str | None, email: str | None = None) -> str:
    """The provider tells the name and the verified e-mail of a user from now on."""
    with book.site.client(user) as client:
        said = proof(book.site, user, name=name, email=email)
        answer = client.put("/me", json=said)
    assert answer.status_code == 200, answer.text
    return user


def come(book: Book, user: str) -> str:
    """He has been in the workspace once: only then do colleagues see his name."""
    with book.site.client(user) as client:
        answer = client.get(f"/workspaces/{book.slug}")
    assert answer.status_code == 200, answer.text
    return user


def invited(book: Book, email: str, role: str = "member") -> dict[str, Any]:
    """An invitation that the owner has made."""
    with book.client() as client:
        answer = client.post("invitations", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["invitation"]
    return found
