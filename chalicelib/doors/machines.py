"""What a machine is told, and where it may not go. Its token is proved when it enters a
workspace (access.py), in the call that reads what it asked for; here is what holds
where a request ends before that, or leads into no workspace."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.doors.call import Call
from chalicelib.model import errors

# Told by who has looked at the secret, or could not.
OF_ENTERING = (errors.Unauthenticated, errors.WorkspaceNotFound, errors.Busy)


@contextmanager
def proved_first(call: Call) -> Iterator[None]:
    """Inside, a machine whose secret is wrong is told that, and no other refusal."""
    try:
        yield
    except OF_ENTERING:
        raise
    except errors.Refusal:
        call.prove()
        raise


def keep_out(call: Call, workspace: str | None) -> None:
    """Of what is for people: raises Forbidden for a machine, once it is proved; and
    WorkspaceNotFound where it would be a stranger."""
    if call.secret:
        call.prove(workspace)
        raise errors.Forbidden("This is for people: a machine's token may not.")
