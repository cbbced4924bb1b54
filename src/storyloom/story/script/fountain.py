"""Reads a subset of Fountain (https://fountain.io/syntax), in one pass over the lines.

Title page, slug lines (also forced and numbered), action, characters with extensions, parentheticals,
dialogue, dual dialogue, lyrics, transitions, centred text, sections, synopses, page breaks. Notes and
boneyards are left out, and marks of emphasis taken off.
"""

import re
from collections.abc import Sequence

from storyloom.story.script.elements import (
    Action,
    Card,
    Cut,
    Form,
    Part,
    RawScene,
    RawScript,
    Speech,
)
from storyloom.story.script.hygiene import on_one_line
from storyloom.story.script.slugs import is_slug
from storyloom.story.script.vocabulary import words

_KEY = re.compile(r"^([A-Za-z][A-Za-z ]{0,30}):\s*(.*)$")
_EXTENSION = re.compile(r"\(([^()\n]{0,40})\)")
_UNSEEN = re.compile(
    r"\b(?:v\.?\s?o|o\.?\s?s|o\.?\s?c|off[- ]?screen|voice[- ]?over|filtered|on phone)\b",
    re.IGNORECASE,
)
_TRANSITION = re.compile(
    r"^(?:.*\bTO:|(?:FADE|IRIS) (?:IN|OUT)(?: ON)?[.:]?|FADE TO (?:BLACK|WHITE)[.:]?"
    r"|(?:SMASH |MATCH |JUMP |HARD )?CUT(?: TO(?: BLACK)?)?[.:]|(?:CUT|DISSOLVE) TO [A-Z ]{1,30}[.:]?"
    r"|TIME CUT[.:]?|THE END[.]?|END CREDITS[.]?|ROLL CREDITS[.]?)$"
)
_CARD = re.compile(
    r"^(?:SUPER|SUPERIMPOSE|TITLE|TITLE CARD|CHYRON|CAPTION|CARD|INTERTITLE|ON[- ]SCREEN TEXT|TEXT ON SCREEN)\b[^:\n]{0,20}:"
)
_SECTION = re.compile(r"^(#{1,6})\s*(.*)$")
_PAGE_BREAK = re.compile(r"^={3,}$")
_STARS = re.compile(r"(?<!\\)\*{1,3}(?=\S)|(?<=\S)(?<!\\)\*{1,3}")
_UNDERLINE = re.compile(r"(?<![\w\\])_+(?=\S)|(?<=\S)(?<!\\)_+(?!\w)")
_ESCAPED = re.compile(r"\\([*_\\])")
MAX_NAME = 60
_MAX_SYNOPSIS = 600
_CUE_WORDS = 6


def without_marks(text: str) -> str:
    """Text without marks of emphasis."""
    return _ESCAPED.sub(r"\1", _UNDERLINE.sub("", _STARS.sub("", text)))


def without_remarks(text: str) -> str:
    """A script without boneyards, and without notes, which no empty line runs through."""
    return _cut_out(_cut_out(text, "/*", "*/", barrier=None), "[[", "]]", barrier="\n\n")


def is_cue(line: str) -> bool:
    """Whether a line can be the name over a dialogue."""
    text = line.strip()
    if text.startswith("@"):
        return len(text) > 1
    name = _EXTENSION.sub("", text.removesuffix("^")).strip()
    return (
        0 < len(name) <= MAX_NAME
        and name.isupper()
        and len(name.split()) <= _CUE_WORDS
        and not name.endswith(("!", "?", ":", ",", "-", "\u2014"))
        and not _TRANSITION.match(name)
        and not is_slug(text)
    )


def read_fountain(text: str) -> RawScript:
    """Read a script that `hygiene.safe` has given."""
    lines = without_remarks(text).split("\n")
    script = RawScript(Form.FOUNTAIN)
    start = _read_title_page(lines, script)
    _Reader(lines[start:], script).read()
    return script


def title_of(text: str) -> str:
    """What a title page says, of the beginning of a script that `hygiene.safe` has given."""
    script = RawScript(Form.FOUNTAIN)
    _read_title_page(without_remarks(text).split("\n"), script)
    return script.title


def _cut_out(text: str, begin: str, end: str, *, barrier: str | None) -> str:
    """The text without what stands between the two. Every position is looked at a few times."""
    kept: list[str] = []
    at, closed, wall = 0, -1, -1
    while (opened := text.find(begin, at)) >= 0:
        if closed < opened + len(begin):
            closed = text.find(end, opened + len(begin))
        if closed < 0:
            break
        if barrier is not None and wall < opened:
            found = text.find(barrier, opened)
            wall = len(text) if found < 0 else found
        if barrier is not None and wall < closed:
            kept.append(text[at : opened + len(begin)])
            at = opened + len(begin)
            continue
        kept.append(text[at:opened])
        at = closed + len(end)
    return "".join([*kept, text[at:]])


