"""A script goes into a real server, and a model over Gemini's wire finds its beats and writes its prompts."""

import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.providers.server import Providers, providers_in_process
from tests.servers import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
RUNS = "/api/v1/automation/runs"
SCRIPT = """INT. LAMP ROOM - NIGHT

NORA (61, white braid) lifts the old lantern. Rain beats on the glass.
"""
SCENE: dict[str, Any] = {
    "beats": [
        {
            "quote": "NORA (61, white braid) lifts the old lantern.",
            "action": "nora lifts the lantern to the glass",
            "characters": ["nora"],
            "props": ["lantern"],
            "shot": "close-up",
            "reason": "It shows the lantern.",
        },
        {
            "quote": "Rain beats on the glass.",
            "action": "rain beats on the glass",
            "picture": "reuse",
            "reuse_of": 1,
            "reason": "The room has been seen.",
        },
    ],
}
ACTION = "nora holds the lantern against her cheek"
PROMPT: dict[str, Any] = {"characters": ["nora"], "props": ["lantern"], "action": ACTION}


@pytest.fixture(scope="module")
def providers() -> Generator[Providers]:
    with providers_in_process() as served:
        yield served


def _run(url: str, **body: Any) -> dict[str, Any]:
    accepted = httpx2.post(url + RUNS, json=body, timeout=60)
    assert accepted.status_code == 202, accepted.text
    end = time.monotonic() + 90
    while True:
        run: dict[str, Any] = httpx2.get(url + accepted.json()["pollUrl"], timeout=60).json()
        if run["status"] in {"completed", "failed", "cancelled"}:
            return run
        assert time.monotonic() < end, run
        time.sleep(0.1)


def test_a_model_writes_and_its_calls_are_on_the_runs_account(
    providers: Providers, tmp_path: Path
) -> None:
    key = providers.new_key()
    providers.script(key, SCENE, PROMPT, kind="text")
    chosen = providers.settings(key) | {"STORYLOOM_IMAGE_MODEL": "none"}
    with running(tmp_path / "data", **chosen) as server:
        run = _run(server.url, script=SCRIPT)
        session = httpx2.get(f"{server.url}/api/v1/session/{run['sessionTimestamp']}").json()
        again = _run(server.url, sessionTimestamp=run["sessionTimestamp"])

    assert (run["status"], run["degraded"]) == ("completed", [])
    beat, reused = session["data"]["analyzedEpisode"]["scenes"][0]["beats"]
    assert beat["beat_script_text"] == SCENE["beats"][0]["quote"]
    assert "against her cheek" in beat["prompts"]["cinematic"]["prompt"]
    assert "white braid" in beat["prompts"]["cinematic"]["prompt"], "looks come from the bible"
    assert reused["imageDecision"]["type"] == "REUSE_IMAGE"
    assert run["spent"]["calls"] == 2
    # One question for the scene and one for its picture; what is written is not asked for again.
    assert again["status"] == "completed"
    assert providers.charges(key)["text"] == 2


def test_a_model_that_may_not_be_asked_is_told_on_the_run(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        session = {
            "promptMode": "storyart",
            "scriptText": SCRIPT,
            "selectedLLM": "gemini-3.8-flash",
        }
        saved = httpx2.post(f"{server.url}/api/v1/session/save", json=session, timeout=60).json()
        run = _run(server.url, sessionTimestamp=saved["sessionTimestamp"])

    assert run["status"] == "completed"
    assert len(run["degraded"]) == 1
    assert "gemini-3.8-flash" in run["degraded"][0]


def test_models_that_stand_in_for_others_are_told_in_the_report(
    providers: Providers, tmp_path: Path
) -> None:
    wanted, other = providers.new_key(), providers.new_key()
    providers.always(wanted, "429-quota")
    providers.script(other, SCENE, PROMPT, kind="text")
    chosen = {
        **providers.settings(wanted),
        "OPENAI_API_KEY": other,
        "STORYLOOM_FALLBACK_MODELS": "openai:gpt-6-luna",
        "STORYLOOM_FALLBACK_IMAGE_MODELS": "openai:gpt-image-2",
    }
    with running(tmp_path / "data", **chosen) as server:
        run = _run(server.url, script=SCRIPT, config={"backend": "model", "aspects": ["cinematic"]})

    assert run["status"] == "completed"
    (told,) = run["degraded"]
    assert told.startswith("google:gemini-3.8-flash (quota: ")
    assert told.endswith("did not answer, so openai:gpt-6-luna answered in its place.")
    assert run["report"]["remarks"] == [told]
    (decision,) = run["report"]["decisions"]
    assert decision["code"] == "quota"
    assert decision["says"].startswith("Another model made it: google:gemini-3.1-flash-image ")
    assert decision["says"].endswith("so openai:gpt-image-2 answered in its place.")
    assert run["report"]["degraded"] == run["report"]["total"] == 1
    assert providers.charges(other) == {"text": 2, "picture": 1}
