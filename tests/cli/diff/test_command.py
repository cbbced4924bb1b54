"""Storyboards that follow their code, in a real repository."""

import json
from pathlib import Path

import pytest

from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.cli.diff.manifest import MANIFEST
from storyloom.cli.diff.reporting import markdown
from tests.cli.conftest import CODE, Run, json_of
from tests.cli.diff.conftest import OTHER, PICTURE, Git


@pytest.fixture
def drawn(repository: Path, run: Run, git: Git) -> Path:
    """The repository with its storyboard, which is committed."""
    run("diff", "--init", "roi.py", "--render", "vector")
    result = run("diff")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"{PICTURE}\tnew\n  + headline: ")
    git("add", ".")
    git("commit", "-qm", "Draw it")
    return repository


def _files(folder: Path) -> dict[str, tuple[bytes, int]]:
    kept = sorted((folder / "storyboards").iterdir())
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in kept}


def test_a_note_lies_beside_the_picture(drawn: Path) -> None:
    note = json.loads((drawn / f"{PICTURE}.json").read_text("utf-8"))

    assert (drawn / PICTURE).read_bytes().startswith(b"\x89PNG")
    assert note["source"] == "roi.py"
    assert note["asked"]["render"] == "vector"
    assert note["understanding"]["headline"]
    assert "evidence" not in note["understanding"]


def test_code_that_stays_is_not_looked_at(drawn: Path, run: Run) -> None:
    result = run("diff", "--check")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Nothing to redraw.\n"
    assert drawn.exists()


def test_the_same_words_leave_the_files_alone(drawn: Path, run: Run) -> None:
    before = _files(drawn)
    (drawn / "roi.py").write_text(f"\n\n{CODE}\n# more\n", "utf-8")

    result = run("diff", "--check", "--json")

    assert result.exit_code == 0
    (one,) = json_of(result)["storyboards"]
    assert (one["status"], one["changes"]) == ("unchanged", [])
    assert run("diff").stdout == ""
    assert _files(drawn) == before


def test_other_words_are_told_and_drawn(drawn: Path, run: Run) -> None:
    before = _files(drawn)
    (drawn / "roi.py").write_text(OTHER, "utf-8")

    looked = run("diff", "--check")
    assert looked.exit_code == 1
    assert "would be changed (headline" in looked.stdout
    assert "  - headline: " in looked.stdout
    assert _files(drawn) == before, "to look writes nothing"

    done = run("diff", "--json", "--markdown", "report.md")

    assert done.exit_code == 0
    told = json_of(done)
    assert (told["changed"], told["failed"]) == (1, 0)
    changed = {change["field"]: change for change in told["storyboards"][0]["changes"]}
    assert changed["headline"]["old"] != changed["headline"]["new"]
    after = _files(drawn)
    assert all(after[name][0] != before[name][0] for name in before)
    report = (drawn / "report.md").read_text("utf-8")
    assert "| Headline | " in report
    assert run("diff", "--check").exit_code == 0, "it is up to date now"


def test_against_a_branch_only_its_own_changes_count(drawn: Path, run: Run, git: Git) -> None:
    git("switch", "-qc", "work")
    (drawn / "roi.py").write_text(OTHER, "utf-8")
    git("commit", "-qam", "Compare offers")

    assert run("diff", "--check").exit_code == 0
    assert run("diff", "--base", "main", "--check").exit_code == 1
    assert run("diff", "--base", "nowhere", "--check").exit_code == 2


def test_what_counts_is_for_the_manifest_to_say(drawn: Path, run: Run) -> None:
    (drawn / "roi.py").write_text(OTHER, "utf-8")
    (one,) = json_of(run("diff", "--check", "--json"))["storyboards"]
    fields = [change["field"] for change in one["changes"]]
    manifest = drawn / MANIFEST
    written = manifest.read_text("utf-8")

    for ignored, status in ((fields, 0), (fields[1:], 1)):
        manifest.write_text(f"[defaults]\nignore = {json.dumps(ignored)}\n{written}", "utf-8")
        assert run("diff", "--check").exit_code == status


def test_another_wish_or_a_lost_file_is_reason_enough(drawn: Path, run: Run) -> None:
    manifest = drawn / MANIFEST
    manifest.write_text(manifest.read_text("utf-8") + 'format = "portrait"\n', "utf-8")
    other = run("diff")
    assert other.stdout.startswith(f"{PICTURE}\tchanged (what was asked for)\n")

    for lost in (PICTURE, f"{PICTURE}.json"):
        (drawn / lost).unlink()
        assert run("diff").stdout.startswith(f"{PICTURE}\tnew\n")
    (drawn / f"{PICTURE}.json").write_text("{}", "utf-8")
    assert run("diff").stdout.startswith(f"{PICTURE}\tnew\n")


