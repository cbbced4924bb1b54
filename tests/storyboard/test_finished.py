"""Finished answers are kept up to a size and an age, the least used ones going first."""

from storyloom.kit.clock import ManualClock
from storyloom.storyboard.finished import MAX_AGE_S, FinishedAnswers


def test_an_answer_that_was_used_lately_stays(clock: ManualClock) -> None:
    kept = FinishedAnswers[str, bytes](clock, len, max_bytes=40)
    for name in "abcd":
        kept.put(name, b"x" * 10)
    kept.get("a")

    kept.put("e", b"x" * 10)

    assert kept.get("a") is not None
    assert kept.get("b") is None


def test_an_answer_that_is_too_big_is_not_kept(clock: ManualClock) -> None:
    kept = FinishedAnswers[str, bytes](clock, len, max_bytes=40)

    kept.put("a", b"x" * 11)

    assert kept.get("a") is None


def test_the_first_answer_of_a_job_stays(clock: ManualClock) -> None:
    kept = FinishedAnswers[str, bytes](clock, len, max_bytes=40)
    kept.put("a", b"one")

    kept.put("a", b"two")

    assert kept.get("a") == b"one"


def test_an_answer_is_asked_for_anew_after_an_hour(clock: ManualClock) -> None:
    kept = FinishedAnswers[str, bytes](clock, len, max_bytes=40)
    kept.put("a", b"x" * 10)
    clock.advance(MAX_AGE_S - 1)
    before = kept.get("a")

    clock.advance(1)

    assert before is not None
    assert kept.get("a") is None
    kept.put("a", b"y" * 10)
    assert kept.get("a") == b"y" * 10
