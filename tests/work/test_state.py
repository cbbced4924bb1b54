from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest

from storyloom.access.schemas import Scope
from storyloom.automation.runs.commands import cancelled, paused
from storyloom.automation.runs.schemas import ShotStatus, WaitCode, WaitingOn
from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import Handling, JobStatus, Priority
from storyloom.kit.ids import new_job_id
from storyloom.outbound.costs import cost_of
from storyloom.work.errors import WorkNotFound
from storyloom.work.schemas import WorkFilter, WorkKind, WorkStatus
from tests.work.conftest import ACME, BETA, Desk, drawn, shot_of, with_scope

S = WorkStatus
# Before the year 1 of UTC.
PAST = urlsafe_b64encode(b"0001-01-01T00:00:00+14:00 6e1f2c1e-7c34-4b0e-9d0a-0a4f3d1c5b7a").decode()


async def listed(desk: Desk, limit: int = 50, **wanted: Any) -> list[str]:
    page = await desk.works.page(ACME, WorkFilter(**wanted), limit=limit, cursor=None)
    return [work.id for work in page.data]


async def test_work_of_every_kind_is_in_one_list_the_newest_first(desk: Desk) -> None:
    code, run = await desk.storyboard(), await desk.run()
    roadmap = await desk.storyboard(job_type="roadmap_to_storyboard")
    await desk.run(org_id="beta")

    page = await desk.works.page(ACME, WorkFilter(), limit=50, cursor=None)

    assert [(work.id, work.kind) for work in page.data] == [
        (roadmap.id, WorkKind.ROADMAP),
        (run.id, WorkKind.RUN),
        (code.id, WorkKind.CODE),
    ]
    assert page.next_cursor is None


async def test_pages_hold_everything_once_though_work_arrives(desk: Desk) -> None:
    made = [(await (desk.run() if n % 3 else desk.storyboard())).id for n in range(7)]

    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await desk.works.page(ACME, WorkFilter(), limit=2, cursor=cursor)
        seen += [work.id for work in page.data]
        await desk.storyboard()
        await desk.run()
        if (cursor := page.next_cursor) is None:
            break

    assert seen == made[::-1]


@pytest.mark.parametrize(
    "cursor", ["x", "é", "bm8gdGltZQ", "MjAyNi0wMS0wMVQwMDowMCBhYmM", "=====", PAST]
)
async def test_a_cursor_that_is_not_ours_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="no cursor of ours"):
        await desk.works.page(ACME, WorkFilter(), limit=2, cursor=cursor)


async def test_statuses_are_in_the_words_of_all_work(desk: Desk) -> None:
    queued = (await desk.storyboard()).id
    done, failed, stopped = [await desk.storyboard() for _ in range(3)]
    await desk.ended(done, JobStatus.COMPLETED)
    await desk.ended(failed, JobStatus.FAILED, error_code="timeout", error_message="It took long")
    await desk.ended(stopped, JobStatus.CANCELLED)
    running = (await desk.run(status=JobStatus.PROCESSING)).id
    wait = WaitingOn(code=WaitCode.GPU_HOT, detail="It is hot", since=desk.clock.now())
    waiting = (await desk.run(status=JobStatus.PROCESSING, waiting_on=(wait,))).id
    still = (await desk.run(status=JobStatus.PROCESSING)).id
    await desk.store.change(still, paused)
    stopping = (await desk.run(status=JobStatus.PROCESSING)).id
    await desk.store.change(stopping, cancelled(desk.clock.now()))

    async def of(*statuses: WorkStatus, limit: int = 50) -> list[str]:
        return await listed(desk, limit, statuses=frozenset(statuses))

    assert await of(S.QUEUED) == [queued]
    assert await of(S.SUCCEEDED) == [done.id]
    assert await of(S.FAILED) == [failed.id]
    assert await of(S.CANCELED) == [stopped.id]
    assert await of(S.RUNNING) == [running]
    assert await of(S.WAITING) == [still, waiting]
    assert await of(S.WAITING, limit=1) == [still]
    assert await of(S.CANCELING) == [stopping]
    assert await of(S.QUEUED, S.RUNNING) == [running, queued]


