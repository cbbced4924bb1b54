"""What is told of a failure: whether trying again may help, and what a person should do."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest

import storyloom
from storyloom.automation.errors import SwarmUiFailed
from storyloom.automation.runs.directing.obstacles import WaitedTooLong
from storyloom.automation.runs.errors import NothingToTell, PromptsMissing
from storyloom.errors import StoryloomError
from storyloom.work import faults
from storyloom.work.faults import told


def test_codes_with_a_hint_are_codes_of_errors() -> None:
    for module in pkgutil.walk_packages(storyloom.__path__, "storyloom."):
        if module.name.endswith((".errors", ".obstacles")):
            import_module(module.name)

    assert set(faults._HINTS) <= {cls.code for cls in below(StoryloomError)}


@pytest.mark.parametrize(
    ("cls", "is_retryable"),
    [(NothingToTell, False), (PromptsMissing, True), (WaitedTooLong, True), (SwarmUiFailed, True)],
)
def test_errors_of_features_are_judged_by_their_kind(
    cls: type[StoryloomError], *, is_retryable: bool
) -> None:
    error = told(cls.code, "So it is.", stage="draw")

    assert error.retryable is is_retryable
    assert error.hint is not None
    assert (error.code, error.stage, error.message) == (cls.code, "draw", "So it is.")


def test_where_nobody_knows_what_to_do_there_is_no_hint() -> None:
    assert told("internal", "So it is.").hint is None


def below(cls: type[StoryloomError]) -> Iterator[type[StoryloomError]]:
    for one in cls.__subclasses__():
        yield one
        yield from below(one)
