"""Untrusted values in, trusted values out."""

from typing import Any

import pytest

from chalicelib.model import fields, parsers
from chalicelib.model.errors import InvalidFields, InvalidRequest
from chalicelib.model.ids import new_id, parse_id, parse_reference
from chalicelib.model.words import DEFAULT_STATUSES, Workspace
from tests.conftest import NOW

WORKSPACE = Workspace(
    "ws_1", "eagle", "Eagle", DEFAULT_STATUSES, "DE", False, 1, "", ""
)
CONTACT = fields.contact(WORKSPACE, parsers.optional(parsers.user_id))

# Embeddings, overrides and isolates: what turns the direction of what follows.
BIDIRECTIONAL = [*map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])]

GOOD: list[tuple[str, Any, Any]] = [
    ("name", "  Zoë  ", "Zoë"),
    ("name", "e\u0301", "é"),
    ("name", "x" * 100, "x" * 100),
    ("name", "<img onerror=alert(1)>", "<img onerror=alert(1)>"),
    ("name", None, None),
    ("phone", "0151 123-45678", "+4915112345678"),
    ("phone", "+1 (202) 555-0123", "+12025550123"),
    ("phone", "tel:+44-7400-123456", "+447400123456"),
    ("email", " A+b@Sub.Example.org ", "A+b@Sub.Example.org"),
    ("lead_status", "qualified", "qualified"),
    ("lead_status", None, "new"),
    ("lead_score", 0, 0),
    ("lead_score", 100, 100),
    ("lead_score", None, 0),
    ("lead_score", 18.0, 18),
    ("tags", [], ()),
    ("tags", ["a", " b "], ("a", "b")),
    ("tags", [str(n) for n in range(20)], tuple(str(n) for n in range(20))),
    ("source", "x" * 50, "x" * 50),
    ("assigned_to", "auth0|1", "auth0|1"),
    ("metadata", {"a": [1]}, {"a": [1]}),
    ("metadata", {"a": "x" * 16_376}, {"a": "x" * 16_376}),
    ("metadata", None, None),
    ("name", "ﬁx ② ｘ", "ﬁx ② ｘ"),
    ("name", "علی\u200cرضا 👩\u200d👧", "علی\u200cرضا 👩\u200d👧"),
]
BAD: list[tuple[str, Any, str]] = [
    ("name", "", "wrong_length"),
    ("name", "   ", "wrong_length"),
    ("name", "x" * 101, "wrong_length"),
    ("name", 1, "wrong_type"),
    ("name", ["x"], "wrong_type"),
    ("name", "a\x00b", "control_character"),
    ("name", "a\nb", "control_character"),
    ("name", "\u200b", "invisible"),
    ("name", "\u202egnp.exe", "control_character"),
    *(("name", f"a{sign}b", "control_character") for sign in BIDIRECTIONAL),
    ("phone", "12345", "invalid_phone"),
    ("phone", "", "invalid_phone"),
    ("phone", "not a phone", "invalid_phone"),
    ("phone", "+1 000 000 0000", "invalid_phone"),
    ("phone", "030 123456 ext. 5", "invalid_phone"),
    ("phone", 4915112345678, "wrong_type"),
    ("phone", "+" + "9" * 400, "invalid_phone"),
    ("email", "", "wrong_length"),
    ("email", "nobody", "invalid_email"),
    ("email", "a@b", "invalid_email"),
    ("email", "a b@example.org", "invalid_email"),
    ("email", "a@example..org", "invalid_email"),
    ("email", "a@-x.org", "invalid_email"),
    ("email", "a@b.org\nc@d.org", "control_character"),
    ("email", "x@" + "y" * 60 + "." + "z" * 200 + ".org", "wrong_length"),
    # ASCII only: so lower() is all that comparing two of them takes.
    ("email", "straße@example.org", "invalid_email"),
    ("email", "ada@müller.example", "invalid_email"),
    ("email", False, "wrong_type"),
    ("lead_status", "nope", "unknown_value"),
    ("lead_status", ["new"], "unknown_value"),
    ("lead_status", "New", "unknown_value"),
    ("lead_score", -1, "out_of_range"),
    ("lead_score", 101, "out_of_range"),
    ("lead_score", 10**400, "out_of_range"),
    ("lead_score", 1.5, "wrong_type"),
    ("lead_score", "50", "wrong_type"),
    ("lead_score", True, "wrong_type"),
    ("tags", "vip", "wrong_type"),
    ("tags", [str(n) for n in range(21)], "wrong_type"),
    ("tags", ["a", "a"], "duplicate"),
    ("tags", ["x" * 51], "wrong_length"),
    ("tags", [None], "wrong_type"),
    ("source", "x" * 51, "wrong_length"),
    ("assigned_to", "", "invalid_user_id"),
    ("assigned_to", "console", "invalid_user_id"),
    ("assigned_to", "..", "invalid_user_id"),
    ("assigned_to", "😀" * 64, "invalid_user_id"),
    ("metadata", [], "wrong_type"),
    ("metadata", {"a": "x" * 16_377}, "too_large"),
    ("metadata", {"é" * 8_192: 1}, "too_large"),
    ("id", "con_1", "read_only"),
    ("version", 7, "read_only"),
    ("note_count", 0, "read_only"),
    ("_id", "x", "unknown_field"),
    ("", "x", "unknown_field"),
]


