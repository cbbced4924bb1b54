"""The edit decision list, line by line."""

from storyloom.boards.export.edl import edl_of
from storyloom.boards.export.schemas import Reel, ReelItem


def test_each_picture_is_an_event(reel: Reel) -> None:
    lines = edl_of(reel, 24).split("\r\n")

    assert lines[:8] == [
        "TITLE: The Last Train",
        "FCM: NON-DROP FRAME",
        "",
        "001  AX       V     C        00:00:00:00 00:00:02:12 01:00:00:00 01:00:02:12",
        "* FROM CLIP NAME: 0001-ext-station-night.png",
        "* COMMENT: EXT. STATION - NIGHT",
        "* COMMENT: Mara runs along the platform.",
        "* COMMENT: sdxl, seed 7",
    ]


def test_a_beat_without_a_picture_is_black(reel: Reel) -> None:
    assert "\r\n003  BL       V     C        00:00:00:00 00:00:04:00" in edl_of(reel, 24)


def test_words_stay_on_their_lines_in_plain_letters() -> None:
    hostile = ReelItem(number=1, caption="Crème\r\n002  AX       V     C\x1a ﬁn…")

    lines = edl_of(Reel(title="駅", items=(hostile,)), 24).split("\r\n")

    assert lines[0] == "TITLE: ?"
    assert lines[4] == "* COMMENT: Creme 002 AX V C fin..."
    assert "\r\n".join(lines).isascii()
    assert edl_of(Reel(title="\u202e"), 24).startswith("TITLE: STORY\r\n")
