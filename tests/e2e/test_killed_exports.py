"""An export that was accepted is made, though the process that has it is killed."""

import signal
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.ffmpeg import stand_in
from tests.processes import is_alive
from tests.servers import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
RUNS = "/api/v1/automation/runs"
HANGS = "Path(noted / 'pid').write_text(str(os.getpid())); time.sleep(600)"


def until(condition: Any) -> None:
    end = monotonic() + 60
    while not condition():
        assert monotonic() < end
        sleep(0.05)


def test_an_export_goes_on_after_the_death_of_the_server(tmp_path: Path) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    film = {"STORYLOOM_FFMPEG": str(stand_in(tmp_path, more=HANGS)), "TMPDIR": str(place)}
    with running(tmp_path / "data", **film) as server:
        with httpx2.Client(base_url=server.url, timeout=30) as client:
            run = client.post(RUNS, json={"script": "A ship sails."}).json()["pollUrl"]
            until(lambda: client.get(run).json()["status"] == "completed")
            asked = client.post(f"{run}/exports", json={"formats": ["animatic"]}).json()
            pid = tmp_path / "pid"
            until(lambda: pid.exists() and pid.read_text())
            assert client.get(asked["exports"][0]["url"]).json()["code"] == "export_not_ready"
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        # Nobody is left who would write into a file that the next server makes anew.
        until(lambda: not is_alive(int(pid.read_text())))
    left = set(place.glob("storyloom-*"))
    assert {one.name.split("-")[1] for one in left} == {"export", "stills", "film"}

    stand_in(tmp_path)
    with (
        running(tmp_path / "data", **film) as server,
        httpx2.Client(base_url=server.url, timeout=30) as client,
    ):
        until(lambda: client.get(asked["exports"][0]["url"]).status_code == 200)
        assert len(client.get(f"{run}/exports").json()["exports"]) == 1
        until(lambda: not left & set(place.iterdir()))
