"""Progress is told no more often than it can be read."""

from datetime import timedelta

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.automation.runs.schemas import Shot, ShotStatus, Wanted
from storyloom.automation.runs.told import RunTeller
from storyloom.events.schemas import Event, EventType, Subject
from storyloom.kit.clock import ManualClock
from storyloom.story.prompts import Aspect
from storyloom.webhooks import throttle as module
from storyloom.webhooks.throttle import Throttle
from tests.automation.runs.test_telling import so
from tests.contracts.test_run_store import run_of
from tests.storyboard.test_telling import Noted
from tests.webhooks.made import NOON, draft


def progress(seq: int, ms: int, of: str = "j1", type_: str = EventType.PROGRESS) -> Event:
    at, subject = NOON + timedelta(milliseconds=ms), Subject(kind="story_run", id=of)
    return draft(str(seq), type_, at=at, subject=subject).numbered(seq)


def passed(throttle: Throttle, *events: Event) -> list[int]:
    return [event.seq for event in throttle.passes(events)]


def test_progress_of_a_job_is_told_twice_a_second() -> None:
    throttle = Throttle()

    assert passed(throttle, progress(1, 0), progress(2, 499), progress(3, 500)) == [1, 3]
    assert passed(throttle, progress(4, 900), progress(5, 901, "j2"), progress(6, 1000)) == [5, 6]


def test_everything_else_is_told() -> None:
    events = [progress(1, 0), progress(2, 1, type_=EventType.COMPLETED), progress(3, 2)]

    assert passed(Throttle(), *events) == [1, 2]


async def test_how_far_a_picture_is_is_not_told_but_what_else_happens_to_it_is(
    clock: ManualClock,
) -> None:
    """Also while it is under way: somebody has it cancelled, or wants another version meanwhile."""
    noted = Noted()
    store = MemoryRunStore(RunTeller(noted, clock))
    run = await store.add(run_of())
    shot = Shot(id="0001-cinematic-1", place=1, beat_id="b1", aspect=Aspect.CINEMATIC, take=1)
    await store.add_shots(run.id, [shot], epoch=run.epoch)
    noted.drafts.clear()
    for change in (
        {"status": ShotStatus.MAKING, "rounds": 1},
        {"progress": 0.1},
        {"progress": 0.25, "chosen": 1},
        {"progress": 0.35},
        {"wanted": Wanted.CANCEL},
    ):
        await store.change_shot(run.id, shot.id, so(**change))

    events = [one.numbered(seq) for seq, one in enumerate(noted.drafts, 1)]
    assert passed(Throttle(), *events) == [1, 3, 5]


def test_old_jobs_are_forgotten() -> None:
    throttle = Throttle()
    count = module._REMEMBERED + 9

    throttle.passes([progress(n, n, str(n)) for n in range(1, count)])

    assert len(throttle._last) == module._REMEMBERED
