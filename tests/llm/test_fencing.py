"""Texts of others as data in a question. What tries to break out is in the features' own tests."""

from storyloom.llm.fencing import fenced, lines_of, visible


def test_every_line_has_its_number_between_two_fences() -> None:
    rows = fenced("a\nb.py", lines_of("one\r\ntwo\n"), kind="scene").split("\n")
    mark = rows[0].split(" ")[1]

    assert rows == [
        f'#### {mark} scene "a b.py", 2 lines',
        "1| one",
        "2| two",
        f"#### {mark} end of scene",
    ]


def test_the_same_gives_the_same_and_something_else_another_mark() -> None:
    one = fenced("x", ("a",))

    assert fenced("x", ("a",)) == one
    assert fenced("x", ("b",)).split(" ")[1] != one.split(" ")[1]
    assert len(fenced("x" * 999, ())) < 400


def test_what_does_not_show_is_spelled_out() -> None:
    assert visible("a\u200bb\u202e") == "a\\u{200b}b\\u{202e}"
    assert lines_of("") == ("",)
