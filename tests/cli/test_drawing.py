"""`code` and `roadmap` in this process."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from tests.cli.conftest import Run, json_of, png

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_code_file_becomes_a_picture(run: Run, source: Path, place: Path) -> None:
    result = run("code", "roi.py", "--headline", "Know the payback")

    assert result.exit_code == 0
    assert result.stdout == "roi.storyboard.png\tKnow the payback\n"
    assert result.stderr == ""
    assert (place / "roi.storyboard.png").read_bytes().startswith(PNG)


def test_stdin_becomes_a_picture(run: Run, source: Path, place: Path) -> None:
    result = run("code", "-", "--name", "roi.py", "-o", "b.svg", stdin=source.read_bytes())

    assert result.exit_code == 0
    assert b"<svg" in (place / "b.svg").read_bytes()


def test_a_board_is_made_as_slides(run: Run, source: Path, place: Path) -> None:
    result = run("code", "roi.py", "--headline", "Know the payback", "-o", "roi.pptx")

    assert (result.exit_code, result.stdout) == (0, "roi.pptx\tKnow the payback\n")
    slides: Any = Presentation(str(place / "roi.pptx")).slides
    picture, words = slides
    assert picture.shapes[0].name == "Storyboard"
    assert words.shapes[0].text_frame.text.startswith("Know the payback\n")


def test_a_roadmap_is_made_as_slides(run: Run, place: Path) -> None:
    result = run("roadmap", "-", "--file-format", "pptx", stdin=png(320, 200))

    assert result.exit_code == 0
    assert (place / "roadmap.storyboard.pptx").read_bytes().startswith(b"PK")


def test_slides_without_their_package_are_refused_at_once(
    run: Run, source: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)

    result = run("code", "roi.py", "-o", "roi.pptx")

    assert result.exit_code == 7
    assert result.stderr == (
        "storyloom: Slides need a package more: pip install 'storyloom[pptx]'\n"
    )


def test_wishes_are_heard(run: Run, source: Path, place: Path) -> None:
    wishes = ["--audience", "btl_champion", "--stage", "shipped", "--icp", "software_team"]

    result = run("code", "roi.py", *wishes, "--format", "square", "-o", "out/", "--json")

    assert json_of(result)["storyboards"][0]["path"] == "out/roi.storyboard.png"
    header = (place / "out" / "roi.storyboard.png").read_bytes()[16:24]
    assert header == (1200).to_bytes(4, "big") * 2


def test_a_page_can_be_drawn_without_models(run: Run, source: Path, place: Path) -> None:
    result = run("code", "roi.py", "--render", "vector", "--fresh")

    assert result.exit_code == 0
    assert (place / "roi.storyboard.png").read_bytes().startswith(PNG)


def test_a_painted_page_needs_an_image_model(run: Run, source: Path) -> None:
    result = run("code", "roi.py", "--render", "painted")

    assert result.exit_code == 8
    assert "STORYLOOM_IMAGE_MODEL" in result.stderr


def test_json_is_all_that_is_on_stdout(run: Run, source: Path) -> None:
    result = run("code", "roi.py", "--json")

    (board,) = json_of(result)["storyboards"]
    assert board["status"] == "completed"
    assert board["headline"] == board["understanding"]["headline"]
    assert board["error"] is None
    assert result.stderr == ""


def test_one_bad_file_does_not_stop_the_others(run: Run, source: Path, place: Path) -> None:
    (place / "bad.bin").write_bytes(b"\x00\xff\x00")
    (place / "same").mkdir()
    (place / "same" / "roi.go").write_text("package roi\n", "utf-8")

    result = run("code", "roi.py", "bad.bin", "gone.py", "same/roi.go", "same")

    assert result.exit_code == 4
    assert sorted(p.name for p in place.glob("*.png")) == [
        "roi.go.storyboard.png",
        "roi.storyboard.png",
    ]
    assert "error: bad.bin: It is not a text file.\n" in result.stderr
    assert "error: gone.py: There is no such file.\n" in result.stderr
    assert "error: same: It is a folder; name the files in it.\n" in result.stderr


def test_what_failed_is_told_in_json(run: Run, source: Path) -> None:
    result = run("code", "roi.py", "gone.py", "--json")

    good, bad = json_of(result)["storyboards"]
    assert good["status"] == "completed"
    assert bad["status"] == "failed"
    assert bad["error"] == {"code": "not_found", "message": "There is no such file."}
    assert bad["path"] is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" \n", "nothing but white space"), ("", "nothing but white space"), ("a\0b", "NUL")],
)
def test_a_file_that_says_nothing_is_refused(run: Run, place: Path, text: str, reason: str) -> None:
    (place / "a.txt").write_text(text, "utf-8")

    result = run("code", "a.txt")

    assert result.exit_code == 2
    assert reason in result.stderr


def test_a_place_that_cannot_be_written_is_told(run: Run, source: Path) -> None:
    result = run("code", "roi.py", "-o", f"roi.py{os.sep}out.png")

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize("headline", ["", "x" * 201])
def test_a_headline_has_its_limits(run: Run, source: Path, headline: str) -> None:
    result = run("code", "roi.py", "--headline", headline)

    assert result.exit_code == 2
    assert result.stderr.startswith("storyloom: --headline: String should have at")


def test_unknown_presets_list_the_known_ones(run: Run, source: Path) -> None:
    result = run("code", "roi.py", "--audience", "everyone")

    assert result.exit_code == 2
    assert "'btl_champion', 'business_owner', 'c_suite'" in result.stderr


def test_a_fault_of_ours_in_one_file_is_one_line(
    run: Run, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(TypstBoardRenderer, "draw")

    result = run("code", "roi.py")

    assert result.exit_code == 1
    assert result.stderr.startswith("error: roi.py: Something unexpected happened: AttributeError")
    assert "Traceback" not in result.stderr


def test_a_screenshot_becomes_a_picture(run: Run, place: Path) -> None:
    (place / "plan.png").write_bytes(png(320, 200))

    result = run("roadmap", "plan.png", "--headline", "Coming Soon", "-o", "teaser.pdf")

    assert result.exit_code == 0
    assert result.stdout == "teaser.pdf\tComing Soon\n"
    assert "warning: plan.png: " in result.stderr
    assert (place / "teaser.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("flag", ["--sanitize", "--no-sanitize"])
def test_a_screenshot_may_come_from_stdin(run: Run, place: Path, flag: str) -> None:
    result = run("roadmap", "-", flag, stdin=png(320, 200))

    assert result.exit_code == 0
    assert (place / "roadmap.storyboard.png").exists()


def test_what_is_no_picture_is_refused(run: Run, source: Path) -> None:
    result = run("roadmap", "roi.py")

    assert result.exit_code == 2
    assert "neither PNG, JPEG, WebP nor GIF" in result.stderr
