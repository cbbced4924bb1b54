"""What is said of workers and queues."""

from datetime import timedelta

from storyloom.bootstrap.diagnosis.workers import (
    Heard,
    heard,
    look_at_queues,
    look_at_workers,
    others,
)
from storyloom.jobs.schemas import QueueDepth, Worker, WorkerSeen
from storyloom.kit.clock import ManualClock
from storyloom.kit.findings import Verdict


def worker(
    host: str = "a", *, heard_s: float = 1, version: str = "1", has_left: bool = False
) -> Heard:
    known = Worker(id=host, host=host, pid=7, version=version, queues=("storyboards",))
    return Heard(known, heard_s, has_left)


def depth(waiting: int = 0, oldest_wait_s: float = 0, name: str = "storyboards") -> QueueDepth:
    return QueueDepth(name=name, waiting=waiting, running=1, oldest_wait_s=oldest_wait_s)


def test_beats_are_measured_by_the_clock_that_stamps_them(clock: ManualClock) -> None:
    seen = [
        WorkerSeen(
            worker=worker().worker, beat_at=clock.now() + timedelta(seconds=s), has_left=False
        )
        for s in (-3, 1)
    ]

    assert [one.heard_s for one in heard(seen, clock.now())] == [3, 0]


def test_nobody_at_all() -> None:
    (found,) = look_at_workers([])

    assert (found.status, found.says) == (Verdict.WARNING, "No worker is heard.")
    assert "storyloom work" in found.mend


def test_all_are_silent() -> None:
    (found,) = look_at_workers([worker("a", heard_s=90), worker("b", heard_s=30)])

    assert found.says == "No worker is heard; the last was heard 30 s ago."


def test_some_are_silent() -> None:
    crew = [worker("a"), worker("b"), worker("c", heard_s=60), worker("d", has_left=True)]

    well, silent = look_at_workers(crew)

    assert (well.status, well.says) == (Verdict.OK, "2 are heard.")
    assert silent.says == "2 have fallen silent; the last was heard 60 s ago."
    assert "within 30 s" in silent.mend


def test_one_has_left() -> None:
    well, silent = look_at_workers([worker("a"), worker("b", has_left=True)])

    assert well.says == "1 is heard."
    assert silent.says == "1 has fallen silent."


def test_versions_that_differ() -> None:
    crew = [worker("a"), worker("b", version="2"), worker("c"), worker("d", heard_s=90)]

    *_, found = look_at_workers(crew)

    assert found.says == "They run pipelines of different versions: 1 on a, c; 2 on b."
    assert "rollout" in found.mend


def test_queues() -> None:
    crew = [worker("a"), worker("b", heard_s=90)]
    depths = [
        depth(),
        depth(3, 12),
        depth(3, 90),
        depth(2, 12, "images-gpu"),
        depth(0, 0, "stories"),
    ]

    found = look_at_queues(depths, crew)

    nobody = "no worker that is heard takes jobs from it."
    assert [(one.status.value, one.says) for one in found] == [
        ("ok", "storyboards: 0 waiting, 1 running."),
        ("ok", "storyboards: 3 waiting, 1 running, the oldest for 12 s."),
        ("warning", "storyboards: 3 waiting, 1 running, the oldest for 90 s; that is long."),
        (
            "error",
            f"images-gpu: 2 waiting, 1 running, the oldest for 12 s; {nobody}",
        ),
        ("warning", f"stories: 0 waiting, 1 running; {nobody}"),
    ]
    assert "STORYLOOM_QUEUES covers images-gpu" in found[3].mend


def test_other_hosts_are_those_with_living_workers() -> None:
    crew = [worker("a"), worker("b"), worker("b"), worker("c", heard_s=90)]

    assert others(crew, "a") == ["b"]
