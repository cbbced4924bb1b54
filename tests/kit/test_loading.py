"""The collector rests while a lot is imported, and works again afterwards."""

import gc
import importlib

import pytest

from storyloom.kit.loading import loading


def test_the_collector_rests_and_works_again() -> None:
    with loading():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_it_works_again_after_a_fault() -> None:
    with pytest.raises(ModuleNotFoundError), loading():
        importlib.import_module("storyloom.no_such_module")

    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with loading():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
