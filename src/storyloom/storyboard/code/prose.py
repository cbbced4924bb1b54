"""Comments as plain prose: no markup, no licence, no parameters, no orders to other tools."""

import re

from storyloom.storyboard.code.names import spoken

_LONGEST = 6_000
_LONGEST_LINE = 1_000
_PRAGMA = re.compile(
    r"(?:eslint|jshint|jslint|prettier|istanbul|c8 ignore|noqa|pylint|type:|mypy|pyright|ruff|isort"
    r"|fmt:|yapf|flake8|pragma|coding[:=]|vim?:|-\*-|-\*|@ts-|tslint|biome|go:|\+build|nolint"
    r"|clang-format|swiftlint|ktlint|rubocop|frozen_string|typed:|encoding:|region|endregion"
    r"|use strict|shellcheck|!/|!\S*bin/|emacs|local variables|sourcemapping|@flow|@jsx|@format"
    r"|@noflow|@generated|@license|@preserve|@providesmodule|phpcs|phpstan|psalm|sonar|nosec|syntax="
    r"|warning:? this file|end of|mode:|code:|cspell|\$\w+[:$]|module dependencies|module exports"
    r"|module variables|dependencies\.?$|exports\.?$|todo|fixme|xxx|hack\b|@file\s*$|expose\b|prototype\.?$"
    r"|created by|written by|author|maintainer|contributors?|version\s*[:\d]|date\s*:|since\s*:"
    r"|@author|@version|@since|@date|@package|@category|@subpackage|@link|@see|@todo|filename:"
    r"|file:|usage:|requires|and:|by:|e-?mail\s*:|resharper|@formatter|noinspection|checkstyle|detekt|spotbugs"
    r"|suppresswarnings|pyre-|jscs|stylelint|cppcheck|coverity|iwyu|semgrep|devskim|codacy|nosonar|standard:"
    r"|external dependencies|third.party|stdlib|internal imports|because\b)",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"copyright|\(c\)\s|©|all rights reserved|spdx-|licen[sc]ed? (?:under|to|as|file|text"
    r"|agreement|terms|is|for|at)|(?:mit|bsd|apache|mozilla|gnu|isc|boost)[\s,\w.-]{0,40}licen[sc]e"
    r"|public domain|permission is hereby|redistribution and use|as is[\"'\s]|warrant(?:y|ies)"
    r"|this file is part of|free software|see (?:the )?(?:licen[sc]e|copying)|patent|do not edit|auto-?generated"
    r"|automatically generated|generated (?:by|from)|contributor agreement|provided that the",
    re.IGNORECASE,
)
_KEPT_TAG = re.compile(
    r"^[@\\](?:file(?:overview)?|module|brief|desc(?:ription)?|summary|overview|class|classdesc)\b"
    r":?\s{0,9}(?:[\w./-]+\.\w{1,5}$)?",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"^(?:[@\\][a-z]|:[a-z]+(?: [\w*.]+)*:|(?:args|arguments|returns?|raises|yields|parameters?"
    r"|params?|examples?|usage|notes?|see also|attributes|throws|warnings?|caveats?|references"
    r"|options|methods|functions|classes|synopsis|contents|table of contents|api|exceptions?)"
    r"\s{0,3}(?::|$)|>>>|\$ |\.\. |```|~~~|#\+|#{2,6} )",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s")
_ROLE = re.compile(r":[a-z:+]{2,30}:`~?(?:[^`<]{0,80}<)?(?:[\w.]{0,80}\.)?([^`.>]{1,80})>?`")
_LINK = re.compile(r"\{@\w{1,12}\s+(?:[^\s}]{1,120}\s+(?=[^\s}]))?([^}]{1,120})\}")
_IMAGE = re.compile(r"!\[[^\]\n]{0,120}\](?:\([^)\n]{0,300}\)|\[[^\]\n]{0,80}\])?")
_EMPTY_LINK = re.compile(r"\[\s{0,9}\](?:\([^)\n]{0,300}\)|\[[^\]\n]{0,80}\])?")
_MD_LINK = re.compile(r"!?\[([^\]\n]{1,120})\](?:\([^)\n]{0,300}\)|\[[^\]\n]{0,80}\])?")
_RST_LINK = re.compile(r"`([^`<]{1,80})\s<[^>`]{1,300}>`_{0,2}")
_TAG = re.compile(r"</?[A-Za-z!][^<>\n]{0,200}>")
_CREF = re.compile(r"<(?:see|paramref|typeparamref)\s+\w+=\"(?:[\w.]*\.)?(\w{1,80})\"\s*/?>")
_ADDRESS = re.compile(r"\(?\b(?:https?://|www\.)\S{1,300}|\S{1,80}@\S{1,80}\.\w{2,10}")
_MARKS = re.compile(r"[`*|\\]+|(?<!\w)_+|_+(?!\w)")
_ENTITY = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&nbsp;": " "}
_NAMED_FILE = re.compile(r"^[\w./-]{1,80}\.\w{1,5}\s{0,4}(?:[-:\u2013\u2014]+\s{1,4}|$)")
_CODE_WORD = re.compile(r"\b\w{1,80}(?:\.\w{1,80}){0,4}\(\)|\b\w{0,60}(?:[a-z][A-Z]|_)\w{1,80}\b")
_PACKAGE = re.compile(r"^Package \w{1,60} (?=[a-z])")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)(?<!\bvs\.)\s+(?=[A-Z\"'(])"
)
_SPACE = re.compile(r"\s+")
_LONE_DOT = re.compile(r" \.(?=\s|$)")
_FEWEST_LETTERS = 2
_WORDED = re.compile(r"\S+\s+\S|.*[.!?\u3002\uff01\uff1f]\Z")
_NOTATION = re.compile(r"[][{}<>=;:/\\|$#@*_\"`~^&+%]|\w\.\w|(?<!\w)-")


def paragraphs(text: str) -> list[str]:
    """Give the paragraphs that are prose, each on one line."""
    found: list[str] = []
    lines: list[str] = []
    for line in [*text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        shown = _line(line)
        if shown is None:
            break
        if shown:
            lines.append(shown)
        elif lines and not line.strip():
            found.append(" ".join(lines))
            lines = []
    if lines:
        found.append(" ".join(lines))
    return [clean for part in found if not _LEGAL.search(part) and (clean := without_markup(part))]


def is_worded(text: str) -> bool:
    """Whether a text is words of people alone: several, and no sign of a notation."""
    return _WORDED.match(text) is not None and not _NOTATION.search(text)


def sentences(text: str) -> list[str]:
    """Give the sentences of the prose in a comment; `Package mail sends` becomes `sends`."""
    return [
        _PACKAGE.sub("", one.strip())
        for part in paragraphs(text)
        for one in _SENTENCE_END.split(part)
        if one.strip()
    ]


def _line(line: str) -> str | None:
    """Give the prose of a line, nothing for a line without any, None where prose ends."""
    stripped = _KEPT_TAG.sub("", line.strip()[:_LONGEST_LINE]).strip()
    if _TAGS.match(stripped):
        return None
    if not stripped or _is_drawing(stripped) or _PRAGMA.match(stripped):
        return ""
    if _BULLET.match(stripped):
        return ""
    return _NAMED_FILE.sub("", stripped.lstrip("#").strip())


def _is_drawing(line: str) -> bool:
    letters = len(_LETTER.findall(line))
    return letters < _FEWEST_LETTERS or letters * 5 < len(line) * 2


def without_markup(text: str) -> str:
    """Take markup, addresses and code names out of a text."""
    for mark, plain in _ENTITY.items():
        text = text.replace(mark, plain)
    text = _EMPTY_LINK.sub("", _IMAGE.sub("", text))
    for pattern in (_CREF, _ROLE, _LINK, _RST_LINK, _MD_LINK):
        text = pattern.sub(r"\1", text)
    text = _MARKS.sub("", _ADDRESS.sub("", _TAG.sub("", text)))
    text = _CODE_WORD.sub(lambda found: spoken(found[0]), text)
    return (
        _LONE_DOT.sub(".", _SPACE.sub(" ", text))
        .replace("()", "")
        .replace("( )", "")
        .strip(" -\u2013\u2014:;,/#=")
    )
