"""Preconditions, read from their headers: what is unusable lets no write through."""

import pytest

from chalicelib.doors.conditional import MOST_TAGS, Tag, names, tags, versions
from chalicelib.model.errors import InvalidRequest


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        (None, None),
        ("*", None),
        (" * ", None),
        ('"3"', (3,)),
        ('"3-abcdef"', (3,)),
        ('"3", "4-00", "3-ff"', (3, 4)),
        (', ,"3" ,\t"4",', (3, 4)),
        ('"a,b", "3"', (3,)),
        ('"\\", "3"', (3,)),
        ('"", "3"', (3,)),
        ('W/"3", "4"', (4,)),
        ('"123456789"', (123456789,)),
    ],
)
def test_if_match_names_the_versions_that_a_write_accepts(
    header: str | None, accepted: tuple[int, ...] | None
) -> None:
    """`*` is any; of a list each strong tag counts once, by its version."""
    assert versions(header, None) == accepted


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        ",",
        "1",
        "'1'",
        '"1',
        '1"',
        '""',
        '"0"',
        '"01"',
        '"-1"',
        '"+1"',
        '"1.0"',
        '"1-"',
        '"1-xyz"',
        '"1 "',
        '" 1"',
        '"१"',
        '"\u0661"',
        '"1234567890"',
        '"nonsense"',
        'W/"1"',
        'w/"1"',
        'W/ "1"',
        '"1" "2"',
        '"1"; "2"',
        '"1", nonsense',
        'nonsense, "1"',
        '*, "1"',
        '"1", *',
        '"x\\"1"',
        'x"1"',
        '"a"1"b"',
        "undefined",
        "null",
    ],
)
def test_an_if_match_that_is_unusable_matches_no_version(header: str) -> None:
    """Never taken for "any", never for version 1: the write is refused."""
    assert versions(header, None) == ()


def test_if_match_has_a_bound_that_is_told() -> None:
    """50 tags are compared, also the last; one more is a 400 that names the header."""
    listed = [f'"{number}"' for number in range(1, MOST_TAGS + 1)]
    assert versions(", ".join(listed), None) == tuple(range(1, MOST_TAGS + 1))
    with pytest.raises(InvalidRequest, match="If-Match takes 50 tags at most") as told:
        versions(", ".join([*listed, '"51"']), None)
    assert [error.field for error in told.value.errors] == ["If-Match"]
    with pytest.raises(InvalidRequest):
        versions(", ".join(['W/"1"'] * 51), None)


def test_if_none_match_lets_no_write_touch_what_exists() -> None:
    """`*` accepts no version, whatever If-Match says (RFC 9110, 13.1.2)."""
    assert versions(None, "*") == ()
    assert versions('"1"', " * ") == ()
    for header in ('"1"', "", "nonsense", '*, "1"'):
        with pytest.raises(InvalidRequest, match="nothing but") as told:
            versions(None, header)
        assert [error.field for error in told.value.errors] == ["If-None-Match"]


@pytest.mark.parametrize(
    ("header", "is_named"),
    [
        ("*", True),
        ('"3-ab"', True),
        ('W/"3-ab"', True),
        ('"x", W/"3-ab" , "y"', True),
        ('"a,b","\\","3-ab"', True),
        ("", False),
        ('"3"', False),
        ('"3-abc"', False),
        ("3-ab", False),
        ('"x"3-ab"', False),
        ('"x" "3-ab"', False),
        ('W/W/"3-ab"', False),
        ('*, "3-ab"', False),
    ],
)
def test_if_none_match_names_what_the_caller_has(header: str, is_named: bool) -> None:
    """Weak comparison of the whole tag; a header that is no list names nothing."""
    assert names(header, '"3-ab"') is is_named


def test_tags_are_read_as_the_rfc_spells_them() -> None:
    """Commas, backslashes and bytes beyond ASCII belong to a tag; quotes and blanks
    do not."""
    header = 'W/"a,b" , "\\" ,"é", ""'
    assert tags(header) == [
        *(Tag(True, '"a,b"'), Tag(False, '"\\"')),
        *(Tag(False, '"é"'), Tag(False, '""')),
    ]
    assert tags('"a b"') == tags('"a"b"') == tags('"\x7f"') == []


def test_the_longest_header_is_read_to_its_end() -> None:
    """64 KB of quotes, of commas, of tags."""
    assert tags('"' * 65_536) == []
    assert tags("," * 65_536) == []
    assert len(tags('"",' * 20_000)) == 20_000
