"""The record of an Idempotency-Key: what it holds, what of it a purge takes along, and
that it is there exactly if there is the effect."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.model.errors import (
    ContactNotFound,
    WorkspaceNotFound,
)
from chalicelib.model.words import Contact, Member
from chalicelib.storage import keys
from chalicelib.storage.table import Table
from chalicelib.verbs import access, contacts, conversations, members, notes, search
from tests.conftest import NOW, add, everything, say
from tests.faults import Killed, Mortal, through
from tests.once_world import another, create, key, patch, remove
from tests.purge_world import mentions

PERSONAL = ("Ada", "Lovelace", "lov", "7400123456", "countess", "byron", "#find#")


def test_nothing_personal_outlives_the_contact(real_table: Table, amy: Member) -> None:
    """Keyed writes of every kind, then a purge: in the whole table stand the ids of
    the receipt and of the records, no name, phone or e-mail; a retry is told 404."""
    contact = create(real_table, amy, key())
    where = (real_table, amy, contact.id)
    patch(real_table, amy, contact, key("patch"), name="Ada King")
    body = {"content": "Ada called"}
    notes.add(*where, body=body, now=NOW, intent=key("note"))
    asked: dict[str, Any] = {"body": {"channel": "sms"}, "now": NOW}
    chat = conversations.start(*where, **asked, intent=key("chat"))
    said = {"direction": "inbound", "content": "Ada here"}
    say(*where, chat.id, said, intent=key("say"))
    remove(*where, key("delete"))
    assert mentions(real_table, contact.id, *PERSONAL) != []
    left = {place: repr(item) for place, item in everything(real_table).items()}
    for word in (*PERSONAL, "King"):
        assert [place for place, item in left.items() if word in item] == [], word
    for retry in (
        lambda: create(real_table, amy, key()),
        lambda: patch(real_table, amy, contact, key("patch"), name="Ada King"),
        lambda: notes.add(*where, body=body, now=NOW, intent=key("note")),
    ):
        with pytest.raises(ContactNotFound):
            retry()


def test_the_record_holds_ids_only(real_table: Table, amy: Member) -> None:
    """What was answered lies in the contact's partition."""
    contact = create(real_table, amy, key())
    record = real_table.get(keys.once(amy, key().digest))
    assert record == {
        "pk": f"{amy.workspace.id}#once#{key().digest}",
        "sk": "once",
        "fingerprint": key().fingerprint,
        "contact_id": contact.id,
        "expires_at": int((NOW + timedelta(hours=48)).timestamp()),
    }
    said = real_table.get(keys.said(amy, contact.id, key().digest))
    assert said
    assert "Ada" in said["answer"]
    assert said["expires_at"] == record["expires_at"]


def test_a_delete_is_answered_with_its_receipt(real_table: Table, amy: Member) -> None:
    """Asked for again with its key after the end; without it is 404."""
    contact = add(real_table, amy)
    done = remove(real_table, amy, contact.id, key())
    before = everything(real_table)
    assert remove(real_table, amy, contact.id, key()) == done
    assert everything(real_table) == before


def test_who_is_no_member_any_more_is_not_answered(
    real_table: Table, amy: Member
) -> None:
    """A key opens no door."""
    bob = another(real_table, amy, "bob")
    create(real_table, bob, key(who="bob"))
    members.close(real_table, amy, "bob", now=NOW)
    with pytest.raises(WorkspaceNotFound):
        access.let_in(real_table, "eagle", "bob", intent=key(who="bob"))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_who_dies_at_any_call_has_the_effect_once(
    real_table: Table, amy: Member, after: bool
) -> None:
    """The retry with the key ends what the dead one began, or is told of it."""

    def attempt(store: Table, number: int) -> Contact:
        body = {"name": f"Ada {number}"}
        asked: dict[str, Any] = {"now": NOW, "intent": key(f"k{number}")}
        return contacts.create(store, amy, body, **asked)

    retried = []
    for at in range(1, 4):
        with suppress(Killed):
            attempt(through(real_table, Mortal(real_table._client, at, after)), at)
        retried.append(attempt(real_table, at))
    found, _ = search.contacts(real_table, amy, search.Wanted(9))
    assert sorted(one.name or "" for one in found) == ["Ada 1", "Ada 2", "Ada 3"]
    assert {one.id for one in found} == {one.id for one in retried}
