"""What the library knows of a workflow and its steps, in our words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from dbos import WorkflowStatus
from dbos._sys_db import StepInfo

from storyloom.jobs.ports import RunState
from storyloom.jobs.schemas import StepRecord
from storyloom.kit.ids import JobId

_ACTIVE = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
#: Of the library's own, which is no step of a job.
_INTERNAL = "DBOS."


def run_states(
    job_ids: Sequence[JobId], found: Sequence[WorkflowStatus]
) -> Mapping[JobId, RunState]:
    """The state of each job; one that was not found is unknown."""
    known = {
        w.workflow_id: RunState.ACTIVE if w.status in _ACTIVE else RunState.ENDED for w in found
    }
    return {job_id: known.get(job_id, RunState.UNKNOWN) for job_id in job_ids}


def step_records(found: Sequence[StepInfo]) -> Sequence[StepRecord]:
    """The steps of a job, as they were kept by `DbosSteps`."""
    ours = (one for one in found if not one["function_name"].startswith(_INTERNAL))
    return [_record(one) for one in ours]


def _record(step: StepInfo) -> StepRecord:
    kept: Any = step["output"]
    outcome = cast("dict[str, Any]", kept) if isinstance(kept, dict) else {}
    error = cast("dict[str, str]", outcome.get("error") or {})
    return StepRecord(
        name=step["function_name"],
        began_at=_time(step["started_at_epoch_ms"]),
        ended_at=_time(step["completed_at_epoch_ms"]),
        value=outcome.get("value"),
        error_code=error.get("code"),
        error_message=error.get("message"),
    )


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