@pytest.mark.parametrize(("field", "value", "kept"), GOOD)
def test_a_good_value_is_kept_in_its_one_spelling(
    field: str, value: Any, kept: Any
) -> None:
    """Trimmed, in E.164, in NFC: stored as it will be compared."""
    assert fields.parse({field: value}, CONTACT) == {field: kept}


@pytest.mark.parametrize(("field", "value", "code"), BAD)
def test_a_bad_value_is_refused_by_name(field: str, value: Any, code: str) -> None:
    """The field, a code for programs and a sentence that begins with the field."""
    with pytest.raises(InvalidFields) as refused:
        fields.parse({field: value}, CONTACT)
    (error,) = refused.value.errors
    assert (error.field, error.code) == (field, code)
    assert error.message.startswith(f"{field} ")


def test_every_bad_field_is_named_at_once() -> None:
    """Nobody has to send a form five times to learn of five mistakes."""
    body = {field: value for field, value, _ in BAD}
    with pytest.raises(InvalidFields) as refused:
        fields.parse(body, CONTACT | {"extra": parsers.slug}, "extra")
    assert {error.field for error in refused.value.errors} == {*body, "extra"}


def test_twenty_bad_fields_are_named_and_the_others_counted() -> None:
    """A body of unknown names is not answered by a longer one."""
    body = {f"unknown{number}": 1 for number in range(50_000)}
    with pytest.raises(InvalidFields) as refused:
        fields.parse(body, CONTACT)
    told = refused.value
    assert [error.field for error in told.errors] == list(body)[:20]
    assert told.extra == {"more": 49_980}
    assert told.detail.endswith("unknown19 is not a field here. And 49980 more.")
    with pytest.raises(InvalidRequest) as asked:
        fields.parse_query(dict.fromkeys(body, "x"), {})
    assert asked.value.errors == told.errors
    assert (asked.value.extra, asked.value.detail) == (told.extra, told.detail)


def test_twenty_bad_fields_are_all_there_are() -> None:
    """Nothing is counted beyond when nothing is beyond."""
    with pytest.raises(InvalidFields) as refused:
        fields.parse({str(number): 1 for number in range(20)}, CONTACT)
    assert (len(refused.value.errors), refused.value.extra) == (20, {})
    assert "more" not in refused.value.detail


def test_a_name_as_long_as_a_body_is_shortened() -> None:
    """The refusal of one field is never longer than a few lines."""
    with pytest.raises(InvalidFields) as refused:
        fields.parse({"x" * 200_000: 1, "y" * 100: 1}, CONTACT)
    long, whole = refused.value.errors
    assert long.field == "x" * 100 + "…"
    assert long.message == f"{long.field} is not a field here."
    assert whole.field == "y" * 100
    assert len(refused.value.detail) < 400


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([], "wrong_type"),
        ("new", "wrong_type"),
        ([{"key": "new"}], "wrong_type"),
        ([{"key": "a", "label": "A", "color": "#000000"}], "required"),
        ([{"key": "new", "label": "A", "color": "red"}], "invalid_color"),
        ([{"key": "New!", "label": "A", "color": "#000000"}], "invalid_key"),
        ([{"key": "new", "label": "", "color": "#000000"}], "wrong_length"),
        ([{"key": "new", "label": "A", "color": "#000000"}] * 2, "duplicate"),
        ([{"key": "new", "label": "A", "color": "#000000"}] * 21, "wrong_type"),
        (
            [
                {"key": f"s{n}", "label": "😀" * 40, "color": "#000000"}
                for n in range(20)
            ],
            "too_large",
        ),
    ],
)
def test_bad_statuses_are_refused(value: Any, code: str) -> None:
    """A workspace always keeps statuses that contacts can have."""
    with pytest.raises(InvalidFields) as refused:
        fields.patch({"lead_statuses": value}, fields.settings())
    assert refused.value.errors[0].code == code


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "undefined",
        "null",
        "NaN",
        "[object Object]",
        "con_",
        "con_undefined",
        "con_01J",
        "ws_01M81GA6JXDVEZVQVXVS4VQKSW",
        "CON_01M81GA6JXDVEZVQVXVS4VQKSW",
        "con_01m81ga6jxdvezvqvxvs4vqksw",
        "con_81M81GA6JXDVEZVQVXVS4VQKSW",
        "con_01M81GA6JXDVEZVQVXVS4VQKSI",
        "con_01M81GA6JXDVEZVQVXVS4VQKSW ",
        "con_01M81GA6JXDVEZVQVXVS4VQKSW\n",
        42,
        ["con_01M81GA6JXDVEZVQVXVS4VQKSW"],
    ],
)
def test_what_is_no_id_never_gets_further(text: Any) -> None:
    """The identity contract: missing, empty, undefined, null, of another kind."""
    with pytest.raises(InvalidRequest) as refused:
        parse_id("con", text)
    assert refused.value.errors[0].field == "contact_id"


def test_ids_carry_their_kind_and_sort_by_time() -> None:
    """Newest first is the order of the ids; no two are the same."""
    made = [new_id("con", NOW) for _ in range(1000)]
    assert len(set(made)) == len(made)
    assert all(parse_id("con", one) == one for one in made)
    assert new_id("con", NOW.replace(year=2027)) > max(made)


@pytest.mark.parametrize(
    "text", ["ab", "-abc", "abc-", "Abc", "a_b_c", "a" * 41, "ws_1"]
)
def test_what_is_neither_id_nor_slug_names_no_workspace(text: str) -> None:
    """A slug never looks like an id, so a reference has one meaning."""
    with pytest.raises(InvalidRequest):
        parse_reference(text)
