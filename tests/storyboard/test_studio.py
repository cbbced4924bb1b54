"""What a drawing could not show as it was written is said in a sentence each."""

from storyloom.boards.schemas import Drawing
from storyloom.storyboard.studio import warnings_of


def drawing(*, missing: tuple[str, ...] = (), cut: tuple[str, ...] = ()) -> Drawing:
    return Drawing(data=b"", width=1, height=1, missing_glyphs=missing, truncated=cut)


def test_a_faithful_drawing_has_no_warnings() -> None:
    assert warnings_of(drawing()) == ()


def test_characters_without_a_font_are_named() -> None:
    assert warnings_of(drawing(missing=("ꙮ", "𒀀"))) == (
        "No installed font has these characters, so they are left out: ꙮ 𒀀",
    )


def test_fields_that_were_cut_are_named() -> None:
    assert warnings_of(drawing(cut=("headline", "panels.0.body"))) == (
        "The text is longer than its place and was cut short in: headline, panels.0.body",
    )
