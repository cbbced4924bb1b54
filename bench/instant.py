"""The engine alone: a pipeline of four steps that do nothing; a child process of the benchmark."""

import asyncio
import json
import sqlite3
import sys
from pathlib import Path
from time import perf_counter

from bench.processes import READY
from storyloom.adapters.dbos.engine import EngineOptions, open_engine
from storyloom.adapters.sql._database import open_database
from storyloom.cli.logs import set_up
from storyloom.jobs.ports import Steps
from storyloom.kit.ids import JobId, new_job_id

ROUNDS = 60
STEPS = ("understand", "illustrate", "draw", "archive")
# The engine writes the job's start, each step's result, and the end.
COMMITS = len(STEPS) + 2


class Instant:
    """A pipeline without work."""

    name = "instant"
    queue = "instant"

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    async def run(self, job_id: JobId, steps: Steps) -> None:
        del job_id
        for step in STEPS:
            await steps.run(step, _nothing)
        self.ended.set()


async def _nothing() -> None:
    return None


async def _engine(folder: Path) -> list[float]:
    each: list[float] = []
    pipeline = Instant()
    file = folder / "engine.sqlite"
    options = EngineOptions(f"sqlite:///{file}", "bench")
    # The archive comes first, as in a server: it makes the file one with a write-ahead log.
    async with (
        open_database(f"sqlite+aiosqlite:///{file}"),
        open_engine(options, [pipeline]) as engine,
    ):
        for _ in range(ROUNDS + 5):
            pipeline.ended.clear()
            started = perf_counter()
            await engine.start(new_job_id(), pipeline.name)
            await pipeline.ended.wait()
            each.append(perf_counter() - started)
            await asyncio.sleep(0.02)  # the end is written after the pipeline has returned
    return each[5:]


def _commits(folder: Path) -> list[float]:
    """As many safe commits by hand: what durability alone costs here."""
    each: list[float] = []
    database = sqlite3.connect(folder / "by-hand.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE steps (job TEXT, step INTEGER, result TEXT)")
    for number in range(ROUNDS):
        started = perf_counter()
        for step in range(COMMITS):
            database.execute("INSERT INTO steps VALUES (?, ?, '{}')", (str(number), step))
        each.append(perf_counter() - started)
    database.close()
    return each


if __name__ == "__main__":
    set_up("error")
    place = Path(sys.argv[1])
    print(READY + json.dumps([asyncio.run(_engine(place)), _commits(place)]), flush=True)
