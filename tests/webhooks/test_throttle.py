"""Progress is told no more often than it can be read."""

from datetime import timedelta

from storyloom.events.schemas import Event, EventType, Subject
from storyloom.webhooks import throttle as module
from storyloom.webhooks.throttle import Throttle
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


def test_how_far_a_picture_is_is_not_told() -> None:
    events = [
        draft(str(seq), EventType.SHOT, data=data).numbered(seq)
        for seq, data in enumerate(({"status": "making"}, {"progress": 0.1}, {"status": "done"}), 1)
    ]

    assert passed(Throttle(), *events) == [1, 3]


def test_old_jobs_are_forgotten() -> None:
    throttle = Throttle()
    count = module._REMEMBERED + 9

    throttle.passes([progress(n, n, str(n)) for n in range(1, count)])

    assert len(throttle._last) == module._REMEMBERED
