"""The refusals, in the words of the business. Status codes do not belong here
(http.py).

    Refusal
      InvalidRequest       the request cannot be read
        WorkspaceRequired
      Unauthenticated      nobody we know
      Forbidden            a member whose role does not allow it
      NotFound             RouteNotFound WorkspaceNotFound MemberNotFound
                           ContactNotFound NoteNotFound
                           ConversationNotFound DeletionNotFound
                           JobNotFound
      MethodNotAllowed
      Conflict             SlugTaken MemberExists LastOwner PhoneTaken EmailTaken
                           StatusChanged StatusInUse TooManyWorkspaces
      VersionMismatch      somebody changed it meanwhile
      IfMatchRequired      this workspace wants every change to name its version
      BodyTooLarge
      UnsupportedMediaType
      InvalidFields        readable, but not acceptable; names every bad field
      IdempotencyKeyReused the key stands for another request
      Busy                 not now; try again
      ReadOnly             nothing may change now; later
      Internal             our fault; says nothing of the inside

Those of coming in (invitations, tokens) are people_errors.py's.

The class name is the error type that the AWS console shows, and its snake_case is the
`code` that a program reads: neither ever changes.
"""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

MOST_NAMED = 20  # bad fields in one refusal: what follows is only counted
LONGEST_NAME = 100  # characters of a field's name, in its refusal


class FieldError(NamedTuple):
    """One bad field: where it is, a code for programs, a sentence for people."""

    field: str
    code: str
    message: str

    @classmethod
    def about(cls, name: str, code: str, reason: str) -> "FieldError":
        """The sentence is "NAME reason."; a name as long as a body is shortened."""
        if len(name) > LONGEST_NAME:
            name = name[:LONGEST_NAME] + "…"
        return cls(name, code, f"{name} {reason}.")


class Refusal(Exception):
    """Why the service said no; `str()` is "code: a sentence".

    Of `errors` the first 20 are kept; `more` in `extra` says how many there were
    beyond. Without a `detail` their messages are it."""

    code: ClassVar[str]
    title: ClassVar[str]
    sentence: ClassVar[str] = "The request was refused."
    carries: ClassVar[str] = ""  # what its problem has beside the members of all

    def __init_subclass__(cls) -> None:
        """One name, three spellings: ContactNotFound, contact_not_found, and words."""
        words = re.findall(r"[A-Z][a-z]+", cls.__name__)
        cls.code = "_".join(words).lower()
        cls.title = " ".join(words).capitalize()

    def __init__(
        self,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        **extra: Any,
    ) -> None:
        self.errors = tuple(errors[:MOST_NAMED])
        more = len(errors) - len(self.errors)
        named = " ".join(error.message for error in self.errors)
        beyond = f" And {more} more." if more else ""
        self.detail = detail or named + beyond or self.sentence
        self.extra = {**extra, "more": more} if more else extra
        super().__init__(f"{self.code}: {self.detail}")


class InvalidRequest(Refusal):
    sentence = "The request cannot be read."


class WorkspaceRequired(InvalidRequest):
    sentence = "Name the workspace: ?workspace=SLUG or its id."


class Unauthenticated(Refusal):
    sentence = "A valid bearer token is required."


class Forbidden(Refusal):
    sentence = "Your role in this workspace does not allow this."


class NotFound(Refusal):
    sentence = "There is no such thing."


class RouteNotFound(NotFound):
    sentence = "There is nothing at this address."


class WorkspaceNotFound(NotFound):
    sentence = "There is no such workspace, or you are not a member of it."


class MemberNotFound(NotFound):
    sentence = "There is no such member in this workspace."


class ContactNotFound(NotFound):
    sentence = "There is no such contact in this workspace."


class NoteNotFound(NotFound):
    sentence = "There is no such note of this contact."


class ConversationNotFound(NotFound):
    sentence = "There is no such conversation of this contact."


class DeletionNotFound(NotFound):
    sentence = "There is no such deletion in this workspace."


class JobNotFound(NotFound):
    sentence = "There is no such job in this workspace."


class MethodNotAllowed(Refusal):
    sentence = "This address does not know this method."


class Conflict(Refusal):
    sentence = "This contradicts what is stored."


class SlugTaken(Conflict):
    sentence = "Another workspace has this slug."


class MemberExists(Conflict):
    sentence = "This user is already a member; change the role instead."


class LastOwner(Conflict):
    sentence = "A workspace keeps at least one owner."


class PhoneTaken(Conflict):
    sentence = "Another contact of this workspace has this phone."
    carries = "contact_id"


class EmailTaken(Conflict):
    sentence = "Another contact of this workspace has this e-mail."
    carries = "contact_id"


class StatusChanged(Conflict):
    sentence = "The status is no longer the one that you changed it from."
    carries = "current"


class StatusInUse(Conflict):
    sentence = "Contacts still have a status that this would remove."


class TooManyWorkspaces(Conflict):
    sentence = "One user makes at most 50 workspaces."


class VersionMismatch(Refusal):
    sentence = "It was changed meanwhile."
    carries = "current"


class IfMatchRequired(Refusal):
    sentence = "In this workspace a change names the version it is of: send If-Match."


class BodyTooLarge(Refusal):
    sentence = "The body is larger than 256 KB."


class UnsupportedMediaType(Refusal):
    sentence = "Send application/json or application/merge-patch+json."


class InvalidFields(Refusal):
    sentence = "name is required."

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("", errors)


class IdempotencyKeyReused(Refusal):
    sentence = "This Idempotency-Key stands for another request."


class Busy(Refusal):
    sentence = "The store is busy. Try again."
    retry_after = 1


class ReadOnly(Refusal):
    sentence = "Nothing can be changed just now: the store is being moved. Try later."
    retry_after = 60


class Internal(Refusal):
    sentence = "Something went wrong on our side."
