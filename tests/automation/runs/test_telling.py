"""What happens to runs and their pictures is told as events, whoever does it."""

from collections.abc import Callable
from typing import Any

import pytest

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.automation.runs.commands import cancelled, paused, reopened, resumed
from storyloom.automation.runs.errors import RunNotFound
from storyloom.automation.runs.schemas import (
    Report,
    Run,
    Shot,
    ShotStatus,
    Stage,
    WaitCode,
    WaitingOn,
    Wanted,
)
from storyloom.automation.runs.telling import accepted
from storyloom.automation.runs.told import RunTeller
from storyloom.events.schemas import Draft
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from storyloom.story.prompts import Aspect, PromptSet
from tests.contracts.test_run_store import run_of
from tests.storyboard.test_telling import Noted


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def store(noted: Noted, clock: ManualClock) -> MemoryRunStore:
    return MemoryRunStore(RunTeller(noted, clock))


def so(**fields: Any) -> Callable[[Any], Any]:
    return lambda kept: kept.model_copy(update=fields)


def wait(clock: ManualClock, code: WaitCode, detail: str = "") -> WaitingOn:
    return WaitingOn(code=code, detail=detail, since=clock.now())


def told_of(noted: Noted) -> list[tuple[str, Any]]:
    return [(draft.type, draft.data.get("stage")) for draft in noted.drafts]


async def begun(store: MemoryRunStore, noted: Noted, clock: ManualClock) -> Run:
    """A run that is driven."""
    run = await store.add(run_of())
    begin = so(status=JobStatus.PROCESSING, epoch=1, started_at=clock.now())
    run = await store.change(run.id, begin)
    assert [draft.type for draft in noted.drafts] == ["job.accepted", "job.started"]
    noted.drafts.clear()
    return run


async def test_a_double_click_is_one_run(store: MemoryRunStore, noted: Noted) -> None:
    await store.add(run_of(), "click")
    await store.add(run_of(), "click")

    assert noted.types == ["job.accepted"]


async def test_stages_and_waits(store: MemoryRunStore, noted: Noted, clock: ManualClock) -> None:
    run = await begun(store, noted, clock)
    busy, hot = wait(clock, WaitCode.GPU_BUSY), wait(clock, WaitCode.GPU_HOT)
    still = wait(clock, WaitCode.GPU_BUSY, "still")
    for change in (
        {"stage": Stage.CHECKING_GPU},
        {"gpu_ms": 7},
        {"waiting_on": (busy,)},
        {"waiting_on": (still,)},
        {"waiting_on": (hot,)},
        {"waiting_on": (hot,), "epoch": 2},
        {"waiting_on": ()},
        {"stage": Stage.GENERATING_IMAGES},
    ):
        await store.change(run.id, so(**change))

    assert told_of(noted) == [
        ("job.progress", "checking_gpu"),
        ("job.waiting", "checking_gpu"),
        ("job.progress", "checking_gpu"),
        ("job.waiting", "checking_gpu"),
        ("job.progress", "checking_gpu"),
        ("job.progress", "generating_images"),
    ]
    assert noted.drafts[1].data["waiting_on"] == [busy.model_dump(mode="json")]
    statuses = ["running", *["waiting"] * 3, "running", "running"]
    assert [draft.data["status"] for draft in noted.drafts] == statuses
    assert noted.drafts[2].data["waiting_on"] == [still.model_dump(mode="json")]


async def test_what_people_want_of_a_run_is_told_before_it_is_done(
    store: MemoryRunStore, noted: Noted, clock: ManualClock
) -> None:
    waiting = await store.add(run_of())
    await store.change(waiting.id, paused)
    assert told_of(noted) == [("job.accepted", None), ("job.progress", "idle")]
    assert noted.drafts[-1].data["status"] == "queued"
    noted.drafts.clear()

    run = await begun(store, noted, clock)
    await store.change(run.id, so(waiting_on=(wait(clock, WaitCode.GPU_BUSY),)))
    noted.drafts.clear()
    for edit in (paused, paused, resumed, cancelled(clock.now())):
        await store.change(run.id, edit)

    assert noted.types == ["job.progress"] * 3
    assert [draft.data["status"] for draft in noted.drafts] == ["waiting"] * 3


async def test_an_end_and_another_pass(
    store: MemoryRunStore, noted: Noted, clock: ManualClock
) -> None:
    run = await begun(store, noted, clock)
    clock.advance(3)
    report = Report(headline="All done.", total=2, done=2)
    end = so(status=JobStatus.COMPLETED, completed_at=clock.now(), report=report)
    for _ in range(2):
        await store.change(run.id, end)
    await store.change(run.id, reopened(clock.now()))
    await store.change(run.id, so(status=JobStatus.PROCESSING, started_at=clock.now()))
    await store.change(
        run.id,
        so(status=JobStatus.FAILED, error_code="internal", error_message="No.", report=None),
    )

    assert noted.types == [
        "job.completed",
        "job.accepted",
        "job.started",
        "job.failed",
    ]
    assert noted.drafts[0].data["duration_ms"] == 3000
    assert noted.drafts[0].data["report"] == report.model_dump(
        include={"headline", "total", "done", "degraded", "failed", "cancelled"}
    )
    assert noted.drafts[3].data["error"] == {"code": "internal", "message": "No."}
    assert len({draft.id for draft in noted.drafts}) == 4


