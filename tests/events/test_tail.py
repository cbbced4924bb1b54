"""The end of the log is followed without a gap, however joins and reads cross each other."""

import asyncio
from collections.abc import Sequence

from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.events.followers import Follower
from storyloom.events.schemas import EVERYTHING, Event, Filter, Span
from storyloom.events.tail import Tail
from tests.events.test_state import draft
from tests.until import until


class HeldLog(MemoryEventLog):
    """Holds the next answers back, each until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.spans: list[asyncio.Event] = []
        self.pages: list[asyncio.Event] = []

    async def after(self, seq: int, *, limit: int, wanted: Filter = EVERYTHING) -> Sequence[Event]:
        if self.pages:
            await self.pages.pop().wait()
        return await super().after(seq, limit=limit, wanted=wanted)

    async def span(self) -> Span:
        span = await super().span()
        if self.spans:
            await self.spans.pop().wait()
        return span


async def test_whoever_joins_further_back_than_what_is_just_read_misses_nothing() -> None:
    kept, span, page = HeldLog(), asyncio.Event(), asyncio.Event()
    kept.spans, kept.pages = [span], [page]
    tail, first, second = Tail(kept), Follower(EVERYTHING), Follower(EVERYTHING)
    await kept.append([draft("a")])
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(tail.follow())
        joining = tasks.create_task(tail.join(first))
        await until(lambda: not kept.spans)

        await kept.append([draft("b")])
        assert await tail.join(second) == 2
        await until(lambda: not kept.pages)
        tail.leave(second)
        span.set()
        assert await joining == 1
        await kept.append([draft("c")])
        page.set()

        seen: list[int] = []
        async with asyncio.timeout(60):
            while len(seen) < 2:
                seen += [event.seq for event in await first.next(60)]
        assert seen == [2, 3]
        following.cancel()


async def test_what_is_read_when_all_have_left_is_handed_to_nobody() -> None:
    kept, page = HeldLog(), asyncio.Event()
    kept.pages = [page]
    tail, follower = Tail(kept), Follower(EVERYTHING)
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(tail.follow())
        assert await tail.join(follower) == 0
        await until(lambda: not kept.pages)

        await kept.append([draft("a")])
        tail.leave(follower)
        page.set()
        await asyncio.sleep(0)  # it is read

        assert await tail.join(follower) == 1
        await kept.append([draft("b")])
        tail.heard(())
        assert [event.seq for event in await follower.next(60)] == [2]
        following.cancel()
