"""Runs on a real server that is killed again and again, with a SwarmUI double that lives on."""

import asyncio
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest

from tests.e2e.runs import Json, beats_of, ended, saved, started
from tests.processes import is_alive, wait_until
from tests.servers import running
from tests.swarmui.behaviour import Behaviour
from tests.swarmui.double import SwarmDouble, swarm_double
from tests.swarmui.install import FakeInstall

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
KILLS = 20 if os.environ.get("CHAOS") else 4  # noqa: TID251
BEATS = 48


@contextmanager
def external_swarmui(image_s: float) -> Generator[SwarmDouble]:
    """One that nobody here launched, on a loop of its own."""
    started, found = threading.Event(), list[SwarmDouble]()
    loop, end = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with swarm_double(Behaviour(image_s=image_s, lingers_s=0.05)) as double:
            found.append(double)
            started.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait(30)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(30)
        loop.close()


def settings_of(url: str, **more: str) -> dict[str, str]:
    return {"STORYLOOM_SWARMUI_URL": url, "STORYLOOM_NVIDIA_SMI": "none", **more}


def through_all_deaths(data: Path, longest_s: float, settings: Mapping[str, str]) -> Json:
    """The run as it has ended, of which so many servers have died at random moments."""
    moments = random.Random(48)  # noqa: S311 - no secrets
    run_id = ""
    for _ in range(KILLS):
        with running(data, **settings) as server:
            run_id = run_id or started(server.url, saved(server.url, beats_of(BEATS)))
            sleep(moments.uniform(0.1, longest_s))
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
    with running(data, **settings) as server:
        return ended(server.url, run_id)


def hold(run: Json, made: Iterable[Json]) -> None:
    """Each picture was made once, and is kept."""
    finished = Counter(entry["prompt"] for entry in made if entry["what"] == "finished")
    assert run["counts"] | {"total": BEATS, "done": BEATS} == run["counts"]
    assert run["report"]["headline"] == f"{BEATS} of {BEATS} pictures are made."
    assert finished == {f"A picture of b{n}": 1 for n in range(1, BEATS + 1)}
    assert {shot["versions"][0]["backend"] for shot in run["shots"]} == {"swarmui"}


def test_every_picture_is_made_once_however_often_the_server_is_killed(tmp_path: Path) -> None:
    with external_swarmui(0.15) as swarm:
        run = through_all_deaths(tmp_path / "data", 10 / KILLS, settings_of(swarm.url))
        hold(run, swarm.studio.made)


def test_an_engine_of_our_own_ends_with_each_server_and_is_launched_by_the_next(
    tmp_path: Path,
) -> None:
    install = FakeInstall(tmp_path / "swarmui")
    install.behaves(image_s=0.15)
    settings = settings_of(install.url, STORYLOOM_SWARMUI_DIR=str(install.folder))

    run = through_all_deaths(tmp_path / "data", 4, settings)

    hold(run, install.made)
    assert len(install.launches) <= KILLS + 1
    wait_until(lambda: not any(is_alive(launch["pid"]) for launch in install.launches))
