"""THE place for keys: where things live. On what condition they may be written is
conditions.py's. Data only; nothing here calls anything.

    pk          sk               what                     gsi1pk             gsi1sk
    WS          con_...          contact                  WS#status#KEY      con_...
                                 being deleted          deleting           TIME#con_...
    WS          phone#+49...     claim > contact_id
    WS          email#a@b.c      claim > contact_id
    WS          del_...          a deletion's receipt
    WS#CON      note_...         what belongs to a contact: the whole partition goes
    WS#CON      conv_...           with it, whatever is in it
    WS#CON      msg#conv_...#msg_...
    WS#CON      ext#conv_...#EXTERNAL   claim > message_id: a message comes once
    WS          workspace        the workspace
    WS          member#USER      a member                 user#USER          WS
    slug#SLUG   workspace        the same two again, behind the workspace's other name:
    slug#SLUG   member#USER      either name opens with one call

WS is a workspace's id. A key is built from a Member, and only access.py makes one, so
no verb can reach into another workspace. The index holds keys only: it says where a
thing is, the table says what it is."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from chalicelib.model.words import Member, Workspace

INDEX = "gsi1"


class Key(NamedTuple):
    pk: str
    sk: str


@dataclass(frozen=True, slots=True)
class Range:
    """A run of items of one partition, of the table or of the index, by sort key."""

    pk: str
    prefix: str = ""
    indexed: bool = False


# --- workspaces, members


def door(reference: str) -> str:
    """The partition behind a workspace's id or slug."""
    return reference if reference.startswith("ws_") else f"slug#{reference}"


def doors(workspace: Workspace) -> tuple[str, str]:
    return door(workspace.id), door(workspace.slug)


def workspace(partition: str) -> Key:
    return Key(partition, "workspace")


def membership(partition: str, user_id: str) -> Key:
    return Key(partition, f"member#{user_id}")


def members(member: Member) -> Range:
    return Range(member.workspace.id, "member#")


def memberships_of(user_id: str) -> Range:
    return Range(f"user#{user_id}", indexed=True)


def listed_under_user(workspace_id: str, user_id: str) -> dict[str, str]:
    return {"gsi1pk": f"user#{user_id}", "gsi1sk": workspace_id}


# --- contacts


def contact(member: Member, contact_id: str) -> Key:
    return Key(member.workspace.id, contact_id)


def phone(member: Member, number: str) -> Key:
    return Key(member.workspace.id, f"phone#{number}")


def email(member: Member, address: str) -> Key:
    return Key(member.workspace.id, f"email#{address.lower()}")


def deletion(member: Member, deletion_id: str) -> Key:
    return Key(member.workspace.id, deletion_id)


def contacts(member: Member) -> Range:
    return Range(member.workspace.id, "con_")


def phones(member: Member) -> Range:
    return Range(member.workspace.id, "phone#")


def emails(member: Member) -> Range:
    return Range(member.workspace.id, "email#")


def contacts_with_status(member: Member, status: str) -> Range:
    return Range(f"{member.workspace.id}#status#{status}", indexed=True)


def listed_by_status(member: Member, status: str, contact_id: str) -> dict[str, str]:
    return {
        "gsi1pk": contacts_with_status(member, status).pk,
        "gsi1sk": contact_id,
    }


def contact_after(
    member: Member, contact_id: str, status: str | None = None
) -> dict[str, str]:
    """Behind a contact of the caller's own workspace: a foreign cursor cannot cross."""
    start = contact(member, contact_id)._asdict()
    return start | listed_by_status(member, status, contact_id) if status else start


def only(run: Range, sort_key: str) -> Range:
    return replace(run, prefix=sort_key)


DELETING = Range("deleting", indexed=True)


def listed_as_deleting(contact_id: str, since: str) -> dict[str, str]:
    return {"gsi1pk": DELETING.pk, "gsi1sk": f"{since}#{contact_id}"}


# --- what belongs to a contact


def children(member: Member, contact_id: str) -> Range:
    return Range(f"{member.workspace.id}#{contact_id}")


def children_of_kind(member: Member, contact_id: str, kind: str) -> Range:
    return Range(children(member, contact_id).pk, f"{kind}_")


def messages(member: Member, contact_id: str, conversation_id: str) -> Range:
    return Range(children(member, contact_id).pk, f"msg#{conversation_id}#")


def child(member: Member, contact_id: str, child_id: str) -> Key:
    return Key(children(member, contact_id).pk, child_id)


def message(
    member: Member, contact_id: str, conversation_id: str, message_id: str
) -> Key:
    run = messages(member, contact_id, conversation_id)
    return Key(run.pk, run.prefix + message_id)


def external(
    member: Member, contact_id: str, conversation_id: str, external_id: str
) -> Key:
    partition = children(member, contact_id).pk
    return Key(partition, f"ext#{conversation_id}#{external_id}")