def test_files_without_a_storyboard_are_passed_over(drawn: Path, run: Run) -> None:
    (drawn / "other.py").write_text("x = 1\n", "utf-8")
    (drawn / "roi.py").write_text(OTHER, "utf-8")

    assert run("diff", "other.py", "--check").exit_code == 0
    assert run("diff", "other.py", "roi.py", "--check").exit_code == 1


def test_it_works_from_a_folder_below(
    drawn: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (drawn / "roi.py").write_text(OTHER, "utf-8")
    (drawn / "below").mkdir()
    monkeypatch.chdir(drawn / "below")

    assert run("diff", "../roi.py", "--check").exit_code == 1


def test_without_a_manifest_options_say_where(repository: Path, run: Run) -> None:
    (repository / "roi.py").write_text(OTHER, "utf-8")

    missing = run("diff", "roi.py", "--json")
    assert missing.exit_code == 2
    assert json_of(missing)["error"]["code"] == "invalid_input"
    assert "storyloom diff --init" in missing.stderr

    result = run("diff", "roi.py", "-o", "boards", "--file-format", "svg", "--stage", "shipped")
    assert result.stdout.startswith("boards/roi.storyboard.svg\tnew\n")
    assert (repository / "boards" / "roi.storyboard.svg").exists()
    twice = run("diff", "roi.py", "sub/roi.py", "-o", "boards")
    assert twice.exit_code == 2
    assert "both kept at" in twice.stderr


@pytest.mark.usefixtures("git")
def test_without_git_all_can_be_looked_at(run: Run, source: Path) -> None:
    refused = run("diff", source.name, "-o", "boards")
    assert refused.exit_code == 2
    assert "in no git repository; --all needs none" in refused.stderr

    assert run("diff", source.name, "-o", "boards", "--all").exit_code == 0


def test_one_that_fails_takes_no_other_with_it(drawn: Path, run: Run) -> None:
    manifest = drawn / MANIFEST
    entries = ("gone.py", "empty.py", "../x.py")
    more = "".join(f'\n[[storyboard]]\nsource = "{name}"\n' for name in entries)
    manifest.write_text(f'{manifest.read_text("utf-8")}{more}picture = "x.png"\n', "utf-8")
    (drawn / "empty.py").write_text("", "utf-8")
    (drawn / "roi.py").write_text(OTHER, "utf-8")

    result = run("diff", "--json", "--markdown", "report.md")
    told = {one["source"]: one for one in json_of(result)["storyboards"]}

    assert result.exit_code == 2
    assert told["roi.py"]["status"] == "changed"
    assert told["gone.py"]["error"]["code"] == "not_found"
    assert told["empty.py"]["error"]["code"] == "invalid_input"
    assert told["../x.py"]["error"]["code"] == "not_allowed"
    assert "gone&#46;py" in (drawn / "report.md").read_text("utf-8")
    assert run("diff").stderr.count("error: ") == 3


def test_a_picture_is_written_nowhere_else(drawn: Path, run: Run) -> None:
    text = '[[storyboard]]\nsource = "roi.py"\npicture = "../stolen.png"\n'
    (drawn / MANIFEST).write_text(text, "utf-8")

    result = run("diff")

    assert result.exit_code == 2
    assert "lies outside" in result.stderr
    assert not (drawn.parent / "stolen.png").exists()


def test_what_nobody_foresaw_is_told_of_the_one_storyboard(
    drawn: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(TypstBoardRenderer, "draw", broken)
    (drawn / "roi.py").write_text(OTHER, "utf-8")

    result = run("diff")

    assert result.exit_code == 2
    assert "roi.py: Something unexpected happened: ZeroDivisionError" in result.stderr


def test_a_report_that_cannot_be_written_is_told(drawn: Path, run: Run) -> None:
    (drawn / "roi.py").write_text(OTHER, "utf-8")

    result = run("diff", "--check", "--markdown", "none/report.md")

    assert result.exit_code == 2
    assert "none/report.md cannot be written" in result.stderr


def test_warnings_are_told(drawn: Path, run: Run) -> None:
    manifest = drawn / MANIFEST
    manifest.write_text(manifest.read_text("utf-8") + 'headline = "\U00013000 \U00013001"\n')

    assert "warning: roi.py: No installed font has these characters" in run("diff").stderr


def test_nothing_to_tell_is_a_report_too() -> None:
    assert markdown([]) == "## Storyboards\n\nNothing to redraw.\n\n"
