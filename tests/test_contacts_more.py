"""What only one contact may have, and changes upon a version, on both engines."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.model.errors import (
    EmailTaken,
    PhoneTaken,
    Refusal,
    VersionMismatch,
)
from chalicelib.model.words import Contact, Member
from chalicelib.storage.table import Table
from chalicelib.verbs import contacts
from tests.conftest import NOW, add, delete, everything

LATER = NOW + timedelta(hours=1)


def change(table: Table, member: Member, contact_id: str, **body: Any) -> Contact:
    return contacts.change(table, member, contact_id, body=body, now=LATER)


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
