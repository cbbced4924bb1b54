from pathlib import Path

import pytest

from storyloom.cli.destinations import plan, write
from storyloom.cli.sources import Source
from storyloom.errors import InvalidInput
from storyloom.storyboard.schemas import BoardFile


def _sources(*names: str) -> list[Source]:
    return [Source(name, Path(name).name, Path(name)) for name in names]


def _names(*names: str, output: str | None = None) -> list[str]:
    return [str(path) for path in plan(_sources(*names), output, None).paths]


def test_each_file_gets_a_picture_in_the_current_folder() -> None:
    assert _names("a/roi.py", "b/plan.go") == ["roi.storyboard.png", "plan.storyboard.png"]


def test_files_with_the_same_stem_get_names_of_their_own() -> None:
    assert _names("roi.py", "roi.go", "x/roi.go", "ROI.py", "roi-2.c") == [
        "roi.storyboard.png",
        "roi.go.storyboard.png",
        "x-roi.storyboard.png",
        "ROI.py.storyboard.png",
        "roi-2.storyboard.png",
    ]


def test_files_of_the_same_name_are_told_apart_by_their_folders() -> None:
    assert _names("a/i.py", "b/i.py", "b/i.py", "b/i.py", "c/b/i.py") == [
        "i.storyboard.png",
        "i.py.storyboard.png",
        "b-i.storyboard.png",
        "b-i.py.storyboard.png",
        "i-2.storyboard.png",
    ]


def test_stdin_has_no_folder_to_be_told_by() -> None:
    sources = [Source("-", "i.py", None)] * 3

    assert [str(path) for path in plan(sources, None, None).paths] == [
        "i.storyboard.png",
        "i.py.storyboard.png",
        "i-2.storyboard.png",
    ]


@pytest.mark.parametrize("output", ["boards/", "boards"])
def test_a_folder_takes_several(output: str) -> None:
    assert _names("a.py", "b.py", output=output) == [
        "boards/a.storyboard.png",
        "boards/b.storyboard.png",
    ]


def test_a_folder_that_is_there_may_have_a_dot(place: Path) -> None:
    (place / "v1.0").mkdir()

    assert _names("a.py", output="v1.0") == ["v1.0/a.storyboard.png"]


def test_the_suffix_chooses_the_kind_of_file() -> None:
    chosen = plan(_sources("a.py"), "out/board.PDF", None)

    assert chosen.file_format is BoardFile.PDF
    assert chosen.paths == (Path("out/board.PDF"),)


def test_the_kind_of_file_is_the_suffix_in_a_folder() -> None:
    assert plan(_sources("a.py"), None, "svg").paths == (Path("a.storyboard.svg"),)


@pytest.mark.parametrize(
    ("names", "output", "chosen", "reason"),
    [
        (["a.py", "b.py"], "one.png", None, "2 sources"),
        (["a.py"], "one.jpg", None, "can be drawn: .png, .svg, .pdf, .pptx"),
        (["a.py"], "one.png", "pdf", "two kinds"),
        (["plan.png"], "plan.png", None, "is a source"),
    ],
)
def test_wishes_that_do_not_go_together_are_refused(
    names: list[str], output: str, chosen: str | None, reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason):
        plan(_sources(*names), output, chosen)  # pyright: ignore[reportArgumentType]


def test_stdin_is_no_file_to_spare() -> None:
    assert plan([Source("stdin", "roi.py", None)], None, None).paths == (
        Path("roi.storyboard.png"),
    )


def test_a_file_is_written_whole_and_its_folders_are_made(place: Path) -> None:
    write(place / "a" / "b" / "board.png", b"picture")

    assert [file.name for file in (place / "a" / "b").iterdir()] == ["board.png"]


def test_a_place_that_cannot_be_written_leaves_nothing_behind(place: Path) -> None:
    (place / "board.png").mkdir()

    with pytest.raises(InvalidInput, match="cannot be written"):
        write(place / "board.png", b"picture")
    assert [file.name for file in place.iterdir()] == ["board.png"]
