"""`storyloom story`: a script becomes pictures in a folder, and goes on where it was stopped."""

import json
import os
import signal
from pathlib import Path

import anyio
import pytest

from storyloom.bootstrap.solo import open_solo
from storyloom.cli.story_making import HIDDEN, Order, begun, heeding
from storyloom.cli.story_note import order_of, read_note
from storyloom.cli.story_options import StoryOptions
from storyloom.jobs.errors import HandedOver
from storyloom.settings import Settings
from tests.cli.conftest import Run, json_of

# The folder is locked and the SQLite file opened in the loop: nobody else is served by it.
pytestmark = pytest.mark.usefixtures("blocking_calls_allowed")
SCRIPT = """Title: Two Cups

INT. KITCHEN - NIGHT

ANNA (30, red coat) sets two cups on the table.

EXT. HARBOUR - DAWN

A boat leaves. Anna waves from the pier.
"""


@pytest.fixture
def script(place: Path) -> Path:
    file = place / "cups.fountain"
    file.write_text(SCRIPT, "utf-8")
    return file


def pictures(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in sorted(folder.glob("*.png"))}


def test_a_script_becomes_pictures_once(run: Run, script: Path, place: Path) -> None:
    made = run("story", str(script), "-o", "out")
    assert made.exit_code == 0, made.output
    first, sheet = pictures(place / "out"), (place / "out/contact-sheet.pdf").stat().st_mtime_ns
    (place / "out" / min(first)).unlink()
    again = json_of(run("story", str(script), "-o", "out", "--json"))

    assert made.stdout.splitlines()[:2] == ["out/index.html", "out/contact-sheet.pdf"]
    assert f"{len(first)} of {len(first)} pictures are made." in made.stdout
    assert made.stderr.startswith("beginning\n")
    assert len(first) >= 2
    page = (place / "out/index.html").read_text("utf-8")
    assert "Two Cups" in page
    assert [name for name in first if f'src="{name}"' not in page] == []
    report = json.loads((place / "out/report.json").read_text("utf-8"))
    assert [one["file"] for one in report["pictures"]] == list(first)
    assert report["report"]["done"] == len(first)
    # The second command makes nothing, and puts back what was lost.
    assert (again["runId"], again["status"]) == (report["runId"], "completed")
    assert again["files"]["viewer"] == "out/index.html"
    assert list(pictures(place / "out")) == list(first)
    assert (place / "out/contact-sheet.pdf").stat().st_mtime_ns == sheet


def test_other_wishes_take_the_place_of_what_was_there(run: Run, script: Path, place: Path) -> None:
    run("story", str(script), "-o", "out")
    wished = ("--aspect", "vertical", "--title", "Cups", "--backend", "frames")
    told = json_of(run("story", "-", "-o", "out", "--json", *wished, stdin=SCRIPT.encode()))

    names = list(pictures(place / "out"))
    assert names == [one["file"] for one in told["pictures"]]
    assert {name[5:] for name in names} == {"vertical-1.png"}
    assert "<h1>Cups</h1>" in (place / "out/index.html").read_text("utf-8")


def test_a_backend_that_is_not_there_leaves_what_was_made(
    run: Run, script: Path, place: Path
) -> None:
    run("story", str(script), "-o", "out")
    before = pictures(place / "out")

    told = run("story", str(script), "-o", "out", "--backend", "swarmui")

    assert (told.exit_code, told.stdout) == (8, "")
    assert "set STORYLOOM_SWARMUI_URL or STORYLOOM_SWARMUI_DIR" in told.stderr
    assert pictures(place / "out") == before
    assert "2 of 2 pictures are made." in run("story", str(script), "-o", "out").stdout


def test_a_run_that_was_stopped_goes_on(run: Run, script: Path, place: Path) -> None:
    options = StoryOptions(output=Path("out"))
    order = Order(SCRIPT, Path("out"), options)

    async def stopped() -> str:
        async with open_solo(Settings.load(), Path("out") / HIDDEN, print) as solo:
            accepted = await begun(order, None, solo)
            await solo.director.leave(0)
            with pytest.raises(HandedOver):
                await solo.director.run(accepted.job)
            return accepted.id

    name = anyio.run(stopped)
    told = json_of(run("story", str(script), "-o", "out", "--json"))

    assert (told["runId"], told["status"]) == (name, "completed")


def test_other_wishes_end_a_run_that_was_stopped(run: Run, script: Path, place: Path) -> None:
    order = Order(SCRIPT, Path("out"), StoryOptions(output=Path("out"), images=8))

    async def stopped() -> str:
        async with open_solo(Settings.load(), Path("out") / HIDDEN, print) as solo:
            return (await begun(order, None, solo)).id

    name = anyio.run(stopped)
    told = json_of(run("story", str(script), "-o", "out", "--json"))

    assert told["runId"] != name
    assert told["report"]["failed"] == 0


def test_a_backend_that_is_not_there_says_which_setting_is_missing(
    run: Run, script: Path, place: Path
) -> None:
    failed = run("story", str(script), "-o", "out", "--backend", "comfyui")
    told = json_of(run("story", str(script), "-o", "out", "--backend", "comfyui", "--json"))

    assert failed.exit_code == 8
    assert "STORYLOOM_COMFYUI_URL" in failed.stderr
    assert told["error"]["code"] == "misconfigured"
    assert not (place / "out/contact-sheet.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["nowhere.fountain"], 4), (["empty.txt"], 2), (["-", "--images", "9"], 2)],
)
def test_what_cannot_be_is_refused(
    run: Run, place: Path, arguments: list[str], status: int
) -> None:
    (place / "empty.txt").write_text("  \n", "utf-8")

    assert run("story", *arguments).exit_code == status
    assert not (place / "empty.story").exists()


def test_the_first_signal_lets_pictures_be_finished_and_the_second_does_not() -> None:
    class Called:
        def __init__(self) -> None:
            self.calls: list[str] = []

        async def leave(self, grace_s: float) -> None:
            self.calls.append(f"leave {grace_s:g}")

        def hurry(self) -> None:
            self.calls.append("hurry")

    async def main() -> list[str]:
        director = Called()
        async with anyio.create_task_group() as tasks, heeding(director, tasks):
            for _ in range(2):
                os.kill(os.getpid(), signal.SIGINT)
                await anyio.sleep(0.01)
        return director.calls

    assert anyio.run(main) == ["leave 60", "hurry"]


def test_a_note_that_cannot_be_read_is_none(place: Path) -> None:
    (place / "story.json").write_text("{", "utf-8")

    assert read_note(place) is None
    assert read_note(place / "nowhere") is None
    assert order_of("a", "", {}) != order_of("a", "b", {})
