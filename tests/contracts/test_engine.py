"""What every engine promises: jobs run once, and go on after a crash."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from storyloom.adapters.sql._tables import metadata
from storyloom.adapters.sql.worker_registry import open_worker_registry
from storyloom.bootstrap.engine import engine_of
from storyloom.errors import NotFound, Unsupported
from storyloom.jobs.errors import HandedOver, StepFailed
from storyloom.jobs.ports import Engine, Pipeline, RunState, Steps
from storyloom.kit.ids import JobId, new_job_id
from storyloom.settings import Settings

Opener = Callable[..., AbstractAsyncContextManager[Engine]]


@pytest.fixture(params=["dbos-sqlite", "dbos-postgres"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens an engine on the same storage each time: opening again is a restart."""
    url = "" if request.param == "dbos-sqlite" else request.getfixturevalue("postgres_url")
    chosen: dict[str, Any] = {"database_url": url} if url else {}
    settings = Settings(data_dir=tmp_path, concurrency=2, drain_s=0, **chosen)
    if url:
        with open_worker_registry(url) as registry:
            metadata.create_all(registry._engine)

    @asynccontextmanager
    async def open_again(*pipelines: Pipeline) -> AsyncGenerator[Engine]:
        async with engine_of(settings, pipelines, takes_jobs=True) as opened:
            yield opened.engine

    return open_again


class Ledger:
    """A pipeline of three steps that counts how often each was run."""

    name = "ledger"
    queue = "ledgers"

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()
        self.results: list[JsonValue] = []
        self.error: StepFailed | None = None
        self.faulty: Exception | None = None
        self.faulty_end: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.ended = asyncio.Event()
        self.most_at_once = 0
        self._inside = 0

    async def run(self, job_id: JobId, steps: Steps) -> None:
        try:
            for name in ("one", "two", "three"):
                self.results.append(await steps.run(name, partial(self.step, name)))
        except StepFailed as fault:
            self.error = fault
        await steps.end("end", self.end)

    async def step(self, name: str) -> JsonValue:
        self.runs[name] += 1
        self._inside += 1
        self.most_at_once = max(self.most_at_once, self._inside)
        if name == "two":
            await self.gate.wait()
            if self.faulty is not None:
                raise self.faulty
        self._inside -= 1
        return {"step": name}

    async def end(self) -> JsonValue:
        self.runs["end"] += 1
        if self.faulty_end is not None:
            raise self.faulty_end
        self.ended.set()
        return None


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while True:
            met = condition()
            if met is True or (met is not False and await met):
                return
            await asyncio.sleep(0.01)


@pytest.fixture
async def ledger() -> Ledger:
    return Ledger()


async def test_a_job_runs_its_steps_in_order(opener: Opener, ledger: Ledger) -> None:
    async with opener(ledger) as engine:
        await engine.start(new_job_id(), "ledger")
        await ledger.ended.wait()

    assert ledger.results == [{"step": "one"}, {"step": "two"}, {"step": "three"}]


async def test_starting_twice_is_starting_once(opener: Opener, ledger: Ledger) -> None:
    job_id = new_job_id()

    async with opener(ledger) as engine:
        await engine.start(job_id, "ledger")
        await engine.start(job_id, "ledger")
        await ledger.ended.wait()
        await engine.start(job_id, "ledger")

    assert set(ledger.runs.values()) == {1}


async def test_it_knows_the_state_of_jobs(opener: Opener, ledger: Ledger) -> None:
    ended, running, unknown = new_job_id(), new_job_id(), new_job_id()

    async with opener(ledger) as engine:
        await engine.start(ended, "ledger")
        await ledger.ended.wait()
        await until(lambda: _is(engine, ended, RunState.ENDED))
        ledger.gate.clear()
        await engine.start(running, "ledger")
        await until(lambda: ledger.runs["two"] == 2)
        states = await engine.states([ended, running, unknown])
        ledger.gate.set()

    assert states == {
        ended: RunState.ENDED,
        running: RunState.ACTIVE,
        unknown: RunState.UNKNOWN,
    }


async def _is(engine: Engine, job_id: JobId, state: RunState) -> bool:
    return (await engine.states([job_id]))[job_id] is state


async def test_after_a_restart_a_job_goes_on_where_it_was(opener: Opener, ledger: Ledger) -> None:
    ledger.gate.clear()
    async with opener(ledger) as engine:
        await engine.start(new_job_id(), "ledger")
        await until(lambda: ledger.runs["two"] == 1)
    again = Ledger()

    async with opener(again):
        await again.ended.wait()

    assert again.runs == {"two": 1, "three": 1, "end": 1}
    assert again.results[0] == {"step": "one"}


