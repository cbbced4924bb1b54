"""A run launches SwarmUI by itself on a real server, and nothing of it is left behind."""

from collections import Counter
from collections.abc import Generator, Mapping
from pathlib import Path

import httpx2
import pytest

from tests.e2e.runs import RUNS, beats_of, ended, saved, started
from tests.processes import descendants_of, is_alive, wait_until
from tests.servers import Running, running
from tests.swarmui.install import FakeInstall

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
BEATS = 4


@pytest.fixture
def install(tmp_path: Path) -> FakeInstall:
    made = FakeInstall(tmp_path / "swarmui")
    made.behaves(image_s=0.1)
    return made


@pytest.fixture
def server(install: FakeInstall, tmp_path: Path) -> Generator[Running]:
    with running(tmp_path / "data", **settings_of(install)) as server:
        yield server


def settings_of(install: FakeInstall) -> Mapping[str, str]:
    return {
        "STORYLOOM_SWARMUI_DIR": str(install.folder),
        "STORYLOOM_SWARMUI_URL": install.url,
        "STORYLOOM_NVIDIA_SMI": "none",
    }


def finished(install: FakeInstall) -> Counter[str]:
    return Counter(one["prompt"] for one in install.made if one["what"] == "finished")


ONCE_EACH = {f"A picture of b{number}": 1 for number in range(1, BEATS + 1)}


def test_it_is_launched_once_makes_all_pictures_and_is_stopped(
    server: Running, install: FakeInstall
) -> None:
    install.does(children=["stubborn", "runaway"])
    run_id = started(server.url, saved(server.url, beats_of(BEATS)), autoShutdown=True)

    run = ended(server.url, run_id)
    wait_until(lambda: descendants_of(server.process.pid) == [])
    status = httpx2.get(f"{server.url}/api/v1/swarmui/status").json()
    first = httpx2.get(f"{server.url}{RUNS}/{run_id}/shots/0001-cinematic-1/image")

    assert (run["status"], run["counts"]["done"]) == ("completed", BEATS)
    assert run["report"]["headline"] == "4 of 4 pictures are made."
    assert {shot["versions"][0]["backend"] for shot in run["shots"]} == {"swarmui"}
    assert finished(install) == ONCE_EACH
    assert first.content.startswith(b"\x89PNG")
    [launch] = install.launches
    assert install.ended_well
    assert [pid for pid in (launch["pid"], *install.children) if is_alive(pid)] == []
    assert status["phase"] == "stopped"


def test_without_auto_shutdown_it_serves_the_next_run_and_ends_with_the_server(
    install: FakeInstall, tmp_path: Path
) -> None:
    with running(tmp_path / "data", **settings_of(install)) as server:
        for _ in range(2):
            run = ended(server.url, started(server.url, saved(server.url, beats_of(BEATS))))
            assert run["counts"]["done"] == BEATS
        [launch] = install.launches
        assert is_alive(launch["pid"])
        assert server.stop() == 0
        wait_until(lambda: not is_alive(launch["pid"]))

    assert len(install.launches) == 1
    assert finished(install) == dict.fromkeys(ONCE_EACH, 2)
