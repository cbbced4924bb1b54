"""Private keys, which have many lines: taken out line by line, so that the code around stays whole."""

import re
from collections.abc import Iterator

# PEM and PGP blocks of any kind, PuTTY's files
_BEGIN = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|^Private-Lines: \d{1,4}", re.MULTILINE
)
_LONGEST_KEY = 24_000
_SHORTEST_KEY = 40  # letters; less is a word between two marks
# Before a line's letters: its number, quotes, signs of comments, a call. After them: what ends it.
_KEY_LINE = re.compile(
    r"""[\s\d>#*|'"`+,;:(/.-]*+(?:[a-z_.]{1,20}\(['"])?(?:\\[nrt]|[A-Za-z0-9+/=])*+[\s'"`\\+,;:().&|-]*+\Z"""
)
_HEADER = re.compile(r"[^\w\n]{0,20}(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash): .*\Z")
_RUN = re.compile(r"\\[nrt]|(?P<run>[A-Za-z0-9+/]{4,}+={0,2})")
_LONG_RUN = re.compile(r"\\[nrt]|(?P<run>[A-Za-z0-9+/]{32,}+={0,2})")


def key_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Find keys: start and end of each line's part of one, and the whole key that it belongs to."""
    for begin in _BEGIN.finditer(text):
        runs = list(_runs(text, begin.end()))
        key = "".join(text[start:end] for start, end in runs)
        if len(key) >= _SHORTEST_KEY:
            yield from ((start, end, key) for start, end in runs)


def _runs(text: str, at: int) -> Iterator[tuple[int, int]]:
    furthest = min(len(text), at + _LONGEST_KEY)
    another = text.find("-----BEGIN", at, furthest)
    furthest = another if another >= 0 else furthest
    end = text.find("-----END", at, furthest)
    for line in text[at : end if end >= 0 else furthest].splitlines(keepends=True):
        bare = line.rstrip()
        if _KEY_LINE.match(bare):
            parts = _RUN
        elif _HEADER.match(bare) or end >= 0:
            parts = _LONG_RUN  # not as a key is written; what is long is still taken
        else:
            return
        for found in parts.finditer(bare):
            if found["run"]:
                yield at + found.start("run"), at + found.end("run")
        at += len(line)
