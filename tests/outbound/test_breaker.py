"""A provider that fails is left alone, and then tried with one call."""

import pytest

from storyloom.errors import Resting
from storyloom.outbound.breaker import Breaker
from tests.outbound.desks import Time


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker("Gemini", failures=3, rest_s=30, time=time)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.admit()
        breaker.failed()
        breaker.gave_up()


def test_a_few_failures_are_borne(breaker: Breaker) -> None:
    fail(breaker, 2)

    breaker.admit()

    assert not breaker.is_open


def test_failures_count_in_a_row_only(breaker: Breaker) -> None:
    for _ in range(4):
        fail(breaker, 2)
        breaker.succeeded()

    breaker.admit()


def test_after_too_many_it_rests(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 10

    with pytest.raises(Resting, match="Gemini failed 3 times in a row") as fault:
        breaker.admit()

    assert breaker.is_open
    assert (fault.value.system, fault.value.retry_after_s) == ("Gemini", 20.0)


def test_then_one_call_is_let_through(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 30

    breaker.check()
    breaker.admit()

    with pytest.raises(Resting) as fault:
        breaker.admit()
    assert fault.value.retry_after_s == 1.0


def test_its_success_ends_the_rest(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 30
    breaker.admit()

    breaker.succeeded()

    fail(breaker, 2)
    breaker.admit()


def test_its_failure_begins_a_new_rest(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 30
    fail(breaker, 1)
    time.now += 29

    with pytest.raises(Resting):
        breaker.admit()
    time.now += 1
    breaker.admit()


def test_a_trial_that_was_given_up_tells_nothing(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 30
    assert breaker.admit()

    breaker.gave_up()

    assert breaker.admit()


def test_calls_that_were_under_way_do_not_prolong_the_rest(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 20
    breaker.failed()
    time.now += 10

    breaker.admit()
