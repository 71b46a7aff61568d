"""Real values for the API's description: what a request and its answer look like. They
are words of the model, so a field that a word gains is missed here by mypy."""

from chalicelib.doors.parameters import EXAMPLE_ULID
from chalicelib.model.people import Invitation, Membership, Token
from chalicelib.model.words import (
    DEFAULT_STATUSES,
    Contact,
    Conversation,
    Deletion,
    Job,
    Message,
    Note,
    Status,
    Workspace,
)

TIME = "2026-01-02T03:04:05.678Z"
WHO = "eagle-owner"


def _id(kind: str) -> str:
    return f"{kind}_{EXAMPLE_ULID}"


WORKSPACE = Workspace(
    id=_id("ws"),
    slug="eagle-overseas",
    name="Eagle Overseas",
    lead_statuses=DEFAULT_STATUSES,
    phone_region="GB",
    require_if_match=False,
    version=1,
    created_at=TIME,
    updated_at=TIME,
)
CONTACT = Contact(
    id=_id("con"),
    workspace_id=_id("ws"),
    name="Ada Lovelace",
    phone="+447400123456",
    email="ada@example.org",
    lead_status="qualified",
    lead_score=50,
    tags=("vip", "south"),
    assigned_to=WHO,
    source="fair",
    metadata={"crm": {"id": 4711}},
    note_count=1,
    conversation_count=1,
    message_count=1,
    last_activity_at=TIME,
    version=1,
    created_at=TIME,
    updated_at=TIME,
    updated_by=WHO,
)
NOTE = Note(
    id=_id("note"),
    contact_id=_id("con"),
    content="Called back.",
    created_at=TIME,
    created_by=WHO,
    updated_at=TIME,
    updated_by=WHO,
)
CONVERSATION = Conversation(
    id=_id("conv"),
    contact_id=_id("con"),
    channel="whatsapp",
    status="open",
    assigned_to=WHO,
    message_count=1,
    last_message_at=TIME,
    created_at=TIME,
    updated_at=TIME,
)
MESSAGE = Message(
    id=_id("msg"),
    conversation_id=_id("conv"),
    direction="inbound",
    content="Are you open?",
    external_id="wamid.HBg1",
    created_at=TIME,
    created_by=WHO,
)
DELETION = Deletion(
    id=_id("del"),
    contact_id=_id("con"),
    status="done",
    deleted={"conversations": 1, "messages": 1, "notes": 1},
    requested_by=WHO,
    started_at=TIME,
    finished_at=TIME,
    progress=None,
)
JOB = Job(
    id=_id("job"),
    kind="handover",
    state="running",
    total=120,
    done=75,
    counts={},
    requested_by=WHO,
    created_at=TIME,
    started_at=TIME,
    finished_at=None,
)
TOKEN = Token(
    id=_id("key"),
    name="Website form",
    role="member",
    created_by=WHO,
    created_at=TIME,
    expires_at="2026-04-02T03:04:05.678Z",
    last_used_on="2026-01-03",
    revoked_at=None,
)
INVITATION = Invitation(
    id=_id("inv"),
    email="grace@example.org",
    role="member",
    invited_by=WHO,
    created_at=TIME,
    expires_at=TIME,
    mailed_at=None,
)
OF = {
    type(word): word
    for word in (
        WORKSPACE,
        Membership(WHO, "owner", TIME, "Amara Okafor", "amara@example.org"),
        INVITATION,
        CONTACT,
        NOTE,
        CONVERSATION,
        MESSAGE,
        DELETION,
        JOB,
        TOKEN,
        Status("lost", "Lost", "#b31220", closed=True),
    )
}
