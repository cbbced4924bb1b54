"""Pictures follow each other without a gap, and the film is as long as its beats."""

from itertools import pairwise

from storyloom.boards.export.schemas import ReelItem
from storyloom.boards.export.timing import cuts_of, timecode


def test_rounding_does_not_add_up() -> None:
    items = [ReelItem(number=n, duration_s=1.02) for n in range(1, 101)]

    cuts = list(cuts_of(items, 24))

    assert cuts[-1].end == 102 * 24
    assert all(a.end == b.start for a, b in pairwise(cuts))
    assert {cut.frames for cut in cuts} == {24, 25}


def test_the_shortest_picture_is_shown_for_a_frame() -> None:
    cuts = list(cuts_of([ReelItem(number=n, duration_s=0.001) for n in (1, 2)], 24))

    assert [(cut.start, cut.end) for cut in cuts] == [(0, 1), (1, 2)]


def test_times_are_told_in_hours_minutes_seconds_and_frames() -> None:
    assert timecode(((1 * 60 + 2) * 60 + 3) * 25 + 4, 25) == "01:02:03:04"
    assert timecode(24 * 3600 * 25, 25) == "00:00:00:00"
