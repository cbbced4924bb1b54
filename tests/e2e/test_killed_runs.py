"""Runs on a real server that is killed again and again, with a SwarmUI double that lives on."""

import asyncio
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest

from tests.e2e.runs import beats_of, ended, saved, started
from tests.servers import Running, running
from tests.swarmui.behaviour import Behaviour
from tests.swarmui.double import SwarmDouble, swarm_double

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


def kill(server: Running) -> None:
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()


def test_every_picture_is_made_once_however_often_the_server_is_killed(tmp_path: Path) -> None:
    moments = random.Random(48)  # noqa: S311 - no secrets
    with external_swarmui(0.15) as swarm:
        settings = {"STORYLOOM_SWARMUI_URL": swarm.url, "STORYLOOM_NVIDIA_SMI": "none"}
        run_id = ""
        for _ in range(KILLS):
            with running(tmp_path / "data", **settings) as server:
                if not run_id:
                    run_id = started(server.url, saved(server.url, beats_of(BEATS)))
                sleep(moments.uniform(0.1, 10 / KILLS))
                kill(server)
        with running(tmp_path / "data", **settings) as server:
            run = ended(server.url, run_id)
        made = Counter(
            entry["prompt"] for entry in swarm.studio.made if entry["what"] == "finished"
        )

    assert run["counts"] | {"total": BEATS, "done": BEATS} == run["counts"]
    assert run["report"]["headline"] == f"{BEATS} of {BEATS} pictures are made."
    assert made == {f"A picture of b{n}": 1 for n in range(1, BEATS + 1)}
    assert {shot["versions"][0]["backend"] for shot in run["shots"]} == {"swarmui"}