async def test_kinds_times_and_labels_choose(desk: Desk) -> None:
    web = Handling(labels={"team": "web", "night": "1"})
    code, run = await desk.storyboard(web), await desk.run(handling=web)
    other = await desk.run(handling=Handling(labels={"team": "app"}))

    assert await listed(desk, labels={"team": "web"}) == [run.id, code.id]
    assert await listed(desk, labels={"team": "web", "night": "2"}) == []
    assert await listed(desk, kinds=frozenset({WorkKind.RUN})) == [other.id, run.id]
    assert await listed(desk, created_after=run.created_at) == [other.id]
    assert await listed(desk, created_before=run.created_at) == [code.id]


async def test_a_key_sees_the_kinds_that_it_covers(desk: Desk) -> None:
    code, run = await desk.storyboard(), await desk.run()

    for scope, own, foreign in (
        (Scope.STORYBOARDS, code.id, run.id),
        (Scope.STORIES, run.id, code.id),
    ):
        whose = with_scope(scope)
        page = await desk.works.page(whose, WorkFilter(), limit=9, cursor=None)
        assert [work.id for work in page.data] == [own]
        assert (await desk.works.get(whose, own)).id == own
        with pytest.raises(WorkNotFound, match="not found"):
            await desk.works.get(whose, foreign)


async def test_foreign_and_unknown_work_is_not_found(desk: Desk) -> None:
    code, run = await desk.storyboard(), await desk.run()

    for name in (code.id, run.id):
        with pytest.raises(WorkNotFound):
            await desk.works.get(BETA, name)
    for name in (new_job_id(), "nonsense"):
        with pytest.raises(WorkNotFound, match=name):
            await desk.works.get(ACME, name)


SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


async def test_a_storyboard_is_told_whole(desk: Desk) -> None:
    handling = Handling(labels={"team": "web"}, priority=Priority.HIGH, attempt=2)
    job = await desk.storyboard(handling)
    cost = cost_of([])
    await desk.ended(
        job,
        JobStatus.COMPLETED,
        result_image="aGVsbG8=",
        understanding={"headline": "H", "degraded": ["No model was asked."]},
        details={"warnings": ["A word was cut."], "cost": cost.model_dump(mode="json")},
    )

    work = await desk.works.get(ACME, job.id)

    assert work.model_dump(mode="json", exclude_none=True) == {
        "id": job.id,
        "kind": "code_to_storyboard",
        "title": "a.py",
        "headline": "H",
        "thumbnail": f"/v1/jobs/{job.id}/thumbnail?version=1",
        "status": "succeeded",
        "priority": "high",
        "waiting_on": [],
        "attempt": 2,
        "metrics": {"queue_s": 4.0, "run_s": 6.0},
        "created_at": "2026-01-01T00:01:00Z",
        "started_at": "2026-01-01T00:01:04Z",
        "completed_at": "2026-01-01T00:01:10Z",
        "org_id": "acme",
        "labels": {"team": "web"},
        "links": {
            "self": f"/v1/jobs/{job.id}",
            "cancel": f"/v1/jobs/{job.id}/cancel",
            "retry": f"/v1/jobs/{job.id}/retry",
            "explain": f"/v1/jobs/{job.id}/explain",
            "cost": f"/v1/jobs/{job.id}/cost",
            "events": f"/v1/jobs/{job.id}/events",
            "result": f"/storyboard/jobs/{job.id}",
        },
        "progress": {"done": 1, "total": 1, "fraction": 1.0},
        "input": {"file_name": "a.py"},
        "output": {
            "files": [
                {
                    "name": f"storyboard.{ending}",
                    "url": f"/storyboard/jobs/{job.id}/image?format={ending}",
                    "media_type": kind,
                }
                for ending, kind in (
                    ("png", "image/png"),
                    ("svg", "image/svg+xml"),
                    ("pdf", "application/pdf"),
                    ("pptx", SLIDES),
                )
            ]
        },
        "degraded": ["No model was asked."],
        "warnings": ["A word was cut."],
        "cost": cost.model_dump(mode="json"),
    }


