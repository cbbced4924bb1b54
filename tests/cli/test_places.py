"""Files below the root, and nothing else."""

import os
from pathlib import Path

import pytest

from storyloom.cli.places import Places
from storyloom.errors import InvalidInput, NotAllowed, NotFound


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "secret.py").write_text("KEY = 1\n", "utf-8")
    return folder


def test_a_file_below_the_root_is_read(root: Path) -> None:
    assert Places(root).read("a.py", 10) == b"x = 1\n"
    assert Places(root).read(str(root / "a.py"), 10) == b"x = 1\n"


def test_a_link_within_the_root_is_followed(root: Path) -> None:
    (root / "b.py").symlink_to("a.py")

    assert Places(root).read("b.py", 10) == b"x = 1\n"


def test_a_root_may_be_a_link_itself(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)

    assert Places(tmp_path / "link").read("a.py", 10) == b"x = 1\n"


@pytest.mark.parametrize("path", ["../secret.py", "/etc/passwd", "sub/../../secret.py", "out.py"])
def test_nothing_else_is_read(root: Path, path: str) -> None:
    (root / "out.py").symlink_to("../secret.py")

    with pytest.raises(NotAllowed, match="lies outside"):
        Places(root).read(path, 10)


def test_a_link_of_a_folder_leads_nowhere_else(root: Path, tmp_path: Path) -> None:
    (root / "up").symlink_to(tmp_path)

    with pytest.raises(NotAllowed):
        Places(root).read("up/secret.py", 10)
    with pytest.raises(NotAllowed):
        Places(root).picture("up/board.png")
    with pytest.raises(NotAllowed):
        Places(root).folder("up/pictures")


def test_a_link_that_appears_before_the_writing_is_not_followed(root: Path, tmp_path: Path) -> None:
    places = Places(root)
    file = places.picture("boards/a.png")
    (root / "boards").symlink_to(tmp_path)

    with pytest.raises(NotAllowed):
        places.keep(file, b"")
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("path", ["none.py", "a\0.py", "circle"])
def test_what_is_not_there_is_not_found(root: Path, path: str) -> None:
    (root / "circle").symlink_to("circle")

    with pytest.raises(NotFound, match="There is no file"):
        Places(root).read(path, 10)


def test_a_large_file_a_folder_and_a_pipe_are_refused(root: Path) -> None:
    os.mkfifo(root / "pipe")

    with pytest.raises(InvalidInput, match="larger than 5 bytes"):
        Places(root).read("a.py", 5)
    for path in (".", "pipe"):
        with pytest.raises(InvalidInput, match="is no file"):
            Places(root).read(path, 5)


def test_pictures_alone_are_written(root: Path) -> None:
    places = Places(root)

    assert places.keep(places.picture("new/a.PDF"), b"1") == str(root / "new" / "a.PDF")
    assert (root / "new" / "a.PDF").read_bytes() == b"1"
    with pytest.raises(InvalidInput, match="ends in"):
        places.picture("a.py")


def test_the_root_has_to_be_there(root: Path) -> None:
    with pytest.raises(NotFound, match="There is no folder"):
        Places(root / "a.py")
