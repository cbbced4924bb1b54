"""A run begins once for the same session or script, with the defaults of its organisation."""

import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from storyloom.adapters.memory.config_store import MemoryConfigStore
from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.adapters.memory.session_store import MemorySessionStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.config_store import SqlConfigStore
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.adapters.sql.session_store import SqlSessionStore
from storyloom.automation.runs import scripts
from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.defaults import RunDefaults
from storyloom.automation.runs.ports import ConfigStore, RunStore
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.starting import RunRequest, RunStarter
from storyloom.automation.runs.state import Runs
from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import new_job_id, promising
from storyloom.story.conditions import NOTHING_EXPECTED, Condition
from storyloom.story.episodes import StoryView
from storyloom.story.errors import SessionNotFound
from storyloom.story.ports import SessionStore
from storyloom.story.schemas import SessionKey, SessionSaved
from storyloom.story.state import StorySessions
from tests.automation.runs.scenarios.doubles import Announcer
from tests.automation.runs.scenarios.world import Starts

ORG = "acme"
SCRIPT = RunRequest(script="A ship sails.", title="The ship")


class Gate:
    """Lets nobody through before so many are there."""

    def __init__(self, size: int) -> None:
        self._missing = size
        self._open = anyio.Event()

    async def wait(self) -> None:
        self._missing -= 1
        if self._missing <= 0:
            self._open.set()
        await self._open.wait()


class SavedTogether(StorySessions):
    """Sessions that are saved at the same moment as those of other processes."""

    gate: Gate | None = None
    episodes = 0  #: how often one was read whole

    async def save(
        self, org_id: str, raw: bytes, expected: Condition = NOTHING_EXPECTED
    ) -> SessionSaved:
        saved = await super().save(org_id, raw, expected)
        if self.gate is not None:
            await self.gate.wait()
        return saved

    async def episode(self, key: SessionKey) -> StoryView:
        self.episodes += 1
        return await super().episode(key)


@dataclass
class Process:
    """One of several that share what is kept."""

    runs: RunStore
    configs: ConfigStore
    kept: SessionStore

    def __post_init__(self) -> None:
        clock = SystemClock()
        self.engine = Starts()
        self.sessions = SavedTogether(self.kept, Announcer(), clock)
        self.defaults = RunDefaults(self.configs)
        runs = Runs(self.runs, self.engine, Bells(), clock)
        self.starter = RunStarter(self.runs, self.defaults, self.sessions, runs=runs, clock=clock)

    async def session(self) -> int:
        raw = json.dumps({"scriptText": "Another ship sails."}).encode()
        return (await self.sessions.save(ORG, raw)).session_timestamp

    async def timestamps(self) -> list[int]:
        return list(await self.kept.page(ORG, limit=10, before=None))


def alone() -> Process:
    return Process(MemoryRunStore(), MemoryConfigStore(), MemorySessionStore())


def ended(run: Run) -> Run:
    at = run.created_at
    return run.model_copy(update={"status": JobStatus.COMPLETED, "completed_at": at})


@asynccontextmanager
async def at(url: str, count: int) -> AsyncGenerator[list[Process]]:
    """Processes with connections of their own to one database."""
    async with AsyncExitStack() as stack:
        databases = [await stack.enter_async_context(open_database(url)) for _ in range(count)]
        yield [Process(SqlRunStore(d), SqlConfigStore(d), SqlSessionStore(d)) for d in databases]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_with_tables")
    return f"sqlite+aiosqlite:///{tmp_path}/runs.sqlite"


async def test_a_script_sent_to_several_processes_at_once_is_one_session_and_one_run(
    url: str,
) -> None:
    begun: list[Run] = []
    async with at(url, 3) as processes:
        gate = Gate(len(processes))

        async def start(process: Process) -> None:
            process.sessions.gate = gate
            begun.append(await process.starter.start(ORG, SCRIPT))

        async with anyio.create_task_group() as tasks:
            for process in processes:
                tasks.start_soon(start, process)

        timestamps = await processes[0].timestamps()

    assert {run.id for run in begun} == {begun[0].id}
    assert timestamps == [begun[0].session_timestamp]
    assert [job for process in processes for job in process.engine.jobs] == [begun[0].job]


async def test_the_second_click_finds_the_first_run_until_it_has_ended() -> None:
    here = alone()
    first = await here.starter.start(ORG, SCRIPT)

    assert await here.starter.start(ORG, SCRIPT) == first
    assert (await here.starter.start(ORG, RunRequest(script="Another."))).id != first.id
    assert (await here.starter.start("beta", SCRIPT)).id != first.id

    await here.runs.change(first.id, ended)
    again = await here.starter.start(ORG, SCRIPT)
    await here.runs.change(again.id, ended)
    third = await here.starter.start(ORG, SCRIPT)

    assert len({first.id, again.id, third.id}) == 3
    assert third.session_timestamp in await here.timestamps()


