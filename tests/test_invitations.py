"""Invitations, on both engines: open once, for one e-mail, for a while."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.base.cost import metered
from chalicelib.model.errors import (
    Forbidden,
    InvalidFields,
    MemberExists,
    Refusal,
)
from chalicelib.model.people import Invitation, Membership, Person
from chalicelib.model.people_errors import (
    EmailDiffers,
    EmailNotVerified,
    InvitationExists,
    InvitationExpired,
    InvitationNotFound,
    InvitationUsed,
    InvitationVoid,
    InvitationWithdrawn,
    TooManyInvitations,
)
from chalicelib.model.words import Member
from chalicelib.storage import entry, keys
from chalicelib.storage.table import Table
from chalicelib.verbs import (
    access,
    contacts,
    invitations,
    joining,
    members,
    people,
    workspaces,
)
from tests.conftest import NOW, everything, found, while_another
from tests.once_world import key
from tests.people_world import person

BOB = "bob@example.org"
LATER = NOW + timedelta(days=14)  # it is over
GONE = LATER + timedelta(days=31)  # and nobody is told of it


def invite(
    table: Table,
    by: Member,
    email: str = BOB,
    role: str = "member",
    now: datetime = NOW,
) -> Invitation:
    body = {"email": email, "role": role}
    return invitations.create(table, by, body, now=now)


def guest(
    table: Table, home: Member, one: str, user_id: str = "bob", now: datetime = NOW
) -> tuple[Member, Table]:
    where = home.workspace.slug
    return access.let_in_invited(table, where, one, user_id, now=now)


def accept(
    table: Table,
    home: Member,
    one: str,
    who: Person | None = None,
    now: datetime = NOW,
) -> Membership:
    told = who or person("bob")
    member, bound = guest(table, home, one, told.user_id, now)
    return joining.accept(bound, member, one, lambda: told, now=now)


def decline(table: Table, home: Member, one: str, now: datetime = NOW) -> None:
    member, bound = guest(table, home, one, now=now)
    joining.decline(bound, member, one, lambda: person("bob"), now=now)


def listed(table: Table, by: Member, now: datetime = NOW) -> list[str]:
    shown, _ = invitations.page(table, by, now=now, limit=100, cursor=None)
    return [one.email for one in shown]


def test_an_accepted_invitation_opens_both_doors(table: Table, eagle: Member) -> None:
    """The role that was asked, by id and by slug, with the name that the ID token
    has, and nothing is left of the claim."""
    one = invite(table, eagle, "Bob@Example.ORG", "admin")
    made = accept(table, eagle, one.id, person("bob", email="BOB@example.org"))
    assert (made.role, made.name, made.email) == ("admin", "Bob", "BOB@example.org")
    for reference in ("eagle", eagle.workspace.id):
        with metered() as cost:
            assert access.enter(table, reference, "bob").role == "admin"
        assert cost.calls == 1  # he has come in already: no name is written
    shown, _ = members.page(table, eagle, limit=9, cursor=None)
    assert made in shown
    assert table.get(entry.invite(eagle.workspace.id, BOB)) is None
    assert listed(table, eagle) == []


def test_a_guest_may_nothing(table: Table, eagle: Member) -> None:
    """He is no member: by his Member every other verb refuses him."""
    one = invite(table, eagle)
    member, bound = guest(table, eagle, one.id)
    attempts: list[Any] = [
        lambda: members.page(bound, member, limit=9, cursor=None),
        lambda: invite(bound, member, "eve@example.org"),
        lambda: invitations.withdraw(bound, member, one.id, now=NOW),
        lambda: contacts.create(bound, member, {"name": "X"}, now=NOW),
        lambda: workspaces.change(bound, member, {"name": "X"}, now=NOW),
    ]
    for permission in access.LEAST_ROLE:
        attempts.append(lambda p=permission: access.allow(member, p))
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_an_invitation_opens_its_own_workspace_only(
    table: Table, eagle: Member, harbor: Member
) -> None:
    """By another's id or slug there is none, as there is none that is made up."""
    one = invite(table, eagle)
    for reference in ("harbor", harbor.workspace.id, "nowhere", "ws_" + "0" * 26):
        with pytest.raises(InvitationNotFound):
            access.let_in_invited(table, reference, one.id, "bob", now=NOW)
    with pytest.raises(InvitationNotFound):
        guest(table, eagle, "inv_" + "0" * 26)