@pytest.mark.parametrize(
    ("code", "message", "is_retryable"),
    [
        ("timeout", "It took too long", True),
        ("blocked", "It was refused", False),
        ("nothing_to_tell", "There are no beats", False),
        ("run_not_found", "It has gone", False),
        ("gave_up_waiting", "The GPU was busy", True),
        ("a_code_of_tomorrow", "Nobody knows", True),
        ("internal", "Something went wrong", True),
        (None, None, True),
    ],
)
async def test_a_failure_says_whether_trying_again_may_help(
    desk: Desk, code: str | None, message: str | None, *, is_retryable: bool
) -> None:
    job = await desk.storyboard()
    await desk.ended(job, JobStatus.FAILED, error_code=code, error_message=message)

    error = (await desk.works.get(ACME, job.id)).error

    assert error is not None
    assert error.code == (code or "internal")
    assert error.message == (message or "Something unexpected happened inside Storyloom.")
    assert error.retryable is is_retryable


async def test_handling_that_another_version_wrote_is_the_usual_one(desk: Desk) -> None:
    job = await desk.storyboard(input_params={"handling": {"priority": "urgent"}})

    assert (await desk.works.get(ACME, job.id)).priority == "normal"


async def test_a_run_is_told_whole(desk: Desk) -> None:
    at = desk.clock.now() + timedelta(seconds=61)
    run = await desk.run(
        status=JobStatus.FAILED,
        stage="error",
        started_at=at,
        completed_at=at,
        error_code="engine_down",
        error_message="SwarmUI did not answer",
        degraded=("A frame stands in.",),
    )
    made = shot_of(1, status=ShotStatus.DONE)
    await desk.store.add_shots(run.id, [made, shot_of(2)], epoch=0)

    work = await desk.works.get(ACME, run.id)

    assert (work.status, work.stage) == (S.FAILED, "error")
    assert work.progress.model_dump() == {"done": 1, "total": 2, "fraction": 0.5}
    assert work.error is not None
    assert work.error.stage == "error"
    assert work.degraded == ["A frame stands in."]
    assert work.input["session_timestamp"] == 1
    assert work.output is not None
    assert work.output.files == []
    assert work.links.result == f"/api/v1/automation/runs/{run.id}"


async def test_a_run_that_nobody_has_begun_says_so(desk: Desk) -> None:
    run = await desk.run()

    work = await desk.works.get(ACME, run.id)

    assert [wait.code for wait in work.waiting_on] == ["queued"]
    assert work.queue is None
    assert work.progress.model_dump() == {"done": 0, "total": 0, "fraction": None}


async def test_a_run_that_is_to_be_paused_says_so_before_it_has_heard_of_it(desk: Desk) -> None:
    run = await desk.run(status=JobStatus.PROCESSING)
    await desk.store.change(run.id, paused)

    work = await desk.works.get(ACME, run.id)

    assert [wait.code for wait in work.waiting_on] == ["paused"]


async def test_pictures_of_a_run_are_files(desk: Desk) -> None:
    run = await desk.run(status=JobStatus.PROCESSING)
    shot = shot_of(1, status=ShotStatus.DONE, versions=(drawn(desk.clock.now()),), chosen=1)
    await desk.store.add_shots(run.id, [shot], epoch=0)

    work = await desk.works.get(ACME, run.id)
    (listed,) = (await desk.works.page(ACME, WorkFilter(), limit=9, cursor=None)).data
    output = work.output

    assert work.thumbnail == f"/v1/jobs/{run.id}/thumbnail?version=0001-cinematic-1.1"
    assert listed.thumbnail == work.thumbnail
    assert output is not None
    assert [(file.name, file.media_type) for file in output.files] == [
        ("0001-cinematic-1.png", "image/png")
    ]
    assert output.files[0].url.endswith("/shots/0001-cinematic-1/image?version=1")
