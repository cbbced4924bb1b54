"""A whole service on one machine: APIs, workers, Redis, PostgreSQL, each a process that can die."""

import random
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psycopg

from storyloom.jobs.schemas import JobStatus
from tests.counting import Call, Recorder
from tests.databases import (
    PostgresServer,
    RedisServer,
    free_port,
    postgres_running,
    redis_running,
)
from tests.forked import Forked, forked
from tests.servers import environment

PAUSE_S = 1.0  # how long each of a job's three paid steps takes


def now_ms() -> float:
    return time.time_ns() / 1e6


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@dataclass
class Member:
    """One of our own processes."""

    arguments: Sequence[str]
    environment: dict[str, str]
    log: Path
    process: Forked | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        module, *arguments = self.arguments
        self.process = forked(module, arguments, self.environment, self.log)

    def kill(self) -> None:
        """Kill it; whoever supervises it starts it again."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def tend(self) -> bool:
        """Start it again when it has ended."""
        with self.lock:
            if self.process is None or self.process.poll() is None:
                return False
            self.start()
            return True

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        with self.lock:
            if self.process is not None and self.process.poll() is None:
                self.process.send_signal(signal.SIGCONT)
                self.process.kill()
                self.process.wait()
            self.process = None


@dataclass
class Cluster:
    """The running service, and what was accepted by it."""

    folder: Path
    redis: RedisServer
    postgres: PostgresServer
    database_url: str
    apis: list[Member] = field(default_factory=list[Member])
    workers: list[Member] = field(default_factory=list[Member])
    ports: list[int] = field(default_factory=list[int])
    accepted: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def recorder(self) -> Recorder:
        return Recorder(self.folder / "steps.log", PAUSE_S)

    def environment(self) -> dict[str, str]:
        return environment(
            REDIS_URL=self.redis.url,
            DATABASE_URL=self.database_url,
            STORYLOOM_DATA_DIR=str(self.folder / "data"),
            STORYLOOM_CONCURRENCY="6",
            STORYLOOM_RATE_LIMIT="none",
        )

    def add_api(self) -> None:
        port = free_port()
        api = Member(
            ["storyloom", "serve", "--no-worker", "--port", str(port)],
            self.environment(),
            self.folder / f"api-{len(self.apis)}.log",
        )
        api.start()
        self.apis.append(api)
        self.ports.append(port)

    def add_worker(self, *settings: tuple[str, str]) -> Member:
        worker = Member(
            ["tests.chaos.worker", str(self.folder / "steps.log"), str(PAUSE_S)],
            self.environment() | dict(settings),
            self.folder / f"worker-{len(self.workers)}.log",
        )
        worker.start()
        self.workers.append(worker)
        return worker

    def is_up(self) -> bool:
        try:
            return all(
                httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
                for port in self.ports
            )
        except httpx2.TransportError:
            return False

    def submit(self, number: int) -> bool:
        """Hand a job in, at any API; whether it was accepted."""
        body = {"file_content": "x = 1", "file_name": f"source{number}.py", "format": "square"}
        url = f"http://127.0.0.1:{random.choice(self.ports)}/storyboard/code"  # noqa: S311
        try:
            answer = httpx2.post(url, json=body, timeout=30)
        except httpx2.TransportError:
            return False
        if answer.status_code != 202:
            return False
        self.accepted[answer.json()["job_id"]] = f"source{number}"
        return True

    def submit_surely(self, number: int) -> None:
        """Try until it is accepted, as a client would. Each try has a source of its own."""
        for attempt in range(200):
            if self.submit(number * 1000 + attempt):
                return
            time.sleep(0.2)
        raise AssertionError("nothing was accepted any more")

    def statuses(self) -> dict[str, str]:
        """The status of each accepted job, as the API tells it."""
        with httpx2.Client(timeout=30) as client:
            return {
                job_id: client.get(
                    f"http://127.0.0.1:{self.ports[0]}/storyboard/jobs/{job_id}"
                ).json()["status"]
                for job_id in self.accepted
            }

    def all_ended(self) -> bool:
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM storyboard_jobs WHERE status = ANY(%s)",
                [[JobStatus.PENDING.value, JobStatus.PROCESSING.value]],
            ).fetchone()
        return row is not None and row[0] == 0

    def recorded(self) -> dict[tuple[str, str], float]:
        """When each finished step, and the end, was recorded (ms since 1970), by step and source."""
        query = """
            SELECT steps.function_name, jobs.input_params ->> 'file_name', completed_at_epoch_ms
            FROM dbos.operation_outputs AS steps
            JOIN storyboard_jobs AS jobs ON jobs.id::text = steps.workflow_uuid
            UNION ALL
            SELECT 'end', input_params ->> 'file_name', extract(epoch FROM completed_at) * 1000
            FROM storyboard_jobs WHERE completed_at IS NOT NULL
        """
        with psycopg.connect(self.database_url) as connection:
            rows = connection.execute(query).fetchall()
        return {(step, name.removesuffix(".py")): float(at) for step, name, at in rows}

    def calls(self) -> list[Call]:
        log = self.folder / "steps.log"
        return self.recorder.calls() if log.exists() else []

    def supervise(self, ended: threading.Event) -> None:
        """Start again what has ended, as systemd or a container's restart policy does."""
        while not ended.wait(0.5):
            for member in (*self.apis, *self.workers):
                member.tend()

    def stop(self) -> None:
        for member in (*self.apis, *self.workers):
            member.stop()


@contextmanager
def cluster(
    folder: Path, *, apis: int, workers: int, supervised: bool = True
) -> Generator[Cluster]:
    """Start everything, wait until it answers, and stop it in the end."""
    with redis_running(append_only=True) as redis, postgres_running(durable=True) as postgres:
        running = Cluster(folder, redis, postgres, postgres.new_database())
        (folder / "steps.log").touch()
        ended = threading.Event()
        supervisor = threading.Thread(target=running.supervise, args=(ended,))
        try:
            for _ in range(apis):
                running.add_api()
            for _ in range(workers):
                running.add_worker()
            until(running.is_up, 120, "the service did not come up")
            if supervised:
                supervisor.start()
            yield running
        finally:
            ended.set()
            if supervisor.ident is not None:
                supervisor.join()
            running.stop()
