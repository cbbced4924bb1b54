"""Emitted in the background, kept once, followed without a gap and without a double."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from threading import Thread

import pytest

from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.errors import InvalidInput, Unavailable
from storyloom.events import appending, state, tail
from storyloom.events.errors import EventsGone, TooManyStreams
from storyloom.events.schemas import EVERYTHING, Draft, Event, EventType, Filter, Span, Subject
from storyloom.events.state import Events, Following
from storyloom.kit.clock import ManualClock
from tests.until import until

JOB = Subject(kind="code_to_storyboard", id="j1")
PROGRESS = EventType.PROGRESS
NOON = ManualClock().now()


class DeafBus(MemoryEventBus):
    """Loses all that is published."""

    async def publish(self, events: Sequence[Event]) -> None:
        raise Unavailable("away", system="redis")


class MoodyLog(MemoryEventLog):
    """Fails as often as it is told to, and counts how often it was asked to append."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Exception] = []
        self.sizes: list[int] = []

    async def append(self, drafts: Sequence[Draft]) -> Sequence[Event]:
        self.sizes.append(len(drafts))
        if self.faults:
            raise self.faults.pop()
        return await super().append(drafts)

    async def span(self) -> Span:
        await asyncio.sleep(0)
        return await super().span()


@pytest.fixture
def kept() -> MoodyLog:
    return MoodyLog()


@asynccontextmanager
async def process(
    kept: MemoryEventLog, bus: MemoryEventBus | None = None, **sizes: int
) -> AsyncGenerator[Events]:
    """One process of several that share a log."""
    events = Events(kept, bus or MemoryEventBus(), **sizes)
    async with events.running():
        yield events


def draft(name: str = "", type_: str = PROGRESS, org_id: str = "acme") -> Draft:
    return Draft.of(org_id, type_, JOB, at=NOON, data={"name": name}, cause=name)


def say(events: Events, *names: str, org_id: str = "acme") -> None:
    for name in names:
        events.emit(draft(name, org_id=org_id))


async def read(following: Following, count: int) -> list[int]:
    seen: list[int] = []
    async with asyncio.timeout(60):
        async for some in following.events(beat_s=0.01):
            seen += [event.seq for event in some]
            if len(seen) >= count:
                return seen
    return seen


async def test_what_is_emitted_is_in_the_log_once(kept: MoodyLog) -> None:
    async with process(kept) as events:
        say(events, "a", "b", "a")
        await until(lambda: len(kept._events) == 2)
        say(events, "b", "c")

    assert [event.data["name"] for event in kept._events] == ["a", "b", "c"]


async def test_without_a_cause_each_is_an_event(kept: MoodyLog) -> None:
    async with process(kept) as events:
        events.emit(draft())
        events.emit(draft())

    assert len(kept._events) == 2


async def test_what_gathers_is_appended_together(kept: MoodyLog) -> None:
    async with process(kept) as events:
        say(events, *map(str, range(300)))
        await until(lambda: len(kept._events) == 300)

    assert kept.sizes == [300]


async def test_any_thread_may_emit(kept: MoodyLog) -> None:
    async with process(kept) as events:
        thread = Thread(target=say, args=(events, "a"))
        thread.start()
        await until(lambda: len(kept._events) == 1)
        thread.join()


async def test_texts_that_no_database_takes_are_marked(kept: MoodyLog) -> None:
    async with process(kept) as events:
        events.emit(draft("a\x00b\ud800"))

    assert kept._events[0].data == {"name": "a\ufffdb?"}


async def test_while_the_log_is_away_events_wait(
    kept: MoodyLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "FIRST_WAIT_S", 0.01)
    kept.faults = [Unavailable("away"), Unavailable("away")]
    async with process(kept) as events:
        say(events, "a")
        await until(lambda: len(kept.sizes) == 2)
        say(events, "b")
        await until(lambda: len(kept._events) == 2)


