"""A run as a reel, for people to look at."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from storyloom.automation.runs.reel import UNTITLED, reel_of
from storyloom.automation.runs.report import report_of
from storyloom.automation.runs.schemas import Mending, Remedy, Run, Shot, ShotStatus, Version
from storyloom.boards.export.schemas import Badge, Reel, Shape
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import new_job_id
from storyloom.outbound.costs import Cost
from storyloom.story.episodes import StoryView, view_of
from storyloom.story.prompts import Aspect

AT = datetime(2026, 11, 29, 6, 30, tzinfo=UTC)
PICTURE = ImageRef(key="shots/a.png", media_type=MediaType.PNG, size_bytes=9, width=16, height=9)
VERSION = Version(
    number=1, picture=PICTURE, backend="swarmui", model="sdxl", seed=7, prompt="a lighthouse",
    parameters={"steps": 20}, duration_ms=900, made_at=AT,
)  # fmt: skip
RUN: dict[str, Any] = {
    "org_id": "acme",
    "session_timestamp": 1,
    "config": {},
    "status": JobStatus.COMPLETED,
    "created_at": AT,
    "completed_at": AT,
}
FRAMED = Mending(remedy=Remedy.FRAME, why="Nothing answers.", code="connection", at=AT)


def story(**episode: Any) -> StoryView:
    return view_of({"analyzedEpisode": episode})


def shot(place: int, status: ShotStatus, **fields: Any) -> Shot:
    aspect = fields.pop("aspect", Aspect.CINEMATIC)
    given: dict[str, Any] = {
        "id": f"{place:04d}-{aspect}-1",
        "beat_id": f"s1-b{place}",
        "take": 1,
        "status": status,
    }
    return Shot(place=place, aspect=aspect, caption="Waves.", **given, **fields)


def reel(shots: list[Shot], view: StoryView, *, spent: Cost | None = None, **run: Any) -> Reel:
    name = new_job_id()
    made = Run.model_validate(RUN | {"id": name, "job": name} | run)
    report = report_of(made, shots, now=AT, reused=0, beats=len(shots), spent=spent)
    return reel_of(made, shots, view, report)


def test_a_picture_says_where_it_is_what_is_said_and_how_it_was_made() -> None:
    view = story(
        title="The Last Lamp",
        bible={
            "characters": [{"id": "nora", "name": "Nora"}],
            "places": [{"id": "rock", "name": "Gull Rock", "inside": "exterior"}],
        },
        beats=[
            {
                "beatId": "s1-b1",
                "place": "rock",
                "timeOfDay": "dusk",
                "dialogue": [
                    {"speaker": "nora", "words": "How long has she been slow, do you think?"},
                    {"speaker": "", "words": "Long."},
                ],
            }
        ],
    )

    made = reel([shot(1, ShotStatus.DONE, versions=(VERSION,), chosen=1)], view)
    (item,) = made.items

    assert (made.title, made.made_at) == ("The Last Lamp", AT)
    assert (item.id, item.scene) == ("0001-cinematic-1", "EXT. GULL ROCK - DUSK")
    assert item.notes == "Nora: How long has she been slow, do you think?\nLong."
    assert item.duration_s == 5.0
    assert (item.picture, item.made_by, item.parameters) == (PICTURE, "sdxl, seed 7", {"steps": 20})
    assert item.badges == ()


def test_what_has_no_picture_keeps_its_place_and_says_why() -> None:
    shots = [
        shot(1, ShotStatus.FAILED, error_code="blocked", error_message="It was refused."),
        shot(2, ShotStatus.READY, aspect=Aspect.VERTICAL, edited=True),
    ]

    made = reel(shots, story(beats=[{"beatId": "s1-b1"}]))

    assert made.title == UNTITLED
    assert [item.badges for item in made.items] == [(Badge.FAILED,), (Badge.WAITING, Badge.EDITED)]
    assert [item.shape for item in made.items] == [Shape.WIDE, Shape.TALL]
    assert [item.notes for item in made.items] == ["It was refused.", ""]
    assert [item.scene for item in made.items] == ["", ""]
    assert made.report is not None
    assert (made.report.failed, made.report.skipped) == (1, 1)
    (decision,) = made.report.decisions
    assert decision.number == 1


def test_a_frame_that_stands_in_is_marked_and_one_that_was_wanted_is_not() -> None:
    frame = VERSION.model_copy(update={"is_frame": True, "backend": "frames"})
    shots = [shot(1, ShotStatus.DEGRADED, versions=(frame,), chosen=1, steps=(FRAMED,))]
    spent = Cost(
        usd=None,
        known_usd=Decimal("0.5"),
        calls=3,
        unknown_calls=1,
        input_tokens=1,
        output_tokens=1,
    )

    stand_in = reel(shots, story(), backend="swarmui", spent=spent)
    wanted = reel(
        [shot(1, ShotStatus.DONE, versions=(frame,), chosen=1)], story(), backend="frames"
    )

    assert stand_in.items[0].badges == (Badge.DEGRADED, Badge.FRAME)
    assert stand_in.items[0].notes == "Frame: Nothing answers."
    assert stand_in.report is not None
    assert (stand_in.report.spent_usd, stand_in.report.unpriced_calls) == (Decimal("0.5"), 1)
    assert wanted.items[0].badges == ()
