"""What people see of a run while it goes on."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from storyloom.automation.runs.schemas import (
    Run,
    Shot,
    ShotStatus,
    Stage,
    Version,
    WaitCode,
    WaitingOn,
)
from storyloom.cli.story_progress import Lines, Live, screen_on
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import new_job_id
from storyloom.story.prompts import Aspect

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
HOT = WaitingOn(code=WaitCode.GPU_HOT, detail="The GPU has 91 °C.", since=NOW)


def run_at(stage: Stage, *waits: WaitingOn) -> Run:
    name = new_job_id()
    fields: dict[str, Any] = {
        "id": name,
        "job": name,
        "org_id": "acme",
        "session_timestamp": 1,
        "config": {},
        "created_at": NOW,
        "status": JobStatus.PROCESSING,
        "waiting_on": waits,
        "stage": stage,
        "backend": "swarmui",
    }
    return Run.model_validate(fields)


def shots() -> list[Shot]:
    picture = ImageRef(
        key="shots/a.png", media_type=MediaType.PNG, size_bytes=9, width=16, height=9
    )
    made = Version(
        number=1, picture=picture, backend="swarmui", model="sdxl", prompt="a", duration_ms=4000,
        made_at=NOW - timedelta(seconds=1),
    )  # fmt: skip
    usual: dict[str, Any] = {"beat_id": "b", "aspect": Aspect.CINEMATIC, "take": 1}
    first: dict[str, Any] = {"status": ShotStatus.DONE, "versions": (made,), "chosen": 1}
    return [
        Shot(id="0001-cinematic-1", place=1, **usual, **first),
        Shot(id="0002-cinematic-1", place=2, **usual, status=ShotStatus.READY),
    ]


def test_a_bar_shows_the_stage_what_is_waited_for_and_what_is_left() -> None:
    console = Console(file=StringIO(), width=200)
    with Progress(TextColumn("{task.description}"), console=console, disable=True) as progress:
        screen = Live(progress)
        screen.show(run_at(Stage.FINDING_BEATS), [], NOW)
        before = progress.tasks[0]
        assert (before.description, before.total) == ("reading the script", None)

        screen.show(run_at(Stage.GENERATING_IMAGES, HOT), shots(), NOW)
        task = progress.tasks[0]

    assert task.description == "making pictures: The GPU has 91 °C, about 4.0 s left"
    assert (task.completed, task.total) == (1, 2)


def test_a_log_gets_a_line_for_whatever_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    for screen in (Lines(), Lines(is_mute=True)):
        for stage in (Stage.IDLE, Stage.IDLE, Stage.CHECKING_GPU):
            screen.show(run_at(stage), [], NOW)

    assert capsys.readouterr().err == "beginning\nlooking at the GPU\n"


def test_the_bar_is_for_terminals() -> None:
    with screen_on(Console(file=StringIO()), is_mute=False) as live:
        assert isinstance(live, Live)
    with screen_on(None, is_mute=True) as lines:
        assert isinstance(lines, Lines)