async def test_a_run_that_was_promised_is_accepted_once_though_it_has_ended() -> None:
    here, run_id = alone(), new_job_id()
    with promising(run_id):
        first = await here.starter.start(ORG, SCRIPT)
    await here.runs.change(first.id, ended)

    with promising(run_id):
        again = await here.starter.start(ORG, SCRIPT)

    assert first.id == again.id == run_id
    assert again.status is JobStatus.COMPLETED
    assert len(await here.timestamps()) == 1


async def test_a_session_that_has_another_script_by_now_is_left_alone() -> None:
    here = alone()
    first = await here.starter.start(ORG, SCRIPT)
    other = {"timestamp": first.session_timestamp, "scriptText": "Somebody has written anew."}
    await here.sessions.save(ORG, json.dumps(other).encode())

    second = await here.starter.start(ORG, SCRIPT)

    assert second.session_timestamp != first.session_timestamp

    await here.sessions.delete(ORG, str(second.session_timestamp))
    await anyio.sleep(0.005)  # or the next session may have the timestamp of the one that has gone
    assert (await here.starter.start(ORG, SCRIPT)).id not in {first.id, second.id}


async def test_the_scripts_of_runs_that_wait_are_read_once() -> None:
    here = alone()
    requests = [RunRequest(script=f"Ship {number} sails.") for number in range(9)]
    runs = [await here.starter.start(ORG, one) for one in requests]
    read = here.sessions.episodes

    assert [await here.starter.start(ORG, one) for one in requests] == runs
    assert here.sessions.episodes - read <= 1
    assert len({run.id for run in runs}) == 9


async def test_only_so_many_scripts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "REMEMBERED", 1)
    here = alone()
    requests = [RunRequest(script=f"Ship {number} sails.") for number in range(3)]

    runs = [await here.starter.start(ORG, one) for one in requests]

    assert [await here.starter.start(ORG, one) for one in requests] == runs


async def test_runs_of_a_session_follow_one_after_the_other() -> None:
    here = alone()
    request = RunRequest(session_timestamp=await here.session())
    first = await here.starter.start(ORG, request)

    assert await here.starter.start(ORG, request) == first

    await here.runs.change(first.id, ended)
    assert (await here.starter.start(ORG, request)).id != first.id


async def test_what_is_not_said_is_as_the_organisation_has_chosen() -> None:
    here = alone()
    gpu = {"maxTemperature": 78, "maxUtilization": 70}
    usual = RunConfig.model_validate({"style": "ink", "imagesPerPrompt": 2, "gpu": gpu})
    await here.defaults.choose(ORG, usual)
    timestamp = await here.session()

    plain = await here.starter.start(ORG, RunRequest(session_timestamp=timestamp))
    given = RunRequest(script="A.", config={"style": "oil", "gpu": {"maxTemperature": 80}})
    said = (await here.starter.start(ORG, given)).config

    assert plain.config == await here.defaults.of(ORG) == usual
    assert (said.style, said.images_per_prompt) == ("oil", 2)
    assert (said.gpu.max_temperature, said.gpu.max_utilization) == (80, 70)
    assert (await here.starter.start("beta", RunRequest(script="A."))).config == RunConfig()


async def test_a_run_begins_by_itself_once_and_only_where_that_is_wanted() -> None:
    here = alone()
    key = SessionKey(ORG, await here.session())

    assert await here.starter.start_by_itself(key) is None
    await here.defaults.choose(ORG, RunConfig(style="ink"))
    assert await here.starter.start_by_itself(key) is None

    await here.defaults.choose(ORG, RunConfig(style="ink", enabled=True))
    run = await here.starter.start_by_itself(key)

    assert run is not None
    assert (run.session_timestamp, run.config.style) == (key.timestamp, "ink")
    assert await here.starter.start_by_itself(key) is None
    await here.runs.change(run.id, ended)
    assert await here.starter.start_by_itself(key) is None


async def test_it_has_to_be_said_of_what() -> None:
    here = alone()

    for request in (RunRequest(), RunRequest(session_timestamp=1, script="A.")):
        with pytest.raises(InvalidInput):
            await here.starter.start(ORG, request)
    with pytest.raises(SessionNotFound):
        await here.starter.start(ORG, RunRequest(session_timestamp=1))
    with pytest.raises(InvalidInput, match="greater than"):
        await here.starter.start(ORG, RunRequest(script="A.", config={"imagesPerPrompt": 0}))


PAGE = "Title:\n    _The Boat_\n    at Night\nAuthor: A. Person\n\nINT. BOAT - NIGHT\n\nIt sails.\n"


@pytest.mark.parametrize(
    ("script", "title", "called"),
    [
        (PAGE, "", "The Boat at Night"),
        (PAGE, "Another", "Another"),
        (f"Author: A. Person\n\n{PAGE}", "", ""),
        ("A ship sails.", "", ""),
        (f"Title: {'long ' * 100}\n\nA ship sails.", "", f"{'long ' * 36}"[:180]),
        (" " * 9000 + PAGE, "", ""),
    ],
)
async def test_a_run_is_called_by_the_title_page_of_its_script(
    script: str, title: str, called: str
) -> None:
    run = await alone().starter.start(ORG, RunRequest(script=script, title=title))

    assert run.title == called
