"""The verbs of a contact, on both engines."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.base import budget
from chalicelib.jobs import purge
from chalicelib.model.errors import (
    Busy,
    ContactNotFound,
    EmailTaken,
    Forbidden,
    InvalidFields,
    InvalidRequest,
    PhoneTaken,
    Refusal,
    StatusChanged,
    VersionMismatch,
)
from chalicelib.model.ids import new_id
from chalicelib.model.words import Contact, Member
from chalicelib.storage import keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, members, workspaces
from tests.conftest import NOW, add, delete, everything, found
from tests.faults import Overtaken, through

LATER = NOW + timedelta(hours=1)
FULL = {
    "name": " Ada  Lovelace ",
    "phone": "+44 7400 123456",
    "email": "Ada@Example.org",
    "lead_status": "active",
    "lead_score": 7,
    "tags": ["vip", "family"],
    "assigned_to": "amy",
    "source": "whatsapp",
    "metadata": {"age": 36, "pi": 3.14, "deep": {"list": [1, None, "x"]}},
}


def change(table: Table, member: Member, contact_id: str, **body: Any) -> Contact:
    return contacts.change(table, member, contact_id, body=body, now=LATER)


def test_what_was_created_is_what_is_read(table: Table, eagle: Member) -> None:
    """A contact comes back as it was stored, in every field."""
    made = contacts.create(table, eagle, FULL, now=NOW)
    assert contacts.get(table, eagle, made.id) == made
    assert made == Contact(
        id=made.id,
        workspace_id=eagle.workspace.id,
        name="Ada  Lovelace",
        phone="+447400123456",
        email="Ada@Example.org",
        lead_status="active",
        lead_score=7,
        tags=("vip", "family"),
        assigned_to="amy",
        source="whatsapp",
        metadata={"age": 36, "pi": 3.14, "deep": {"list": [1, None, "x"]}},
        note_count=0,
        conversation_count=0,
        message_count=0,
        last_activity_at=None,
        version=1,
        created_at="2026-01-02T03:04:05.678Z",
        updated_at="2026-01-02T03:04:05.678Z",
        updated_by="amy",
    )


def test_a_change_touches_the_fields_it_names_and_no_other(
    table: Table, eagle: Member
) -> None:
    """A merge patch changes what it names, clears what is null, keeps the rest."""
    made = contacts.create(table, eagle, FULL, now=NOW)
    changed = change(
        table, eagle, made.id, name="Countess", tags=None, source=None, lead_score=100
    )
    expected = {
        **{name: getattr(made, name) for name in Contact.__slots__},
        "name": "Countess",
        "tags": (),
        "source": None,
        "lead_score": 100,
        "version": 2,
        "updated_at": "2026-01-02T04:04:05.678Z",
    }
    assert changed == Contact(**expected)
    assert contacts.get(table, eagle, made.id) == changed


def test_one_change_writes_one_item(table: Table, eagle: Member) -> None:
    """One row means one row: of the whole table exactly one item differs, and one row
    of its history is new."""
    ids = [add(table, eagle, lead_status="active").id for _ in range(5)]
    add(table, eagle, lead_status="archived")
    before = everything(table)
    contacts.set_status(
        table, eagle, ids[2], body={"lead_status": "qualified"}, now=LATER
    )
    after = everything(table)
    changed = keys.contact(eagle, ids[2])
    assert after.keys() - before.keys() == {keys.event(eagle, ids[2], 2)}
    assert [key for key in before if after[key] != before[key]] == [changed]


def test_metadata_is_merged_in_depth(table: Table, eagle: Member) -> None:
    """RFC 7396 goes down into objects: null removes a member, the rest stays."""
    made = contacts.create(table, eagle, FULL, now=NOW)
    changed = change(
        table, eagle, made.id, metadata={"age": None, "deep": {"more": 1}, "new": [2]}
    )
    assert changed.metadata == {
        "pi": 3.14,
        "deep": {"list": [1, None, "x"], "more": 1},
        "new": [2],
    }
    assert change(table, eagle, made.id, metadata={}).metadata == changed.metadata
    assert change(table, eagle, made.id, metadata=None).metadata == {}


def test_merged_metadata_stays_below_16_kb(table: Table, eagle: Member) -> None:
    """The limit holds for what would be stored, not only for what is sent."""
    made = add(table, eagle, metadata={"a": "x" * 10_000})
    with pytest.raises(InvalidFields, match="metadata must be at most 16 KB"):
        change(table, eagle, made.id, metadata={"b": "x" * 10_000})
    assert contacts.get(table, eagle, made.id) == made


def test_metadata_that_changes_at_many_hands_is_not_lost(
    real_table: Table,
) -> None:
    """Without If-Match each patch is merged into what is there, however many come; one
    that is told to try again has changed nothing."""
    amy = found(real_table, "eagle", "amy")
    made = add(real_table, amy)

    def patch(number: int) -> Contact:
        body = {"metadata": {f"key {number}": number}}
        while True:
            with suppress(Busy):
                return contacts.change(real_table, amy, made.id, body=body, now=LATER)

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(patch, range(60)))
    stored = contacts.get(real_table, amy, made.id)
    assert stored.metadata == {f"key {number}": number for number in range(60)}
    assert stored.version == 61


def test_a_patch_that_is_overtaken_again_and_again_keeps_trying(
    real_table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty times somebody else is faster: it is merged into what they have left."""
    monkeypatch.setattr(budget, "WAIT_SECONDS", 0)
    amy = found(real_table, "eagle", "amy")
    made = add(real_table, amy)
    numbers = itertools.count()

    def another() -> None:
        body = {"metadata": {f"key {next(numbers)}": 1}}
        contacts.change(real_table, amy, made.id, body=body, now=LATER)

    unlucky = through(real_table, Overtaken(real_table._client, 30, another))
    body = {"metadata": {"mine": 1}}
    told = contacts.change(unlucky, amy, made.id, body=body, now=LATER)
    theirs = {f"key {number}": 1 for number in range(30)}
    assert told.metadata == theirs | {"mine": 1}
    assert told == contacts.get(real_table, amy, made.id)


