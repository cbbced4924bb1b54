"""A script from outside, made safe to read: one kind of line end, nothing that does not show."""

import re
import unicodedata

from storyloom.errors import InvalidInput

MAX_BYTES = 4 * 1024 * 1024
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls but tab and line feed, what turns the direction, half characters, private use, tags, and
# variation selectors. A soft hyphen and a zero-width space only say where a word may break.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff0-\uffff\ud800-\udfff"
    r"\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
_TAB = re.compile(r"\t")
_SPACES = re.compile(r"[^\S\n]+")
# Towers of marks on one letter.
_MARKS = re.compile(
    r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def safe(script: str) -> str:
    """The script as it can be read; raises `InvalidInput` when it is too large or says nothing."""
    # A character has at least a byte, so the cheap measure comes first.
    if len(script) > MAX_BYTES or len(script.encode("utf-8", "replace")) > MAX_BYTES:
        raise InvalidInput(
            f"The script is too large: it may have {MAX_BYTES // 1024 // 1024} MiB",
            loc=("script",),
            kind="script_too_large",
        )
    text = unicodedata.normalize("NFC", _HIDDEN.sub("", _LINE_END.sub("\n", script)))
    text = _MARKS.sub(r"\1", _TAB.sub("    ", text))
    if not any(char.isalpha() for char in text):
        raise InvalidInput("The script says nothing", loc=("script",), kind="script_empty")
    return text


def on_one_line(text: str) -> str:
    """The text with single spaces."""
    return " ".join(_SPACES.sub(" ", text).split())
