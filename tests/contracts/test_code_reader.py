"""What every reader of code promises."""

from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader
from storyloom.storyboard.code.facts import CodeFacts
from storyloom.storyboard.code.plain import PlainCodeReader
from storyloom.storyboard.ports import CodeReader

READERS: tuple[CodeReader, ...] = (TreeSitterCodeReader(), PlainCodeReader())
_ENDINGS = """
    py js ts tsx go java rs c h cpp cs rb php kt swift sh sql html css yaml toml md rst txt json
    csv tf xml proto ex Dockerfile Makefile zzz
"""
ENDINGS = _ENDINGS.split()
GRAMMARS = ENDINGS[: ENDINGS.index("html")]
LONG = 128 * 1024
# Measured: under 0.2 s. A reading whose time grows with the square takes ten seconds and more.
LIMIT_S = 5
HOSTILE = {
    "open parentheses": "(" * 50_000,
    "open braces": "{" * 50_000,
    "a brace a line": "{\n" * (LONG // 2),
    "a parenthesis a line": "(\n" * (LONG // 2),
    "a bracket a line": "[\n" * (LONG // 2),
    "a slip a line": "x = (1\n" * (LONG // 7),
    "one long line": "x = 1; " * (LONG // 7),
    "only line ends": "\n" * LONG,
    "only quotes": '"' * LONG,
    "ten thousand functions": "".join(f"def run_{i}(): pass\n" for i in range(10_000)),
    "a comment a line": "// a b c\n" * (LONG // 9),
    "tags that never close": "a<" * (LONG // 2),
    "zero bytes": "\0" * 1_000,
    "lone carriage returns": "def pay():\r    pass\r" * 1_000,
    "emoji and right to left": "def 🎉(): pass\nclass שלום: pass\n",
    "half a surrogate pair": "\ud800 = 1",
    "nothing": "",
}


def _is_sound(facts: CodeFacts, text: str) -> bool:
    lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    places = [(one.first_line, one.last_line) for one in facts.definitions]
    places += [(facts.doc.first_line, facts.doc.last_line)] if facts.doc else []
    places += [(one.line, one.line) for one in facts.routes]
    places += [(line, line) for line in (*facts.checks, *facts.concurrent)]
    return 1 <= facts.lines <= lines and all(1 <= a <= b <= lines for a, b in places)


@pytest.fixture(params=READERS, ids=lambda reader: type(reader).__name__)
def reader(request: pytest.FixtureRequest) -> CodeReader:
    return request.param


def test_any_ending_is_read(reader: CodeReader) -> None:
    text = "# Invoice reminders\n\nsend = 1\n"

    read = {ending: reader.read(f"file.{ending}", text) for ending in ENDINGS}

    assert [ending for ending, facts in read.items() if not _is_sound(facts, text)] == []


@pytest.mark.no_cover  # traced, it would take several times as long; others go the same ways
@pytest.mark.parametrize("ending", [*GRAMMARS, "md", "zzz"])
def test_hostile_texts_are_read_soundly_and_keep_no_reader_busy(
    reader: CodeReader, ending: str
) -> None:
    for case, text in HOSTILE.items():
        begun = thread_time()
        facts = reader.read(f"file.{ending}", text)

        assert thread_time() - begun < LIMIT_S, case
        assert _is_sound(facts, text), case


@given(text=st.text(max_size=400), ending=st.sampled_from(ENDINGS))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_reader_raise(text: str, ending: str) -> None:
    for reader in READERS:
        assert _is_sound(reader.read(f"file.{ending}", text), text)


@given(file_name=st.text(min_size=1, max_size=255))
@settings(max_examples=100, deadline=None)
def test_any_file_name_will_do(file_name: str) -> None:
    for reader in READERS:
        assert reader.read(file_name, "def pay(): pass").lines == 1


def test_the_same_text_gives_the_same_facts(reader: CodeReader) -> None:
    text = "class Invoice:\n    def send(self): ...\n"

    assert reader.read("a.py", text) == reader.read("a.py", text)


def test_a_folder_in_the_name_changes_nothing(reader: CodeReader) -> None:
    text = "def pay(): pass\n"

    assert reader.read("C:\\work\\a.py", text) == reader.read("src/a.py", text)


def test_machine_made_text_is_told_apart(reader: CodeReader) -> None:
    assert reader.read("app.min.js", "var a=1").packed
    assert reader.read("app.js", "var a=1;" * 10_000).packed
    assert reader.read("package-lock.json", "{}").packed
    assert not reader.read("app.js", "var a = 1\n").packed
