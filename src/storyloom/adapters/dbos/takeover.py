"""Bringing the workflows of dead executors to living ones.

The MIT part of DBOS has no such thing. It has the pieces: a private call that hands the pending
workflows of named executors back to their queues, fenced and without losing their deadlines, and
public calls that do nearly the same. The private one is tried first; a test holds both to it.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from dbos import DBOS, WorkflowStatus
from dbos._dbos import _get_dbos_instance  # pyright: ignore[reportPrivateUsage]

from storyloom.adapters.dbos._translation import translated

_UNFINISHED = ["PENDING", "ENQUEUED", "DELAYED"]
log = logging.getLogger(__name__)


class DbosTakeover:
    """Works through the DBOS of this process, which has to be launched. Its methods block."""

    def __init__(self, version: str) -> None:
        """Take the version of the pipelines in this process."""
        self._version = version

    def recover(self, worker_ids: Sequence[str]) -> int:
        """Let others go on with what these workers were running."""
        privately: Callable[[list[str]], Sequence[object]] | None = getattr(
            DBOS, "_recover_pending_workflows", None
        )
        with translated():
            if privately is not None:
                return len(privately(list(worker_ids)))
            return recover_publicly(worker_ids)

    def holders(self) -> Collection[str]:
        """Who has unfinished workflows of our version in hand."""
        with translated():
            return {w.executor_id for w in self._pending() if w.executor_id}

    def stranded(self, worker_id: str) -> Mapping[str, str]:
        """Workflows that this process has claimed and does not run."""
        dbos = _get_dbos_instance()
        with translated():
            claimed = self._pending(worker_id)
            here = set(dbos._active_workflows_set.activeList())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return {w.workflow_id: str(w.dequeued_at) for w in claimed if w.workflow_id not in here}

    def requeue(self, worker_id: str, job_ids: Collection[str]) -> int:
        """Put workflows that never arrived back into their queues."""
        held = [w for w in self._pending(worker_id) if w.workflow_id in job_ids]
        with translated():
            return _resume(held)

    def _pending(self, *worker_ids: str) -> list[WorkflowStatus]:
        return DBOS.list_workflows(
            status="PENDING",
            app_version=self._version,
            executor_id=list(worker_ids) or None,
            load_input=False,
            load_output=False,
        )

    def renew(self, living_versions: Collection[str]) -> int:
        """Forget unfinished workflows of versions that nobody runs, so that they start anew.

        And let new jobs go to a version that somebody runs: after a rollback the newest does not.
        """
        with translated():
            known = [v["version_name"] for v in DBOS.list_application_versions()]
            dead = [version for version in known if version not in living_versions]
            left = _unfinished(app_version=dead) if dead else []
            if left:
                log.warning("jobs start anew", extra={"count": len(left), "begun_by": dead})
                DBOS.delete_workflows(left)
            if known and known[0] not in living_versions:
                log.warning("this version takes new jobs", extra={"version": self._version})
                DBOS.set_latest_application_version(self._version)
        return len(left)


def recover_publicly(worker_ids: Sequence[str]) -> int:
    """The same through public calls; the reaper's lock stands in for the missing fence."""
    return _resume(
        DBOS.list_workflows(
            status="PENDING", executor_id=list(worker_ids), load_input=False, load_output=False
        )
    )


def _resume(workflows: Sequence[WorkflowStatus]) -> int:
    queues: dict[str | None, list[str]] = defaultdict(list)
    for workflow in workflows:
        queues[workflow.queue_name].append(workflow.workflow_id)
    for queue, workflow_ids in queues.items():
        DBOS.resume_workflows(workflow_ids, queue_name=queue)
    return sum(map(len, queues.values()))


def _unfinished(*, app_version: list[str]) -> list[str]:
    found = DBOS.list_workflows(
        status=_UNFINISHED, app_version=app_version, load_input=False, load_output=False
    )
    return [workflow.workflow_id for workflow in found]