@pytest.mark.parametrize(
    ("field", "spellings", "refusal"),
    [
        ("phone", ("+44 7400 123456", "+447400123456"), PhoneTaken),
        ("email", ("Ada@Example.org", "ada@example.ORG"), EmailTaken),
    ],
)
class TestUnique:
    def test_the_second_is_refused_and_told_whose_it_is(
        self,
        table: Table,
        eagle: Member,
        field: str,
        spellings: tuple[str, str],
        refusal: type[Refusal],
    ) -> None:
        """Within a workspace a phone and an e-mail belong to one contact."""
        first = add(table, eagle, **{field: spellings[0]})
        other = add(table, eagle)
        before = everything(table)
        with pytest.raises(refusal) as create:
            add(table, eagle, **{field: spellings[1]})
        with pytest.raises(refusal) as update:
            change(table, eagle, other.id, **{field: spellings[1]})
        assert create.value.extra == update.value.extra == {"contact_id": first.id}
        assert everything(table) == before

    def test_another_workspace_may_have_the_same(
        self,
        table: Table,
        eagle: Member,
        harbor: Member,
        field: str,
        spellings: tuple[str, str],
        refusal: type[Refusal],
    ) -> None:
        """Uniqueness ends at the workspace: a refusal would tell what others have."""
        add(table, eagle, **{field: spellings[0]})
        assert add(table, harbor, **{field: spellings[1]})

    def test_a_change_frees_the_old_one_and_claims_the_new(
        self,
        table: Table,
        eagle: Member,
        field: str,
        spellings: tuple[str, str],
        refusal: type[Refusal],
    ) -> None:
        """The old one can be used again at once; the new one is taken."""
        new = {"phone": "+447400654321", "email": "new@example.org"}[field]
        first = add(table, eagle, **{field: spellings[0]})
        changed = change(table, eagle, first.id, **{field: new})
        assert getattr(changed, field) == new
        assert contacts.get(table, eagle, first.id) == changed
        second = add(table, eagle, **{field: spellings[1]})
        with pytest.raises(refusal):
            change(table, eagle, second.id, **{field: new})
        change(table, eagle, first.id, **{field: None})
        assert getattr(change(table, eagle, second.id, **{field: new}), field) == new

    def test_the_same_one_again_is_no_conflict(
        self,
        table: Table,
        eagle: Member,
        field: str,
        spellings: tuple[str, str],
        refusal: type[Refusal],
    ) -> None:
        """A contact does not compete with itself, in whatever spelling."""
        first = add(table, eagle, **{field: spellings[0]})
        same = change(table, eagle, first.id, **{field: spellings[1]})
        assert same.version == (1 if field == "phone" else 2)


