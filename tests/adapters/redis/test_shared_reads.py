"""Reads at the same time are one command."""

import asyncio
from collections.abc import Sequence

import pytest

from storyloom.adapters.redis._shared_reads import SharedReads
from storyloom.errors import Unavailable


class Source:
    """Answers each key with itself, when it is let; `x` is missing and `bad` fails."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []
        self.let = asyncio.Event()

    async def fetch(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        self.asked.append(keys)
        await self.let.wait()
        if "bad" in keys:
            raise Unavailable("It is away.", system="redis")
        return [None if key == "x" else key.encode() for key in keys]


async def started(reads: SharedReads, *keys: str) -> list[asyncio.Task[bytes | None]]:
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(reads.get(key)) for key in keys]
    await asyncio.sleep(0)
    return tasks


async def test_what_is_asked_during_a_read_is_read_together_after_it() -> None:
    source = Source()
    reads = SharedReads(source.fetch)
    tasks = [*await started(reads, "a"), *await started(reads, "b", "c", "x", "b")]

    source.let.set()

    assert [await task for task in tasks] == [b"a", b"b", b"c", None, b"b"]
    assert source.asked == [["a"], ["b", "c", "x"]]


async def test_nothing_is_remembered() -> None:
    source = Source()
    source.let.set()
    reads = SharedReads(source.fetch)
    await reads.get("a")

    await reads.get("a")

    assert source.asked == [["a"], ["a"]]


async def test_a_fault_meets_those_who_asked_together_and_no_one_else() -> None:
    source = Source()
    reads = SharedReads(source.fetch)
    first, *others = [*await started(reads, "a"), *await started(reads, "b", "bad")]

    source.let.set()

    assert await first == b"a"
    for task in others:
        with pytest.raises(Unavailable, match="It is away"):
            await task
    assert await reads.get("c") == b"c"


@pytest.mark.parametrize("waiting_for_its_turn", [True, False])
async def test_a_reader_that_is_cancelled_leaves_no_one_waiting(
    *, waiting_for_its_turn: bool
) -> None:
    source = Source()
    reads = SharedReads(source.fetch)
    before = await started(reads, "a") if waiting_for_its_turn else []
    leader, follower = [*await started(reads, "b"), *await started(reads, "c")]

    leader.cancel()
    await asyncio.sleep(0)
    source.let.set()

    with pytest.raises(asyncio.CancelledError):
        await leader
    done, _ = await asyncio.wait([follower], timeout=60)
    assert done == {follower}
    assert (follower.exception() is not None) == waiting_for_its_turn
    assert [await task for task in before] == [b"a"] * len(before)
    assert await reads.get("d") == b"d"
