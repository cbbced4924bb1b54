"""Finished answers are kept up to a size, the least used ones going first."""

from storyloom.kit.ids import JobId
from storyloom.storyboard.finished import FinishedAnswers


def test_an_answer_that_was_used_lately_stays() -> None:
    kept = FinishedAnswers[bytes](size=len, max_bytes=40)
    for name in "abcd":
        kept.put(JobId(name), b"x" * 10)
    kept.get(JobId("a"))

    kept.put(JobId("e"), b"x" * 10)

    assert kept.get(JobId("a")) is not None
    assert kept.get(JobId("b")) is None


def test_an_answer_that_is_too_big_is_not_kept() -> None:
    kept = FinishedAnswers[bytes](size=len, max_bytes=40)

    kept.put(JobId("a"), b"x" * 11)

    assert kept.get(JobId("a")) is None


def test_the_first_answer_of_a_job_stays() -> None:
    kept = FinishedAnswers[bytes](size=len, max_bytes=40)
    kept.put(JobId("a"), b"one")

    kept.put(JobId("a"), b"two")

    assert kept.get(JobId("a")) == b"one"