def test_a_contact_keeps_a_name_a_phone_or_an_email(
    table: Table, eagle: Member
) -> None:
    """Somebody nobody can name or reach is no contact; the field is named."""
    with pytest.raises(InvalidFields) as refused:
        contacts.create(table, eagle, {"lead_score": 101}, now=NOW)
    assert [error.field for error in refused.value.errors] == ["lead_score", "name"]
    for body in ({"name": None}, {"name": None, "phone": None}, {"email": None}):
        with pytest.raises(InvalidFields, match="name, a phone or an e-mail"):
            contacts.create(table, eagle, body, now=NOW)
    only_name = add(table, eagle)
    with pytest.raises(InvalidFields, match="name, a phone or an e-mail"):
        change(table, eagle, only_name.id, name=None)
    both = add(table, eagle, phone="+447400123456")
    assert change(table, eagle, both.id, name=None).name is None
    with pytest.raises(InvalidFields, match="name, a phone or an e-mail"):
        change(table, eagle, both.id, phone=None)
    assert contacts.get(table, eagle, both.id).phone == "+447400123456"


def test_only_a_member_can_be_assigned(table: Table, eagle: Member) -> None:
    """An assignee is a member here; every other bad field is named along with it."""
    with pytest.raises(InvalidFields) as refused:
        add(table, eagle, assigned_to="zed", lead_score=-1)
    assert [error[:2] for error in refused.value.errors] == [
        ("assigned_to", "unknown_member"),
        ("lead_score", "out_of_range"),
    ]


class TestVersions:
    def test_a_stale_change_is_refused_with_what_is_current(
        self, table: Table, eagle: Member
    ) -> None:
        """412 carries the contact as it is now; nothing is written."""
        made = add(table, eagle)
        current = change(table, eagle, made.id, name="Bea")
        for body in ({"name": "X"}, {"phone": "+447400123456"}, {"metadata": {}}):
            with pytest.raises(VersionMismatch) as refused:
                contacts.change(
                    table, eagle, made.id, body=body, now=LATER, versions=(1,)
                )
            assert refused.value.extra == {"current": current}
        assert contacts.get(table, eagle, made.id) == current

    def test_a_fresh_change_goes_through(self, table: Table, eagle: Member) -> None:
        """Any of several versions will do; none at all never does."""
        made = add(table, eagle)
        contacts.change(
            table, eagle, made.id, body={"name": "B"}, now=LATER, versions=(9, 1)
        )
        with pytest.raises(VersionMismatch):
            contacts.change(
                table, eagle, made.id, body={"name": "C"}, now=LATER, versions=()
            )

    def test_a_delete_and_a_status_ask_for_the_version_too(
        self, table: Table, eagle: Member
    ) -> None:
        """If-Match counts on every write of a contact."""
        made = add(table, eagle)
        with pytest.raises(VersionMismatch):
            delete(table, eagle, made.id, versions=(2,))
        with pytest.raises(VersionMismatch):
            contacts.set_status(
                table,
                eagle,
                made.id,
                body={"lead_status": "lost"},
                now=LATER,
                versions=(2,),
            )
        assert contacts.get(table, eagle, made.id) == made


