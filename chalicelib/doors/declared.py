"""What a route says of itself, beside its view: what it takes, answers and refuses.
What every route of its kind has in common is added here."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Required, TypedDict

from chalicelib.doors.bodies import Answer, Body, nothing
from chalicelib.doors.parameters import (
    IN_HEADER,
    IN_PATH,
    IN_QUERY,
    IN_WRITES,
    Parameter,
    Refusals,
)
from chalicelib.model import errors

NOT_MODIFIED = 304


class Told(TypedDict, total=False):
    """What stands beside a view: the body that it takes, its answers by status, the
    refusals that its parameters do not bring with them, the headers that it reads."""

    takes: Body
    answers: Required[Mapping[int, Answer]]
    refuses: Refusals
    headers: str


class Operation(NamedTuple):
    """One method of one address."""

    method: str
    path: str
    name: str
    summary: str
    about: str
    public: bool
    people: bool
    query: Sequence[str]
    told: Told

    @property
    def takes(self) -> Body | None:
        return self.told.get("takes")

    @property
    def in_path(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def headers(self) -> list[str]:
        """Every write may be repeated under its key, and what takes If-Match takes its
        counterpart."""
        named = self.told.get("headers", "").split()
        if "If-Match" in named:
            named.append("If-None-Match" + IN_WRITES)
        return named if self.method == "GET" else [*named, "Idempotency-Key"]

    @property
    def answers(self) -> dict[int, Answer]:
        same = "If-None-Match" in self.headers
        unchanged = {NOT_MODIFIED: nothing("ETag")} if same else {}
        return {**self.told["answers"], **unchanged}

    @property
    def parameters(self) -> list[Parameter]:
        return [
            *(IN_PATH[name] for name in self.in_path),
            *(IN_QUERY[name] for name in self.query),
            *(IN_HEADER[name] for name in self.headers),
        ]

    @property
    def refusals(self) -> list[type[errors.Refusal]]:
        """All that it may be refused with, those of every route last."""
        found = [*self.told.get("refuses", ())]
        found += [refusal for one in self.parameters for refusal in one.refuses]
        writes_inside = errors.WorkspaceNotFound in found and self.method != "GET"
        if writes_inside or self.people:
            found.append(errors.Forbidden)
        if self.takes:
            found.append(errors.InvalidFields)
        if self.method != "GET":  # a body that is not asked for is a part of its intent
            found += [errors.BodyTooLarge, errors.UnsupportedMediaType]
            found.append(errors.ReadOnly)
        if not self.public:
            found += [errors.InvalidRequest, errors.Unauthenticated, errors.Busy]
        return list(dict.fromkeys([*found, errors.Internal]))


# Every route, in the order of its declaration: by method and path.
OPERATIONS: dict[tuple[str, str], Operation] = {}


def declare(
    view: Callable[..., object],
    method: str,
    path: str,
    *,
    query: str,
    public: bool,
    people: bool,
    told: Told,
) -> Operation:
    """Keeps and gives what a route says; the view's docstring is its summary and the
    rest."""
    summary, _, about = (view.__doc__ or "").partition("\n")
    OPERATIONS[method, path] = made = Operation(
        method=method,
        path=path,
        name=f"{view.__module__.rpartition('.')[2]}_{view.__name__}",
        summary=summary.strip(),
        about=" ".join(about.split()),
        public=public,
        people=people,
        query=query.split(),
        told=told,
    )
    return made
