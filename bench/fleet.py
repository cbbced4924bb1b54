"""An API and workers as in production: a real Redis, a real PostgreSQL with fsync."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.databases import PostgresServer, postgres_running, redis_running
from tests.servers import environment

START_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Fleet:
    """The running service."""

    folder: Path
    variables: dict[str, str]
    database_url: str
    postgres: PostgresServer
    stack: ExitStack

    def api(self) -> int:
        """Start an API that takes no jobs, and give its port."""
        said = self._start("api", "storyloom", "serve", "--no-worker", "--port", "0", ready="API ")
        line = next(line for line in said.splitlines() if line.split()[:1] == ["API"])
        return int(line.rpartition(":")[2])

    def worker(self, number: int = 0) -> None:
        """Start a worker whose steps are instant."""
        self._start(f"worker-{number}", "bench.instant_worker", ready="takes jobs")

    def _start(self, name: str, *arguments: str, ready: str) -> str:
        log = self.folder / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", *arguments], stderr=file, env=environment(**self.variables)
            )
        self.stack.callback(_stop, process)
        end = time.monotonic() + START_LIMIT_S
        while ready not in (said := log.read_text("utf-8")):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{name} did not start: {said}")
            time.sleep(0.02)
        return said


@contextmanager
def fleet() -> Generator[Fleet]:
    """The stores of a service, in which processes can be started; all are stopped in the end."""
    with (
        TemporaryDirectory() as folder,
        redis_running(append_only=True) as redis,
        postgres_running(durable=True) as postgres,
        ExitStack() as stack,
    ):
        database_url = postgres.new_database()
        variables = {
            "REDIS_URL": redis.url,
            "DATABASE_URL": database_url,
            "STORYLOOM_DATA_DIR": f"{folder}/data",
            "STORYLOOM_CONCURRENCY": "16",
            "STORYLOOM_DRAIN_S": "0",
            "STORYLOOM_LOG_LEVEL": "warning",
            "STORYLOOM_RATE_LIMIT": "none",
        }
        yield Fleet(Path(folder), variables, database_url, postgres, stack)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=60)
