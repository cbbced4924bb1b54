"""The SwarmUI routes, alone and of real servers, with a fake install that is launched."""

import json
import signal
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from storyloom.automation.router import router
from tests.automation.bench import opened
from tests.measuring import measured
from tests.processes import descendants_of, is_alive, wait_until
from tests.servers import Running, running
from tests.swarmui.install import FakeInstall

START = "/api/v1/swarmui/start"
STOP = "/api/v1/swarmui/stop"
STATUS = "/api/v1/swarmui/status"
LOG = "/api/v1/swarmui/log"
TIMEOUT_S = 60


def settings_of(install: FakeInstall) -> dict[str, str]:
    return {"STORYLOOM_SWARMUI_DIR": str(install.folder), "STORYLOOM_SWARMUI_URL": install.url}


@pytest.fixture
def server(tmp_path: Path, install: FakeInstall) -> Generator[Running]:
    with running(tmp_path / "data", **settings_of(install), **measured()) as server:
        yield server


@pytest.fixture
def client(server: Running) -> Generator[httpx2.Client]:
    with httpx2.Client(base_url=server.url, timeout=TIMEOUT_S) as client:
        yield client


def test_it_is_started_told_of_logged_and_stopped(
    client: httpx2.Client, server: Running, install: FakeInstall
) -> None:
    before, nothing = client.get(STATUS).json(), client.get(LOG).json()
    started = client.post(START)
    status = client.get(STATUS).json()
    stopped = client.post(STOP)
    with (server.data_dir / "swarmui.log").open("a", encoding="utf-8") as log:
        log.write("api_key = AKIAQYLPMN5HHHFPZAM2\n")
    printed = client.get(LOG).json()["lines"]
    last = client.get(LOG, params={"limit": 1}).json()["lines"]

    assert nothing == {"lines": []}
    assert any("Starting webserver on" in line for line in printed)
    assert last == printed[-1:]
    assert last[0].startswith("api_key = ")
    assert "AKIAQYLPMN5HHHFPZAM2" not in last[0]
    assert (before["phase"], before["startedByUs"]) == ("stopped", False)
    assert started.status_code == 200
    assert started.json() == {
        "success": True,
        "message": "SwarmUI started successfully",
        "port": install.port,
        "apiUrl": install.url,
        "phase": "ready",
        "backendStatus": "running",
    }
    assert (status["phase"], status["port"], status["startedByUs"]) == (
        "ready",
        install.port,
        True,
    )
    assert stopped.json() == {"success": True, "message": "SwarmUI was stopped"}
    assert client.get(STATUS).json()["phase"] == "stopped"
    assert "Starting webserver on" in (server.data_dir / "swarmui.log").read_text("utf-8")


@asynccontextmanager
async def routes_of(install: FakeInstall) -> AsyncGenerator[httpx2.AsyncClient]:
    """The routes alone, with a service that really launches."""
    async with opened(install) as bench:
        app = FastAPI()
        app.include_router(router)

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "state": {"swarmui": bench.swarmui}}, receive, send)

        transport = httpx2.ASGITransport(app=served)
        async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
            yield client


async def test_a_second_launch_in_a_minute_has_to_wait(install: FakeInstall) -> None:
    async with routes_of(install) as client:
        await client.post(START)
        assert (await client.post(START)).status_code == 200  # it runs
        assert (await client.get(STATUS)).json()["phase"] == "ready"
        await client.post(STOP)

        refused = await client.post(START)

    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["success"] is False
    assert refused.json()["error"].startswith("SwarmUI failed to start: ")
    assert set(refused.json()) == {"success", "error"}
    assert len(install.launches) == 1


async def test_a_failure_has_the_documented_body(install: FakeInstall) -> None:
    install.does(crashes=3)

    async with routes_of(install) as client:
        failed = await client.post(START)

    assert failed.status_code == 500
    assert set(failed.json()) == {"success", "error"}
    assert failed.json()["error"].startswith(
        "SwarmUI failed to start: it ended with the exit code 3; its last lines: "
    )


