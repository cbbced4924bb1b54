"""The end of a log that is written while it is read."""

from io import BytesIO
from pathlib import Path

from storyloom.adapters.swarmui._output import Output, last_lines


def test_without_a_log_there_is_nothing(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "log", 5) == []


def test_the_last_lines_come_in_their_order(tmp_path: Path) -> None:
    printed = "".join(f"{number} {'ä' * 290}\n" for number in range(300))
    Output(tmp_path / "log").drain(BytesIO(printed.encode()))

    told = last_lines(tmp_path / "log", 200)

    assert [line.partition(" ")[0] for line in told] == [str(n) for n in range(100, 300)]
    assert last_lines(tmp_path / "log", 1) == told[-1:]


def test_a_log_that_has_only_begun_is_told_with_the_one_before_it(tmp_path: Path) -> None:
    (tmp_path / "log.1").write_text("one\ntwo\nthree\n", "utf-8")
    (tmp_path / "log").write_text("four\n", "utf-8")

    assert last_lines(tmp_path / "log", 3) == ["two", "three", "four"]
    assert last_lines(tmp_path / "log", 9) == ["one", "two", "three", "four"]


def test_what_is_no_text_and_no_whole_line_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\xff\xfe whole\nand half")

    assert last_lines(tmp_path / "log", 5) == ["\ufffd\ufffd whole"]


def test_a_log_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()

    assert last_lines(tmp_path / "log", 5) == []
