"""Servers and clients are killed in the middle of streams, and nothing is missed or told twice."""

import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.events.reading import STREAM, frames
from tests.servers import Running, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
JOBS = 6
LIMIT_S = 150
STOPPING = 503
ENDS = {"job.completed", "job.failed", "job.cancelled"}
CODE = {"file_content": "def roi():\n    return 1\n", "file_name": "roi.py"}


class Client(threading.Thread):
    """Follows all events; its connection is cut again and again, and it goes on where it was."""

    def __init__(self, address: Callable[[], str], dies_after: int) -> None:
        super().__init__(daemon=True)
        self.seen: list[dict[str, Any]] = []
        self.cuts = 0
        self.is_over = threading.Event()
        self._address = address
        self._dies_after = dies_after

    def run(self) -> None:
        while not self.is_over.is_set():
            try:
                self._follow()
            except httpx2.HTTPError:
                sleep(0.05)
            self.cuts += 1

    def _follow(self) -> None:
        last = str(self.seen[-1]["seq"]) if self.seen else "0"
        headers = STREAM | {"Last-Event-ID": last}
        url = f"{self._address()}/v1/events?wait=5"
        with httpx2.stream("GET", url, headers=headers, timeout=20) as answer:
            if answer.status_code == STOPPING:
                sleep(0.05)
                return
            assert answer.status_code == 200, answer.read()
            told = (frame for frame in frames(answer.iter_lines()) if frame.is_event)
            for number, frame in enumerate(told, 1):
                self.seen.append(frame.data)
                if number == self._dies_after:
                    return


@contextmanager
def following(address: Callable[[], str]) -> Generator[list[Client]]:
    """One client that holds on for as long as it may, and two that leave in the middle."""
    clients = [Client(address, dies_after) for dies_after in (10**6, 3, 1)]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        for client in clients:
            client.is_over.set()
        for client in clients:
            client.join(30)


def post(url: str) -> str:
    answer = httpx2.post(f"{url}/storyboard/code", json=CODE, timeout=30)
    assert answer.status_code == 202, answer.text
    return answer.json()["job_id"]


def log_of(url: str) -> list[dict[str, Any]]:
    """All events, by pages."""
    found: list[dict[str, Any]] = []
    after = 0
    while True:
        page = httpx2.get(f"{url}/v1/events?after={after}&limit=7", timeout=30).json()
        if not page["data"]:
            return found
        found += page["data"]
        after = page["next_after"]


def settled(url: str, jobs: list[str]) -> list[dict[str, Any]]:
    """The log, once every job has its end."""
    end = monotonic() + LIMIT_S
    while True:
        kept = log_of(url)
        ended = {event["subject"]["id"] for event in kept if event["type"] in ENDS}
        if set(jobs) <= ended:
            return kept
        assert monotonic() < end, set(jobs) - ended
        sleep(0.2)


def hold(clients: list[Client], kept: list[dict[str, Any]], jobs: list[str]) -> None:
    """What each has seen is the log, in its order; and in the log each thing is once."""
    end = monotonic() + 30
    while any(len(client.seen) < len(kept) for client in clients):
        assert monotonic() < end, [len(client.seen) for client in clients]
        sleep(0.05)
    for client in clients:
        assert client.seen[: len(kept)] == kept
        assert client.cuts
    assert [event["seq"] for event in kept] == list(range(1, len(kept) + 1))
    assert len({event["id"] for event in kept}) == len(kept)
    for job in jobs:
        of_job = [event["type"] for event in kept if event["subject"]["id"] == job]
        assert sum(type_ in ENDS for type_ in of_job) == 1, of_job


def test_one_server_that_is_killed_and_started_again(tmp_path: Path) -> None:
    server: Running | None = None
    jobs: list[str] = []
    with ExitStack() as stack:

        def start() -> Running:
            return stack.enter_context(running(tmp_path / "data"))

        server = start()
        urls = [server.url]
        clients = stack.enter_context(following(lambda: urls[-1]))
        for _ in range(2):
            jobs += [post(server.url) for _ in range(JOBS // 3)]
            sleep(0.7)
            server.process.kill()
            server.process.wait()
            server = start()
            urls.append(server.url)
        jobs += [post(server.url) for _ in range(JOBS // 3)]

        hold(clients, settled(server.url, jobs), jobs)


def test_one_of_several_servers_is_killed(
    tmp_path: Path, postgres_up_to_date: str, redis_url: str
) -> None:
    """Clients go from one to the other, and the jobs of the dead are finished by the living."""
    options = {
        "DATABASE_URL": postgres_up_to_date,
        "REDIS_URL": redis_url,
        "STORYLOOM_IMAGES_URL": f"file://{tmp_path}/images",
    }
    (tmp_path / "images").mkdir()
    jobs: list[str] = []
    with ExitStack() as stack:

        def start(name: str) -> Running:
            return stack.enter_context(running(tmp_path / name, **options))

        servers = [start("a"), start("b")]
        turns = count()
        clients = stack.enter_context(following(lambda: servers[next(turns) % len(servers)].url))
        jobs += [post(servers[number % 2].url) for number in range(JOBS)]
        sleep(0.7)
        servers[0].process.kill()
        servers[0].process.wait()
        servers[0] = start("c")
        jobs += [post(one.url) for one in servers]

        hold(clients, settled(servers[1].url, jobs), jobs)
