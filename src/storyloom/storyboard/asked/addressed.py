"""Lines of a source that speak to whoever reads it, instead of being about something.

Such lines may be an attempt to steer a model. Finding them is not what keeps a model from following
them, and not all can be found: it lets the answer be held against the rest of the source alone.
"""

import binascii
import re
import tomllib
import unicodedata
from base64 import b64decode
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data" / "addressed.toml"
_BEGIN = r"\b"
_FOLLOWING = 4  # lines of the same paragraph
_OPAQUE = re.compile(r"[A-Za-z0-9+/_-]{16,4000}={0,2}")
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}  # letters that never show
_ESCAPED = re.compile(r"\\u\{?([0-9a-fA-F]{2,6})\}?|\\x([0-9a-fA-F]{2})")


def addressed_lines(lines: Sequence[str]) -> frozenset[int]:
    """The numbers of these lines, counted from 1, and of those that go on after them."""
    found: set[int] = set()
    for number in range(1, len(lines) + 1):
        line, following = lines[number - 1], "".join(lines[number : number + 1])
        # An order may run over two lines; one that is all in the second is found there.
        if speaks_to_reader(f"{line} {following}") and (
            speaks_to_reader(line) or not speaks_to_reader(following)
        ):
            found.update(_paragraph(lines, number))
    return frozenset(found)


def speaks_to_reader(text: str) -> bool:
    """Whether a text gives orders to a model, plainly or thinly veiled."""
    return any(_orders().search(form) for form in _forms(text))


def plain_letters(text: str) -> str:
    """Write a text in lower case, without invisible characters, look-alikes and wide forms."""
    if text.isascii():
        return " ".join(text.lower().split())
    lookalikes, _ = _data()
    compatible = unicodedata.normalize("NFKC", text.translate(_TAGS))
    shown = "".join(char for char in compatible if unicodedata.category(char) != "Cf")
    bare = "".join(
        c for c in unicodedata.normalize("NFD", shown) if unicodedata.category(c) != "Mn"
    )
    return " ".join(bare.casefold().translate(lookalikes).split())


def _paragraph(lines: Sequence[str], first: int) -> Iterator[int]:
    yield first
    for number in range(first + 1, min(first + 1 + _FOLLOWING, len(lines) + 1)):
        if not lines[number - 1].strip(" \t#/*;-"):
            return
        yield number


def _forms(text: str) -> Iterator[str]:
    yield plain_letters(text)
    if "_" in text:
        yield plain_letters(text.replace("_", " "))
    if "\\" in text:
        yield plain_letters(_ESCAPED.sub(_unescaped, text))
    for found in _OPAQUE.finditer(text):
        if decoded := _decoded(found[0]):
            yield plain_letters(decoded)


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code <= 0x10FFFF else ""  # noqa: PLR2004 - the last character there is


def _decoded(opaque: str) -> str:
    letters = opaque.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return b64decode(letters + "=" * (-len(letters) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


@cache
def _data() -> tuple[dict[int, str], tuple[str, ...]]:
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return str.maketrans(data["lookalikes"]), tuple(data["orders"])


@cache
def _orders() -> re.Pattern[str]:
    lookalikes, orders = _data()
    # Most begin where a word begins: looking for that once makes the search several times as fast.
    begin = [order.removeprefix(_BEGIN) for order in orders if order.startswith(_BEGIN)]
    others = [order for order in orders if not order.startswith(_BEGIN)]
    pattern = rf"\b(?=[a-z])(?:{_any(begin)})|{_any(others)}"
    return re.compile(pattern.translate(lookalikes))


def _any(orders: Sequence[str]) -> str:
    return "|".join(f"(?:{order})" for order in orders)