async def test_one_that_is_cancelled_before_it_begins(
    store: MemoryRunStore, noted: Noted, clock: ManualClock
) -> None:
    run = await store.add(run_of())
    await store.change(run.id, cancelled(clock.now()))

    assert noted.types == ["job.accepted", "job.cancelled"]


async def test_pictures(store: MemoryRunStore, noted: Noted, clock: ManualClock) -> None:
    run = await begun(store, noted, clock)
    fields = {"place": 1, "beat_id": "b1", "aspect": Aspect.CINEMATIC, "take": 1}
    shots = [Shot(id=f"000{n}-cinematic-1", **fields) for n in (1, 2, 3)]  # type: ignore[arg-type]
    await store.add_shots(run.id, shots, epoch=1)
    assert [shot.id for shot in await store.shots(run.id)] == [shot.id for shot in shots]

    made = shots[0].model_copy(update={"versions": ("a picture",), "chosen": 1})
    for _ in range(2):
        await store.change_shot(run.id, shots[0].id, so(**dict(made)))
    failed = so(status=ShotStatus.FAILED, error_code="blocked", error_message="No.")
    await store.change_shot(run.id, shots[1].id, failed)
    await store.change_shot(run.id, shots[2].id, so(status=ShotStatus.CANCELLED), epoch=1)

    added, *drafts = noted.drafts
    told_data = [draft.data for draft in drafts]
    assert noted.types == ["run.shots", *["run.shot"] * 3]
    assert (added.subject, added.data) == (drafts[0].subject, {"added": 3})
    assert {draft.org_id for draft in noted.drafts} == {"acme"}
    assert told_data[0]["shot"] == shots[0].id
    assert told_data[0]["version"] == 1
    assert told_data[1]["error"] == {"code": "blocked", "message": "No."}
    assert told_data[2]["status"] == "cancelled"


async def test_pictures_that_are_wanted_otherwise(
    store: MemoryRunStore, noted: Noted, clock: ManualClock
) -> None:
    """Each time, so that whoever looks at them sees what somebody else has asked for."""
    run = await begun(store, noted, clock)
    name = "0001-cinematic-1"
    shot = Shot(id=name, place=1, beat_id="b1", aspect=Aspect.CINEMATIC, take=1)
    await store.add_shots(run.id, [shot], epoch=1)
    await store.change_shot(run.id, name, so(status=ShotStatus.DONE, chosen=2))
    noted.drafts.clear()

    for chosen in (1, 2, 1):
        await store.change_shot(run.id, name, so(chosen=chosen))
    await store.change_shot(run.id, name, so(status=ShotStatus.READY))
    words = PromptSet(prompt="a red door")
    await store.change_shot(run.id, name, so(prompt=words, edited=True))
    await store.change_shot(run.id, name, so(caption="A door"))
    await store.change_shot(run.id, name, so(progress=0.01))

    assert [draft.data["version"] for draft in noted.drafts] == [1, 2, 1, 1, 1, 1]
    assert [draft.data["status"] for draft in noted.drafts] == ["done"] * 3 + ["ready"] * 3
    assert len({draft.id for draft in noted.drafts}) == 6


async def test_a_picture_in_hand(store: MemoryRunStore, noted: Noted, clock: ManualClock) -> None:
    """Each point of its life is told, and how far it is in tenths: not each look at it."""
    run = await begun(store, noted, clock)
    name = "0001-cinematic-1"
    shot = Shot(id=name, place=1, beat_id="b1", aspect=Aspect.CINEMATIC, take=1)
    await store.add_shots(run.id, [shot], epoch=1)
    await store.add_shots(run.id, [shot], epoch=1)
    for change in (
        {"status": ShotStatus.READY, "prompt": PromptSet(prompt="a lamp")},
        {"status": ShotStatus.MAKING, "rounds": 1},
        *({"progress": percent / 100} for percent in range(101)),
        {"progress": 0.35},
        {"status": ShotStatus.READY, "progress": None},
        {"status": ShotStatus.MAKING, "rounds": 2},
        {"wanted": Wanted.CANCEL},
    ):
        await store.change_shot(run.id, name, so(**change))

    shots, *drafts = noted.drafts
    assert shots.data == {"added": 1}
    told = [(draft.data["status"], draft.data.get("progress")) for draft in drafts]
    tenths = [("making", tenth / 10) for tenth in range(1, 11)]
    assert told == [
        *[("ready", None), ("making", None)],
        *tenths,
        *[("ready", None), ("making", None), ("making", None)],
    ]
    assert len({draft.id for draft in noted.drafts}) == len(noted.drafts)


async def test_of_a_run_that_is_not_there_nothing_is_told(
    store: MemoryRunStore, noted: Noted
) -> None:
    with pytest.raises(RunNotFound):
        await store.change_shot(new_job_id(), "0001-cinematic-1", so())
    with pytest.raises(RunNotFound):
        await store.change(new_job_id(), so())

    assert noted.drafts == []


async def test_what_is_read_comes_from_the_store(store: MemoryRunStore, clock: ManualClock) -> None:
    run = await store.add(run_of())
    clock.advance(10**9)

    assert await store.get(run.id) == run
    assert await store.page("acme", limit=5, before=None) == [run]
    assert await store.unfinished(created_before=clock.now(), limit=5) == [run]


def test_drafts_of_the_same_thing_are_equal(clock: ManualClock) -> None:
    run = run_of(status=JobStatus.CANCELLED)

    assert isinstance(accepted(run, clock), Draft)
    assert accepted(run, clock) == accepted(run, clock)
