import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from storyloom.cli.sources import Kind, Source, as_text, gather
from storyloom.errors import InvalidInput, NotFound
from storyloom.storyboard.schemas import MAX_SOURCE_BYTES


def test_files_are_named_by_their_last_part() -> None:
    (source,) = gather(["src/roi.py"], Kind.CODE, None)

    assert source == Source("src/roi.py", "roi.py", Path("src/roi.py"))


@pytest.mark.parametrize(
    ("kind", "given", "name"),
    [
        (Kind.CODE, "roi.go", "roi.go"),
        (Kind.CODE, None, "stdin.txt"),
        (Kind.ROADMAP, None, "roadmap"),
    ],
)
def test_stdin_may_be_named(kind: Kind, given: str | None, name: str) -> None:
    (source,) = gather(["-"], kind, given)

    assert source == Source("stdin", name, None)


def test_stdin_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"words")))

    assert Source("stdin", "stdin.txt", None).read(Kind.CODE) == b"words"


def test_stdin_is_read_once() -> None:
    with pytest.raises(InvalidInput, match="once"):
        gather(["-", "-"], Kind.CODE, None)


def test_a_missing_file_is_not_found(place: Path) -> None:
    (source,) = gather([str(place / "gone.py")], Kind.CODE, None)

    with pytest.raises(NotFound, match="no such file"):
        source.read(Kind.CODE)


def test_a_folder_is_no_file(place: Path) -> None:
    with pytest.raises(InvalidInput, match="is a folder"):
        Source("place", "place", place).read(Kind.CODE)


def test_a_file_that_cannot_be_opened_says_why(source: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read: Not a directory"):
        Source("x", "x", source / "below").read(Kind.CODE)


def test_a_file_that_is_too_large_is_not_read_whole(place: Path) -> None:
    file = place / "large.txt"
    file.write_bytes(b"a" * (MAX_SOURCE_BYTES + 1))

    with pytest.raises(InvalidInput, match="larger than 262,144 bytes"):
        Source("large.txt", "large.txt", file).read(Kind.CODE)
    assert Source("large.txt", "large.txt", file).read(Kind.ROADMAP)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("grün".encode(), "grün"),
        ("grün".encode("utf-8-sig"), "grün"),
        ("grün".encode("utf-16"), "grün"),
        ("grün".encode("latin-1"), "grün"),
    ],
)
def test_text_is_read_in_the_usual_encodings(raw: bytes, text: str) -> None:
    assert as_text(raw) == text


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n\x00\x01", b"\xff\xfe\x00"])
def test_a_binary_file_is_no_text(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a text file"):
        as_text(raw)
