"""Events: what a thousand clients cost one process, and how late they are told."""

import asyncio
import json
import resource
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from bench.figures import Figure, Times
from bench.processes import serving
from bench.sources import source
from storyloom.kit.clock import SystemClock
from tests.databases import postgres_running, redis_running
from tests.servers import Running, launched

CLIENTS = 1000
JOBS = 100
JOBS_ALONE = 15
FILES = 4096
EMBEDDED_P50_S, REDIS_P50_S = 0.005, 0.020
LIMIT_S = 900
# What a step says when it begins: at that moment, and not when a row was written.
_STEP = b"event: job.progress"
_END = b"event: job.completed"


def events() -> Iterator[Figure]:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))
    with TemporaryDirectory() as folder, launched(Path(folder) / "data") as server:
        yield _delay("embedded", server, EMBEDDED_P50_S)
    with TemporaryDirectory() as folder, launched(Path(folder) / "data") as server:
        yield from _crowd(server)
    with _apart() as server:
        yield _delay("through Redis, from another process", server, REDIS_P50_S)


def _delay(what: str, server: Running, at_most_s: float) -> Figure:
    """One client, and jobs one after the other."""
    heard = asyncio.run(_listened(server, clients=1, jobs=JOBS_ALONE, together=1))
    delays = Times(heard.delays)
    return Figure(
        f"from a worker's step to an SSE client, {what}",
        str(delays),
        target=f"p50 <= {at_most_s * 1000:g} ms",
        is_met=delays.median <= at_most_s,
    )


def _crowd(server: Running) -> Iterator[Figure]:
    heard = asyncio.run(_listened(server, clients=CLIENTS, jobs=JOBS, together=JOBS))
    name = f"{CLIENTS:,} SSE clients on one process while {JOBS} jobs run"
    yield Figure(f"{name}: memory for each client", f"{heard.memory_each / 1024:.1f} KiB")
    yield Figure(f"{name}: from a step to a client", str(Times(heard.delays)))


@dataclass
class Heard:
    """What all clients have heard."""

    delays: list[float] = field(default_factory=list[float])
    ends: list[int] = field(default_factory=list[int])  #: of each client
    memory_each: float = 0.0


async def _listened(server: Running, *, clients: int, jobs: int, together: int) -> Heard:
    heard = Heard(ends=[0] * clients)
    before = _memory(server.process.pid)
    port = int(server.url.rpartition(":")[2])
    async with asyncio.TaskGroup() as tasks:
        ready = [asyncio.Event() for _ in range(clients)]
        listeners = [
            tasks.create_task(_listen(port, number, heard, ready[number]))
            for number in range(clients)
        ]
        for one in ready:
            await one.wait()
        heard.memory_each = (_memory(server.process.pid) - before) / clients
        async with httpx2.AsyncClient(base_url=server.url, timeout=120) as client:
            for first in range(0, jobs, together):
                for number in range(first, first + together):
                    name, text = source(number)
                    body = {"file_name": name, "file_content": text}
                    (await client.post("/storyboard/code", json=body)).raise_for_status()
                await _until_told(heard, first + together)
        for listener in listeners:
            listener.cancel()
    return heard


async def _until_told(heard: Heard, jobs: int) -> None:
    async with asyncio.timeout(LIMIT_S):
        while min(heard.ends) < jobs:  # noqa: ASYNC110 - a look costs nothing here
            await asyncio.sleep(0.01)


async def _listen(port: int, number: int, heard: Heard, ready: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
    name, clock = b"", SystemClock()
    with suppress(asyncio.CancelledError):
        async for line in reader:
            if line.startswith(b"event: "):
                name = line.rstrip()
                heard.ends[number] += name == _END
                if name == b"event: ready":
                    ready.set()
            elif name == _STEP and line.startswith(b"data: "):
                begun_at = datetime.fromisoformat(json.loads(line[6:])["at"])
                heard.delays.append((clock.now() - begun_at).total_seconds())
    writer.close()


@contextmanager
def _apart() -> Generator[Running]:
    """An API, a worker in a process of its own, and what they share."""
    with (
        postgres_running(durable=True) as postgres,
        redis_running() as redis,
        TemporaryDirectory() as folder,
    ):
        place = Path(folder)
        (place / "images").mkdir()
        shared = {
            "DATABASE_URL": postgres.new_database(),
            "REDIS_URL": redis.url,
            "STORYLOOM_IMAGES_URL": f"file://{place}/images",
        }
        alone = {"STORYLOOM_DATA_DIR": str(place / "work"), "STORYLOOM_LOG_LEVEL": "error"}
        with (
            launched(place / "api", "--no-worker", **shared) as server,
            serving("bench.working", **shared, **alone),
        ):
            yield server


def _memory(pid: int) -> int:
    """The memory that a process has in use, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
