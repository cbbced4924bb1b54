"""Reads plain prose: paragraphs, and scenes between headings, rows of signs, wide gaps and leaps in time."""

import re
from collections.abc import Iterator

from storyloom.story.script.elements import Action, Form, RawScene, RawScript
from storyloom.story.script.hygiene import on_one_line

_GAP = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)*")
_BREAK = re.compile(r"^[\s*#~\u2042\u2022\u00b7_=\u2014-]{1,40}$")
_MARKDOWN = re.compile(r"^#{1,6}\s+(\S.{0,150})$")
_CHAPTER = re.compile(
    r"^(?:(?:chapter|part|scene|act|book|kapitel|teil|chapitre|cap[i\u00ed]tulo)\s+"
    r"(?:\d{1,4}|[ivxlc]{1,8}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{3,12}teen|twenty\S{0,8})"
    r"\b|prologue\b|epilogue\b|interlude\b|\u7b2c.{1,8}[\u7ae0\u56de\u8282\u5e55]).{0,100}$",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"^(?:\d{1,3}|[IVXLC]{1,7})[.)]?$")
_LEAP = re.compile(
    r"^(?:(?:the )?next (?:morning|day|evening|night|week|spring|summer|autumn|winter)\b"
    r"|later that (?:day|night|morning|evening|afternoon)\b|that (?:night|evening|afternoon)\b"
    r"|(?:\w+ )?(?:hours|days|weeks|months|years|minutes) (?:later|after|passed)\b"
    r"|(?:an hour|a day|a week|a month|a year) (?:later|after)\b|meanwhile\b"
    r"|by (?:nightfall|morning|dawn|noon|dusk|evening|midnight)\b"
    r"|at (?:dawn|dusk|noon|midnight|nightfall|daybreak)\b|in the morning\b)",
    re.IGNORECASE,
)
# A paragraph of this many lines without an end is wrapped text.
_LONG_LINE = 100
_HEADING = 80
_TITLE_WORDS = 12


def read_prose(text: str) -> RawScript:
    """Read a text that `hygiene.safe` has given."""
    script = RawScript(Form.PROSE)
    scene = RawScene()
    blocks = list(_blocks(text))
    for place, (block, is_wide) in enumerate(blocks):
        heading = heading_in(block)
        is_first = place == 0 and len(blocks) > 1
        if is_first and _is_title(block, heading):
            script.title = on_one_line((heading or block).lstrip("# "))
            continue
        if heading is not None or ((is_wide or _LEAP.match(block)) and scene.parts):
            if scene.parts or scene.heading:
                script.scenes.append(scene)
            scene = RawScene(heading=heading or "")
        if heading is None:
            scene.parts.append(Action(on_one_line(block)))
    if scene.parts or scene.heading:
        script.scenes.append(scene)
    return script


def heading_in(block: str) -> str | None:
    """The heading that a block is: empty for a mere break, None where it is none."""
    if "\n" in block.strip():
        return None
    line = block.strip()
    if _BREAK.match(line):
        return ""
    marked = _MARKDOWN.match(line)
    if marked:
        return on_one_line(marked[1])
    if is_chapter(line):
        return on_one_line(line)
    is_shouted = line.isupper() and len(line) <= _HEADING and len(line) > 1
    return on_one_line(line) if is_shouted and line[-1] not in "!?\"'\u201d" else None


def is_chapter(line: str) -> bool:
    """Whether a line only counts: `Chapter One`, `IV.`."""
    plain = line.strip()
    return bool(_NUMERAL.match(plain) or _CHAPTER.match(plain))


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Paragraphs, each with whether a gap wider than the usual stands before it."""
    gaps = _GAP.findall(text.strip("\n"))
    usual = min((gap.count("\n") for gap in gaps), default=2)
    is_usual = sum(gap.count("\n") == usual for gap in gaps) * 2 > len(gaps)
    at, is_wide = 0, False
    whole = text.strip("\n")
    for gap in _GAP.finditer(whole):
        yield from _paragraphs(whole[at : gap.start()], is_wide=is_wide)
        is_wide = is_usual and gap[0].count("\n") > usual
        at = gap.end()
    yield from _paragraphs(whole[at:], is_wide=is_wide)


def _paragraphs(block: str, *, is_wide: bool) -> Iterator[tuple[str, bool]]:
    """A block as it is, or its lines where each of them is a paragraph or a heading."""
    lines = [line for line in block.split("\n") if line.strip()]
    is_long = any(len(line) > _LONG_LINE for line in lines)
    taken: list[str] = []
    for line in lines:
        if is_long or heading_in(line) is not None:
            if taken:
                yield "\n".join(taken), is_wide
                is_wide = False
            taken = []
            yield line, is_wide
            is_wide = False
        else:
            taken.append(line)
    if taken:
        yield "\n".join(taken), is_wide


def _is_title(block: str, heading: str | None) -> bool:
    """Whether the first block is the title of the whole."""
    if heading is not None:
        return bool(heading) and not is_chapter(heading)
    line = block.strip()
    is_short = "\n" not in line and len(line.split()) <= _TITLE_WORDS and len(line) <= _HEADING
    return is_short and line[-1:] not in ".!?\u2026\u3002\uff01\uff1f,;:\"\u201d'"