async def test_the_error_of_a_step_is_kept_like_a_result(opener: Opener, ledger: Ledger) -> None:
    ledger.faulty = NotFound("The source has gone.")

    async with opener(ledger) as engine:
        await engine.start(new_job_id(), "ledger")
        await ledger.ended.wait()

    assert ledger.error is not None
    assert ledger.error.failure_code == "not_found"
    assert ledger.error.message == "The source has gone."
    assert ledger.runs == {"one": 1, "two": 1, "end": 1}


async def test_an_end_that_fails_is_told_like_a_step(opener: Opener) -> None:
    class Ending(Ledger):
        async def run(self, job_id: JobId, steps: Steps) -> None:
            try:
                await steps.end("end", self.end)
            except StepFailed as fault:
                self.error, self.faulty_end = fault, None
                await steps.end("end", self.end)

    ending = Ending()
    ending.faulty_end = NotFound("The picture has gone.")

    async with opener(ending) as engine:
        await engine.start(new_job_id(), "ledger")
        await ending.ended.wait()

    assert ending.error is not None
    assert ending.error.failure_code == "not_found"
    assert ending.runs == {"end": 2}


async def test_an_unexpected_error_does_not_tell_its_secrets(
    opener: Opener, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.faulty = RuntimeError("password=hunter2")

    async with opener(ledger) as engine:
        await engine.start(new_job_id(), "ledger")
        await ledger.ended.wait()

    assert ledger.error is not None
    assert ledger.error.failure_code == "internal"
    assert "hunter2" not in ledger.error.message
    assert "hunter2" in caplog.text


async def test_a_step_that_returns_a_file_is_refused(opener: Opener, ledger: Ledger) -> None:
    class Bulky(Ledger):
        async def step(self, name: str) -> JsonValue:
            return "x" * 1_000_000

    bulky = Bulky()

    async with opener(bulky) as engine:
        await engine.start(new_job_id(), "ledger")
        await bulky.ended.wait()

    assert bulky.error is not None
    assert "1000002 bytes" in bulky.error.message


async def test_no_more_jobs_run_at_once_than_may(opener: Opener, ledger: Ledger) -> None:
    ledger.gate.clear()

    async with opener(ledger) as engine:
        jobs = [new_job_id() for _ in range(6)]
        for job_id in jobs:
            await engine.start(job_id, "ledger")
        await until(lambda: ledger.runs["two"] == 2)
        ledger.gate.set()
        await until(lambda: ledger.runs["end"] == 6)

    assert ledger.most_at_once == 2


class Night(Ledger):
    """A pipeline whose last part takes as long as it likes, and may be let go of."""

    name = "night"
    queue = "stories"

    def __init__(self) -> None:
        super().__init__()
        self.is_leaving = False

    async def run(self, job_id: JobId, steps: Steps) -> None:
        await steps.end("drive", self.drive)

    async def drive(self) -> JsonValue:
        self.runs["drive"] += 1
        await self.gate.wait()
        if self.is_leaving:
            raise HandedOver
        self.ended.set()
        return None


async def test_jobs_that_take_a_night_do_not_keep_others_waiting(
    opener: Opener, ledger: Ledger
) -> None:
    night = Night()
    night.gate.clear()

    async with opener(ledger, night) as engine:
        for _ in range(5):
            await engine.start(new_job_id(), "night")
        await until(lambda: night.runs["drive"] == 5)
        await engine.start(new_job_id(), "ledger")
        await ledger.ended.wait()
        night.gate.set()
        await night.ended.wait()


async def test_a_job_that_is_handed_over_goes_on_after_a_restart(opener: Opener) -> None:
    night, again, job_id = Night(), Night(), new_job_id()
    night.is_leaving = True
    again.gate.clear()

    async with opener(night) as engine:
        await engine.start(job_id, "night")
        await until(lambda: night.runs["drive"] == 1)
        assert await _is(engine, job_id, RunState.ACTIVE)
    async with opener(again) as engine:
        await until(lambda: again.runs["drive"] == 1)
        again.gate.set()
        await until(lambda: _is(engine, job_id, RunState.ENDED))

    assert (night.runs, night.ended.is_set()) == ({"drive": 1}, False)


async def test_it_answers_a_ping(opener: Opener, ledger: Ledger) -> None:
    async with opener(ledger) as engine:
        await engine.ping()


async def test_an_unknown_pipeline_is_refused(opener: Opener, ledger: Ledger) -> None:
    async with opener(ledger) as engine:
        with pytest.raises(Unsupported, match="knows no pipeline 'poem'"):
            await engine.start(new_job_id(), "poem")


async def test_jobs_that_have_ended_can_be_forgotten(opener: Opener, ledger: Ledger) -> None:
    job_id = new_job_id()

    async with opener(ledger) as engine:
        await engine.start(job_id, "ledger")
        await until(lambda: _is(engine, job_id, RunState.ENDED))
        await engine.forget([job_id, new_job_id()])
        states = await engine.states([job_id])

    assert states == {job_id: RunState.UNKNOWN}