@pytest.mark.parametrize("by_id", [True, False])
def test_what_is_missing_costs_the_same(
    real_table: Table, amy: Member, by_id: bool
) -> None:
    """The workspace or the invitation: by calls and capacity nobody can tell."""
    invite(real_table, amy)
    none = "ws_" + "0" * 26 if by_id else "nowhere"
    there = amy.workspace.id if by_id else "eagle"
    costs = set()
    for reference in (none, there):
        with metered() as cost, pytest.raises(InvitationNotFound):
            access.let_in_invited(
                real_table, reference, "inv_" + "0" * 26, "zed", now=NOW
            )
        costs.add((cost.calls, cost.rcu, cost.wcu))
    assert len(costs) == 1


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ({"email_verified": False}, EmailNotVerified),
        ({"email": None}, EmailNotVerified),
        ({"email": "eve@example.org"}, EmailDiffers),
        ({"email": "bob@example.org.evil.org"}, EmailDiffers),
    ],
)
def test_only_the_verified_email_counts(
    table: Table, eagle: Member, who: dict[str, Any], refusal: type[Refusal]
) -> None:
    """Whoever has the link; and nothing changes."""
    one = invite(table, eagle)
    before = everything(table)
    with pytest.raises(refusal):
        accept(table, eagle, one.id, person("bob", **who))
    assert everything(table) == before


@pytest.mark.parametrize("sign", ["\u212a", "\uff4b", "к"])
def test_a_sign_that_looks_like_a_letter_is_none(
    table: Table, eagle: Member, sign: str
) -> None:
    """Kelvin's in small letters is a k: a provider may give that mailbox to another."""
    one = invite(table, eagle, "kim@example.org")
    told = person("bob", email=f"{sign}im@example.org")
    with pytest.raises(EmailDiffers):
        accept(table, eagle, one.id, told)
    assert people.waiting(table, told, now=NOW) == []


def test_it_is_open_for_two_weeks(table: Table, eagle: Member) -> None:
    """To the second; then it is told so, for a month; then there is none. The e-mail
    may be invited again in the very moment."""
    one = invite(table, eagle)
    assert one.expires_at == "2026-01-16T03:04:05.000Z"
    last = datetime.fromisoformat(one.expires_at) - timedelta(milliseconds=1)
    assert listed(table, eagle, last) == [BOB]
    with pytest.raises(InvitationExists):
        invite(table, eagle, now=last)
    assert listed(table, eagle, LATER) == []
    for act in (accept, decline):
        with pytest.raises(InvitationExpired):
            act(table, eagle, one.id, now=LATER)
    with pytest.raises(InvitationExpired):
        invitations.withdraw(table, eagle, one.id, now=LATER)
    again = invite(table, eagle, now=LATER)
    with pytest.raises(InvitationExpired):
        accept(table, eagle, one.id, now=LATER)
    assert accept(table, eagle, again.id, now=LATER).user_id == "bob"
    with pytest.raises(InvitationNotFound):
        accept(table, eagle, one.id, now=GONE)
    with pytest.raises(InvitationNotFound):
        invitations.withdraw(table, eagle, one.id, now=GONE)


def test_what_is_over_goes_a_month_later(table: Table, eagle: Member) -> None:
    """By the table's TTL: the invitation a month after its end, its claim at once."""
    one = invite(table, eagle)
    item = table.get(entry.invitation(eagle.workspace.id, one.id))
    claim = table.get(entry.invite(eagle.workspace.id, BOB))
    assert item is not None
    assert claim is not None
    end = datetime.fromisoformat(one.expires_at)
    assert claim["expires_at"] == int(end.timestamp())
    assert item["expires_at"] == int((end + timedelta(days=30)).timestamp())
    decline(table, eagle, one.id)
    item = table.get(entry.invitation(eagle.workspace.id, one.id))
    assert item is not None
    assert "gsi1pk" not in item
    assert item["expires_at"] == int((NOW + timedelta(days=30)).timestamp())


