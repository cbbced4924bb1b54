"""Work in threads."""

import threading

import pytest

from storyloom.errors import InvalidInput
from storyloom.story.aside import Aside


def _for_ever(depth: int = 0) -> int:
    return _for_ever(depth + 1)


@pytest.mark.parametrize(("size", "is_here"), [(10, True), (10_000_000, False)])
async def test_large_work_is_done_in_a_thread(size: int, *, is_here: bool) -> None:
    thread = await Aside().run(size, threading.current_thread)

    assert (thread is threading.current_thread()) is is_here


@pytest.mark.parametrize("size", [10, 10_000_000])
async def test_what_is_nested_too_deeply_is_bad_input(size: int) -> None:
    with pytest.raises(InvalidInput, match="nested"):
        await Aside().run(size, _for_ever)
