"""Nothing has to be reserved for the schedule: leases do the same work. A run that
comes while another one is going does what the other does not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from chalicelib.storage.table import Table
from tests.bundle.conftest import Function
from tests.bundle.test_functions import SCHEDULE
from tests.conftest import add, delete, found
from tests.purge_world import assert_gone, fill

MANY = 12
SCHEDULED = "resume_deletions_on_schedule"


def test_two_runs_at_once_do_all_of_it_once(start: Function, store: Table) -> None:
    """Two environments of the schedule's function, as Lambda may start them where no
    concurrency is reserved: each open deletion comes to its end, its counts are exact,
    and no run fails over what the other one does."""
    runs = [start(SCHEDULED) for _ in range(2)]
    assert not runs[0].invoke(SCHEDULE).is_error, "what others have left"
    member = found(store, "two-runs", "amy")
    counts = {}
    for _ in range(MANY):
        contact = add(store, member)
        counts[contact.id] = fill(store, member, contact.id, talks=1, says=4, noted=3)
        assert delete(store, member, contact.id, seconds=0).status == "running"
    together = Barrier(len(runs))

    def run(environment: Any) -> Any:
        together.wait()
        return environment.invoke(SCHEDULE)

    with ThreadPoolExecutor() as threads:
        ended = [*threads.map(run, runs)]
    assert [one.is_error for one in ended] == [False, False], ended
    done = [one.payload["deletions"]["done"] for one in ended]
    assert MANY <= sum(done) <= 2 * MANY, ended
    for contact_id, counted in counts.items():
        assert_gone(store, member, contact_id, counted)
