"""What storyboards are made of."""

from pathlib import Path

import pytest

from storyloom.client.sources import bytes_of, is_picture, name_of, text_of
from storyloom.errors import InvalidInput


async def test_a_path_text_and_bytes_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"print(1)")

    assert await bytes_of(tmp_path / "a.py") == b"print(1)"
    assert await bytes_of("pün") == "pün".encode()
    assert await bytes_of(b"x") == b"x"


def test_code_has_a_name() -> None:
    assert name_of(Path("x/a.py"), None) == "a.py"
    assert name_of(Path("x/a.py"), "b.py") == "b.py"
    with pytest.raises(InvalidInput, match="Name the file"):
        name_of("print(1)", None)


def test_code_is_text() -> None:
    assert text_of(b"\xef\xbb\xbfok") == "ok"
    with pytest.raises(InvalidInput, match="text in UTF-8"):
        text_of(b"\xff\xfe\x00")


def test_pictures_are_known_by_how_they_begin() -> None:
    assert is_picture(b"\x89PNG\r\n\x1a\n")
    assert not is_picture(b"print(1)")
