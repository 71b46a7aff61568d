"""Between the page and its server: requests that are counted, held back, or answered in
vain."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, Route

Loss = Callable[[Route], None]


@dataclass(frozen=True)
class Sent:
    """One try of the page, as it left."""

    method: str
    path: str
    key: str | None
    if_match: str | None
    body: str | None


def sent(route: Route) -> Sent:
    request = route.request
    return Sent(
        request.method,
        request.url.split("?")[0].split("/workspaces/")[-1],
        request.headers.get("idempotency-key"),
        request.headers.get("if-match"),
        request.post_data,
    )


@dataclass
class Wire:
    """Takes the requests of one method to some addresses; the first of them go wrong,
    one by one in the given ways, and all others arrive."""

    page: Page
    method: str
    where: str
    losses: list[Loss] = field(default_factory=list)
    tries: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.route(self.where, self._pass)

    def _pass(self, route: Route) -> None:
        if route.request.method != self.method:
            return route.fallback()
        self.tries.append(sent(route))
        return self.losses.pop(0)(route) if self.losses else route.continue_()

    @property
    def keys(self) -> list[str | None]:
        return [one.key for one in self.tries]


def unsent(route: Route) -> None:
    """The connection breaks before the request has reached the server."""
    route.abort("connectionrefused")


def unheard(route: Route) -> None:
    """The server has done its work, and the connection breaks before its answer."""
    route.fetch()
    route.abort("connectionreset")


def answered(status: int, **headers: str) -> Loss:
    """Somebody in between answers, and the server never hears of it."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(route: Route) -> None:
        told = json.dumps({"message": "not in JSON as our server tells it"})
        route.fulfill(status=status, headers=names, body=told)

    return answer


@dataclass
class Held:
    """Requests of one method to some addresses that wait until they are let go."""

    page: Page
    method: str
    where: str
    routes: list[Route] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.route(self.where, self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method != self.method:
            return route.fallback()
        return self.routes.append(route)

    def release(self) -> None:
        """On they go, and all that follow."""
        self.page.unroute(self.where, self._hold)
        while self.routes:
            self.routes.pop(0).continue_()
