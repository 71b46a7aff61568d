"""The terms by which a contact can be found: a pure function of its fields. Where they
lie is storage/keys.py's; that they move with the contact, commit/places.py's.

    w:  the first 3 and the first 5 letters of a word (a shorter word whole); of 7
        different words in all: 2 of the e-mail's local part, 1 of its domain, the
        rest of the name
    p:  every 4 digits in a row of the last 12 of the phone
    t:  a tag
    a:  the user id of the assignee

A term holds the text that a query is compared with before the contact is read: all the
words under `w:`, all the digits under `p:`.
"""

import re
import unicodedata
from itertools import islice

from chalicelib.model.words import Contact

WORDS = 7
LOCAL_WORDS, DOMAIN_WORDS = 2, 1
SHORT, LONG = 3, 5  # letters of a word that become a term
DIGITS = 12  # the last ones of a phone
RUN = 4  # digits in a row
TAGS = 20  # fields.py: a contact has no more

# What Unicode does not take apart, though people type it without.
PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "\u0131": "i", "ħ": "h", "ŧ": "t"}
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)
# Scripts written without spaces, or where one sign is a name: each begins a word (Han,
# Hiragana, Katakana, Hangul).
IDEOGRAPH = re.compile("[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")


def fold(value: str) -> str:
    """Without case and accents, so that "muller" finds "Müller"."""
    parts = _apart(_apart(value).casefold())  # some signs show their case only apart
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", plain.translate(PLAIN))


def words(text: str) -> list[str]:
    """The different words of a text, folded, in their order; of a script without
    spaces, what begins at each sign."""
    found: dict[str, None] = {}
    for word in "".join(map(_word_sign, fold(text))).split():
        starts = range(len(word)) if IDEOGRAPH.match(word) else (0,)
        found |= {word[start:]: None for start in starts}
    return list(found)


def of(contact: Contact) -> dict[str, str]:
    """Each term of the contact, and the text that it holds; at most MOST."""
    known = _known(contact)
    text = "".join(f" {word}" for word in known)
    found = {f"w:{start}": text for word in known for start in _starts(word)}
    digits = (contact.phone or "").lstrip("+")[-DIGITS:]
    runs = range(len(digits) - RUN + 1)
    found |= {f"p:{digits[at : at + RUN]}": digits for at in runs}
    found |= {f"t:{folded}": "" for tag in contact.tags if (folded := fold(tag))}
    return found | ({f"a:{contact.assigned_to}": ""} if contact.assigned_to else {})


MOST = 2 * WORDS + (DIGITS - RUN + 1) + TAGS + 1


def _known(contact: Contact) -> list[str]:
    mail: list[str] = []
    if contact.email:
        local, _, domain = contact.email.partition("@")
        *labels, _ = domain.split(".")
        mail += islice(words(local), LOCAL_WORDS)
        # "example" of mail.example.co.uk: the longest label but the last.
        mail += islice(words(max(reversed(labels), key=len)), DOMAIN_WORDS)
    mail = list(dict.fromkeys(mail))
    named = [word for word in words(contact.name or "") if word not in mail]
    return named[: WORDS - len(mail)] + mail


def _starts(word: str) -> set[str]:
    if IDEOGRAPH.match(word):
        return {word[:1], word[:2]}
    return {word[:SHORT], word[:LONG]}


def _apart(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def _word_sign(sign: str) -> str:
    """Letters, marks and numbers make a word; the rest parts two."""
    return sign if unicodedata.category(sign)[0] in "LMN" else " "
