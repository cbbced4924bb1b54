"""Takes secrets out of text before it leaves the machine.

    redacted('key = "AKIA..."').text        # 'key = "[[REDACTED_AWS_ACCESS_KEY_1]]"'
    redacted('key = "AKIA..."').findings    # (Finding(line=1, kind=SecretKind.AWS_ACCESS_KEY),)

Lines keep their numbers, and equal secrets get equal placeholders, so that the text can still be
read and cited. Nothing here shows a secret. How many are found is told in `docs/privacy.md`: it is
a net, not a wall.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from anyio import to_thread

from storyloom.llm.redaction_keys import key_runs
from storyloom.llm.redaction_shapes import IN_CONTEXT, ISSUED, NAMED, SecretKind, Shape
from storyloom.llm.redaction_values import (
    PLACEHOLDER,
    assigned_secrets,
    is_plausible,
    opaque_texts,
)

_BREAK = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_PLAIN = re.compile(r"[a-z]+|[A-Z]+|[A-Z][a-z]+|[\d.]+")
_SHORTEST_REPEAT = 8
_MOST_REPEATED = 200  # secrets that are looked for a second time
_SHORTEST_OURS = 16


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a secret stood, and what it was; never the secret. Lines count from 1."""

    line: int
    kind: SecretKind


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without the secrets that were found in it."""

    text: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    kind: SecretKind
    secret: str = field(repr=False)  #: what has one placeholder; a key of many lines is one secret


def redacted(text: str) -> Redacted:
    """Take the secrets out of a text. This is work for the processor alone: see `redact`."""
    return Redactor().redacted(text)


async def redact(text: str) -> Redacted:
    """Take the secrets out of a text, in a thread."""
    return await to_thread.run_sync(redacted, text)


class Redactor:
    """Takes secrets out of texts that belong together: what one gives away, the others keep."""

    def __init__(self, ours: str = "") -> None:
        """Take a text of our own, which holds no secret; what occurs in it is none."""
        self._ours = ours
        self._named: dict[str, tuple[str, SecretKind]] = {}
        self._count = 0

    def redacted(self, text: str) -> Redacted:
        """Take the secrets out of the next text."""
        there = max((int(found[1]) for found in PLACEHOLDER.finditer(text)), default=0)
        self._count = max(self._count, there)
        found = _apart(self._foreign(_hits(text)), text)
        for hit in found:
            self._name(hit)
        found = _apart([*found, *self._repeats(text)], text)
        parts: list[str] = []
        last = 0
        for hit in found:
            breaks = "".join(_BREAK.findall(text, hit.start, hit.end))
            parts += [text[last : hit.start], self._name(hit), breaks]
            last = hit.end
        return Redacted("".join([*parts, text[last:]]), tuple(_findings(text, found)))

    def _foreign(self, hits: Iterable[_Hit]) -> Iterator[_Hit]:
        for hit in hits:
            if len(hit.secret) < _SHORTEST_OURS or hit.secret not in self._ours:
                yield hit

    def _name(self, hit: _Hit) -> str:
        if hit.secret not in self._named:
            self._count += 1
            name = f"[[REDACTED_{hit.kind.name}_{self._count}]]"
            self._named[hit.secret] = (name, hit.kind)
        return self._named[hit.secret][0]

    def _repeats(self, text: str) -> Iterator[_Hit]:
        """Find known secrets where nothing tells that they are secret, such as in a comment."""
        clear = [one for one in self._named if len(one) >= _SHORTEST_REPEAT]
        for secret in clear[:_MOST_REPEATED]:
            if _PLAIN.fullmatch(secret):
                continue
            at = text.find(secret)
            while at >= 0:
                end = at + len(secret)
                if not _is_inside_a_word(text, at, end):
                    yield _Hit(at, end, self._named[secret][1], secret)
                at = text.find(secret, end)


def _is_inside_a_word(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return before.isalnum() or after.isalnum()


def _hits(text: str) -> Iterator[_Hit]:
    for start, end, key in key_runs(text):
        yield _Hit(start, end, SecretKind.PRIVATE_KEY, key)
    for shape in (*ISSUED, NAMED, *IN_CONTEXT):
        yield from _of_shape(shape, text)
    for start, end in assigned_secrets(text):
        yield _Hit(start, end, SecretKind.ASSIGNED_SECRET, text[start:end])
    for start, end in opaque_texts(text):
        yield _Hit(start, end, SecretKind.OPAQUE_TEXT, text[start:end])


def _of_shape(shape: Shape, text: str) -> Iterator[_Hit]:
    if shape.signs and not any(sign in text for sign in shape.signs):
        return
    for found in shape.pattern.finditer(text):
        if is_plausible(found["v"], is_wordy=shape.wordy):
            yield _Hit(*found.span("v"), shape.kind, found["v"])


def _apart(hits: Iterable[_Hit], text: str) -> list[_Hit]:
    """Order the hits and join those that overlap; the kind that begins first, or is longer, stays."""
    kept: list[_Hit] = []
    ends: list[int] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if kept and hit.start < ends[-1]:
            ends[-1] = max(ends[-1], hit.end)
        else:
            kept.append(hit)
            ends.append(hit.end)
    return [
        hit if hit.end == end else replace(hit, end=end, secret=text[hit.start : end])
        for hit, end in zip(kept, ends, strict=True)
    ]


def _findings(text: str, hits: Iterable[_Hit]) -> Iterator[Finding]:
    line, at, before = 1, 0, ""
    for hit in hits:
        line += text.count("\n", at, hit.start)
        at = hit.start
        if hit.kind is not SecretKind.PRIVATE_KEY or hit.secret != before:
            yield Finding(line, hit.kind)
        before = hit.secret
