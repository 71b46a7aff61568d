"""How a job lies in an item, and back."""

from chalicelib.model.words import Job, Member
from chalicelib.storage import keys
from chalicelib.storage.items import Item


def job_item(member: Member, job: Job, about: str, expires_at: int) -> Item:
    """`about` is whom or what the job is about; the work on it is listed there."""
    return {
        **keys.job(member, job.id)._asdict(),
        "kind": job.kind,
        "state": job.state,
        "total": job.total,
        "done": job.done,
        "counts": job.counts,
        "requested_by": job.requested_by,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "about": about,
        "expires_at": expires_at,
    }


def job(item: Item) -> Job:
    return Job(
        id=item["sk"],
        kind=item["kind"],
        state=item["state"],
        total=int(item["total"]),
        done=int(item["done"]),
        counts={name: int(count) for name, count in item["counts"].items()},
        requested_by=item["requested_by"],
        created_at=item["created_at"],
        started_at=item.get("started_at"),
        finished_at=item.get("finished_at"),
    )
