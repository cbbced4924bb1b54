"""The error tree: a sentence, a code, a status."""

import pytest

from storyloom import errors
from storyloom.errors import Busy, ContentBlocked, Misconfigured, StoryloomError

ALL = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, StoryloomError)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_has_a_sentence_without_being_given_one(kind: type[StoryloomError]) -> None:
    fault = kind()

    assert fault.message.endswith(".")
    assert 400 <= fault.http_status < 600
    assert fault.exit_status > 0


@pytest.mark.parametrize("kind", ALL)
def test_only_what_is_unavailable_is_worth_another_try(kind: type[StoryloomError]) -> None:
    assert kind.retryable == issubclass(kind, errors.Unavailable)


def test_errors_carry_what_the_edges_need() -> None:
    assert Busy(system="gpu", retry_after_s=3).retry_after_s == 3
    assert ContentBlocked(system="model").system == "model"
    assert Misconfigured(setting="STORYLOOM_PORT").setting == "STORYLOOM_PORT"
