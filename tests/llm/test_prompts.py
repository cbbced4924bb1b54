"""Prompts are files with a head; their slots are strict, and what fills them is data."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storyloom.errors import Misconfigured
from storyloom.llm.prompts import Prompt, load_prompts

HEAD = '+++\nname = "greet"\nversion = "3"\npurpose = "to greet"\n+++\n'


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(text: str) -> Path:
        file = tmp_path / "greet.md"
        file.write_text(text, "utf-8")
        return file

    return make


def test_a_file_is_a_head_and_a_text(write: Write) -> None:
    file = write(HEAD + "\nHello {{name}}, {{name}}!\n")

    assert Prompt.read(file) == Prompt("greet", "3", "to greet", "Hello {{name}}, {{name}}!")
    assert Prompt.read(file).slots == {"name"}


def test_a_value_is_never_taken_for_a_slot(write: Write) -> None:
    prompt = Prompt.read(write(HEAD + "{{a}} and {{b}} and {c}"))

    assert prompt.render(a="{{b}}", b=r"\1 {{a}}") == r"{{b}} and \1 {{a}} and {c}"


@pytest.mark.parametrize("values", [{}, {"a": "x"}, {"a": "x", "b": "y", "c": "z"}])
def test_slots_and_values_are_the_same(write: Write, values: dict[str, str]) -> None:
    prompt = Prompt.read(write(HEAD + "{{a}} {{b}}"))

    with pytest.raises(ValueError, match="slots of the prompt greet differ"):
        prompt.render(**values)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Hello", "head"),
        (HEAD, "no text"),
        (HEAD.replace("greet", "other", 1) + "Hello", "calls itself other"),
        (HEAD.replace('version = "3"\n', "") + "Hello", "version"),
        (HEAD.replace("+++\nname", '+++\nauthor = "me"\nname') + "Hello", "author"),
        (HEAD.replace('"3"', '"3') + "Hello", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_is_named(write: Write, text: str, why: str) -> None:
    file = write(text)

    with pytest.raises(Misconfigured, match=rf"(?s)greet\.md .*{why}"):
        Prompt.read(file)


def test_a_folder_is_read_once(write: Write) -> None:
    file = write(HEAD + "Hello")
    first = load_prompts(file.parent)
    file.unlink()

    assert load_prompts(file.parent) is first
    assert list(first) == ["greet"]
