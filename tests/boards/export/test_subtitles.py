"""What is said in a film, cue by cue."""

from storyloom.boards.export.subtitles import subtitles_of


def test_words_are_shown_as_long_as_their_picture() -> None:
    timed = [(60, "Wait!"), (12, ""), (24 * 3600, "The\nend <b>\x00 00:01 --> 00:02")]

    assert subtitles_of(timed, 24) == (
        "1\n00:00:00,000 --> 00:00:02,500\nWait!\n\n"
        "2\n00:00:03,000 --> 01:00:03,000\nThe end ‹b> 00:01 → 00:02\n"  # noqa: RUF001
    )
    assert subtitles_of([], 24) == ""