def test_a_status_changes_only_from_what_it_was(table: Table, eagle: Member) -> None:
    """`from` that is no longer true is a conflict that shows the current contact."""
    made = add(table, eagle)
    body = {"lead_status": "lost", "from": "active"}
    with pytest.raises(StatusChanged) as refused:
        contacts.set_status(table, eagle, made.id, body=body, now=LATER)
    assert refused.value.extra == {"current": made}
    body["from"] = "new"
    changed = contacts.set_status(table, eagle, made.id, body=body, now=LATER)
    assert (changed.lead_status, changed.version) == ("lost", 2)


def test_a_missing_contact_is_not_found_by_any_verb(
    table: Table, eagle: Member, harbor: Member
) -> None:
    """Missing, of another workspace, or deleted: the same refusal, nothing written."""
    foreign = add(table, harbor).id
    gone = add(table, eagle).id
    delete(table, eagle, gone)
    before = everything(table)
    for contact_id in (foreign, gone, new_id("con", NOW)):
        for attempt in (
            lambda it: contacts.get(table, eagle, it),
            lambda it: change(table, eagle, it, name="X"),
            lambda it: change(table, eagle, it, phone="+447400123456"),
            lambda it: change(table, eagle, it, metadata={"a": 1}),
            lambda it: contacts.set_status(
                table, eagle, it, body={"lead_status": "lost"}, now=LATER
            ),
            lambda it: delete(table, eagle, it),
        ):
            with pytest.raises(ContactNotFound) as refused:
                attempt(contact_id)
            assert str(refused.value) == (
                "contact_not_found: There is no such contact in this workspace."
            )
    assert everything(table) == before


def test_an_empty_patch_asks_for_nothing(table: Table, eagle: Member) -> None:
    """An empty patch is refused instead of counted as a change."""
    with pytest.raises(InvalidRequest, match="empty"):
        change(table, eagle, add(table, eagle).id)


def test_a_viewer_reads_and_writes_nothing(table: Table, eagle: Member) -> None:
    """Roles hold in the verbs, so that no door can forget them."""
    made = add(table, eagle)
    members.add(table, eagle, {"user_id": "vic", "role": "viewer"}, now=NOW)
    viewer = access.enter(table, "eagle", "vic")
    assert contacts.get(table, viewer, made.id) == made
    for attempt in (
        lambda: contacts.create(table, viewer, {"name": "X"}, now=NOW),
        lambda: change(table, viewer, made.id, name="X"),
        lambda: contacts.set_status(
            table, viewer, made.id, body={"lead_status": "lost"}, now=NOW
        ),
        lambda: delete(table, viewer, made.id),
        lambda: workspaces.change(table, viewer, {"name": "X"}, now=NOW),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert contacts.get(table, eagle, made.id) == made


def test_the_receipt_tells_and_the_claims_are_free(table: Table, eagle: Member) -> None:
    """After a delete only the receipt is left, without personal data; the phone and the
    e-mail can be used again at once; asking again is 404."""
    before = everything(table)
    made = contacts.create(table, eagle, FULL, now=NOW)
    receipt = delete(table, eagle, made.id)
    left = {k: v for k, v in everything(table).items() if k not in before}
    assert list(left) == [(eagle.workspace.id, receipt.id)]
    assert purge.receipt(table, eagle, receipt.id, now=LATER) == receipt
    assert receipt.status == "done"
    assert receipt.deleted == {"conversations": 0, "messages": 0, "notes": 0}
    for secret in ("Ada", "447400123456", "example.org", "vip"):
        assert secret.lower() not in repr(left).lower()
    assert contacts.create(table, eagle, FULL, now=LATER).phone == "+447400123456"
    with pytest.raises(ContactNotFound):
        delete(table, eagle, made.id)
