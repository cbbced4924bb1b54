"""What happens to exports of runs is told as events, whoever does it."""

from collections.abc import Callable
from typing import Any

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.automation.runs.exported import Export, ExportFound
from storyloom.automation.runs.naming import export_id, export_job
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.told import RunTeller
from storyloom.boards.export.schemas import ExportKind, ExportOptions
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import ManualClock
from tests.contracts.test_run_store import run_of
from tests.storyboard.test_telling import Noted


def so(*exports: Export) -> Callable[[Run], Run]:
    return lambda run: run.model_copy(update={"exports": exports})


async def test_each_pass_of_an_export_is_told_once(clock: ManualClock) -> None:
    noted, run = Noted(), run_of(status=JobStatus.COMPLETED)
    store = MemoryRunStore(RunTeller(noted, clock))
    await store.add(run)
    noted.drafts.clear()

    def export(number: int, **fields: Any) -> Export:
        job = export_job(run.id, number)
        options = ExportOptions()
        given = {"name": "a.edl", "kind": ExportKind.EDL, "options": options, "job": job}
        return Export.model_validate({**given, "asked_at": clock.now(), **fields})

    asked = export(1)
    await store.change(run.id, so(asked))
    clock.advance(2)
    begun = asked.model_copy(update={"status": JobStatus.PROCESSING, "started_at": clock.now()})
    for _ in range(2):
        await store.change(run.id, so(begun))
    clock.advance(3)
    found = ExportFound(key="k", digest="d", size_bytes=1, file_name="f", made_at=clock.now())
    end = {"status": JobStatus.COMPLETED, "found": found, "ended_at": clock.now()}
    await store.change(run.id, so(begun.model_copy(update=end)))
    await store.change(run.id, so(export(2)))
    error = {"error_code": "disk_full", "error_message": "It is full."}
    await store.change(run.id, so(export(2, status=JobStatus.FAILED, **error)))
    await store.change(run.id, so(export(3, status=JobStatus.CANCELLED)))

    assert noted.types == [
        *("job.accepted", "job.started", "job.completed"),
        *("job.accepted", "job.failed"),
        *("job.accepted", "job.cancelled"),
    ]
    assert {(one.subject.kind, one.subject.id) for one in noted.drafts} == {
        ("run_export", export_id(run.id, "a.edl"))
    }
    assert len({one.id for one in noted.drafts}) == 7
    assert noted.drafts[2].data == {
        "status": "succeeded",
        "run_id": run.id,
        "name": "a.edl",
        "duration_ms": 3000,
    }
    assert noted.drafts[4].data["error"] == {"code": "disk_full", "message": "It is full."}
