"""Who is dead, as far as one watcher can tell."""

from datetime import UTC, datetime, timedelta

from storyloom.jobs.schemas import Worker, WorkerSeen
from storyloom.jobs.watch import LEASE_S, Watch

START = datetime(2025, 12, 2, tzinfo=UTC)


def seen(name: str, beat: float = 0, *, silent_s: float = 0, has_left: bool = False) -> WorkerSeen:
    worker = Worker(id=name, host="here", pid=1, version="1", queues=())
    beat_at = START + timedelta(seconds=beat)
    return WorkerSeen(worker=worker, beat_at=beat_at, silent_s=silent_s, has_left=has_left)


def names(dead: list[WorkerSeen]) -> list[str]:
    return [w.worker.id for w in dead]


def test_nobody_is_dead_at_first_sight() -> None:
    assert Watch().look([seen("old", -9999)], 0) == []


def test_a_beat_that_stands_still_for_a_lease_is_death() -> None:
    watch = Watch()

    looks = [names(watch.look([seen("still"), seen("alive", at)], at)) for at in range(0, 9, 2)]

    assert looks == [[], [], [], [], ["still"]]


def test_one_that_has_long_been_silent_is_watched_for_half_a_lease() -> None:
    watch = Watch()

    looks = [names(watch.look([seen("still", silent_s=16 + at)], at)) for at in range(0, 5, 2)]

    assert looks == [[], [], ["still"]]


def test_a_worker_that_is_heard_again_has_a_new_lease() -> None:
    watch = Watch()
    for at in range(0, 7, 2):
        watch.look([seen("one")], at)

    watch.look([seen("one", 7)], 8)

    assert watch.look([seen("one", 7)], 10) == []


def test_a_worker_that_left_is_not_waited_for() -> None:
    assert names(Watch().look([seen("left", has_left=True)], 0)) == ["left"]


def test_after_an_outage_everybody_has_a_whole_lease() -> None:
    watch = Watch()
    watch.look([seen("one")], 0)
    watch.look([seen("one")], 2)

    after = [names(watch.look([seen("one")], at)) for at in range(60, 69, 2)]

    assert after == [[], [], [], [], ["one"]]


def test_a_gap_shorter_than_half_a_lease_changes_nothing() -> None:
    watch = Watch()
    watch.look([seen("one")], 0)
    watch.look([seen("one")], LEASE_S / 2)

    assert names(watch.look([seen("one")], LEASE_S)) == ["one"]


def test_who_has_gone_is_forgotten() -> None:
    watch = Watch()
    for at in range(0, 5, 2):
        watch.look([seen("one")], at)
    watch.look([], 6)

    assert watch.look([seen("one")], 8) == []
