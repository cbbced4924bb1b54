"""A folder that one process at a time may use."""

from pathlib import Path

import pytest

from storyloom.bootstrap.lock import FolderInUse, exclusive
from storyloom.errors import Misconfigured


def test_a_second_holder_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    with (
        exclusive(tmp_path, holder="the server at http://127.0.0.1:8000"),
        pytest.raises(FolderInUse, match=r"in use by the server at http://127\.0\.0\.1:8000"),
        exclusive(tmp_path, holder="another"),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    with exclusive(tmp_path / "new" / "folder", holder="first"):
        pass

    with exclusive(tmp_path / "new" / "folder", holder="second"):
        pass


@pytest.mark.parametrize("note", ["", "[]", "{}", "no json"])
def test_a_note_that_cannot_be_read_is_no_obstacle(note: str, tmp_path: Path) -> None:
    with exclusive(tmp_path, holder="first"):
        (tmp_path / "server.json").write_text(note)

        with (
            pytest.raises(FolderInUse, match="another process"),
            exclusive(tmp_path, holder="second"),
        ):
            pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(Misconfigured, match="cannot be used") as fault,
        exclusive(tmp_path / "file" / "folder", holder="first"),
    ):
        pass

    assert fault.value.setting == "STORYLOOM_DATA_DIR"
