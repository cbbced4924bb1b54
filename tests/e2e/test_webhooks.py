"""Webhooks of servers that are killed, over several processes, and with the receiver of the page."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import psycopg
import pytest

from storyloom.events.schemas import EventType
from tests.databases import free_port
from tests.servers import Running, environment, running
from tests.webhooks.receiver import Receiver, receiving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
PAGE = Path(__file__).parents[2] / "docs" / "webhooks.md"
ALLOW = {"STORYLOOM_WEBHOOK_ALLOW": "127.0.0.1"}
CODE = {"file_content": "def roi(cost, gain):\n    return gain - cost\n", "file_name": "roi.py"}
LIMIT_S = 60


@pytest.fixture
def receiver() -> Generator[Receiver]:
    with receiving() as started:
        yield started


def wait_until(condition: Callable[[], bool]) -> None:
    end = monotonic() + LIMIT_S
    while not condition():
        assert monotonic() < end
        sleep(0.02)


def post(server: Running, path: str, body: object = None) -> Any:
    answer = httpx2.post(f"{server.url}{path}", json=body, timeout=LIMIT_S)
    assert answer.is_success, answer.text
    return answer.json()


def ends(server: Running) -> set[str]:
    """The ids of the events by which jobs ended."""
    found = httpx2.get(f"{server.url}/v1/events?type=job.completed", timeout=LIMIT_S).json()
    return {event["id"] for event in found["data"]}


def examples() -> list[str]:
    """What the page shows: how webhooks are kept, and a receiver."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_page_shows_how_webhooks_are_kept(tmp_path: Path) -> None:
    keeping, _ = examples()

    with running(tmp_path / "data") as server:
        done = subprocess.run(
            [sys.executable, "-c", keeping.replace("http://127.0.0.1:8000", server.url)],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        left = httpx2.get(f"{server.url}/v1/webhooks", timeout=LIMIT_S).json()

    assert done.returncode == 0, done.stderr
    secrets = re.findall("whsec_[^ \n]+", done.stdout)
    assert len(set(secrets)) == 2
    assert "webhook.test" in done.stdout
    assert "enabled: False" in done.stdout
    assert left["data"] == []


def test_what_a_killed_server_had_under_way_comes_again(tmp_path: Path, receiver: Receiver) -> None:
    with running(tmp_path / "data", **ALLOW) as server:
        made = post(server, "/v1/webhooks", {"url": receiver.url()})
        receiver.on_heard = server.process.kill
        for _ in range(3):
            post(server, "/storyboard/code", CODE)
        assert server.process.wait(LIMIT_S) == -signal.SIGKILL
    receiver.on_heard = None
    before = set(receiver.ids("/ok"))
    with running(tmp_path / "data", **ALLOW) as server:
        wait_until(lambda: len(ends(server)) == 3)
        wait_until(lambda: set(receiver.ids("/ok")) >= ends(server))

    assert before
    assert len(set(receiver.ids("/ok"))) == 3
    for heard in receiver.heard:
        assert heard.verified(made["secret"])["type"] == "job.completed"


def test_of_many_processes_one_delivers_and_is_followed_when_it_dies(
    tmp_path: Path, receiver: Receiver, postgres_url: str
) -> None:
    chosen = {**ALLOW, "DATABASE_URL": postgres_url}

    def is_held() -> bool:
        with psycopg.connect(postgres_url) as connection:
            query = "SELECT holder FROM storyloom_webhook_turn WHERE holder IS NOT NULL"
            return connection.execute(query).fetchone() is not None

    with running(tmp_path / "first" / "data", **chosen) as first:
        wait_until(is_held)
        with running(tmp_path / "second" / "data", **chosen) as second:
            made = post(second, "/v1/webhooks", {"url": receiver.url()})
            log = f"{second.url}/v1/webhooks/{made['id']}/deliveries?status=delivered"
            for server in (first, second, first, second):
                post(server, "/storyboard/code", CODE)
            # Noted, too: what is only sent when it dies comes again.
            wait_until(lambda: len(httpx2.get(log, timeout=LIMIT_S).json()["data"]) == 4)
            assert len(receiver.heard) == 4
            first.stop(signal.SIGKILL)
            post(second, "/storyboard/code", CODE)
            wait_until(lambda: len(set(receiver.ids("/ok"))) == 5)

            assert set(receiver.ids("/ok")) == ends(second)
            assert len(receiver.heard) == 5


def test_the_receiver_of_the_page(tmp_path: Path) -> None:
    _, program = examples()
    port, said = free_port(), tmp_path / "said"
    with running(tmp_path / "data", **ALLOW) as server, said.open("wb") as stdout:
        made = post(server, "/v1/webhooks", {"url": f"http://127.0.0.1:{port}/"})
        receiver = subprocess.Popen(
            [sys.executable, "-c", program],
            env=environment(WEBHOOK_SECRET=made["secret"], PORT=str(port)),
            stdout=stdout,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: _listens(port))
            done = subprocess.run(
                [sys.executable, "-m", "storyloom", "webhooks", "test", made["id"]],
                env=environment(STORYLOOM_DATA_DIR=str(tmp_path / "data"), **ALLOW),
                capture_output=True,
                text=True,
                check=False,
                timeout=LIMIT_S,
            )
        finally:
            receiver.kill()
            receiver.wait()

    assert done.returncode == 0, done.stderr
    assert "\tdelivered\t204" in done.stdout
    assert said.read_text("utf-8").startswith("webhook.test {'webhook_id': ")


def _listens(port: int) -> bool:
    try:
        httpx2.get(f"http://127.0.0.1:{port}/", timeout=LIMIT_S)
    except httpx2.ConnectError:
        return False
    return True


def test_the_page_names_all_types() -> None:
    text = PAGE.read_text("utf-8")

    assert [one for one in EventType if f"`{one}`" not in text] == []
