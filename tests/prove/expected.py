"""Where a living contact can be found, written down anew from the contract's words and
nothing else: the code under test is not asked. Contacts are plain JSON objects."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

MOST_WORDS = 7  # of a contact, in all
MOST_OF_LOCAL_PART = 2
MOST_OF_DOMAIN = 1
BEGINNINGS = (3, 5)  # letters of a word that a term keeps
RUN = 4  # digits in a row that a term keeps
LAST_DIGITS = 12  # of a phone

Contact = Mapping[str, Any]


def folded(text: str) -> str:
    """Without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The different words of a text, in its order: runs of letters and digits."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", folded(text))))


def words(contact: Contact) -> list[str]:
    """At most 7 in all: of the e-mail's local part 2, of its domain 1, the rest of the
    name."""
    local, _, domain = (contact["email"] or "").partition("@")
    of_email = [
        *words_of(local)[:MOST_OF_LOCAL_PART],
        *words_of(domain)[:MOST_OF_DOMAIN],
    ]
    found = dict.fromkeys([*of_email, *words_of(contact["name"] or "")])
    return list(found)[:MOST_WORDS]


def runs(phone: str | None) -> set[str]:
    """Every 4 digits in a row of the last 12."""
    digits = re.sub(r"\D", "", phone or "")[-LAST_DIGITS:]
    return {digits[at : at + RUN] for at in range(len(digits) - RUN + 1)}


def expected_terms(contact: Contact) -> set[str]:
    """Every search term that a living contact must have, and no other."""
    return {
        *(f"w:{word[:long]}" for word in words(contact) for long in BEGINNINGS),
        *(f"p:{run}" for run in runs(contact["phone"])),
        *(f"t:{folded(tag)}" for tag in contact["tags"]),
        *(f"a:{user_id}" for user_id in _one(contact["assigned_to"])),
    }


def expected_claims(contact: Contact) -> set[str]:
    """The sort keys under which no other contact of the workspace may stand."""
    return {
        *(f"phone#{phone}" for phone in _one(contact["phone"])),
        *(f"email#{email.lower()}" for email in _one(contact["email"])),
    }


def _one(value: str | None) -> Iterable[str]:
    return () if value is None else (value,)
