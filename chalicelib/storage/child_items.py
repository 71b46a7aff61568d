"""How notes, conversations and messages lie in items, and back (as items.py does for
the rest). All lie in the partition of their contact, whose id is read from there."""

from chalicelib.model.words import Conversation, Member, Message, Note
from chalicelib.storage import keys
from chalicelib.storage.items import Item


def note_item(member: Member, note: Note) -> Item:
    key = keys.child(member, note.contact_id, note.id)
    return {
        **key._asdict(),
        **keys.in_timeline(member, note.contact_id, note.id),
        "revision": 1,
        "content": note.content,
        "created_at": note.created_at,
        "created_by": note.created_by,
        "updated_at": note.updated_at,
        "updated_by": note.updated_by,
    }


def note(item: Item) -> Note:
    return Note(
        id=item["sk"],
        contact_id=_contact_of(item),
        content=item["content"],
        created_at=item["created_at"],
        created_by=item["created_by"],
        updated_at=item["updated_at"],
        updated_by=item["updated_by"],
    )


def conversation_item(member: Member, conversation: Conversation) -> Item:
    key = keys.child(member, conversation.contact_id, conversation.id)
    return {
        **key._asdict(),
        "revision": 1,
        "channel": conversation.channel,
        "status": conversation.status,
        "assigned_to": conversation.assigned_to,
        "message_count": conversation.message_count,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
    }


def conversation(item: Item) -> Conversation:
    return Conversation(
        id=item["sk"],
        contact_id=_contact_of(item),
        channel=item["channel"],
        status=item["status"],
        assigned_to=item.get("assigned_to"),
        message_count=int(item["message_count"]),
        last_message_at=item.get("last_message_at"),
        created_at=item["created_at"],
        updated_at=item["updated_at"],
    )


def message_item(member: Member, contact_id: str, message: Message) -> Item:
    key = keys.message(member, contact_id, message.conversation_id, message.id)
    return {
        **key._asdict(),
        **keys.in_timeline(member, contact_id, message.id),
        "direction": message.direction,
        "content": message.content,
        "external_id": message.external_id,
        "created_at": message.created_at,
        "created_by": message.created_by,
    }


def message(item: Item) -> Message:
    _, conversation_id, message_id = item["sk"].split("#")
    return Message(
        id=message_id,
        conversation_id=conversation_id,
        direction=item["direction"],
        content=item["content"],
        external_id=item.get("external_id"),
        created_at=item["created_at"],
        created_by=item["created_by"],
    )


def _contact_of(item: Item) -> str:
    return str(item["pk"].split("#")[1])
