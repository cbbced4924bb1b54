"""Reads source files with tree-sitter's grammars; whatever has none is read by its shape."""

from dataclasses import replace

from storyloom.adapters.treesitter import _extract, _grammars, _mend, _parse
from storyloom.storyboard.code.comments import Docs
from storyloom.storyboard.code.facts import CodeFacts, Definition, Remark
from storyloom.storyboard.code.plain import Source, plain_facts

_PARSE_BUDGET_S = 0.1
_LONGEST_MENDED = 100_000  # characters; two readings of more would take too long
_ALMOST_ALL = 0.8


class TreeSitterCodeReader:
    """A `CodeReader` for some fifteen languages. It looks at the source; it never runs it."""

    def read(self, file_name: str, text: str) -> CodeFacts:
        """Read any text; a grammar that is missing, late or of no use gives way to the shape."""
        source = Source.of(file_name, text)
        if source.is_packed or not source.language.grammar:
            return plain_facts(source)
        return _facts(source) or replace(plain_facts(source), faults=True)


def _facts(source: Source) -> CodeFacts | None:
    grammar = _grammars.grammar_of(source.language.grammar)
    read = grammar and _found(grammar, source.text, _PARSE_BUDGET_S)
    if grammar is None or not read:
        return None
    found, faults = read
    if faults:
        found, faults = _again(grammar, source, found)
    docs = Docs(source.lines, source.language)
    definitions, taken = _documented(list(_extract.resolved(found, source.language)), docs)
    first = min((one.first_line for one in definitions), default=source.line_count)
    return CodeFacts(
        source.language.name,
        source.line_count,
        parsed=True,
        faults=faults,
        doc=_opening(found, docs, taken, first),
        definitions=tuple(definitions),
        imports=tuple(found.imports),
        routes=tuple(found.routes),
        texts=tuple(found.texts),
        checks=tuple(sorted(found.checks)),
        concurrent=tuple(sorted(found.concurrent)),
        code_lines=docs.code_lines,
    )


def _found(
    grammar: _grammars.Grammar, text: str, budget_s: float
) -> tuple[_extract.Found, bool] | None:
    data = text.encode("utf-8")
    root = _parse.parsed(grammar, data, budget_s)
    if root is None or _parse.is_shattered(root):
        return None
    return _extract.gathered(_parse.matched(grammar, root), data), root.has_error


def _again(
    grammar: _grammars.Grammar, source: Source, found: _extract.Found
) -> tuple[_extract.Found, bool]:
    """Read a text with faults once more, without what is known to trip its grammar."""
    is_short = len(source.text) <= _LONGEST_MENDED
    mended = _mend.mended(source.language.name, source.text) if is_short else source.text
    read = _found(grammar, mended, _PARSE_BUDGET_S / 2) if mended != source.text else None
    if read is None or len(read[0].definitions) < len(found.definitions):
        return found, True
    most = max(1, len(read[0].definitions))
    return read[0], read[1] and len(found.definitions) < _ALMOST_ALL * most


def _documented(definitions: list[Definition], docs: Docs) -> tuple[list[Definition], list[Remark]]:
    """Join the definitions with the comments above them."""
    joined: list[Definition] = []
    taken: list[Remark] = []
    for one in definitions:
        above = None if one.doc else docs.above(one.first_line)
        joined.append(replace(one, doc=above.text) if above else one)
        if above:
            taken.append(above)
    return joined, taken


def _opening(found: _extract.Found, docs: Docs, taken: list[Remark], first: int) -> Remark | None:
    package = docs.above(found.package_line) if found.package_line else None
    return found.doc or package or docs.opening(taken, first)
