"""Rows and what they are told by are written together, or neither of both."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.event_log import SqlEventLog
from storyloom.adapters.sql.notification_store import SqlNotificationStore
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.adapters.sql.session_store import SqlSessionStore
from storyloom.automation.runs.schemas import Run, Shot, ShotStatus
from storyloom.automation.runs.told import RunTeller
from storyloom.errors import StoryloomError
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import ManualClock
from storyloom.notifications.schemas import Notification, NotificationType
from storyloom.notifications.state import NotificationCentre
from storyloom.story.ports import version_of
from storyloom.story.prompts import Aspect
from storyloom.story.schemas import SessionKey
from storyloom.story.telling import SessionTeller
from tests.contracts.test_run_store import run_of
from tests.notifications.test_state import DRAFT
from tests.storyboard.test_telling import Noted

KEY = SessionKey("acme", 1738195200000)
SHOT = Shot(id="0001-cinematic-1", place=1, beat_id="b1", aspect=Aspect.CINEMATIC, take=1)

OTHER = SHOT.model_copy(update={"id": "0002-cinematic-1", "place": 2})


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncGenerator[AsyncEngine]:
    folder: Path = request.getfixturevalue("tmp_path")
    url = f"sqlite+aiosqlite:///{folder}/jobs.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as opened:
        yield opened


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def runs(database: AsyncEngine, noted: Noted, clock: ManualClock) -> SqlRunStore:
    return SqlRunStore(database, RunTeller(noted, clock))


async def types(database: AsyncEngine) -> list[str]:
    return [event.type for event in await SqlEventLog(database).after(0, limit=99)]


@asynccontextmanager
async def without_log(database: AsyncEngine) -> AsyncGenerator[None]:
    async def rename(name: str, other: str) -> None:
        async with database.begin() as connection:
            await connection.execute(sa.text(f"ALTER TABLE {name} RENAME TO {other}"))

    await rename("storyloom_events", "gone")
    try:
        yield
    finally:
        await rename("gone", "storyloom_events")


def begun(run: Run) -> Run:
    return run.model_copy(update={"status": JobStatus.PROCESSING, "epoch": 1})


def making(shot: Shot) -> Shot:
    return shot.model_copy(update={"status": ShotStatus.MAKING, "rounds": 1})


def failed(shot: Shot) -> Shot:
    return shot.model_copy(update={"status": ShotStatus.FAILED})


async def test_what_happens_to_a_run_is_in_the_log_when_it_is_in_its_row(
    database: AsyncEngine, runs: SqlRunStore, noted: Noted
) -> None:
    run = await runs.add(run_of(), "click")
    await runs.add(run_of(), "click")
    await runs.change(run.id, begun)
    await runs.change(run.id, lambda kept: kept.model_copy(update={"gpu_ms": 7}))
    for _ in range(2):
        await runs.add_shots(run.id, [SHOT], epoch=1)
    await runs.change_shot(run.id, SHOT.id, making)
    await runs.change_shot(run.id, SHOT.id, failed, epoch=1)

    assert await types(database) == [
        "job.accepted",
        "job.started",
        "run.shots",
        *["run.shot"] * 2,
    ]
    log = await SqlEventLog(database).after(0, limit=99)
    assert [event.id for event in log] == [draft.id for draft in noted.drafts]
    assert {event.org_id for event in log} == {"acme"}
    # Whoever emits them later adds nothing.
    assert await SqlEventLog(database).append(noted.drafts) == []


async def test_where_nobody_is_told_nothing_is_written(database: AsyncEngine) -> None:
    runs = SqlRunStore(database)
    run = await runs.add(run_of())
    await runs.change(run.id, begun)

    assert await types(database) == []


async def test_without_its_log_nothing_of_a_run_is_kept(
    database: AsyncEngine, runs: SqlRunStore, noted: Noted
) -> None:
    run = await runs.add(run_of())
    await runs.add_shots(run.id, [SHOT], epoch=0)
    noted.drafts.clear()
    other = run_of()

    async with without_log(database):
        with pytest.raises(StoryloomError):
            await runs.add(other)
        with pytest.raises(StoryloomError):
            await runs.change(run.id, begun)
        with pytest.raises(StoryloomError):
            await runs.change_shot(run.id, SHOT.id, failed)
        with pytest.raises(StoryloomError):
            await runs.add_shots(run.id, [OTHER], epoch=0)

    assert noted.drafts == []
    assert await runs.get(other.id) is None
    assert await runs.get(run.id) == run
    assert await runs.shots(run.id) == [SHOT]


async def test_a_notification_is_in_the_log_when_it_is_pending(
    database: AsyncEngine, clock: ManualClock, noted: Noted
) -> None:
    centre = NotificationCentre(SqlNotificationStore(database, clock), clock, noted)

    async def pending(org_id: str) -> Sequence[Notification]:
        kinds = list(NotificationType)
        return await SqlNotificationStore(database, clock).pending(org_id, kinds, limit=9)

    for _ in range(2):
        await centre.make("acme", DRAFT)
    assert await types(database) == ["notification.created"]
    assert [draft.type for draft in noted.drafts] == ["notification.created"]

    async with without_log(database):
        with pytest.raises(StoryloomError):
            await centre.make("beta", DRAFT)
    assert len(noted.drafts) == 1
    assert [len(await pending(org_id)) for org_id in ("acme", "beta")] == [1, 0]


async def test_a_session_is_in_the_log_when_it_is_in_its_row(
    database: AsyncEngine, clock: ManualClock, noted: Noted
) -> None:
    sessions = SqlSessionStore(database, SessionTeller(noted, clock))
    beside = SqlSessionStore(database)  # a program beside the server tells nobody else
    assert await sessions.put(KEY, b"{}", replacing=None, at=clock.now())
    assert await beside.put(KEY, b"[1]", replacing=version_of(b"{}"), at=clock.now())
    assert await types(database) == ["session.changed"] * 2

    async with without_log(database):
        with pytest.raises(StoryloomError):
            await sessions.put(KEY, b"[2]", replacing=version_of(b"[1]"), at=clock.now())
        with pytest.raises(StoryloomError):
            await sessions.delete(KEY)
    kept = await sessions.get(KEY)
    assert kept is not None
    assert kept.body == b"[1]"
    assert noted.types == ["session.changed"]

    assert await sessions.delete(KEY)
    assert await types(database) == ["session.changed"] * 2 + ["session.deleted"]
    assert noted.types == ["session.changed", "session.deleted"]
