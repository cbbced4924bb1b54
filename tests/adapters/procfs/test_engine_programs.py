"""Whose the processes are, told by real ones."""

import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from storyloom.adapters.procfs.engine_programs import ProcfsEnginePrograms
from storyloom.errors import Unreachable
from tests.processes import descendants_of, is_alive

# Listens, has a child that computes, and says where all this is.
_ENGINE = """
import socket, subprocess, sys
listening = socket.create_server(({host!r}, 0), family=socket.{family})
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(listening.getsockname()[1], child.pid, flush=True)
sys.stdin.read()
"""
NOBODYS = 1 << 22  # larger than any pid can be


class Engine:
    """A program that answers on a port, and computes in a child."""

    def __init__(self, host: str, family: str) -> None:
        code = _ENGINE.format(host=host, family=family)
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        port, child = self.process.stdout.readline().split()
        self.url, self.child = f"http://localhost:{port}", int(child)

    async def where(self) -> str:
        return self.url

    def end(self) -> None:
        self.process.communicate(timeout=20)


@pytest.fixture(params=[("127.0.0.1", "AF_INET"), ("::1", "AF_INET6")], ids=["v4", "v6"])
def engine(request: pytest.FixtureRequest) -> Generator[Engine]:
    running = Engine(*request.param)
    yield running
    running.end()


@pytest.fixture
def stranger() -> Generator[int]:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield other.pid
    other.communicate(timeout=20)


def launched(pid: int | None) -> Callable[[], int | None]:
    return lambda: pid


async def test_what_listens_and_what_it_has_started_is_the_engine(
    engine: Engine, stranger: int
) -> None:
    assert engine.child in descendants_of(engine.process.pid)
    programs = ProcfsEnginePrograms(engine.where)

    found = await programs.among(frozenset({engine.process.pid, engine.child, stranger}))

    assert found == {engine.process.pid, engine.child}
    assert await programs.among(frozenset({stranger})) == frozenset()


async def test_what_was_launched_here_need_not_answer_yet(engine: Engine, stranger: int) -> None:
    programs = ProcfsEnginePrograms(nowhere, launched(engine.process.pid))

    assert await programs.among(frozenset({engine.child, stranger})) == {engine.child}


async def test_of_what_does_not_answer_nothing_is_told(stranger: int) -> None:
    assert await ProcfsEnginePrograms(nowhere).among(frozenset({stranger})) is None


async def test_numbers_of_another_container_tell_nothing(engine: Engine) -> None:
    programs = ProcfsEnginePrograms(engine.where)

    assert await programs.among(frozenset({NOBODYS})) is None
    assert await programs.among(frozenset({NOBODYS, engine.child})) == {engine.child}


async def test_where_nobody_listens_nothing_is_told(engine: Engine, stranger: int) -> None:
    engine.end()
    assert not is_alive(engine.process.pid)

    assert await ProcfsEnginePrograms(engine.where).among(frozenset({stranger})) is None


async def test_a_system_without_a_table_of_processes_tells_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    here = ProcfsEnginePrograms(engine.where, launched(engine.process.pid), proc=tmp_path)
    there = ProcfsEnginePrograms(engine.where, proc=tmp_path)

    assert await here.among(frozenset({engine.child})) is None
    assert await there.among(frozenset({engine.child})) is None


async def test_what_ends_while_it_is_looked_at_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode\n"
        "   0: 0100007F:1E79 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1\n"
        "   1: 0100007F:1E79 0100007F:9999 01 00000000:00000000 00:00000000 00000000 0 0 4712 1\n"
    )
    for pid, link in ((7, "socket:[4711]"), (8, "socket:[4712]")):
        (tmp_path / str(pid) / "fd").mkdir(parents=True)
        (tmp_path / str(pid) / "stat").write_text(f"{pid} (a) b) S 1 {pid} 0 0")
        (tmp_path / str(pid) / "fd" / "3").symlink_to(link)
    (tmp_path / "7" / "fd" / "1").write_text("no link")
    (tmp_path / "9" / "stat").mkdir(parents=True)  # it cannot be read
    (tmp_path / "9" / "fd").write_text("")

    async def where() -> str:
        return "http://127.0.0.1:7801"

    found = await ProcfsEnginePrograms(where, proc=tmp_path).among(frozenset({7, 8}))

    assert found == {7}


async def nowhere() -> str:
    raise Unreachable("nothing answers", system="engine")
