"""A run as a reel: what it has made, for people to look at and to hand on. Pure functions."""

from collections.abc import Iterator, Sequence

from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.schemas import Report, Run, Shot, ShotStatus
from storyloom.boards.export.schemas import Badge, Reel, ReelItem, ReelReport, Remark, Shape
from storyloom.story.episodes import BeatSeen, StoryView
from storyloom.story.prompts import Aspect
from storyloom.story.script.schemas import Bible

UNTITLED = "Untitled story"
#: How long a picture stands in a film: as long as its words are spoken.
_LEAST_S, _MOST_S, _WORDS_A_SECOND, _SILENT_S = 3.0, 12.0, 2.5, 4.0
_SHAPES = {Aspect.CINEMATIC: Shape.WIDE, Aspect.VERTICAL: Shape.TALL}
_BADGES = {
    ShotStatus.DEGRADED: Badge.DEGRADED,
    ShotStatus.FAILED: Badge.FAILED,
    ShotStatus.CANCELLED: Badge.CANCELLED,
    ShotStatus.WAITING: Badge.WAITING,
    ShotStatus.READY: Badge.WAITING,
    ShotStatus.MAKING: Badge.WAITING,
}
_INSIDE = {"interior": "INT.", "exterior": "EXT.", "both": "INT./EXT."}


def reel_of(run: Run, shots: Sequence[Shot], story: StoryView, report: Report) -> Reel:
    """The pictures of a run in the story's order, wide before tall, with its report."""
    seen = {one.beat.id: one for one in story.beats}
    items = tuple(
        _item(number, shot, seen.get(shot.beat_id), story.bible).model_copy(
            update={"badges": tuple(_badges(run, shot))}
        )
        for number, shot in enumerate(shots, 1)
    )
    numbers = {shot.id: number for number, shot in enumerate(shots, 1)}
    return Reel(
        title=story.head.title or UNTITLED,
        run=run.id,
        made_at=run.completed_at,
        items=items,
        report=_report(run, report, numbers),
    )


def heading_of(seen: BeatSeen, bible: Bible) -> str:
    """Where and when a beat happens, as a heading of its scene: `INT. KITCHEN - NIGHT`."""
    place = bible.place(seen.found.place)
    inside = _INSIDE.get(seen.found.inside or (place.inside if place else None) or "", "")
    where = " ".join(part for part in (inside, place.name.upper() if place else "") if part)
    return " - ".join(part for part in (where, seen.found.time_of_day.upper()) if part)


def _item(number: int, shot: Shot, seen: BeatSeen | None, bible: Bible) -> ReelItem:
    item = ReelItem(
        number=number,
        id=shot.id,
        scene="" if seen is None else heading_of(seen, bible),
        caption=shot.caption,
        notes="\n".join(_notes(shot, seen, bible)),
        duration_s=_SILENT_S if seen is None else _duration_s(seen),
        shape=_SHAPES[shot.aspect],
    )
    version = shot.version
    if version is None:
        return item
    names = ("picture", "backend", "model", "seed", "prompt", "negative_prompt", "parameters")
    return item.model_copy(update={name: getattr(version, name) for name in names})


def _notes(shot: Shot, seen: BeatSeen | None, bible: Bible) -> Iterator[str]:
    """What is said in the beat, and what was done about the picture."""
    for line in () if seen is None else seen.found.dialogue:
        speaker = bible.character(line.speaker)
        name = speaker.name if speaker else line.speaker
        yield f"{name}: {line.words}" if name else line.words
    for step in shot.steps:
        yield f"{step.remedy.replace('_', ' ').capitalize()}: {step.why}"
    if shot.error_message:
        yield shot.error_message


def _duration_s(seen: BeatSeen) -> float:
    words = sum(len(line.words.split()) for line in seen.found.dialogue)
    if not words:
        return _SILENT_S
    return min(max(_LEAST_S, 1 + words / _WORDS_A_SECOND), _MOST_S)


def _badges(run: Run, shot: Shot) -> Iterator[Badge]:
    if shot.status in _BADGES:
        yield _BADGES[shot.status]
    # Where all are frames, it goes without saying.
    is_frame = shot.version is not None and shot.version.is_frame
    if is_frame and run.backend != Backend.FRAMES:
        yield Badge.FRAME
    if shot.edited:
        yield Badge.EDITED


def _report(run: Run, report: Report, numbers: dict[str, int]) -> ReelReport:
    spent = report.spent
    return ReelReport(
        total=report.total,
        done=report.done,
        degraded=report.degraded,
        failed=report.failed,
        skipped=report.total - report.done - report.degraded - report.failed,
        headline=report.headline,
        spent_usd=None if spent is None else spent.known_usd,
        unpriced_calls=0 if spent is None else spent.unknown_calls,
        gpu_s=report.gpu_seconds or None,
        wall_s=report.wall_seconds,
        started_at=run.started_at,
        ended_at=run.completed_at,
        made_with=report.made_with,
        decisions=tuple(
            Remark(text=one.says, number=numbers.get(one.shot or "")) for one in report.decisions
        ),
        remarks=tuple(Remark(text=text) for text in report.remarks),
    )
