"""A worker looks often where something happens, and seldom where nothing does."""

from concurrent.futures import ThreadPoolExecutor

from storyloom.adapters.dbos._queues import QUICK_FOR_S, QUICK_POLL_S, TAKEN_POLL_S, Pace, Room

USUAL_S = 0.05
NONE: frozenset[str] = frozenset()
ONE = frozenset({"one"})


def test_where_nothing_happens_it_looks_as_usual() -> None:
    pace = Pace(USUAL_S)

    assert [pace.look_again_in_s(NONE, at) for at in range(3)] == [USUAL_S] * 3


def test_after_a_job_has_gone_it_looks_often_for_a_while() -> None:
    pace = Pace(USUAL_S)
    pace.look_again_in_s(ONE, 10)

    gone = pace.look_again_in_s(NONE, 10 + QUICK_FOR_S / 2)
    soon = pace.look_again_in_s(NONE, 10 + QUICK_FOR_S)
    later = pace.look_again_in_s(NONE, 10 + 2 * QUICK_FOR_S)

    assert [gone, soon, later] == [QUICK_POLL_S, QUICK_POLL_S, USUAL_S]


def test_after_a_job_has_come_it_looks_less_often_since_all_that_waited_came_with_it() -> None:
    assert Pace(USUAL_S).look_again_in_s(ONE, 10) == TAKEN_POLL_S


def test_a_long_job_alone_is_no_reason_to_look_often() -> None:
    pace = Pace(USUAL_S)
    pace.look_again_in_s(ONE, 10)

    assert pace.look_again_in_s(ONE, 10 + QUICK_FOR_S) == USUAL_S


def test_it_never_looks_less_often_than_usual() -> None:
    pace = Pace(0.001)

    assert pace.look_again_in_s(ONE, 10) == 0.001


def test_who_waits_for_room_is_woken_when_a_job_ends() -> None:
    room = Room(1)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(room.wait, 600)
        while not waiting.done():  # the first word may come before anybody waits
            room.tell()

    assert room.is_open


def test_a_closed_room_wakes_who_waits() -> None:
    room = Room(1)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(room.wait, 600)
        while not waiting.done():
            room.close()

    assert not room.is_open