async def test_one_that_generates_is_stopped_by_force_alone(install: FakeInstall) -> None:
    install.behaves(live=1)
    async with routes_of(install) as client:
        await client.post(START)

        refused = await client.post(STOP)
        forced = await client.post(STOP, params={"force": "true"})

    assert refused.status_code == 409
    assert refused.json()["success"] is False
    assert forced.json()["success"] is True


def test_without_an_install_the_setting_is_named(tmp_path: Path, install: FakeInstall) -> None:
    with running(tmp_path / "data", STORYLOOM_SWARMUI_URL=install.url) as server:
        failed = httpx2.post(server.url + START, timeout=TIMEOUT_S)

    assert failed.status_code == 500
    assert failed.json() == {
        "success": False,
        "error": "SwarmUI failed to start: none answers, and STORYLOOM_SWARMUI_DIR does not say "
        "where it is installed",
    }


HOSTILE: list[dict[str, Any]] = [
    {"params": {"path": "/bin/sh", "args": "-c reboot", "port": "1", "dir": "../.."}},
    {"json": {"path": "/bin/sh", "args": ["-c", "reboot"], "launch_mode": "web", "port": 1}},
    {"content": b"\x00" * 1000, "headers": {"Content-Type": "application/octet-stream"}},
    {"headers": {"X-Org-ID": "$(touch owned)", "Cookie": "`reboot`", "Referer": "evil:1"}},
    {"headers": {"X-Request-Id": "'; reboot; '", "PATH": "/nowhere", "LD_PRELOAD": "/evil.so"}},
    {"data": {"swarmui_dir": "/etc", "STORYLOOM_SWARMUI_DIR": "/etc"}},
]


def test_no_request_has_a_part_in_what_is_run(
    client: httpx2.Client, install: FakeInstall, server: Running
) -> None:
    for hostile in HOSTILE:
        for path in (START, f"{START}?force=true"):
            assert client.post(path, **hostile).status_code in {200, 422}
    for path in (START + "/../../../bin/sh", START + "/%2e%2e", START + "%00", START + ";reboot"):
        assert client.post(path).status_code in {404, 405, 422}

    [launch] = install.launches
    assert launch["arguments"] == ["--launch_mode", "none", "--port", str(install.port)]
    told = json.dumps([launch["environment"], *(client.get(STATUS).json()["lastLines"])])
    assert [word for word in ("reboot", "owned", "evil", "nowhere") if word in told] == []
    assert not [name for name in launch["environment"] if name.startswith("STORYLOOM_")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_end_of_the_server_ends_what_it_launched(
    client: httpx2.Client, install: FakeInstall, server: Running, number: int
) -> None:
    install.does(children=["child", "runaway"])
    client.post(START)
    family = descendants_of(server.process.pid)
    assert set(install.children) <= set(family)

    server.stop(number)

    wait_until(lambda: not [pid for pid in family if is_alive(pid)])


def is_found_as_ours(server: Running, port: int) -> bool:
    """Whether it is found: on a busy machine a look may come too late. What is found is ours."""
    status = httpx2.get(server.url + STATUS).json()
    if status["port"] is None:
        return False
    assert (status["port"], status["startedByUs"]) == (port, True)
    return True


def test_two_servers_with_one_redis_launch_one(
    tmp_path: Path, install: FakeInstall, redis_url: str
) -> None:
    install.does(hops=1, waits_s=0.5)
    settings = settings_of(install) | {"REDIS_URL": redis_url}
    with (
        running(tmp_path / "one", **settings) as one,
        running(tmp_path / "other", **settings) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        urls = [server.url + START for server in (one, other)] * 2
        answers = list(pool.map(partial(httpx2.post, timeout=TIMEOUT_S), urls))
        assert [answer.json()["port"] for answer in answers] == [install.port + 1] * 4
        for server in (one, other):
            wait_until(partial(is_found_as_ours, server, install.port + 1))

        stopped = [httpx2.post(s.url + STOP, timeout=TIMEOUT_S).json() for s in (other, one)]
        assert [answer["success"] for answer in stopped] == [True, True]

        again = httpx2.post(other.url + START, timeout=TIMEOUT_S)
        assert again.status_code == 429

    assert len(install.launches) == 1
