"""What has changed, as a real git tells it."""

from pathlib import Path

import pytest

from storyloom.cli.diff.git import GitFault, changed_since, top_of
from tests.cli.diff.conftest import Git


def test_the_top_is_found_from_below(repository: Path) -> None:
    (repository / "a" / "b").mkdir(parents=True)

    assert top_of(repository / "a" / "b") == repository


def test_whatever_differs_counts_and_what_is_ignored_does_not(repository: Path, git: Git) -> None:
    for name in ("kept.py", "gone.py", "staged.py"):
        (repository / name).write_text("x = 1\n", "utf-8")
    (repository / ".gitignore").write_text("*.log\n", "utf-8")
    git("add", ".")
    git("commit", "-qm", "More")
    (repository / "gone.py").unlink()
    (repository / "staged.py").write_text("x = 2\n", "utf-8")
    git("add", "staged.py")
    for name in ("a file.py", "ünï.py", "line\nbreak.py", "-x.py", "b.log"):
        (repository / name).write_text("x = 3\n", "utf-8")

    found = changed_since(repository, "HEAD")

    assert found == {"gone.py", "staged.py", "a file.py", "ünï.py", "line\nbreak.py", "-x.py"}


def test_what_others_have_done_since_is_not_ours(repository: Path, git: Git) -> None:
    git("switch", "-qc", "work")
    (repository / "mine.py").write_text("x = 1\n", "utf-8")
    git("add", ".")
    git("commit", "-qm", "Mine")
    git("switch", "-q", "main")
    (repository / "theirs.py").write_text("x = 1\n", "utf-8")
    git("add", ".")
    git("commit", "-qm", "Theirs")
    git("switch", "-q", "work")

    assert changed_since(repository, "main") == {"mine.py"}


def test_without_a_common_commit_the_base_itself_counts(repository: Path, git: Git) -> None:
    git("switch", "-q", "--orphan", "apart")
    (repository / "new.py").write_text("x = 1\n", "utf-8")
    git("add", ".")
    git("commit", "-qm", "Apart")

    assert changed_since(repository, "main") == {"new.py", "roi.py"}


@pytest.mark.parametrize("base", ["nowhere", "--output=stolen", "HEAD:roi.py", ""])
def test_what_is_no_revision_is_told(repository: Path, base: str) -> None:
    with pytest.raises(GitFault, match="There is no revision"):
        changed_since(repository, base)
    assert [path.name for path in repository.iterdir() if "stolen" in path.name] == []


@pytest.mark.usefixtures("git")
def test_a_folder_that_is_in_no_repository_is_told(place: Path) -> None:
    with pytest.raises(GitFault, match="in no git repository"):
        top_of(place)


def test_without_git_it_says_what_to_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(place))

    with pytest.raises(GitFault, match="There is no git on the path"):
        top_of(place)


def test_a_program_that_does_not_start_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "git").write_bytes(b"\0")
    (place / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(place))

    with pytest.raises(GitFault, match="could not be run"):
        top_of(place)


def test_what_git_says_of_its_trouble_is_passed_on(repository: Path) -> None:
    (repository / ".git" / "index").write_bytes(b"broken" * 20)

    with pytest.raises(GitFault, match="index file corrupt"):
        changed_since(repository, "HEAD")
