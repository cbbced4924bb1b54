"""Comments and what they speak of."""

from storyloom.storyboard.code.comments import Docs, remarks
from storyloom.storyboard.code.facts import Remark
from storyloom.storyboard.code.languages import UNKNOWN, language_of

PYTHON = language_of("a.py", "")
TS = language_of("a.ts", "")
RUST = language_of("a.rs", "")


def test_lines_of_comment_make_one_remark() -> None:
    lines = ["# one", "# two", "x = 1", "  # three"]

    assert remarks(lines, PYTHON) == [Remark("one\ntwo", 1, 2), Remark("three", 4, 4)]


def test_a_block_is_freed_of_its_stars() -> None:
    lines = ["/**", " * Send it.", " */", "x", "/* short */"]

    assert remarks(lines, TS) == [Remark("Send it.", 1, 3), Remark("short", 5, 5)]


def test_a_block_that_never_ends_runs_to_the_end() -> None:
    assert remarks(["/* a", "b"], TS) == [Remark("a\nb", 1, 2)]


def test_other_marks_are_known_for_other_texts() -> None:
    assert remarks(["<!-- a page -->", "-- a query"], UNKNOWN) == [
        Remark("a page", 1, 1),
        Remark("a query", 2, 2),
    ]


def test_a_doc_stands_right_above() -> None:
    docs = Docs(["# head of file", "", "# the doc", "x"], PYTHON)

    assert docs.above(4) == Remark("the doc", 3, 3)
    assert docs.above(2) == Remark("head of file", 1, 1)
    assert docs.above(3) is None
    assert docs.above(1) is None


def test_attributes_may_stand_between() -> None:
    docs = Docs(["x", "/// The doc.", "#[derive(Debug)]", "#[serde]", "struct A;"], RUST)

    assert docs.above(5) == Remark("The doc.", 2, 2)


def test_more_attributes_than_anyone_writes_are_not_followed() -> None:
    docs = Docs(["/// The doc.", *["#[a]"] * 20, "struct A;"], RUST)

    assert docs.above(22) is None


def test_one_blank_line_may_follow_a_block() -> None:
    lines = ["x", "y", "z", "/** The doc. */", "", "function a() {}"]

    assert Docs(lines, TS).above(6) == Remark("The doc.", 4, 4)


def test_a_block_that_opens_the_file_is_the_files_own() -> None:
    lines = ["/** Dispatch board. */", "", "export class Visit {}"]

    assert Docs(lines, TS).above(3) is None
    assert Docs(lines, TS).opening([], 3) == Remark("Dispatch board.", 1, 1)


def test_a_licence_does_not_open_a_file() -> None:
    lines = ["# Copyright 2020 A. Person", "", "# Sends the invoices.", "", "x = 1"]

    assert Docs(lines, PYTHON).opening([], 5) == Remark("Sends the invoices.", 3, 3)


def test_a_doc_of_something_else_does_not_open_a_file() -> None:
    lines = ["x", "y", "z", "# The rate of tax.", "TAX = 1", "", "# Set much later."]
    taken = [Remark("a", 7, 7)]

    assert Docs(lines, PYTHON).opening(taken, 9) is None
    assert Docs(lines, PYTHON).opening([], 2) is None


def test_lines_of_code_are_those_with_something_else_in_them() -> None:
    lines = ["", "/*", "two", "*/", "x = 1 // said", "  ", "// more", "y = 2", ""]

    assert Docs(lines, TS).code_lines == 2