@pytest.mark.parametrize("how", ["accepted", "declined", "withdrawn"])
def test_it_ends_once(table: Table, eagle: Member, how: str) -> None:
    """Whatever comes after an end is told what it was, and changes nothing."""
    one = invite(table, eagle)
    if how == "accepted":
        accept(table, eagle, one.id)
    elif how == "declined":
        decline(table, eagle, one.id)
    else:
        invitations.withdraw(table, eagle, one.id, now=NOW)
    before = everything(table)
    told = InvitationWithdrawn if how == "withdrawn" else InvitationUsed
    for now in (NOW, LATER):
        for act in (
            lambda now=now: accept(table, eagle, one.id, now=now),
            lambda now=now: decline(table, eagle, one.id, now=now),
            lambda now=now: invitations.withdraw(table, eagle, one.id, now=now),
        ):
            with pytest.raises(told):
                act()
    assert everything(table) == before


def test_an_email_has_one_open_invitation(
    table: Table, eagle: Member, harbor: Member
) -> None:
    """In a workspace, however it is spelled; each workspace has its own."""
    one = invite(table, eagle)
    before = everything(table)
    with pytest.raises(InvitationExists) as refused:
        invite(table, eagle, BOB.upper(), "viewer")
    assert refused.value.extra == {"invitation_id": one.id}
    assert everything(table) == before
    invite(table, harbor)
    assert listed(table, harbor) == [BOB]


def test_a_members_email_is_not_invited(table: Table, eagle: Member) -> None:
    """However it is spelled; once he has left it may be."""
    accept(table, eagle, invite(table, eagle).id, person("bob", email=BOB.title()))
    for spelled in (BOB, BOB.upper()):
        with pytest.raises(MemberExists):
            invite(table, eagle, spelled)
    members.close(table, eagle, "bob", now=NOW)
    assert accept(table, eagle, invite(table, eagle).id).user_id == "bob"


def test_a_hundred_are_open_at_most(table: Table, eagle: Member) -> None:
    """One that ends makes room, and so does one that is over."""
    made = [invite(table, eagle, f"u{n}@example.org") for n in range(100)]
    with pytest.raises(TooManyInvitations):
        invite(table, eagle)
    with pytest.raises(InvitationExists):  # told before that there are too many
        invite(table, eagle, "u7@example.org")
    invitations.withdraw(table, eagle, made[0].id, now=NOW)
    invite(table, eagle)
    with pytest.raises(TooManyInvitations):
        invite(table, eagle, "last@example.org")
    assert len(listed(table, eagle)) == 100
    invite(table, eagle, "last@example.org", now=LATER)
    assert listed(table, eagle, LATER) == ["last@example.org"]


