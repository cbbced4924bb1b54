"""What the library knows of a workflow, as the state of a job."""

from collections.abc import Mapping, Sequence

from dbos import WorkflowStatus

from storyloom.jobs.ports import RunState
from storyloom.kit.ids import JobId

_ACTIVE = frozenset({"PENDING", "ENQUEUED", "DELAYED"})


def run_states(
    job_ids: Sequence[JobId], found: Sequence[WorkflowStatus]
) -> Mapping[JobId, RunState]:
    """The state of each job; one that was not found is unknown."""
    known = {
        w.workflow_id: RunState.ACTIVE if w.status in _ACTIVE else RunState.ENDED for w in found
    }
    return {job_id: known.get(job_id, RunState.UNKNOWN) for job_id in job_ids}
