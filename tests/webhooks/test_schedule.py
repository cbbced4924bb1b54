"""When a delivery is tried again."""

from datetime import timedelta

import pytest

from storyloom.webhooks.schedule import JITTER, WAITS_S, outcome_of, retry_after_s
from storyloom.webhooks.schemas import TEST, DeliveryStatus
from tests.webhooks.made import NOON, attempt, delivery


def test_a_good_answer_ends_it() -> None:
    for status in (200, 202, 204, 299):
        assert outcome_of(delivery(), attempt(status), None, NOON).status is (
            DeliveryStatus.DELIVERED
        )


@pytest.mark.parametrize("status", [None, 100, 301, 302, 400, 404, 429, 500, 503])
def test_anything_else_is_tried_again(status: int | None) -> None:
    outcome = outcome_of(delivery(), attempt(status), None, NOON)

    assert outcome.status is DeliveryStatus.PENDING
    assert not outcome.is_gone


def test_the_waits_are_those_of_the_conventions() -> None:
    told: list[float] = []
    for tries in range(9):
        outcome = outcome_of(delivery(tries=tries), attempt(), None, NOON)
        assert outcome.next_at is not None
        told.append((outcome.next_at - NOON).total_seconds())

    for told_s, wait_s in zip(told, WAITS_S, strict=True):
        assert wait_s * (1 - JITTER) <= told_s <= wait_s * (1 + JITTER)
    assert WAITS_S == (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    assert len({outcome_of(delivery(), attempt(), None, NOON).next_at for _ in range(9)}) > 1


def test_the_tenth_attempt_is_the_last() -> None:
    outcome = outcome_of(delivery(tries=9), attempt(), "60", NOON)

    assert (outcome.status, outcome.next_at) == (DeliveryStatus.FAILED, None)


def test_a_receiver_that_is_gone_is_asked_no_more() -> None:
    outcome = outcome_of(delivery(), attempt(410), None, NOON)

    assert (outcome.status, outcome.is_gone) == (DeliveryStatus.FAILED, True)


def test_a_trial_is_made_once() -> None:
    assert outcome_of(delivery(type=TEST), attempt(), None, NOON).status is DeliveryStatus.FAILED


def test_a_receiver_may_ask_for_a_longer_wait_but_not_for_ever() -> None:
    asked = outcome_of(delivery(), attempt(503), "120", NOON)
    shorter = outcome_of(delivery(tries=1), attempt(503), "1", NOON)
    for_ever = outcome_of(delivery(), attempt(503), "999999999999", NOON)

    assert asked.next_at == NOON + timedelta(seconds=120)
    assert shorter.next_at is not None
    assert shorter.next_at > NOON + timedelta(minutes=4)
    assert for_ever.next_at == NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        (None, 0),
        (" 7 ", 7),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60),
        ("Sun, 01 Mar 2026 12:01:00 -0000", 60),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("01 Jan 99999999999 00:00:00 GMT", 0),
        ("Sun, 01 Mar 2026 12:01:00 +99999999999999", 0),
        ("-5", 0),
        ("\u0667", 0),
    ],
)
def test_what_retry_after_says(header: str | None, wait_s: float) -> None:
    assert retry_after_s(header, NOON) == wait_s
