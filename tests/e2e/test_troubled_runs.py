"""Runs on a real server, with a real process of SwarmUI and a real Redis that get into trouble."""

import os
import signal
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.adapters.redis.outages import OUTAGES
from tests.databases import RedisServer, redis_running
from tests.e2e.runs import Json, beats_of, ended, saved, shown, started
from tests.processes import wait_until
from tests.servers import running
from tests.swarmui.install import FakeInstall

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
BEATS = 6
ONCE_EACH = {f"A picture of b{number}": 1 for number in range(1, BEATS + 1)}


@pytest.fixture
def redis() -> Generator[RedisServer]:
    with redis_running(append_only=True) as server:
        yield server


@pytest.fixture
def install(tmp_path: Path) -> FakeInstall:
    made = FakeInstall(tmp_path / "swarmui")
    made.behaves(image_s=0.5)
    return made


def settings_of(install: FakeInstall) -> dict[str, str]:
    return {
        "STORYLOOM_SWARMUI_DIR": str(install.folder),
        "STORYLOOM_SWARMUI_URL": install.url,
        "STORYLOOM_NVIDIA_SMI": "none",
    }


def finished(install: FakeInstall) -> Counter[str]:
    return Counter(one["prompt"] for one in install.made if one["what"] == "finished")


def hold(run: Json) -> None:
    """All is made as it was asked for, and the report says so."""
    assert run["status"] == "completed"
    assert run["report"]["headline"] == f"{BEATS} of {BEATS} pictures are made."
    assert {shot["versions"][0]["backend"] for shot in run["shots"]} == {"swarmui"}


def test_swarmui_updates_itself_and_comes_back_on_another_port(
    install: FakeInstall, tmp_path: Path
) -> None:
    with running(tmp_path / "data", **settings_of(install)) as server:
        run_id = started(server.url, saved(server.url, beats_of(BEATS)))
        wait_until(lambda: shown(server.url, run_id)["counts"]["done"] == 2, 60)
        install.does(hops=1)
        os.kill(install.launches[0]["pid"], signal.SIGUSR1)

        run = ended(server.url, run_id)

    hold(run)
    assert finished(install) == ONCE_EACH
    assert len(install.launches) == 2, "by its own script, and not by us"
    [mended] = [shot for shot in run["shots"] if shot["steps"]]
    assert [step["remedy"] for step in mended["steps"]] == ["restart_engine"]


@pytest.mark.parametrize("name", ["stopped", "paused"])
def test_redis_is_lost_for_a_while(
    name: str, redis: RedisServer, install: FakeInstall, tmp_path: Path
) -> None:
    outage = OUTAGES[name]
    with running(tmp_path / "data", REDIS_URL=redis.url, **settings_of(install)) as server:
        run_id = started(server.url, saved(server.url, beats_of(BEATS)))
        wait_until(lambda: shown(server.url, run_id)["counts"]["done"] == 2, 60)
        outage.break_it(redis)
        try:
            wait_until(
                lambda: (
                    "store_away" in {one["code"] for one in shown(server.url, run_id)["waitingOn"]}
                ),
                60,
            )
        finally:
            outage.mend(redis)
        run = ended(server.url, run_id)

    hold(run)
    assert finished(install) == ONCE_EACH
    assert len(install.launches) == 1
