"""What the operator invokes from the AWS console, by name, with a small JSON event.

IAM decides who may; the actor is recorded as "console". The answers are the objects
that the routes give; a refusal fails the invocation with its name as error type and
"code: a sentence" as message. There is no other way in here than the verbs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.base import log, settings
from chalicelib.base.budget import Budget
from chalicelib.base.cost import metered
from chalicelib.doors import answers
from chalicelib.jobs import due, leftovers, purge
from chalicelib.model import fields, parsers
from chalicelib.model.errors import Internal, ReadOnly, Refusal
from chalicelib.model.ids import parse_id, parse_reference
from chalicelib.model.strict_json import checked
from chalicelib.model.words import Member, as_json
from chalicelib.verbs import access, contacts, members, workspaces

Event = dict[str, Any]


def run(function: Callable[[Event], Event], event: object) -> Event:
    """One invocation: the answer, or the refusal raised; and one line in the log."""
    outcome = "ok"
    with metered() as cost:
        try:
            if settings.current().read_only and function not in READING:
                raise ReadOnly
            return function(checked(event))
        except Refusal as refusal:
            outcome = refusal.code
            raise
        except Exception:
            outcome = Internal.code
            log.exception("unexpected")
            raise Internal from None
        finally:
            log.info(
                "invocation",
                function=function.__name__,
                outcome=outcome,
                caller="console",
                calls=cost.calls,
                rcu=cost.rcu,
                wcu=cost.wcu,
            )


def update_contact(event: Event) -> Event:
    """{"workspace_id", "contact_id", fields...}: a merge patch."""
    contact_id, body = _contact_id(event), _rest(event, "workspace_id", "contact_id")
    member, table = _enter(event)
    changed = contacts.change(table, member, contact_id, body=body, now=_now())
    return {"contact": answers.told(changed, member.workspace)}


def update_contact_status(event: Event) -> Event:
    """{"workspace_id", "contact_id", "lead_status", optional "from"}."""
    contact_id, body = _contact_id(event), _rest(event, "workspace_id", "contact_id")
    member, table = _enter(event)
    changed = contacts.set_status(table, member, contact_id, body=body, now=_now())
    return {"contact": answers.told(changed, member.workspace)}


def delete_contact(event: Event) -> Event:
    """{"workspace_id", "contact_id"}: again, to continue a deletion that is running."""
    contact_id = _contact_id(event)
    fields.parse(_rest(event, "workspace_id", "contact_id"), {})
    member, table = _enter(event)
    budget = Budget(settings.current().delete_seconds)
    gone = purge.delete(table, member, contact_id, now=_now(), budget=budget)
    return {"success": True, "deletion": as_json(gone)}


def resume_deletions(event: Event) -> Event:
    """{}: goes on with every deletion that is open, and with all else that is due; also
    on a schedule."""
    fields.parse(event, {})
    budget = Budget(settings.current().resume_seconds)
    return dict(due.go_on(access.store(), now=_now(), budget=budget))


def resume_deletions_on_schedule(event: Event) -> Event:
    """Any event: says how long the oldest open deletion waits, then goes on with
    all."""
    # An alarm reads this line; it comes first, so that a run that fails tells it too.
    waited = due.oldest_open_seconds(access.store(), now=_now())
    log.info("deletions", oldest_open_seconds=round(waited, 1))
    if settings.current().read_only:  # a run that fails each minute would raise alarms
        return {"read_only": True}
    return resume_deletions({})


def check_leftovers(event: Event) -> Event:
    """{"workspace_id", "contact_id"}: counts what still belongs to a contact."""
    contact_id = _contact_id(event)
    fields.parse(_rest(event, "workspace_id", "contact_id"), {})
    member, table = _enter(event)
    return leftovers.check(table, member, contact_id, now=_now())


# What an operator may also do while nothing may change.
READING = (check_leftovers, resume_deletions_on_schedule)


def create_workspace(event: Event) -> Event:
    """{"name", "slug", "owner"}: the owner is a user id, a token's `sub`."""
    accepted = {**fields.new_workspace(), "owner": parsers.required(parsers.user_id)}
    given = fields.parse(event, accepted)
    body = _rest(event, "owner")
    made = workspaces.create(access.store(), given["owner"], body, now=_now())
    return {"workspace": as_json(made)}


def add_member(event: Event) -> Event:
    """{"workspace_id", "user_id", "role"}."""
    body = _rest(event, "workspace_id")
    member, table = _enter(event)
    made = members.add(table, member, body, now=_now())
    return {"member": as_json(made)}


def _now() -> datetime:
    return datetime.now(UTC)


def _enter(event: Event) -> tuple[Member, access.Table]:
    reference = parse_reference(event.get("workspace_id"), "workspace_id")
    return access.operator(access.store(), reference)


def _contact_id(event: Event) -> str:
    return parse_id("con", event.get("contact_id"))


def _rest(event: Event, *but: str) -> Event:
    return {name: value for name, value in event.items() if name not in but}
