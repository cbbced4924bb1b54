"""What each caller is shown, and how streams end."""

import asyncio
from collections.abc import Sequence

import pytest

from storyloom.access.schemas import Caller, Scope
from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.errors import NotFound, Unavailable
from storyloom.events import frames as sending
from storyloom.events import views as module
from storyloom.events.frames import EventStream
from storyloom.events.schemas import Draft, Event, EventType, Filter, Snapshot, Subject
from storyloom.events.state import Events
from storyloom.events.views import EventViews, Whose
from storyloom.kit.clock import ManualClock
from tests.events.reading import Frame, frames

JOB = Subject(kind="code_to_storyboard", id="j1")
KINDS = {Scope.STORYBOARDS: {"code_to_storyboard"}, Scope.STORIES: {"story_run", "notification"}}
ME = Whose(Caller(), "acme")


class Kept(MemoryEventLog):
    """A log that may be away."""

    is_away = False

    async def after(self, seq: int, *, limit: int, wanted: Filter = Filter()) -> Sequence[Event]:  # noqa: B008
        if self.is_away:
            raise Unavailable("away")
        return await super().after(seq, limit=limit, wanted=wanted)


class Jobs:
    """The one job."""

    is_over = False

    async def of(self, org_id: str, caller: Caller, job_id: str) -> Snapshot:
        if job_id != JOB.id:
            raise NotFound
        return Snapshot(JOB, {"id": job_id}, self.is_over)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
async def events(kept: Kept) -> Events:
    return Events(kept, MemoryEventBus())


@pytest.fixture
def views(events: Events, jobs: Jobs) -> EventViews:
    return EventViews(events, jobs, KINDS)


def draft(name: str, type_: str = EventType.PROGRESS) -> Draft:
    return Draft.of("acme", type_, JOB, at=ManualClock().now(), cause=name)


async def followed(
    views: EventViews, after: int | None, within_s: float | None = None
) -> list[Frame]:
    async with asyncio.timeout(20), views.job_stream(ME, JOB.id, after, within_s) as stream:
        body = b"".join([some async for some in stream])
    return list(frames(body.decode().split("\n")))


def names(told: list[Frame]) -> list[str]:
    return [frame.name for frame in told]


@pytest.mark.parametrize(
    ("scopes", "kinds"),
    [
        ({Scope.ADMIN}, None),
        ({Scope.STORYBOARDS}, KINDS[Scope.STORYBOARDS]),
        ({Scope.STORIES, Scope.GPU}, KINDS[Scope.STORIES]),
        ({Scope.GPU}, set[str]()),
    ],
)
async def test_a_key_covers_kinds(
    views: EventViews, scopes: set[Scope], kinds: set[str] | None
) -> None:
    wanted = views.wanted(Whose(Caller("k", "acme", frozenset(scopes)), "acme"))

    assert wanted == Filter("acme", None, None if kinds is None else frozenset(kinds), None)


async def test_of_earlier_ends_the_last_one_counts(
    views: EventViews, events: Events, jobs: Jobs
) -> None:
    """A run that has ended may go on, and end again."""
    for name, type_ in (("a", EventType.FAILED), ("b", EventType.STARTED)):
        await events.record([draft(name, type_)])
    still_runs = await followed(views, 0, within_s=0)
    jobs.is_over = True
    await events.record([draft("c", EventType.COMPLETED)])

    told = await followed(views, 0)

    assert names(still_runs) == ["snapshot", "job.failed", "job.started", "dropped"]
    assert names(told) == ["snapshot", "job.failed", "job.started", "job.completed", "end"]


async def test_an_end_that_is_not_in_the_log_yet_is_waited_for(
    views: EventViews, events: Events, jobs: Jobs
) -> None:
    jobs.is_over = True
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(followed(views, None))
        await asyncio.sleep(0.05)
        await events.record([draft("end", EventType.COMPLETED)])
        told = await reading

    assert names(told) == ["snapshot", "job.completed", "end"]


async def test_an_end_that_is_never_told_keeps_nobody(
    views: EventViews, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "END_WITHIN_S", 0.05)
    jobs.is_over = True

    assert names(await followed(views, None)) == ["snapshot", "end"]


async def test_while_nothing_happens_there_are_beats(
    views: EventViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT_S", 0.02)
    async with views.stream(views.wanted(ME), None, 0.1) as stream:
        told = [some async for some in stream]

    assert told.count(sending.BEAT) >= 2
    assert told[-1] == b'event: dropped\ndata: {"reason":"time_over"}\n\n'


async def test_a_log_that_is_away_ends_the_stream_with_a_reason(
    views: EventViews, events: Events, kept: Kept
) -> None:
    await events.record([draft("a")])
    async with views.stream(views.wanted(ME), 0, None) as stream:
        kept.is_away = True
        told = [some async for some in stream]
        kept.is_away = False

    assert told[-1] == b'event: dropped\ndata: {"reason":"unavailable"}\n\n'


async def respond(views: EventViews, send: object, receive: object) -> None:
    stream = EventStream(lambda: views.stream(views.wanted(ME), None, None))
    await stream({"type": "http"}, receive, send)  # type: ignore[arg-type]


async def test_a_client_that_takes_nothing_is_given_up(
    views: EventViews, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SEND_WITHIN_S", 0.02)

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async with asyncio.timeout(10):
        await respond(views, send, asyncio.Event().wait)

    assert events.open_streams == 0


async def test_a_client_that_goes_ends_its_stream(views: EventViews, events: Events) -> None:
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        while len(sent) < 2:  # noqa: ASYNC110 - it is a moment
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    async with asyncio.timeout(10):
        await respond(views, send, receive)

    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert events.open_streams == 0
