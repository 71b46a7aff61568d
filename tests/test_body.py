"""Bodies: strict JSON, or a refusal. And the merge patch."""

import json
from typing import Any

import pytest

from chalicelib.model.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from chalicelib.model.strict_json import MOST_BYTES, MOST_DEPTH, merge, read

JSON = "application/json"


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/json",
        "Application/JSON; Charset=UTF-8",
        'application/json; charset="utf8"',
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-8; v=1",
        "application/json;v=1;charset=utf-8",
        'application/json ; v="a;charset=utf-16;\\"b" ; charset="UTF\\-8"',
        "application/json;",
        "application/json; ; charset=utf-8;",
        "application/json; xcharset=utf-16",
    ],
)
def test_json_is_read(kind: str) -> None:
    """As JSON, as a merge patch, without a type, and as `curl -d` sends it."""
    raw = '{"a": [1, 2.5, true, null, "\\u00e9é😀"]}'.encode()
    assert read(raw, kind) == {"a": [1, 2.5, True, None, "éé😀"]}


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [
        ("text/plain", ""),
        ("application/xml", ""),
        ("*/*", ""),
        ("application/json; charset=utf-16", ""),
        ("application/json; v=1; charset=utf-16", ""),
        ("application/json; charset=utf-16; v=1", ""),
        ('application/json; charset="utf-8; v=1"', ""),
        ("application/json; charset=utf-8; charset=utf-16", ""),
        ("application/json; charset=u-t-f-8", ""),
        ("application/json; charset=", ""),
        ("application/json; charset = utf-8", ""),
        ('application/json; charset="utf-8', ""),
        ("application/json, application/json", ""),
        ("application/json", "gzip"),
    ],
)
def test_other_types_are_refused(kind: str, encoding: str) -> None:
    """A body that says it is something else is not guessed at."""
    with pytest.raises(UnsupportedMediaType):
        read(b"{}", kind, encoding)


def test_a_form_is_refused() -> None:
    """curl's default type is forgiven for JSON only."""
    with pytest.raises(UnsupportedMediaType):
        read(b"name=Ada", "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b'{"a": 1} x',
        b"{'a': 1}",
        b'{"a": 1, "a": 2}',
        b'{"deep": {"a": 1, "a": 2}}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": ' + b"[" * MOST_DEPTH + b"]" * MOST_DEPTH + b"}",
    ],
)
def test_what_is_not_one_clear_object_is_refused(raw: bytes) -> None:
    """Broken, doubled, endless, unwritable or too deep: 400, never a guess."""
    with pytest.raises(InvalidRequest):
        read(raw, JSON)


@pytest.mark.parametrize(
    ("number", "complaint"),
    [
        ("9" * 4301, "A number has too many digits."),
        ("-" + "9" * 5000, "A number has too many digits."),
        ("9" * 5000 + ".0", "A number is too large."),
        ("-1e999", "A number is too large."),
        ("NaN", "NaN and Infinity are not JSON."),
    ],
)
def test_a_number_is_refused_as_what_it_is(number: str, complaint: str) -> None:
    """It is JSON, but nothing that could be kept: the sentence says so."""
    raw = f'{{"a": {number}}}'.encode()
    with pytest.raises(InvalidRequest) as refused:
        read(raw, JSON)
    assert refused.value.detail == complaint
    assert read(b'{"a": ' + b"9" * 4300 + b"}", JSON)


@pytest.mark.parametrize("kinds", ["{", "{[", "{{["])
def test_depth_is_counted_in_lists_and_objects_alike(kinds: str) -> None:
    """Neither kind of nesting is free: 32 levels of either are read, 33 are not."""

    def nested(levels: int) -> bytes:
        value: Any = 1
        for level in range(levels - 1, -1, -1):
            value = {"a": value} if kinds[level % len(kinds)] == "{" else [value]
        return json.dumps(value).encode()

    assert read(nested(MOST_DEPTH), JSON)
    with pytest.raises(InvalidRequest, match="deeper than 32"):
        read(nested(MOST_DEPTH + 1), JSON)


def test_the_deepest_that_is_allowed_is_allowed() -> None:
    """The limit refuses one level more, not one less."""
    depth = MOST_DEPTH - 1
    assert read(b'{"a": ' + b"[" * depth + b"]" * depth + b"}", JSON)


def test_the_size_has_a_limit() -> None:
    """256 KB are read, one byte more is not."""
    frame = len(b'{"a": ""}')
    assert read(b'{"a": "' + b"x" * (MOST_BYTES - frame) + b'"}', JSON)
    with pytest.raises(BodyTooLarge):
        read(b'{"a": "' + b"x" * (MOST_BYTES - frame + 1) + b'"}', JSON)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
        ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
        ('{"a":"b"}', '{"a":null}', "{}"),
        ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
        ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
        ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
        ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
        ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
        ('["a","b"]', '["c","d"]', '["c","d"]'),
        ('{"a":"b"}', '["c"]', '["c"]'),
        ('{"a":"foo"}', "null", "null"),
        ('{"a":"foo"}', '"bar"', '"bar"'),
        ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
        ("[1,2]", '{"a":"b","c":null}', '{"a":"b"}'),
        ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
    ],
)
def test_the_merge_patch_is_that_of_the_rfc(
    target: str, patch: str, result: str
) -> None:
    """Every example of RFC 7396, appendix A."""
    assert merge(json.loads(target), json.loads(patch)) == json.loads(result)
