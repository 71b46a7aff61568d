"""One request, as a route reads it: who calls, into which workspace, what is asked."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from chalice.app import MultiDict, Request

from chalicelib.base import settings
from chalicelib.base.budget import Budget
from chalicelib.commit import once
from chalicelib.commit.once import Once
from chalicelib.doors import conditional
from chalicelib.doors.asked import bad_header, bad_parameters
from chalicelib.doors.id_token import person
from chalicelib.doors.identity import Keys, authenticate, machine
from chalicelib.model import errors, fields, strict_json
from chalicelib.model.ids import parse_reference
from chalicelib.model.people import Person
from chalicelib.model.secret import Secret
from chalicelib.model.words import Member, Workspace
from chalicelib.verbs import access, people
from chalicelib.verbs.joining import PROOF


@cache
def issuer_keys() -> Keys:
    return Keys(settings.current().jwt_jwks)


class Call:
    """One request on its way through a route."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.now = datetime.now(UTC)
        self.query: dict[str, str] = {}
        self.noted: dict[str, str] = {}  # for the log; never a phone or an e-mail
        self.workspace: Workspace | None = None  # once the caller is in
        self.secret: Secret | None = None  # of a machine; proved when it enters
        self._body: dict[str, Any] | None = None

    @property
    def request_id(self) -> str:
        context = self.request.lambda_context
        return str(getattr(context, "aws_request_id", ""))

    @property
    def budget(self) -> Budget:
        """How long this request may go on deleting before it answers 202."""
        return Budget(settings.current().delete_seconds)

    @property
    def table(self) -> access.Table:
        """The workspace's own, once the caller is in; a door has no other."""
        return self._table

    @property
    def intent(self) -> Once | None:
        """What the Idempotency-Key stands for: this method, address and body. A read
        may be repeated without one."""
        key = self.request.headers.get("idempotency-key")
        if key is None or self.request.method in ("GET", "HEAD"):
            return None
        if not re.fullmatch(r"[!-~]{1,255}", key):
            reason = "must have 1 to 255 visible ASCII characters"
            raise bad_header("Idempotency-Key", reason)
        request = [self.request.method, self._address(), self._told()]
        return once.of(self.caller, key, request, self.now)

    def _told(self) -> dict[str, Any] | None:
        """What was sent, without what only proves who sends it: a retry may have a
        newer one, and no record has anything of it."""
        body = self.body_or_none()
        if body is None:
            return None
        return {name: value for name, value in body.items() if name != "id_token"}

    def authenticate(self) -> None:
        """Makes `caller` known; raises Unauthenticated. No view runs before it. What a
        machine says to be is proved when it enters."""
        header = self.request.headers.get("authorization")
        self.secret = machine(header)
        if self.secret:
            self.caller = self.secret.token_id
            self.noted["claims"] = self.caller
        else:
            self.caller = authenticate(header, issuer_keys(), settings.current())
            self.noted["caller"] = _loggable(self.caller)

    def enter(self, workspace: str, reads: str | None = None) -> Member:
        """The caller as a member of the workspace, whose contact `reads` the verb will
        read first; raises WorkspaceNotFound, and Unauthenticated for a machine."""
        asked: dict[str, Any] = {"reads": reads, "intent": self.intent}
        if self.secret:
            return self._enter_by_token(workspace, self.secret, **asked)
        return self._in(access.let_in(access.store(), workspace, self.caller, **asked))

    def enter_or_left(self, workspace: str) -> Member:
        """As `enter`; who has left with this very request is a guest, to be told so
        again."""
        try:
            return self.enter(workspace)
        except errors.WorkspaceNotFound:
            if self.secret or self.intent is None:
                raise
            store = access.store()
            return self._in(access.who_left(store, workspace, self.caller, self.intent))

    def enter_invited(self, workspace: str, invitation_id: str) -> Member:
        """The caller as a guest, who may accept or decline this invitation and nothing
        else; raises InvitationNotFound."""
        guest, self._table = access.let_in_invited(
            access.store(),
            workspace,
            invitation_id,
            self.caller,
            now=self.now,
            intent=self.intent,
        )
        self.noted["workspace"] = guest.workspace.id
        return guest

    def person(self, body: dict[str, Any]) -> Person:
        """Who the caller is, by the ID token in a body, or by what is kept of a later
        one; raises InvalidFields."""
        id_token = fields.parse(body, PROOF)["id_token"]
        said = person(id_token, self.caller, issuer_keys(), settings.current())
        kept = people.known(access.store(), self.caller)
        return kept if kept.issued_at > said.issued_at else said

    def enter_named(self, reads: str | None = None) -> Member:
        """As `enter`, for the short forms: ?workspace=, or the caller's only one."""
        if "workspace" in self.query:
            return self.enter(parse_reference(self.query["workspace"]), reads)
        if self.secret:
            return self.enter(self.secret.workspace_id, reads)
        only = access.only_workspace(access.store(), self.caller)
        return self.enter(only, reads)

    def prove(self, workspace: str | None = None) -> None:
        """Raises Unauthenticated for a machine whose secret is wrong, before it is told
        anything else; and WorkspaceNotFound if the workspace is not its own."""
        if self.secret and self.workspace is None:
            self._enter_by_token(workspace, self.secret)

    def _enter_by_token(
        self, workspace: str | None, secret: Secret, **asked: Any
    ) -> Member:
        store = access.store()
        return self._in(
            access.by_token(store, workspace, secret, now=self.now, **asked)
        )

    def _in(self, entered: tuple[Member, access.Table]) -> Member:
        member, self._table = entered
        self.workspace = member.workspace
        self.noted["workspace"] = member.workspace.id
        if self.secret:
            self.noted.pop("claims", None)
            self.noted["caller"] = member.user_id
        return member

    def precondition(self, member: Member) -> tuple[int, ...] | None:
        """The versions that the caller accepts; raises IfMatchRequired when the
        workspace wants them named; not to the retry of what was done before that."""
        unnamed = "if-match" not in self.request.headers
        if member.workspace.require_if_match and unnamed and not self._done(member):
            raise errors.IfMatchRequired
        return self.versions

    def _done(self, member: Member) -> bool:
        intent = self.intent
        return intent is not None and bool(once.recall(self.table, member, intent))

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent; read once."""
        if self._body is None:
            self._body = self._read_body()
        return self._body

    def body_or_none(self) -> dict[str, Any] | None:
        return self.body() if self.request.raw_body else None

    def _read_body(self) -> dict[str, Any]:
        raw = self.request.raw_body
        headers = self.request.headers
        return strict_json.read(
            raw if isinstance(raw, bytes) else raw.encode(),
            headers.get("content-type", ""),
            headers.get("content-encoding", ""),
        )

    def read_query(self, known: Sequence[str]) -> None:
        """Makes `query` known; a misspelt filter must not list everything."""
        given = self.request.query_params or MultiDict({})
        found = dict(given.items()) if given else {}
        bad = [name for name in found if name not in known]
        bad += [
            name for name in found if len(given.getlist(name)) > 1 and name in known
        ]
        if bad:
            raise bad_parameters(bad, "is not known here, or given twice")
        self.query = {name: value for name, value in found.items() if value}

    @property
    def versions(self) -> tuple[int, ...] | None:
        """The versions that a write accepts; None: any."""
        headers = self.request.headers
        return conditional.versions(
            headers.get("if-match"), headers.get("if-none-match")
        )

    def has(self, tag: str) -> bool:
        """Whether a read would only repeat what the caller has."""
        return conditional.names(self.request.headers.get("if-none-match", ""), tag)

    def _address(self) -> list[Any]:
        return [self.request.path, self.request.uri_params, self.query]

    def location(self, *parts: str) -> str:
        """An address of ours, behind the stage's name on AWS."""
        return "/" + "/".join([*self.stage, *(quote(part, safe="") for part in parts)])

    @property
    def stage(self) -> list[str]:
        """What stands before an address of ours: the stage's name on AWS."""
        full: list[str] = self.request.context.get("path", "").rstrip("/").split("/")
        own = self.request.path.rstrip("/").split("/")
        return full[1 : len(full) - len(own) + 1]


def _loggable(user_id: str) -> str:
    """Some issuers put an e-mail or a phone into `sub`: the log has a digest of it."""
    digits = re.sub(r"[ ().+-]", "", user_id)
    if re.search(r"@|%40", user_id) or re.search(r"\d{7}", digits):
        return "sha256:" + hashlib.sha256(user_id.encode()).hexdigest()[:16]
    return user_id
