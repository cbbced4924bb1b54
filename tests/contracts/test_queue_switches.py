"""What everything that keeps which queues are paused promises."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.queue_switches import SqlQueueSwitches
from storyloom.jobs.ports import QueueSwitches
from tests.until import until

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
async def switches(request: pytest.FixtureRequest) -> AsyncGenerator[QueueSwitches]:
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_with_tables")
    else:
        url = f"sqlite+aiosqlite:///{request.getfixturevalue('tmp_path')}/queues.sqlite"
    async with open_database(url) as database:
        yield SqlQueueSwitches(database)


async def test_a_queue_is_paused_until_it_is_resumed(switches: QueueSwitches) -> None:
    assert await switches.paused() == {}

    await switches.pause("stories", NOON)
    await switches.pause("stories", NOON + timedelta(hours=1))
    await switches.pause("storyboards", NOON)
    assert await switches.paused() == {"stories": NOON, "storyboards": NOON}

    for _ in range(2):
        await switches.resume("stories")
    assert await switches.paused() == {"storyboards": NOON}


async def test_a_queue_that_two_pause_at_the_same_moment_is_paused_once(
    postgres_with_tables: str,
) -> None:
    pausing = "INSERT INTO storyloom_queues (name, paused_at) VALUES ('stories', %s)"
    waiting = "SELECT pid FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    async with open_database(postgres_with_tables) as database, asyncio.TaskGroup() as tasks:
        switches = SqlQueueSwitches(database)
        with psycopg.connect(postgres_with_tables) as first:
            first.execute(pausing, [NOON])
            tasks.create_task(switches.pause("stories", NOON + timedelta(hours=1)))
            await until(lambda: first.execute(waiting).fetchone() is not None)

    async with open_database(postgres_with_tables) as database:
        assert await SqlQueueSwitches(database).paused() == {"stories": NOON}
