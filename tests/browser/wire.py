"""Between the page and its server: requests that are counted, held back, or answered in
vain."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import Page, Route

PATIENCE, LOOK = 30_000, 20  # ms: how long a request may take to come; between looks
# A frame after all that has come by now; what must not happen has no event to wait for.
SETTLED = "() => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 50)))"
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
        return self.losses.pop(0)(route) if self.losses else route.fallback()

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
        told = json.dumps({"message": "Answered in between."})
        route.fulfill(status=status, headers=names, body=told)

    return answer


def shorten(page: Page, where: str, limit: int) -> None:
    """The server finds that so many are enough for a page."""

    def short(route: Route) -> None:
        address, _, query = route.request.url.partition("?")
        rest = [one for one in query.split("&") if one and "limit=" not in one]
        route.continue_(url=f"{address}?{'&'.join([f'limit={limit}', *rest])}")

    page.route(where, short)


@dataclass
class Held:
    """Requests of one method to some addresses that wait until they are let go, but the
    first `free`: on their way to the server, or, `late`, on the way back."""

    page: Page
    method: str
    where: str
    late: bool = False
    free: int = 0
    waiting: list[Callable[[], None]] = field(default_factory=list)
    over: bool = False

    def __post_init__(self) -> None:
        self.page.route(self.where, self._hold)

    def _hold(self, route: Route) -> None:
        if self.over or route.request.method != self.method:
            return route.fallback()
        if self.free:
            self.free -= 1
            return route.fallback()
        answer = route.fetch() if self.late else None
        go = partial(route.fulfill, response=answer) if answer else route.fallback
        return self.waiting.append(go)

    def release(self) -> None:
        """On they go, and all that follow; the page has had time to take them in."""
        self.over = True
        while self.waiting:
            self.waiting.pop(0)()
        self.page.evaluate(SETTLED)

    def until(self, count: int) -> None:
        """So many wait by now."""
        for _ in range(PATIENCE // LOOK):
            if len(self.waiting) >= count:
                return
            self.page.wait_for_timeout(LOOK)
        raise AssertionError(f"{len(self.waiting)} of {count} requests have come")
