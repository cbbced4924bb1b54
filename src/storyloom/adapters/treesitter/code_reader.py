"""Reads source files with tree-sitter's grammars; whatever has none is read by its shape."""

from dataclasses import replace

from storyloom.adapters.treesitter import _extract, _grammars, _parse
from storyloom.storyboard.code.comments import Docs
from storyloom.storyboard.code.facts import CodeFacts, Definition, Remark
from storyloom.storyboard.code.plain import Source, plain_facts

_PARSE_BUDGET_S = 0.1


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
    data = source.text.encode("utf-8")
    root = grammar and _parse.parsed(grammar, data, _PARSE_BUDGET_S)
    if grammar is None or root is None or _parse.is_shattered(root):
        return None
    found = _extract.gathered(_parse.matched(grammar, root), data)
    docs = Docs(source.lines, source.language)
    definitions, taken = _documented(list(_extract.resolved(found, source.language)), docs)
    first = min((one.first_line for one in definitions), default=source.line_count)
    return CodeFacts(
        source.language.name,
        source.line_count,
        parsed=True,
        faults=root.has_error,
        doc=_opening(found, docs, taken, first),
        definitions=tuple(definitions),
        imports=tuple(found.imports),
        routes=tuple(found.routes),
        texts=tuple(found.texts),
        checks=tuple(sorted(found.checks)),
        concurrent=tuple(sorted(found.concurrent)),
    )


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
