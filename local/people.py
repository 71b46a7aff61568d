"""The people of the demo: who may be chosen on the login page, and where they are
members. Somebody else may type a name and an e-mail there."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Played:
    """Somebody whom one can be on this machine."""

    sub: str
    name: str
    email: str
    says: str  # what they are in the demo
    slug: str = ""  # of their workspace
    role: str = ""
    email_verified: bool = True


PEOPLE = (
    Played(
        *("eagle-owner", "Eleanor Voss", "eleanor.voss@example.com"),
        *("owner of Eagle Overseas", "eagle-overseas", "owner"),
    ),
    Played(
        *("eagle-admin", "Samuel Adeyemi", "samuel.adeyemi@example.com"),
        *("admin of Eagle Overseas", "eagle-overseas", "admin"),
    ),
    Played(
        *("eagle-member", "Maya Iyer", "maya.iyer@example.com"),
        *("member of Eagle Overseas", "eagle-overseas", "member"),
    ),
    Played(
        *("eagle-viewer", "Tom Becker", "tom.becker@example.com"),
        *("viewer of Eagle Overseas", "eagle-overseas", "viewer"),
    ),
    Played(
        *("harbor-owner", "Henrik Dahl", "henrik.dahl@example.com"),
        *("owner of Harbor Travel", "harbor-travel", "owner"),
    ),
    Played(
        *("newcomer", "Nora Quinn", "nora.quinn@example.com"),
        "in no workspace yet",
    ),
    Played(
        *("unverified", "Ugo Marino", "ugo.marino@example.com"),
        "in no workspace; the e-mail is not verified",
        email_verified=False,
    ),
)


def of(slug: str) -> list[Played]:
    """The people of a workspace, its owner first."""
    return [one for one in PEOPLE if one.slug == slug]


def choices(with_demo: bool) -> list[dict[str, Any]]:
    """What the login page offers; without the demo nobody is anywhere."""
    empty = {} if with_demo else {"says": "in no workspace yet"}
    return [asdict(one) | empty for one in PEOPLE]