def test_all_that_is_open_is_listed_past_what_is_over(
    table: Table, eagle: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once, in pages that cost a fixed bound, however much lies between."""
    monkeypatch.setattr(invitations, "A_LOOK", 2)
    monkeypatch.setattr(invitations, "MOST_LOOKS", 2)
    for number in range(12):
        one = invite(table, eagle, f"u{number:02}@example.org")
        if number not in (0, 6, 11):
            invitations.withdraw(table, eagle, one.id, now=NOW)
    seen: list[str] = []
    cursor = None
    for _ in range(9):
        with metered() as cost:
            shown, cursor = invitations.page(
                table, eagle, now=NOW, limit=1, cursor=cursor
            )
        assert cost.calls <= 2
        seen += [one.email[:3] for one in shown]
        if cursor is None:
            break
    assert sorted(seen) == ["u00", "u06", "u11"]


@pytest.mark.parametrize("role", ["viewer", "member", "admin", "owner"])
def test_the_inviters_role_is_looked_at_when_it_counts(
    table: Table, eagle: Member, role: str
) -> None:
    """In the transaction: what he may grant when somebody accepts, not when he
    asked."""
    members.add(table, eagle, {"user_id": "ann", "role": "owner"}, now=NOW)
    ann = access.enter(table, "eagle", "ann")
    one = invite(table, ann, role=role)
    for now_is in ("viewer", "member", "admin"):
        members.change_role(table, eagle, "ann", body={"role": now_is}, now=NOW)
        before = everything(table)
        if now_is == "admin" and role != "owner":
            continue
        with pytest.raises(InvitationVoid):
            accept(table, eagle, one.id)
        assert everything(table) == before
    if role == "owner":
        members.change_role(table, eagle, "ann", body={"role": "owner"}, now=NOW)
    assert accept(table, eagle, one.id).role == role


def test_a_role_that_falls_in_the_last_moment_grants_nothing(
    table: Table, eagle: Member
) -> None:
    """Between what was read and what is written."""
    members.add(table, eagle, {"user_id": "ann", "role": "admin"}, now=NOW)
    one = invite(table, access.enter(table, "eagle", "ann"))
    slow = while_another(
        table,
        "transact_write_items",
        lambda: members.close(table, eagle, "ann", now=NOW),
    )
    with pytest.raises(InvitationVoid):
        accept(slow, eagle, one.id)
    slow = while_another(
        table,
        "transact_write_items",
        lambda: invitations.withdraw(table, eagle, one.id, now=NOW),
    )
    with pytest.raises(InvitationWithdrawn):
        accept(slow, eagle, one.id)


def test_an_owner_by_invitation_is_counted(table: Table, eagle: Member) -> None:
    """So that the last one cannot leave, and the others can."""
    accept(table, eagle, invite(table, eagle, role="owner").id)
    members.close(table, eagle, "amy", now=NOW)
    workspace = table.get(keys.workspace(eagle.workspace.id))
    assert workspace is not None
    assert workspace["owner_count"] == 1


def test_who_invites_himself_gains_nothing(table: Table, eagle: Member) -> None:
    """A member is one already; and who has left is not let in by his own word."""
    members.add(table, eagle, {"user_id": "ann", "role": "admin"}, now=NOW)
    ann, who = access.enter(table, "eagle", "ann"), person("ann")
    one = invite(table, ann, "ann@example.org", "admin")
    with pytest.raises(MemberExists):
        accept(table, eagle, one.id, who)
    members.close(table, eagle, "ann", now=NOW)
    with pytest.raises(InvitationVoid):
        accept(table, eagle, one.id, who)
    invitations.withdraw(table, eagle, one.id, now=NOW)
    with pytest.raises(InvitationWithdrawn):
        accept(table, eagle, one.id, who)


def test_nobody_gives_a_role_above_his_own(table: Table, eagle: Member) -> None:
    """The refusal names the field; nothing is written."""
    members.add(table, eagle, {"user_id": "ann", "role": "admin"}, now=NOW)
    ann = access.enter(table, "eagle", "ann")
    before = everything(table)
    with pytest.raises(InvalidFields) as refused:
        invite(table, ann, role="owner")
    assert [error.field for error in refused.value.errors] == ["role"]
    assert everything(table) == before


def test_what_waits_for_somebody(table: Table, eagle: Member, harbor: Member) -> None:
    """Open ones to his verified e-mail, newest first, of all workspaces; neither what
    is over, nor what is another's, nor where he is already."""
    people.keep(table, lambda: person("amy", name="Amy Tan"))
    one = invite(table, eagle)
    other = invite(table, harbor, BOB.upper(), "viewer", now=NOW + timedelta(seconds=1))
    third = found(table, "third", "zed")
    members.add(table, third, {"user_id": "bob", "role": "viewer"}, now=NOW)
    invite(table, third)
    invite(table, eagle, "eve@example.org")

    def waiting(now: datetime = NOW, **claims: Any) -> list[str]:
        told = people.waiting(table, person("bob", **claims), now=now)
        return [invitation["id"] for invitation in told]

    assert waiting() == [other.id, one.id]
    assert waiting(email="BOB@example.org") == [other.id, one.id]
    assert waiting(email_verified=False) == waiting(email=None) == []
    assert waiting(LATER) == [other.id]
    (_, shown) = people.waiting(table, person("bob"), now=NOW)
    assert shown == {
        "id": one.id,
        "workspace": {"id": eagle.workspace.id, "name": "Eagle"},
        "role": "member",
        "invited_by": "amy",
        "invited_by_name": "Amy Tan",
        "expires_at": one.expires_at,
    }
    decline(table, eagle, one.id)
    invitations.withdraw(table, harbor, other.id, now=NOW)
    assert waiting() == []


def test_a_keyed_accept_is_one(table: Table, eagle: Member) -> None:
    """A retry is told of the first, with no new look at who he is; another's key is
    another's."""
    one = invite(table, eagle)
    asked = {"now": NOW, "intent": key(who="bob")}
    member, bound = guest(table, eagle, one.id)
    first = joining.accept(bound, member, one.id, lambda: person("bob"), **asked)
    again, bound = guest(table, eagle, one.id)

    def expired() -> Person:
        raise AssertionError

    before = everything(table)
    assert joining.accept(bound, again, one.id, expired, **asked) == first
    asked["intent"] = key(who="eve")
    with pytest.raises(InvitationUsed):
        joining.accept(bound, again, one.id, lambda: person("bob"), **asked)
    assert everything(table) == before
