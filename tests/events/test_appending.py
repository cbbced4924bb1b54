"""What the log refuses is found among what was sent with it."""

from datetime import UTC, datetime

import pytest

from storyloom.errors import InvalidInput, Unavailable
from storyloom.events import appending
from storyloom.events.schemas import Draft, Filter, Subject
from tests.events.test_state import MoodyLog, process, say
from tests.until import until

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUBJECT = Subject(kind="story_run", id="a")


async def test_what_was_refused_together_is_appended_one_by_one_and_one_alone_is_lost(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "FIRST_WAIT_S", 0.01)
    kept, refused = MoodyLog(), InvalidInput("no text")
    # From the last to the first: the batch, then the first by itself, then the log is away.
    kept.faults = [Unavailable("away"), refused, refused]
    async with process(kept) as events:
        say(events, *"abc")
        await until(lambda: len(kept._events) == 2)
        say(events, *"de")
        await until(lambda: len(kept._events) == 4)

    assert [event.data["name"] for event in kept._events] == list("bcde")
    assert kept.sizes == [3, 1, 1, 1, 1, 2]
    assert caplog.text.count("an event is lost") == 1


async def test_the_end_appends_the_rest_of_what_was_refused() -> None:
    kept = MoodyLog()
    kept.faults = [InvalidInput("no text")]
    async with process(kept) as events:
        say(events, *"abc")

    assert [event.data["name"] for event in kept._events] == list("abc")


async def test_whoever_follows_is_told_of_what_the_log_had_already() -> None:
    """Kept in one transaction with what it tells of, say, where nobody can tell followers of it."""
    kept = MoodyLog()
    async with process(kept) as events, events.following(Filter()) as following:
        (draft,) = [Draft.of("acme", "job.progress", SUBJECT, at=NOON, cause="x")]
        await kept.append([draft])
        events.emit(draft)

        async for told in following.events(beat_s=60):
            assert [event.id for event in told] == [draft.id]
            break
