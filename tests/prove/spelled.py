"""Values of our own formats, which JSON Schema cannot spell: built from what the
contract says of them, not by asking the parsers."""

import unicodedata

import schemathesis
from hypothesis import strategies as st

from chalicelib.model.ids import KINDS
from chalicelib.model.words import DEFAULT_STATUSES

Text = st.SearchStrategy[str]

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ULID = "01KDZ3A6XJ8V4T2M5N7P9Q0RST"
SEEN = st.characters(exclude_categories=["C", "Z"])  # what leaves ink


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def line() -> Text:
    """One visible line, as it is kept: NFC, no blanks around. NFC makes three of one at
    most, so the shortest limit (a tag's 50) holds."""
    signs = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=BIDI)
    parts = st.tuples(SEEN, st.text(signs, max_size=14), SEEN)
    return st.one_of(SEEN, parts.map("".join)).map(_normal)


def prose() -> Text:
    """Lines and paragraphs with something to read in them."""
    signs = st.one_of(
        st.characters(exclude_categories=["Cc", "Cs"]), st.sampled_from("\n\r\t")
    )
    return st.tuples(SEEN, st.text(signs, max_size=60)).map("".join)


def phone() -> Text:
    """Numbers that there are, in the spellings that people use."""
    digits = st.integers(0, 999_999).map("{:06}".format)
    spellings = ("+44 7400 {}", "+44-7400-{}", "+447400{}", "+44 (0)7400 {}")
    drawn = st.tuples(st.sampled_from(spellings), digits)
    return drawn.map(lambda pair: pair[0].format(pair[1]))


def user_id() -> Text:
    """A member's, mostly: who is none is refused before anything else is looked at."""
    others = st.text(SEEN, min_size=1, max_size=60).map("u{}".format)
    return st.one_of(st.just("eagle-owner"), st.just("eagle-owner"), others)


def cursor() -> Text:
    """Opaque: what a list would give, though nobody knows of which."""
    return st.sampled_from([f"{kind}_{ULID}" for kind in KINDS] + ["eagle-owner"])


FORMATS = {
    "line": line(),
    "prose": prose(),
    "phone": phone(),
    "user-id": user_id(),
    "status-key": st.sampled_from([status.key for status in DEFAULT_STATUSES]),
    "workspace": st.sampled_from(["eagle-overseas", "harbor-travel", f"ws_{ULID}"]),
    "cursor": cursor(),
}


def teach() -> None:
    """Tells schemathesis; it keeps them for the process."""
    for name, values in FORMATS.items():
        schemathesis.openapi.format(name, values)
