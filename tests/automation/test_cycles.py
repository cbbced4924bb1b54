"""Up and down again and again, in every way: nothing is left, and nothing grows."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import enumerate as threads
from typing import Any

import pytest

from storyloom.automation.errors import SwarmUiFailed
from tests.automation.bench import Bench, opened
from tests.processes import descendants_of, open_files
from tests.swarmui.double import is_free
from tests.swarmui.install import FakeInstall

# `make chaos` takes all fifty; seven are each way once.
CYCLES = 50 if os.environ.get("CHAOS") else 7  # noqa: TID251
# What it does, and how it behaves.
WAYS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"hops": 1}, {}),
    ({"crashes": 3, "children": ["child", "runaway"]}, {}),
    ({"waits_s": 300}, {}),
    ({"ignores_sigterm": True, "children": ["stubborn", "stubborn runaway"]}, {}),
    ({}, {"statuses": ["errored"], "backends": ["errored"]}),
    ({}, {"hangs": True}),
]


def counted(install: FakeInstall, others: Sequence[int]) -> tuple[int, list[int], int, bool]:
    """Files, descendants but for others, threads of ours, and whether the ports are free again."""
    ours = sum(thread.name.startswith("swarmui") for thread in threads())
    ports = all(is_free(install.port + hop) for hop in range(2))
    return open_files(), list(descendants_of(os.getpid(), without=others)), ours, ports


async def cycle(bench: Bench, number: int) -> None:
    does, behaves = WAYS[number % len(WAYS)]
    bench.install.does(**does)
    bench.install.behaves(**behaves)
    bench.clock.advance(61)
    with suppress(SwarmUiFailed):
        await bench.swarmui.start()
    await bench.swarmui.stop(force=True)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_nothing_is_left_of_starts_failures_and_stops(tmp_path: Path) -> None:
    install = FakeInstall(tmp_path / "SwarmUI")
    others = descendants_of(os.getpid())  # servers and browsers that tests share: they come and go
    async with opened(install, timeout_s=2.5, grace_s=0.3) as bench:
        for number in range(len(WAYS)):
            await cycle(bench, number)
        before = counted(install, others)
        assert before[1:] == ([], 0, True)

        for number in range(CYCLES):
            await cycle(bench, number)

            assert counted(install, others) == before, WAYS[number % len(WAYS)]

    assert len(install.launches) == CYCLES + len(WAYS)
