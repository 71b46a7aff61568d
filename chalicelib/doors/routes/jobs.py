"""Long work over HTTP: how far it is; the contract is docs/api.md."""

from chalice.app import Blueprint, Response

from chalicelib.doors import answers
from chalicelib.doors.bodies import one
from chalicelib.doors.call import Call
from chalicelib.doors.http import route
from chalicelib.jobs import handover
from chalicelib.model.words import Job, as_json

blueprint = Blueprint(__name__)


@route(
    blueprint, "GET", "/workspaces/{workspace}/jobs/{job_id}", answers={200: one(Job)}
)
def get(call: Call, workspace: str, job_id: str) -> Response:
    """Read how far a job is; it is kept 30 days."""
    member = call.enter(workspace)
    found = handover.job(call.table, member, job_id, now=call.now)
    return answers.ok({"job": as_json(found)})
