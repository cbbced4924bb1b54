"""Blanks what a grammar trips over, at the same length, so that every line stays where it is."""

import re

_LONGEST = 4_000  # characters of an annotation's arguments
_ANNOTATION = re.compile(r"@[A-Za-z][\w.]{0,80}\(")
_MACROS = re.compile(
    r"\b(?:__BEGIN_DECLS|__END_DECLS|__THROW\w*|__wur|__restrict(?:_arr)?|__attribute_\w+__"
    r"|(?:Z|[A-Z]\w{0,40}_|XMLPARSE)?(?:API|EXPORT(?:VA)?|EXTERN|CALL(?:BACK)?|DECL|IMPEXP|INLINE)"
    r"|XMLCALL)\b(?!\s*\()"
)
_CALLS = re.compile(r"\b(?:__nonnull|__attribute__|__attr_\w+)\s?\([^\n;]{0,200}\)(?=\s*(?:;|$))")
_HULLS = re.compile(
    r"\b(?:OF|_?_P|PROTO|\w{0,40}(?:API|EXPORT))\((\([^\n()]{0,400}\)|[\w *]{1,80})\)"
)
_SPACE_OUT = re.compile(r"[^\n]")


def mended(language: str, text: str) -> str:
    """Give the text with such parts blank; the same text when there is nothing to mend."""
    if language == "Kotlin":
        return _without_arguments(text)
    return _without_macros(text) if language in {"C", "C++"} else text


def _without_arguments(text: str) -> str:
    parts: list[str] = []
    at = 0
    for hit in _ANNOTATION.finditer(text):
        end = _closing(text, hit.end())
        if hit.start() >= at and end:
            parts += [text[at : hit.end() - 1], _blank(text[hit.end() - 1 : end])]
            at = end
    return "".join([*parts, text[at:]])


def _closing(text: str, start: int) -> int:
    """Find the end of the brackets that are open at a place; 0 when they stay open."""
    depth = 1
    for hit in re.finditer(r"[()]", text[start : start + _LONGEST]):
        depth += 1 if hit[0] == "(" else -1
        if not depth:
            return start + hit.end()
    return 0


def _without_macros(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(line if line.lstrip().startswith("#") else _bare(line) for line in lines)


def _bare(line: str) -> str:
    line = _HULLS.sub(lambda hit: hit[1].rjust(len(hit[0]) - 1) + " ", line)
    return _MACROS.sub(lambda hit: _blank(hit[0]), _CALLS.sub(lambda hit: _blank(hit[0]), line))


def _blank(text: str) -> str:
    return _SPACE_OUT.sub(" ", text)