def _read_title_page(lines: Sequence[str], script: RawScript) -> int:
    """Read it where there is one; gives the number of its lines."""
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    found = _KEY.match(lines[first].strip()) if lines else None
    if found is None or found[1].strip().casefold() not in words("fountain", "title_keys"):
        return 0
    key, values = "", dict[str, list[str]]()
    for place in range(first, len(lines)):
        line = lines[place]
        if not line.strip():
            break
        named = None if line[:1].isspace() else _KEY.match(line)
        if named:
            key = named[1].strip().casefold()
        values.setdefault(key, []).append((named[2] if named else line).strip())
    else:
        place = len(lines)
    title = on_one_line(without_marks(" ".join(values.get("title", []))))
    script.title = title[: MAX_NAME * 3]
    return place


class _Reader:
    """Goes through the lines once."""

    def __init__(self, lines: Sequence[str], script: RawScript) -> None:
        self._lines = lines
        self._script = script
        self._scene = RawScene()
        self._at = 0
        self._section = ""

    def read(self) -> None:
        while self._at < len(self._lines):
            line = self._lines[self._at].strip()
            if not line:
                self._at += 1
            elif not self._read_line(line):
                self._read_block(line)
        self._finish_scene()
        if self._scene.parts:
            self._script.scenes.append(self._scene)

    def _read_line(self, line: str) -> bool:
        """Read what takes one line."""
        section = _SECTION.match(line)
        if section:
            self._section = without_marks(section[2]).strip()
        elif _PAGE_BREAK.match(line):
            pass
        elif line.startswith("="):
            if len(self._scene.synopsis) < _MAX_SYNOPSIS:
                told = on_one_line(f"{self._scene.synopsis} {line[1:]}")
                self._scene.synopsis = told[:_MAX_SYNOPSIS]
        elif is_slug(line) and (self._is_after_space() or line.isupper() or line[0] == "."):
            self._finish_scene()
            self._scene.heading = without_marks(line)
        elif (part := self._single(line)) is not None:
            self._scene.parts.append(part)
        else:
            return False
        self._at += 1
        return True

    def _single(self, line: str) -> Part | None:
        if line.startswith(">"):
            is_centred = line.endswith("<")
            text = on_one_line(without_marks(line.strip("><")))
            return Card(text) if is_centred else Cut(text)
        if _CARD.match(line) or (_TRANSITION.match(line) and self._is_alone()):
            text = on_one_line(without_marks(line))
            return Card(text) if _CARD.match(line) else Cut(text)
        return None

    def _read_block(self, line: str) -> None:
        """Read what goes on to the next empty line."""
        if not line.startswith("!") and self._is_after_space() and is_cue(line):
            following = self._lines[self._at + 1 : self._at + 2]
            if following and following[0].strip():
                self._read_dialogue(line)
                return
        taken = [line.removeprefix("!")]
        self._at += 1
        while self._at < len(self._lines) and (line := self._lines[self._at].strip()):
            if is_slug(line) and line.isupper():
                break
            taken.append(line.removeprefix("!"))
            self._at += 1
        text = on_one_line(without_marks(" ".join(taken)))
        if text:
            self._scene.parts.append(Action(text))

    def _read_dialogue(self, cue: str) -> None:
        begin = self._at
        self._at += 1
        manner: list[str] = []
        said: list[str] = []
        # Two spaces on a line keep a dialogue together.
        while self._at < len(self._lines) and (
            self._lines[self._at].strip() or self._lines[self._at] == "  "
        ):
            line = self._lines[self._at].strip()
            if line.startswith("(") and line.endswith(")"):
                manner.append(line[1:-1])
            else:
                said.append(line.removeprefix("~"))
            self._at += 1
        self._scene.parts.append(_speech(cue, said, manner, self._lines[begin : self._at]))

    def _is_after_space(self) -> bool:
        return self._at == 0 or not self._lines[self._at - 1].strip()

    def _is_alone(self) -> bool:
        following = self._lines[self._at + 1 : self._at + 2]
        return self._is_after_space() and not (following and following[0].strip())

    def _finish_scene(self) -> None:
        scene, self._scene = self._scene, RawScene()
        is_more = any(not isinstance(part, Cut | Card) for part in scene.parts)
        if scene.heading or is_more:
            self._script.scenes.append(scene)
        else:
            # What stands before the first slug line: it opens the scene that follows.
            self._scene = scene


def _speech(cue: str, said: Sequence[str], manner: Sequence[str], lines: Sequence[str]) -> Speech:
    bare = cue.removeprefix("@")
    is_dual = bare.endswith("^")
    bare = bare.removesuffix("^").strip()
    extensions = " ".join(_EXTENSION.findall(bare))
    name = on_one_line(without_marks(_EXTENSION.sub("", bare)))
    return Speech(
        name=name[:MAX_NAME],
        words=on_one_line(without_marks(" ".join(said))),
        manner=on_one_line(without_marks("; ".join(manner))),
        text="\n".join(without_marks(line.strip()) for line in lines if line.strip()),
        is_unseen=_UNSEEN.search(extensions) is not None,
        is_dual=is_dual,
    )
