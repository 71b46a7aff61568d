"""The refusals, in the words of the business. Status codes do not belong here (http.py).

    Refusal
      Malformed            the request cannot be read
        WorkspaceRequired
      Unauthenticated      nobody we know
      Forbidden            a member whose role does not allow it
      NotFound             RouteNotFound WorkspaceNotFound MemberNotFound
                           ContactNotFound DeletionNotFound
      MethodNotAllowed
      Conflict             SlugTaken MemberExists LastOwner PhoneTaken EmailTaken
                           StatusChanged StatusInUse
      VersionMismatch      somebody changed it meanwhile
      TooLarge
      UnsupportedMediaType
      InvalidFields        readable, but not acceptable; names every bad field
      Busy                 not now; try again
      Internal             our fault; says nothing of the inside

The class name is the error type that the AWS console shows; `code` is what a program
reads. Neither ever changes.
"""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple


class FieldError(NamedTuple):
    """One bad field: where it is, a code for programs, a sentence for people."""

    field: str
    code: str
    message: str


class Refusal(Exception):
    """Why the service said no; `str()` is "code: a sentence"."""

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = "The request was refused."

    def __init__(
        self,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        **extra: Any,
    ) -> None:
        self.detail = detail or self.sentence
        self.errors = tuple(errors)
        self.extra = extra
        super().__init__(f"{self.code}: {self.detail}")

    @property
    def title(self) -> str:
        """The class name as words: "Contact not found"."""
        words = re.findall(r"[A-Z][a-z]+", type(self).__name__)
        return " ".join(words).capitalize()


class Malformed(Refusal):
    code = "invalid_request"
    sentence = "The request cannot be read."


class WorkspaceRequired(Malformed):
    code = "workspace_required"
    sentence = "Name the workspace: ?workspace=SLUG or its id."


class Unauthenticated(Refusal):
    code = "unauthenticated"
    sentence = "A valid bearer token is required."


class Forbidden(Refusal):
    code = "forbidden"
    sentence = "Your role in this workspace does not allow this."


class NotFound(Refusal):
    code = "not_found"


class RouteNotFound(NotFound):
    sentence = "There is nothing at this address."


class WorkspaceNotFound(NotFound):
    code = "workspace_not_found"
    sentence = "There is no such workspace, or you are not a member of it."


class MemberNotFound(NotFound):
    code = "member_not_found"
    sentence = "There is no such member in this workspace."


class ContactNotFound(NotFound):
    code = "contact_not_found"
    sentence = "There is no such contact in this workspace."


class DeletionNotFound(NotFound):
    code = "deletion_not_found"
    sentence = "There is no such deletion in this workspace."


class MethodNotAllowed(Refusal):
    code = "method_not_allowed"
    sentence = "This address does not know this method."


class Conflict(Refusal):
    code = "conflict"


class SlugTaken(Conflict):
    code = "slug_taken"
    sentence = "Another workspace has this slug."


class MemberExists(Conflict):
    code = "member_exists"
    sentence = "This user is already a member; change the role instead."


class LastOwner(Conflict):
    code = "last_owner"
    sentence = "A workspace keeps at least one owner."


class PhoneTaken(Conflict):
    code = "phone_taken"
    sentence = "Another contact of this workspace has this phone."


class EmailTaken(Conflict):
    code = "email_taken"
    sentence = "Another contact of this workspace has this e-mail."


class StatusChanged(Conflict):
    code = "status_changed"
    sentence = "The status is no longer the one that you changed it from."


class StatusInUse(Conflict):
    code = "status_in_use"
    sentence = "Contacts still have a status that this would remove."


class VersionMismatch(Refusal):
    code = "version_mismatch"
    sentence = "The contact was changed meanwhile."


class TooLarge(Refusal):
    code = "body_too_large"
    sentence = "The body is larger than 256 KB."


class UnsupportedMediaType(Refusal):
    code = "unsupported_media_type"
    sentence = "Send application/json or application/merge-patch+json."


class InvalidFields(Refusal):
    code = "invalid_fields"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(error.message for error in errors), errors)


class Busy(Refusal):
    code = "busy"
    sentence = "The store is busy; nothing was changed. Try again."
    retry_after = 1


class Internal(Refusal):
    code = "internal"
    sentence = "Something went wrong on our side."
