"""Reads a file without a grammar: by its comments, its headings and the shape of its lines."""

import html
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from storyloom.storyboard.code.comments import Docs
from storyloom.storyboard.code.facts import MAX_DEFINITIONS, CodeFacts, Definition, Kind, Remark
from storyloom.storyboard.code.languages import BY_ENDING, Language, base_name, language_of
from storyloom.storyboard.code.notebooks import script_of
from storyloom.storyboard.code.prose import paragraphs

_NOTEBOOK = ".ipynb"
_LONGEST_LINE = 5_000  # people do not write longer ones, programs do
_MOST_LINES = 10_000  # people do not read longer files either
_PACKED_NAME = re.compile(
    r"(?:.*\.lock|.*-lock\.(?:json|ya?ml)|.*[.-]min\.\w{1,5}|.*\.map|.*\.bundle\.js|go\.sum)$"
)
_EITHER = r"[ \t]{0,40}"
_NAME = r"([^\W\d][\w.:-]{0,100})"
_WORDS_BEFORE = rf"^{_EITHER}(?:\w{{1,12}}[ \t]{{1,4}}){{0,4}}"
_TYPE_WORDS = (
    "class|struct|interface|trait|enum|protocol|record|module|defmodule|message|service"
    "|@interface|@protocol|object|contract|type"
)
_FUNCTION_WORDS = "def|defp|fn|fun|func|function|sub|proc|procedure|subroutine|rpc|macro|defn|defun"
_ANY_CODE = (
    (Kind.TYPE, rf"{_WORDS_BEFORE}(?:{_TYPE_WORDS})[ \t]{{1,4}}{_NAME}"),
    (Kind.FUNCTION, rf"{_WORDS_BEFORE}(?:{_FUNCTION_WORDS})[ \t(]{{1,4}}{_NAME}"),
    (Kind.METHOD, rf"^[-+][ \t]{{0,4}}\([^)\n]{{1,60}}\)[ \t]{{0,4}}{_NAME}"),
)
_HEADINGS = (
    (Kind.HEADING, r"^#{1,3}[ \t]{1,4}([^\n]{2,120})$"),
    (Kind.HEADING, r"^([^\s#][^\n]{2,100})\n(?:={3,200}|-{3,200}|~{3,200})[ \t]{0,9}$"),
)
_PAGE = (
    (Kind.HEADING, r"<(?:title|h[1-3]|legend|caption)\b[^<>\n]{0,300}>([^<\n]{2,120})<"),
    (Kind.KEY, r"<(?:input|select|textarea)\b[^<>\n]{0,200}?\bname=[\"'](\w{2,60})"),
)
_KEYS = (
    (Kind.TYPE, r"^\[{1,2}[\"']?([\w. -]{2,60}?)[\"']?\]{1,2}[ \t]{0,9}$"),
    (Kind.KEY, r"^[ \t]{0,8}(?:- )?(?:export )?([A-Za-z_][\w.-]{1,60})[ \t]{0,9}[:=](?:[ \t\n]|$)"),
    (Kind.KEY, r"^[ \t]{0,8}(?:export )?([A-Za-z_][\w.-]{1,60})="),
)
_SHAPES: Mapping[str, tuple[tuple[Kind, str], ...]] = MappingProxyType(
    {
        "Markdown": _HEADINGS,
        "text": _HEADINGS,
        "HTML": _PAGE,
        "YAML": _KEYS,
        "settings": _KEYS,
        "JSON": ((Kind.KEY, r"^[ \t]{0,8}\"([A-Za-z_][\w .-]{1,60})\"[ \t]{0,4}:"),),
        "XML": ((Kind.KEY, r"<([A-Za-z][\w.-]{2,60})[\s/>]"),),
        "CSS": ((Kind.KEY, r"(?:^|[ \t,}])[.#]([A-Za-z][\w-]{1,60})(?=[^{};\n]{0,200}[{,])"),),
        "Terraform": (
            (
                Kind.TYPE,
                r"^(?:resource|module|data)[ \t]{1,4}(?:\"[\w-]{2,80}\"[ \t]{1,4})?\"([\w-]{2,80})\"",
            ),
            (Kind.KEY, r"^(?:variable|output)[ \t]{1,4}\"([\w-]{2,80})\""),
        ),
        "Dockerfile": (
            (Kind.TYPE, r"^FROM[ \t]{1,9}(?:\S{1,80}/)?([A-Za-z][\w-]{1,60})"),
            (Kind.KEY, r"^(?:ENV|ARG)[ \t]{1,9}(\w{2,60})"),
        ),
        "Makefile": (
            (Kind.FUNCTION, r"^([A-Za-z][\w-]{1,60})[ \t]{0,4}:(?!=)"),
            (Kind.CONSTANT, r"^([A-Z][A-Z0-9_]{1,60})[ \t]{0,4}[:?+]?="),
        ),
        "GraphQL": ((Kind.TYPE, rf"^(?:type|input|enum|interface)[ \t]{{1,4}}{_NAME}"),),
    }
)
_WRAPPED = 32  # characters; a shorter line may be broken on purpose
_SENTENCE_ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")
_PAIR = 2
_ROWS = ("CSV",)
_NESTED = frozenset({"YAML", "JSON"})
_KEY_LINE = re.compile(r"^[ \t]*\"?[A-Za-z_][\w .-]{1,60}\"?[ \t]{0,9}:", re.MULTILINE)
_DESCRIBED_BY = 200  # lines; further down it is another thing that is described
_DESCRIPTION = re.compile(
    r"[ \t]*\"?(?:description|summary)\"?[ \t]{0,9}[:=][ \t]{0,9}([\"']?)([^\"'\n]{8,200})\1,?[ \t]*$"
)
_SEPARATOR = re.compile(r"[,;\t|]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text, cut into lines once, and what its name tells."""

    name: str
    text: str
    lines: list[str]
    language: Language

    @classmethod
    def of(cls, file_name: str, text: str) -> "Source":
        """Take any text: every kind of line end counts as one."""
        even = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
        even = even.encode("utf-8", "replace").decode("utf-8").removeprefix("\ufeff")
        name, language = base_name(file_name), language_of(file_name, even)
        if name.lower().endswith(_NOTEBOOK) and (script := script_of(even)):
            even, language = script, BY_ENDING["py pyi pyw"]
        return cls(name, even, even.split("\n"), language)

    @property
    def is_packed(self) -> bool:
        """Whether a program wrote it for programs."""
        longest = max(map(len, self.lines))
        return longest > _LONGEST_LINE or _PACKED_NAME.match(self.name.lower()) is not None

    @property
    def line_count(self) -> int:
        """How many lines it has; the last line end opens no further one."""
        return max(1, len(self.lines) - (not self.lines[-1]))


class PlainCodeReader:
    """Reads any text by its shape; the reader for what has no grammar."""

    def read(self, file_name: str, text: str) -> CodeFacts:
        """Read the text."""
        return plain_facts(Source.of(file_name, text))


def plain_facts(source: Source) -> CodeFacts:
    """Find what can be found without a grammar."""
    language = source.language
    if source.is_packed:
        return CodeFacts(language.name, source.line_count, packed=True)
    docs = Docs(source.lines, language)
    found = tuple(_columns(source) if language.name in _ROWS else _definitions(source, docs))
    taken = [doc for one in found if (doc := docs.above(one.first_line))]
    first = min((one.first_line for one in found), default=source.line_count)
    return CodeFacts(
        language.name,
        source.line_count,
        doc=_description(source) or docs.opening(taken, first) or _first_paragraph(source),
        definitions=found,
        code_lines=docs.code_lines,
    )


def _definitions(source: Source, docs: Docs) -> Iterator[Definition]:
    seen: set[tuple[Kind, str]] = set()
    text = "\n".join(source.lines[:_MOST_LINES])
    hits = [
        (hit.start(1), kind, html.unescape(hit[1]).strip(" :.-"))
        for kind, shape in _SHAPES.get(source.language.name, _ANY_CODE)
        for hit in re.finditer(shape, text, re.MULTILINE)
    ]
    outermost = _outermost(source)
    line, at = 1, 0
    for start, kind, name in sorted(hits)[:MAX_DEFINITIONS]:
        line += text.count("\n", at, start)
        at = start
        if (kind, name) in seen:
            continue
        seen.add((kind, name))
        doc = docs.above(line)
        depth = _depth(source.lines[line - 1]) if kind is Kind.KEY else 0
        yield Definition(
            kind, name, line, line, doc=doc.text if doc else "", public=depth <= outermost
        )


def _outermost(source: Source) -> int:
    """How far in a setting may stand that is not one within another setting."""
    if source.language.name not in _NESTED:
        return sys.maxsize
    keys = _KEY_LINE.finditer("\n".join(source.lines[:_MOST_LINES]))
    return min((_depth(hit[0]) for hit in keys), default=0)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _description(source: Source) -> Remark | None:
    """Give what a file of settings says of itself."""
    if source.language.name not in {*_NESTED, "settings"}:
        return None
    outermost = _outermost(source)
    for row, line in enumerate(source.lines[:_DESCRIBED_BY], 1):
        hit = _DESCRIPTION.match(line)
        if hit and _depth(line) <= outermost:
            return Remark(hit[2], row, row)
    return None


def _columns(source: Source) -> Iterator[Definition]:
    for cell in _SEPARATOR.split(source.lines[0])[:MAX_DEFINITIONS]:
        name = cell.strip().strip("\"'")
        if name and not name.isdigit():
            yield Definition(Kind.KEY, name[:120], 1, 1)


def _stands_alone(line: str) -> bool:
    return len(line) < _WRAPPED and line[-1:].isalnum()


def _opens_alone(lines: Sequence[str]) -> bool:
    """Whether the first line is a title, or one of a list; a narrow text goes on in the next."""
    shown = [line.strip() for line in lines]
    if len(shown) < _PAIR or not _stands_alone(shown[0]):
        return False
    has_sentence = any(line.endswith(_SENTENCE_ENDS) for line in shown)
    is_list = not has_sentence and sum(map(_stands_alone, shown)) * 2 > len(shown)
    word = shown[1].split()[0]
    is_title = word[0].isupper() and len(f"{shown[0]} {word}") < max(map(len, shown))
    return is_list or is_title


def _first_paragraph(source: Source) -> Remark | None:
    """Give the opening words of a text document."""
    if source.language.name not in {"Markdown", "text", ""}:
        return None
    start = 0
    for row, line in enumerate([*source.lines[:400], ""]):
        if line.strip():
            continue
        end = start + 1 if _opens_alone(source.lines[start:row]) else row
        text = "\n".join(source.lines[start:end])
        if row > start and not text.startswith("#") and paragraphs(text):
            return Remark(text, start + 1, end)
        start = row + 1
    return None