@pytest.mark.parametrize("fault", [InvalidInput("no text"), ValueError("a bug")])
async def test_what_the_log_refuses_is_not_in_the_way(
    kept: MoodyLog, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    kept.faults = [fault]
    async with process(kept) as events:
        say(events, "a")
        await until(lambda: len(kept.sizes) == 1)
        say(events, "b")
        await until(lambda: len(kept._events) == 1)

    assert "an event is lost" in caplog.text


async def test_no_more_wait_than_there_is_room_for(
    kept: MoodyLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(appending, "MOST", 2)
    async with process(kept) as events:
        say(events, "a", "b", "c")

    assert len(kept._events) == 2
    assert "1 events are lost" in caplog.text


async def test_the_end_appends_what_is_left_and_gives_up_where_it_cannot(
    kept: MoodyLog, caplog: pytest.LogCaptureFixture
) -> None:
    async with process(kept) as events:
        kept.faults = [Unavailable("away")] * 2
        say(events, "a")
        await until(lambda: len(kept.sizes) == 1)

    assert kept._events == []
    assert "1 events are lost" in caplog.text


async def test_whoever_follows_in_another_process_is_told(kept: MoodyLog) -> None:
    bus = MemoryEventBus()
    async with (
        process(kept, bus) as one,
        process(kept, bus) as other,
        other.following(EVERYTHING) as following,
    ):
        say(one, "a", "b")

        assert await read(following, 2) == [1, 2]


@pytest.mark.parametrize("bus", [MemoryEventBus, DeafBus])
async def test_followers_of_many_writers_see_each_event_once_and_in_order(
    kept: MoodyLog, bus: type[MemoryEventBus], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing is told between processes, which then look by themselves."""
    monkeypatch.setattr(tail, "LOOK_EVERY_S", 0.01)
    shared = bus()
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        processes = [await enter(process(kept, shared)) for _ in range(3)]
        say(processes[0], "before")
        await until(lambda: len(kept._events) == 1)
        everybody = [
            await enter(each.following(EVERYTHING, after)) for each in processes for after in (0, 1)
        ]
        for turn in range(20):
            for number, each in enumerate(processes):
                say(each, f"{turn}-{number}", f"same-{turn}")
            await asyncio.sleep(0)
        await until(lambda: len(kept._events) == 81)

        seen = [await read(following, 80) for following in everybody]

    assert seen == [list(range(1, 82)), list(range(2, 82))] * 3


async def test_words_that_come_late_or_twice_change_nothing(kept: MoodyLog) -> None:
    bus = MemoryEventBus()
    async with process(kept, bus) as events, events.following(EVERYTHING) as following:
        drafts = [draft(name) for name in "abc"]
        appended = await kept.append(drafts)
        await bus.publish(appended[2:])
        await bus.publish(appended[:1])
        await bus.publish(appended)

        assert await read(following, 3) == [1, 2, 3]
        assert (await following._follower.next(0.01)) == ()


async def test_a_process_that_lags_behind_tells_nothing_twice(kept: MoodyLog) -> None:
    """The client has had the first event from another process, and this one does not know it yet."""
    async with process(kept, DeafBus()) as other, other.following(EVERYTHING):
        await until(lambda: not other._tail._look.is_set())
        await kept.append([draft("a")])
        async with other.following(EVERYTHING, 1) as following:
            assert following.at == 0
            other._tail.heard(())
            await until(lambda: other._tail._at == 1)
            say(other, "b")

            assert await read(following, 1) == [2]


async def test_only_what_is_wanted_is_told(kept: MoodyLog) -> None:
    wanted = Filter(org_id="acme", types=frozenset({PROGRESS}))
    async with process(kept) as events:
        say(events, "old", org_id="beta")
        say(events, "old")
        await until(lambda: len(kept._events) == 2)
        async with (
            events.following(wanted, 0) as following,
            events.following(Filter(subject_id="j2")) as nothing,
        ):
            say(events, "a", org_id="beta")
            events.emit(draft("w", EventType.WAITING))
            say(events, "b")

            assert await read(following, 2) == [2, 5]
            assert await nothing._follower.next(0.01) == ()


async def test_a_slow_client_is_dropped_and_goes_on_without_loss(kept: MoodyLog) -> None:
    async with process(kept, buffer=10) as events:
        async with events.following(EVERYTHING) as following:
            say(events, *map(str, range(11)))
            await until(lambda: bool(following.reason))

            assert await read(following, 1) == []
            assert following.reason == "slow_client"
        async with events.following(EVERYTHING, 0) as again:
            assert await read(again, 11) == list(range(1, 12))


async def test_a_long_past_is_read_in_pieces(
    kept: MoodyLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "REPLAY_PAGE", 2)
    async with process(kept) as events:
        say(events, *map(str, range(4)))
        await until(lambda: len(kept._events) == 4)
        async with events.following(EVERYTHING, 0) as following:
            say(events, "last")

            assert await read(following, 5) == [1, 2, 3, 4, 5]


async def test_no_more_follow_than_may(kept: MoodyLog) -> None:
    async with process(kept, streams=1) as events:
        async with events.following(EVERYTHING):
            assert events.open_streams == 1
            with pytest.raises(TooManyStreams):
                async with events.following(EVERYTHING):
                    pass
        async with events.following(EVERYTHING):
            pass

    assert events.open_streams == 0


async def test_one_organisation_leaves_room_for_others(kept: MoodyLog) -> None:
    async with process(kept, streams=4) as events, AsyncExitStack() as open_:

        async def follow(org_id: str) -> None:
            await open_.enter_async_context(events.following(Filter(org_id)))

        for org_id in ("acme", "acme", "beta"):
            await follow(org_id)

        with pytest.raises(TooManyStreams):
            await follow("acme")
        with pytest.raises(TooManyStreams):
            await open_.enter_async_context(events.following(EVERYTHING, org_id="acme"))
        await follow("beta")
        with pytest.raises(TooManyStreams):
            await open_.enter_async_context(events.following(EVERYTHING))

        await open_.aclose()
        await follow("acme")


async def test_a_process_that_stops_sends_all_away(kept: MoodyLog) -> None:
    async with process(kept) as events, events.following(EVERYTHING) as following:
        events.close()

        assert await read(following, 1) == []
        assert following.reason == "server_stopping"
        with pytest.raises(Unavailable, match="stopping"):
            async with events.following(EVERYTHING):
                pass
        assert (await events.page(0, EVERYTHING, limit=1, wait_s=10)).data == []


async def test_a_place_that_the_log_does_not_have_is_refused(kept: MoodyLog) -> None:
    async with process(kept) as events:
        say(events, "a", "b", "c")
        await until(lambda: len(kept._events) == 3)
        del kept._events[:2]

        for gone in (1, 4):
            with pytest.raises(EventsGone):
                await events.page(gone, EVERYTHING, limit=1)
            with pytest.raises(EventsGone):
                async with events.following(EVERYTHING, gone):
                    pass
        assert (await events.page(0, EVERYTHING, limit=1)).next_after == 3
        assert (await events.page(2, EVERYTHING, limit=9)).next_after == 3


async def test_pages_lead_on_and_past_what_is_not_wanted(kept: MoodyLog) -> None:
    wanted = Filter(org_id="acme")
    async with process(kept) as events:
        assert (await events.page(0, wanted, limit=2)).next_after == 0
        say(events, "a", "b", "c")
        say(events, "d", org_id="beta")
        await until(lambda: len(kept._events) == 4)

        first = await events.page(0, wanted, limit=2)
        second = await events.page(first.next_after, wanted, limit=2)
        third = await events.page(second.next_after, wanted, limit=2)

    assert [event.seq for event in first.data] == [1, 2]
    assert ([event.seq for event in second.data], second.next_after) == ([3], 4)
    assert (third.data, third.next_after) == ([], 4)


async def test_whoever_waits_for_a_page_is_woken_by_the_event(kept: MoodyLog) -> None:
    async with process(kept) as events, asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(events.page(0, Filter(org_id="acme"), limit=1, wait_s=30))
        await until(lambda: events.open_streams == 1)
        say(events, "other", org_id="beta")
        say(events, "a", "b")
        page = await waiting

        assert [event.seq for event in page.data] == [2]
        assert (await events.page(3, EVERYTHING, limit=1, wait_s=0.01)).data == []


async def test_recording_waits_for_the_log(kept: MoodyLog) -> None:
    async with process(kept) as events, events.following(EVERYTHING) as following:
        assert [event.seq for event in await events.record([draft("a")])] == [1]
        assert await events.record([draft("a")]) == []
        assert await read(following, 1) == [1]


async def test_a_log_that_cannot_be_read_is_read_later(
    kept: MoodyLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "TRY_EVERY_S", 0.01)
    monkeypatch.setattr(tail, "PAGE", 1)
    after, faults = kept.after, [Unavailable("away")]

    async def moody(*args: object, **options: object) -> Sequence[Event]:
        if faults:
            raise faults.pop()
        return await after(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(kept, "after", moody)
    async with process(kept) as events, events.following(EVERYTHING) as following:
        await kept.append([draft(name) for name in "ab"])
        events._tail.heard(())

        assert await read(following, 2) == [1, 2]


async def test_a_fault_inside_the_block_comes_out_as_it_is(kept: MoodyLog) -> None:
    with pytest.raises(InvalidInput):
        async with process(kept):
            raise InvalidInput("mine")


def test_what_is_sent_is_made_once() -> None:
    event = draft("ü\n").numbered(7)

    assert event.json_line is event.json_line
    assert event.sse_frame == b"id: 7\nevent: job.progress\ndata: " + event.json_line + b"\n\n"
    assert event.json_line.count(b"\n") == 0
    assert not event.is_end
    assert event.model_copy(update={"type": EventType.FAILED}).is_end
