"""THE place for keys: where things live (rooms of it: feed.py, entry.py). On what
condition they may be written is conditions.py's. Data only; nothing is called here.

    pk           sk           what                       indexes
    WS           con_...      contact                    gsi1 WS#status#KEY / con_
                                                         by_name, by_touched, by_score
                              being purged               gsi1 WS#gone / TIME#con_; due
    WS           phone#+49..  claim > contact_id         (of the living only)
    WS           email#a@b.c  claim > contact_id         (of the living only)
    WS           del_...      a purge's receipt          gsi1 WS#gone / TIME#con_; due
    WS#find#TERM con_...      a search term > contact
    WS#CON       metadata     the contact's, if any
    WS#CON       chg#VERSION  one row of its history     gsi1 WS#log#DAY / TIME#con_#V
    WS#CON       said#HASH    an answer to a keyed write
    WS#CON       note_...     a note                     gsi1 WS#CON#time / ULID
    WS#CON       conv_...     a conversation
    WS#CON       msg#CONV#MSG a message                  gsi1 WS#CON#time / ULID
    WS#CON       ext#CONV#ID  claim > message_id         (a message comes once)
    WS           job_...      long work that was asked for
    WS           workspace    the workspace              due
    WS           member#USER  a member                   gsi1 user#USER / WS; due
    WS#once#HASH once         idempotency record
    slug#SLUG    workspace, member#USER   the same two again, behind the other name:
                              either name opens with one call
    user#USER    profile      who a user is, as the issuer said; how many workspaces
                              he has made
    user#USER#once#HASH once  idempotency record outside a workspace

WS is a workspace's id, CON a contact's: the whole partition WS#CON goes with the
contact, whatever is in it. A key is built from a Member, and only access.py makes one,
so no verb can reach into another workspace. `gsi1` and `due` hold keys only: they say
where a thing is, the table says what it is. `due` is of everybody: what somebody must
look at, and when, as due#NN / TIME#id in 16 shards (a throttled index would throttle
everybody's writes)."""

from typing import Any
from zlib import crc32

from chalicelib.model.words import Member, Workspace
from chalicelib.storage.shapes import Key as Key
from chalicelib.storage.shapes import Range as Range

SHARDS = 16
MEMBER, USER, DUE = "member#", "user#", "due#"


# --- workspaces, members


def door(reference: str) -> str:
    """The partition behind a workspace's id or slug."""
    return reference if reference.startswith("ws_") else f"slug#{reference}"


def doors(workspace: Workspace) -> tuple[str, str]:
    return door(workspace.id), door(workspace.slug)


def workspace(partition: str) -> Key:
    return Key(partition, "workspace")


def membership(partition: str, user_id: str) -> Key:
    return Key(partition, MEMBER + user_id)


def members(member: Member) -> Range:
    return Range(member.workspace.id, MEMBER)


def user_of(membership: str) -> str:
    return membership.removeprefix(MEMBER)


def memberships_of(user_id: str) -> Range:
    return Range(USER + user_id, index="gsi1")


def listed_under_user(workspace_id: str, user_id: str) -> dict[str, str]:
    return {"gsi1pk": USER + user_id, "gsi1sk": workspace_id}


def after_workspace(user_id: str, workspace_id: str) -> dict[str, str]:
    """Behind a workspace of the user's own list: a foreign cursor cannot cross."""
    place = membership(workspace_id, user_id)._asdict()
    return place | listed_under_user(workspace_id, user_id)


def profile(user_id: str) -> Key:
    return Key(USER + user_id, "profile")


# --- contacts


def contact(member: Member, contact_id: str) -> Key:
    return Key(member.workspace.id, contact_id)


def metadata(member: Member, contact_id: str) -> Key:
    return child(member, contact_id, "metadata")


def ahead(workspace_id: str, contact_id: str | None, digest: str | None) -> list[Key]:
    """What `access` reads for the Member that it is about to make: a contact, and an
    idempotency record."""
    places = [Key(f"{workspace_id}#once#{digest}", "once")] if digest else []
    if contact_id:
        own = Key(f"{workspace_id}#{contact_id}", "metadata")
        places += [Key(workspace_id, contact_id), own]
    return places


def phone(member: Member, number: str) -> Key:
    return Key(member.workspace.id, f"phone#{number}")


def email(member: Member, address: str) -> Key:
    return Key(member.workspace.id, f"email#{address.lower()}")


def term(member: Member, term: str, contact_id: str) -> Key:
    return Key(found_by(member, term).pk, contact_id)


def found_by(member: Member, term: str) -> Range:
    return Range(f"{member.workspace.id}#find#{term}", "con_")


def deletion(member: Member, deletion_id: str) -> Key:
    return Key(member.workspace.id, deletion_id)


def job(member: Member, job_id: str) -> Key:
    return Key(member.workspace.id, job_id)


def contacts(member: Member) -> Range:
    return Range(member.workspace.id, "con_")


def claims(member: Member) -> tuple[Range, Range]:
    return Range(member.workspace.id, "phone#"), Range(member.workspace.id, "email#")


def contacts_with_status(member: Member, status: str) -> Range:
    return Range(f"{member.workspace.id}#status#{status}", index="gsi1")


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


def event(member: Member, contact_id: str, version: int) -> Key:
    return child(member, contact_id, f"chg#{version:08d}")


def logged(member: Member, contact_id: str, version: int, at: str) -> dict[str, str]:
    """A change's place in the workspace's log of its day."""
    return {
        "gsi1pk": f"{member.workspace.id}#log#{at[:10]}",
        "gsi1sk": f"{at}#{contact_id}#{version:08d}",
    }


def in_timeline(member: Member, contact_id: str, child_id: str) -> dict[str, str]:
    """Notes and messages stand in one order of time."""
    return {
        "gsi1pk": f"{children(member, contact_id).pk}#time",
        "gsi1sk": child_id.partition("_")[2],
    }


# --- idempotency records, and what is due


def once(member: Member, digest: str) -> Key:
    return Key(f"{member.workspace.id}#once#{digest}", "once")


def once_outside(user_id: str, digest: str) -> Key:
    """For what is done in no workspace, or makes one."""
    return Key(f"user#{user_id}#once#{digest}", "once")


def said(member: Member, contact_id: str, digest: str) -> Key:
    return child(member, contact_id, f"said#{digest}")


def due(shard: int, until: str) -> Range:
    return Range(f"{DUE}{shard:02d}", index="due", until=f"{until}~")


def listed_as_due(at: str, name: str) -> dict[str, Any]:
    """What somebody must look at from this time on."""
    shard = crc32(name.encode()) % SHARDS
    return {"duepk": f"{DUE}{shard:02d}", "duesk": f"{at}#{name}"}


NOT_DUE: dict[str, Any] = {"duepk": None, "duesk": None}
