"""The timeline, as OpenTimelineIO itself reads it."""

from importlib import import_module
from pathlib import Path
from typing import Any

from storyloom.boards.export.otio import otio_of
from storyloom.boards.export.schemas import Reel

# It has no types.
otio: Any = import_module("opentimelineio")


def test_opentimelineio_reads_it(reel: Reel, tmp_path: Path) -> None:
    file = tmp_path / "story.otio"
    file.write_text(otio_of(reel, 24), "utf-8")

    timeline = otio.adapters.read_from_file(str(file))

    assert isinstance(timeline, otio.schema.Timeline)
    assert timeline.name == "The Last Train"
    assert timeline.duration() == otio.opentime.RationalTime(14.5 * 24, 24)
    clips = list(timeline.find_clips())
    assert clips[0].media_reference.target_url == "pictures/0001-ext-station-night.png"
    assert clips[0].metadata["storyloom"]["seed"] == 7
    assert clips[2].media_reference.is_missing_reference
    assert [clip.duration().value for clip in clips] == [60, 96, 96, 96]
