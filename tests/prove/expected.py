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
HAN = {chr(sign) for sign in range(0x4E00, 0xA000)}  # no other such script is drawn

Contact = Mapping[str, Any]


def folded(text: str) -> str:
    """Without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The different words of a text, in its order: runs of letters and digits. Of a
    script without spaces a word begins at each sign."""
    found = re.findall(r"[^\W_]+", folded(text))
    begun = [w[at:] for w in found for at in (range(len(w)) if w[0] in HAN else [0])]
    return list(dict.fromkeys(begun))


def words(contact: Contact) -> list[str]:
    """At most 7 in all: of the e-mail's local part the first 2, of the longest label of
    its domain but the last the first; those of the name fill up, and stand first."""
    of_email: list[str] = []
    if contact["email"]:
        local, _, domain = contact["email"].partition("@")
        label = max(domain.split(".")[-2::-1], key=len)
        of_email = words_of(local)[:MOST_OF_LOCAL_PART]
        of_email += words_of(label)[:MOST_OF_DOMAIN]
    of_email = list(dict.fromkeys(of_email))
    of_name = [one for one in words_of(contact["name"] or "") if one not in of_email]
    return of_name[: MOST_WORDS - len(of_email)] + of_email


def runs(phone: str | None) -> set[str]:
    """Every 4 digits in a row of the last 12."""
    digits = re.sub(r"\D", "", phone or "")[-LAST_DIGITS:]
    return {digits[at : at + RUN] for at in range(len(digits) - RUN + 1)}


def expected_terms(contact: Contact) -> dict[str, str]:
    """Every search term that a living contact must have, and no other; and the text
    that is held with it: all the words, all the digits, or nothing."""
    text = "".join(f" {word}" for word in words(contact))
    digits = re.sub(r"\D", "", contact["phone"] or "")[-LAST_DIGITS:]
    return {
        **{f"w:{begin}": text for word in words(contact) for begin in begins(word)},
        **{f"p:{run}": digits for run in runs(contact["phone"])},
        **{f"t:{folded(tag)}": "" for tag in contact["tags"]},
        **{f"a:{user_id}": "" for user_id in _one(contact["assigned_to"])},
    }


def begins(word: str) -> set[str]:
    longs = (1, 2) if word[0] in HAN else BEGINNINGS
    return {word[:long] for long in longs}


def expected_claims(contact: Contact) -> set[str]:
    """The sort keys under which no other contact of the workspace may stand."""
    return {
        *(f"phone#{phone}" for phone in _one(contact["phone"])),
        *(f"email#{email.lower()}" for email in _one(contact["email"])),
    }


def expected_changes(before: Contact | None, after: Contact) -> dict[str, Any]:
    """What a row of history tells: each field that moved, from nothing at first; of
    metadata each key, where what is missing on a side was not there."""
    was = before or dict.fromkeys(after) | {"metadata": {}}
    moves: dict[str, Any] = {
        name: {"from": was[name], "to": value}
        for name, value in after.items()
        if name != "metadata" and was[name] != value
    }
    sides = {"from": was["metadata"], "to": after["metadata"]}
    by_key = {
        key: {side: kept[key] for side, kept in sides.items() if key in kept}
        for key in {**sides["from"], **sides["to"]}
    }
    moved = {k: m for k, m in by_key.items() if m.get("from", ...) != m.get("to", ...)}
    return moves | ({"metadata": moved} if moved else {})


def _one(value: str | None) -> Iterable[str]:
    return () if value is None else (value,)
