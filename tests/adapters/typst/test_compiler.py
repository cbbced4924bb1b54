"""Typst's faults, as our own errors."""

from typing import Any

import pytest
import typst

from storyloom.adapters.typst._compiler import TEMPLATES, Typesetter
from storyloom.errors import StoryloomError, Unavailable


class PanicException(BaseException):
    """Stands in for what a panic in Rust arrives as; it cannot be imported."""


class FaultyCompiler:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def compile(self, **_: Any) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


class FaultyTypesetter(Typesetter):
    def __init__(self, answer: Any) -> None:
        super().__init__(threads=1)
        self.answer = answer

    def compiler(self, template: str, *, system_fonts: bool) -> Any:
        return FaultyCompiler(self.answer)


@pytest.mark.parametrize(
    "fault",
    [
        typst.TypstError("unknown variable", "", [], []),
        RuntimeError("Already borrowed"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
        OSError("no such file"),
    ],
)
def test_faults_become_our_own(fault: Exception) -> None:
    with pytest.raises(StoryloomError) as caught:
        FaultyTypesetter(fault).compile("ping", {}, "svg")

    assert caught.value.__cause__ is fault


def test_a_second_page_is_a_fault() -> None:
    with pytest.raises(StoryloomError, match="second"):
        FaultyTypesetter([b"", b""]).compile("ping", {}, "svg")


def test_an_interrupt_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        FaultyTypesetter(KeyboardInterrupt()).compile("ping", {}, "svg")


async def test_after_a_panic_the_process_says_that_it_cannot_draw() -> None:
    typesetter = FaultyTypesetter(PanicException("out of file ids"))

    with pytest.raises(Unavailable, match="out of file ids"):
        typesetter.compile("ping", {}, "svg")
    with pytest.raises(Unavailable, match="restarted"):
        await typesetter.ping()


async def test_a_typesetter_that_fails_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="does not work"):
        await FaultyTypesetter(RuntimeError("broken")).ping()


def test_a_template_is_compiled_by_the_same_compiler_again() -> None:
    typesetter = Typesetter(1)

    first = typesetter.compiler("ping", system_fonts=False)

    assert typesetter.compiler("ping", system_fonts=False) is first
    assert typesetter.compiler("ping", system_fonts=True) is not first


def test_patterns_are_built_once_and_not_for_each_page() -> None:
    building = {
        (file.name, line.strip()[:20])
        for file in TEMPLATES.glob("*.typ")
        for line in file.read_text("utf-8").splitlines()
        if "regex(" in line and file.name != "patterns.typ"
    }

    # The one pattern that is made of what a page holds.
    assert building == {("type.typ", 'regex("(?:[" + d.pic')}
