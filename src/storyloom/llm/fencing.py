"""A text as data in a question: every line numbered, between two fences that it cannot forge.

The mark on the fences is a hash of the text itself. The same text gives the same bytes, and none can
hold its own mark. And since every line of it has its number before it, none of them could be a fence
in any case. What cannot be seen is spelled out, so that nothing is hidden in it.
"""

import json
import re
from collections.abc import Sequence
from hashlib import sha256

_LINE_END = re.compile(r"\r\n|\n|\r")
# Controls but the tab; what is invisible or turns the direction; other line ends; half characters;
# variation selectors and tags, in which whole texts can be hidden.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_MARK_LENGTH = 16
_MAX_NAME = 255


def lines_of(text: str) -> tuple[str, ...]:
    """Split a file into its lines, as an editor counts them; an empty file has one."""
    lines = _LINE_END.split(text)
    return tuple(lines[:-1] if len(lines) > 1 and not lines[-1] else lines)


def fenced(name: str, lines: Sequence[str], *, kind: str = "file") -> str:
    """Write a file, or another `kind` of text, as the material of a question."""
    shown = "\n".join(f"{number}| {visible(line)}" for number, line in enumerate(lines, 1))
    called = json.dumps(" ".join(visible(name).split())[:_MAX_NAME], ensure_ascii=False)
    mark = _mark(f"{called}\n{shown}")
    return f"#### {mark} {kind} {called}, {len(lines)} lines\n{shown}\n#### {mark} end of {kind}"


def visible(text: str) -> str:
    """Spell out every character that does not show, by its number."""
    return _HIDDEN.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


def _mark(text: str) -> str:
    """Hash a text, again and again until the hash is nowhere in it."""
    mark = ""
    while not mark or mark in text:
        mark = sha256((mark + text).encode()).hexdigest()[:_MARK_LENGTH]
    return mark
