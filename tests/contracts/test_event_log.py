"""What every log of events promises."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.adapters.sql import event_log as module
from storyloom.adapters.sql._database import open_database, writing
from storyloom.adapters.sql.event_log import SqlEventLog
from storyloom.errors import Unavailable
from storyloom.events.ports import EventLog
from storyloom.events.schemas import Draft, EventType, Filter, Span, Subject, event_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOB = Subject(kind="code_to_storyboard", id="j1")
OTHER = Subject(kind="story_run", id="r1")


@asynccontextmanager
async def in_memory(_: pytest.FixtureRequest) -> AsyncGenerator[EventLog]:
    yield MemoryEventLog()


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[EventLog]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/jobs.sqlite") as database:
        yield SqlEventLog(database)


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[EventLog]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlEventLog(database)


LOGS = {"memory": in_memory, "sqlite": in_sqlite, "postgresql": in_postgres}


@pytest.fixture(params=LOGS)
async def kept(request: pytest.FixtureRequest) -> AsyncGenerator[EventLog]:
    async with LOGS[request.param](request) as opened:
        yield opened


def draft(cause: str, org_id: str = "acme", minutes: float = 0, **fields: Any) -> Draft:
    usual: dict[str, Any] = {"type": EventType.ACCEPTED, "subject": JOB, "data": {}}
    at = NOON + timedelta(minutes=minutes)
    return Draft(id=event_id(org_id, cause), at=at, org_id=org_id, **(usual | fields))


async def seqs(kept: EventLog, after: int = 0, **wanted: Any) -> list[int]:
    return [e.seq for e in await kept.after(after, limit=1000, wanted=Filter(**wanted))]


async def test_an_event_comes_back_as_it_was_appended(kept: EventLog) -> None:
    data = {"stage": "drä\U0001f680w", "progress": {"done": 1, "total": 4}, "why": [None, 1.5]}

    appended = await kept.append([draft("a", data=data)])

    assert await kept.after(0, limit=10) == appended
    assert appended[0].seq == 1
    assert appended[0].data == data
    assert appended[0].at == NOON


async def test_numbers_follow_each_other_over_many_appends(kept: EventLog) -> None:
    await kept.append([draft("a"), draft("b")])
    last = await kept.append([draft("c")])

    assert [event.seq for event in last] == [3]
    assert await seqs(kept) == [1, 2, 3]
    assert await seqs(kept, 2) == [3]
    assert [e.seq for e in await kept.after(0, limit=2)] == [1, 2]


async def test_a_cause_is_kept_once(kept: EventLog) -> None:
    first = await kept.append([draft("a"), draft("a")])
    again = await kept.append([draft("b"), draft("a"), draft("c")])
    nothing = await kept.append([draft("c")])

    assert [event.seq for event in first] == [1]
    assert [(event.seq, event.id) for event in again] == [
        (2, event_id("acme", "b")),
        (3, event_id("acme", "c")),
    ]
    assert nothing == []


async def test_the_same_cause_in_two_organisations_is_two_events(kept: EventLog) -> None:
    await kept.append([draft("a", "acme"), draft("a", "beta")])

    assert await seqs(kept) == [1, 2]


async def test_many_who_append_at_once_leave_no_hole_and_no_double(kept: EventLog) -> None:
    async with asyncio.TaskGroup() as tasks:
        for turn in range(8):
            tasks.create_task(kept.append([draft("same"), draft(f"{turn}a"), draft(f"{turn}b")]))

    assert await seqs(kept) == list(range(1, 18))


async def test_whoever_reads_meanwhile_misses_nothing(kept: EventLog) -> None:
    """A smaller number never comes to be seen after a greater one."""
    seen: list[int] = []
    is_over = asyncio.Event()

    async def read() -> None:
        while True:
            was_over = is_over.is_set()
            seen.extend(await seqs(kept, seen[-1] if seen else 0))
            await asyncio.sleep(0)
            if was_over:
                return

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(read())
        async with asyncio.TaskGroup() as writers:
            for writer in range(5):
                writers.create_task(_write(kept, writer))
        is_over.set()

    assert seen == list(range(1, 51))


async def _write(kept: EventLog, writer: int) -> None:
    for turn in range(5):
        await kept.append([draft(f"{writer}-{turn}-a"), draft(f"{writer}-{turn}-b")])


async def test_only_what_is_wanted_is_given(kept: EventLog) -> None:
    await kept.append(
        [
            draft("a"),
            draft("b", type=EventType.COMPLETED),
            draft("c", "beta"),
            draft("d", subject=OTHER, type=EventType.SHOT),
        ]
    )

    assert await seqs(kept, org_id="acme") == [1, 2, 4]
    assert await seqs(kept, org_id="acme", subject_id="j1") == [1, 2]
    assert await seqs(kept, kinds=frozenset({"story_run"})) == [4]
    assert await seqs(kept, types=frozenset({"job.completed", "run.shot"})) == [2, 4]
    assert await seqs(kept, types=frozenset()) == []
    assert await seqs(kept, 2, org_id="acme") == [4]
    for event in await kept.after(0, limit=10):
        wanted = Filter(org_id="acme", types=frozenset({"job.accepted"}))
        assert wanted.takes(event) is (event.seq == 1)


async def test_which_ids_are_known(kept: EventLog) -> None:
    await kept.append([draft("a")])
    a, b = event_id("acme", "a"), event_id("acme", "b")

    assert set(await kept.known([a, b])) == {a}
    assert not await kept.known([])


async def test_the_last_end_of_a_subject(kept: EventLog) -> None:
    assert await kept.last_end("acme", JOB) is None
    await kept.append(
        [
            draft("a", type=EventType.FAILED),
            draft("b", type=EventType.COMPLETED),
            draft("c", type=EventType.PROGRESS),
            draft("d", subject=OTHER, type=EventType.CANCELLED),
        ]
    )

    end = await kept.last_end("acme", JOB)

    assert end is not None
    assert end.seq == 2
    assert await kept.last_end(None, JOB) == end
    assert await kept.last_end("beta", JOB) is None


async def test_the_span(kept: EventLog) -> None:
    assert await kept.span() == Span(0, 0)
    await kept.append([draft("a"), draft("b")])

    assert await kept.span() == Span(1, 2)


async def test_old_ones_are_forgotten_from_the_beginning(kept: EventLog) -> None:
    """The second is older by its clock, and stays: a log has no hole."""
    await kept.append([draft("a", minutes=0), draft("b", minutes=9), draft("c", minutes=8)])

    assert await kept.forget(before=NOON) == 0
    assert await kept.forget(before=NOON + timedelta(minutes=9)) == 1

    assert await kept.span() == Span(2, 3)


async def test_a_long_past_is_forgotten_batch_by_batch(
    kept: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    await kept.append([draft(str(n), minutes=n) for n in range(12)])

    assert await kept.forget(before=NOON + timedelta(minutes=7)) == 7
    assert await kept.span() == Span(8, 12)
    assert await kept.forget(before=NOON + timedelta(days=1)) == 4
    assert await kept.span() == Span(12, 12)


async def test_numbers_go_on_after_everything_was_forgotten(kept: EventLog) -> None:
    await kept.append([draft("a"), draft("b")])

    assert await kept.forget(before=NOON + timedelta(days=1)) == 1
    assert await kept.forget(before=NOON + timedelta(days=1)) == 0
    (next_one,) = await kept.append([draft("c")])

    assert next_one.seq == 3


async def test_a_log_without_its_table_does_not_answer(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        async with writing(database) as connection:
            await connection.exec_driver_sql("DROP TABLE storyloom_events")

        with pytest.raises(Unavailable):
            await SqlEventLog(database).append([draft("a")])
