"""Where the page signs in: public, because the page asks before anybody is known."""

from chalice.app import Blueprint, Response

from chalicelib.base import settings
from chalicelib.doors import answers
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.doors.people_bodies import sign_in

blueprint = Blueprint(__name__)

A_WHILE = "public, max-age=60"


@route(blueprint, "GET", "/config", public=True, answers={200: sign_in()})
def config(call: Call) -> Response:
    """Where the page signs in."""
    found = _sign_in(settings.current())
    return answers.ok({"sign_in": found}, Cache_Control=A_WHILE)


def _sign_in(chosen: settings.Settings) -> dict[str, str | None] | None:
    if not chosen.oidc_issuer:
        return None
    return {
        "issuer": chosen.oidc_issuer,
        "client_id": chosen.oidc_client_id,
        "scope": chosen.oidc_scope,
        "audience": chosen.oidc_audience or None,
    }
