"""`storyloom runs`, against a whole server."""

import json
from collections.abc import Generator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from storyloom.automation.runs.views import RUNS
from tests.cli.conftest import Run, json_of
from tests.servers import running

SCRIPT = b"INT. HARBOUR - NIGHT\n\nA ship sails.\n"
BEATS = [{"beatId": "b1", "action": "[dim]A ship sails"}]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with running(tmp_path_factory.mktemp("server") / "data") as server:
        yield server.url


def begun(url: str, org: str, **beat: Any) -> str:
    """A run whose prompts come from another service."""
    session = {"promptMode": "storyswarm", "analyzedEpisode": {"beats": [BEATS[0] | beat]}}
    with httpx2.Client(base_url=url, headers={"X-Org-ID": org}) as client:
        saved = client.post("/api/v1/session/save", json=session).json()
        body = {"sessionTimestamp": saved["sessionTimestamp"], "config": {"backend": "frames"}}
        return client.post(RUNS, json=body).json()["runId"]


def test_a_run_that_waits_is_steered(run: Run, url: str) -> None:
    there = ("--server", url, "--org", "waiting")
    name = begun(url, "waiting")

    paused = run("runs", "pause", name, *there)
    shown = run("runs", "show", name, *there).stdout
    resumed = json_of(run("runs", "resume", name, "--json", *there))
    listed = run("runs", "list", *there).stdout
    cancelled = run("runs", "cancel", name, *there)

    assert (paused.exit_code, paused.stdout.split("\t")[0]) == (0, name)
    assert ", paused" in paused.stdout
    assert "Waits for" in shown
    assert resumed["wanted"] == "run"
    assert name in listed
    assert cancelled.exit_code == 0
    gone = ended(run, name, there)
    assert gone["status"] == "cancelled"
    assert json_of(run("runs", "list", "--json", *there))["runs"][0]["runId"] == name


def test_a_run_that_has_ended_has_its_report(run: Run, url: str) -> None:
    there = ("--server", url, "--org", "ended")
    name = begun(url, "ended", prompts="A ship at sea")

    ended(run, name, there)
    shown = run("runs", "show", name, *there).stdout
    again = [run("runs", order, name, *there) for order in ("pause", "retry")]
    degraded = run("runs", "retry", name, "--degraded", *there)

    for words in ("completed", "1: 1 done", "1 of 1 pictures are made.", "frames"):
        assert words in shown
    assert [one.exit_code for one in (*again, degraded)] == [5, 5, 5]


def test_one_that_is_not_there_is_told(run: Run, url: str) -> None:
    missing = run("runs", "show", "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a", "--server", url)

    assert missing.exit_code == 4
    assert "no such run" in missing.stderr
    assert run("runs").stdout.startswith("Usage")


def test_without_a_server_the_usual_one_is_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_PORT", "9")

    assert run("runs", "list").exit_code == 6


def ended(run: Run, name: str, there: tuple[str, ...]) -> dict[str, Any]:
    end = monotonic() + 30
    while True:
        shown = json_of(run("runs", "show", name, "--json", *there))
        if shown["completedAt"] is not None:
            return shown
        assert monotonic() < end, shown
        sleep(0.05)


def test_what_is_in_the_way_of_a_run_is_told(run: Run, url: str, tmp_path: Path) -> None:
    script = tmp_path / "story.txt"
    script.write_text("A ship sails.", "utf-8")
    there = ("--server", url)

    told = run("runs", "preflight", str(script), *there)
    plain = run("runs", "preflight", *there)
    missing = run("runs", "preflight", "--backend", "model", *there)
    session = run("runs", "preflight", "--session", "1", *there)
    shown = json_of(run("runs", "preflight", str(script), "--json", *there))

    assert told.exit_code == 0, told.stderr
    for words in ("1 beats get pictures", "estimate", "Cost: $0."):
        assert words in told.stdout
    assert "Cost of a picture: $0." in plain.stdout
    assert missing.exit_code == 1
    assert "STORYLOOM_IMAGE_MODEL" in missing.stdout
    assert session.exit_code == 4
    assert shown["estimate"]["pictures"] == 1


def test_pictures_of_a_run_are_redrawn_restored_and_handed_over(
    run: Run, url: str, place: Path
) -> None:
    there = ("--server", url, "--org", "files")
    name = begun(url, "files", prompts="A ship at sea")
    shot = ended(run, name, there)["shots"][0]["id"]

    redrawn = run("runs", "redraw", name, shot, "--seed", "7", *there)
    ended(run, name, there)
    restored = json_of(run("runs", "restore", name, shot, "1", "--json", *there))
    skipped = run("runs", "skip", name, shot, *there)
    saved = run("runs", "export", name, "edl", "viewer", "-o", "out", *there)
    again = json_of(run("runs", "export", name, "edl", "--json", *there))
    unknown = run("runs", "export", name, "scroll", *there)

    assert redrawn.stdout.startswith(f"{shot}\t")
    assert restored["chosen"] == 1
    assert skipped.stdout == f"{shot}\tdone\n"  # it is made, and stays
    assert sorted(path.suffix for path in (place / "out").iterdir()) == [".edl", ".html"]
    assert saved.stdout.count("out/") == 2
    assert [Path(file).suffix for file in again["files"]] == [".edl"]
    assert unknown.exit_code == 2
    assert "choose of sheet" in unknown.stderr


def test_what_holds_for_all_runs_is_replaced_and_one_is_started(
    run: Run, url: str, place: Path
) -> None:
    there = ("--server", url, "--org", "config")
    usual = json_of(run("runs", "config", *there))
    (place / "runs.json").write_text(json.dumps(usual | {"imagesPerPrompt": 2}), "utf-8")

    replaced = json_of(run("runs", "config", "runs.json", *there))
    wrong = run("runs", "config", "-", *there, stdin=b'{"imagesPerPrompt": 0}')

    started = run("runs", "start", "-", "--backend", "frames", *there, stdin=SCRIPT)
    # The same script would be the run that is under way.
    other = SCRIPT + b"\n\nAnd a dog barks.\n"
    told = json_of(run("runs", "start", "-", *there, "--json", stdin=other))
    shown = ended(run, started.stdout.strip(), there)
    nothing = run("runs", "start", *there)

    assert shown["backend"] == "frames"
    assert told["runId"] != shown["runId"]
    assert nothing.exit_code == 2
    assert replaced == usual | {"imagesPerPrompt": 2} == json_of(run("runs", "config", *there))
    assert wrong.exit_code == 2
    assert "imagesPerPrompt" in wrong.stderr
