"""A story is changed around the death of the server that makes its pictures, and a model is paid for its prompts."""

import signal
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.e2e.runs import RUNS, Json, ended, saved, shown, started
from tests.e2e.test_killed_runs import external_swarmui, settings_of
from tests.processes import wait_until
from tests.providers.server import providers_in_process
from tests.servers import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
BEATS = [{"beatId": name, "action": f"A grey cloud drifts by {name}."} for name in "abc"]
SAID: Json = {"action": "a grey cloud drifts over the water"}
SAID_ANEW: Json = {"action": "the moon rises over the water"}


def asked(url: str, path: str, **body: Any) -> None:
    answer = httpx2.post(f"{url}{RUNS}/{path}", json=body or None, timeout=60)
    assert answer.is_success, answer.text


def change(url: str, timestamp: int, name: str) -> None:
    """Somebody tells a beat otherwise, and leaves the rest as it is."""
    told = httpx2.get(f"{url}/api/v1/session/{timestamp}", timeout=60).json()["data"]
    [beat] = [one for one in told["analyzedEpisode"]["beats"] if one["beatId"] == name]
    beat["action"] = f"The moon rises by {name}."
    httpx2.post(f"{url}/api/v1/session/save", json=told, timeout=60).raise_for_status()


def test_a_killed_run_goes_on_with_the_words_of_the_changed_beat(tmp_path: Path) -> None:
    with providers_in_process() as providers, external_swarmui(0.5) as swarm:
        key = providers.new_key()
        providers.script(key, *[SAID] * 3, *[SAID_ANEW] * 2, kind="text")
        chosen = settings_of(swarm.url, **providers.settings(key))
        with running(tmp_path / "data", **chosen) as server:
            timestamp = saved(server.url, BEATS)
            run_id = started(server.url, timestamp, backend="swarmui")
            wait_until(lambda: shown(server.url, run_id)["counts"]["done"])
            asked(server.url, f"{run_id}/pause")
            wait_until(lambda: not shown(server.url, run_id)["counts"]["making"])
            # Their prompts come in any order, and so do the pictures.
            statuses = [shot["status"] for shot in shown(server.url, run_id)["shots"]]
            left, other = statuses.index("ready"), statuses.index("done")
            change(server.url, timestamp, "abc"[left])
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
        assert providers.charges(key)["text"] == 3

        with running(tmp_path / "data", **chosen) as server:
            asked(server.url, f"{run_id}/resume")
            run = ended(server.url, run_id)
            assert providers.charges(key)["text"] == 4, "only what has changed is paid for"
            change(server.url, timestamp, "abc"[other])
            old = shown(server.url, run_id)["shots"][other]
            asked(server.url, f"{run_id}/shots/{old['id']}/regenerate", seed=7)
            again = ended(server.url, run_id)["shots"][other]
        assert providers.charges(key)["text"] == 5

    said = ["moon" in shot["versions"][0]["prompt"] for shot in run["shots"]]
    assert (run["status"], said) == ("completed", [place == left for place in range(3)])
    assert old["outdated"]["renews"]
    assert ["moon" in one["prompt"] for one in again["versions"]] == [False, True]
    assert [one["what"] for one in swarm.studio.made].count("finished") == 4
