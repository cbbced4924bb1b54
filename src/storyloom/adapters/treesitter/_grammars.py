"""Grammars and their queries, loaded when a file first needs them."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import tree_sitter

_QUERIES = Path(__file__).parent / "queries"
#: Grammars whose wheel holds several, or calls its one by another name.
_ENTRY_POINTS = {
    "php": ("tree_sitter_php", "language_php"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
}
_QUERY_NAMES = {"tsx": "typescript"}
#: Its scanner looks any character up in a table of 256 (0.25.1): the process ends where memory does.
_ASCII_ONLY = frozenset({"bash"})
_INHERITS = re.compile(r"; inherits: (\w+)\n")


@dataclass(frozen=True, slots=True)
class Grammar:
    """A language's parser tables, and the query that finds what we want to know."""

    language: tree_sitter.Language
    query: tree_sitter.Query
    is_ascii_only: bool = False


@cache
def grammar_of(key: str) -> Grammar | None:
    """Load a grammar once; None when it is not installed, or does not fit the parser."""
    module, entry = _ENTRY_POINTS.get(key, (f"tree_sitter_{key}", "language"))
    try:
        tables: object = getattr(import_module(module), entry)()
        language = tree_sitter.Language(tables)
        query = tree_sitter.Query(language, query_of(_QUERY_NAMES.get(key, key)))
        return Grammar(language, query, key in _ASCII_ONLY)
    # A wheel that is missing, broken, too old or too new must cost its language only.
    except (ImportError, AttributeError, OSError, ValueError, TypeError):
        return None


def query_of(name: str) -> str:
    """The text of a query. `; inherits: c` in its first line, as editors have it, puts C's first."""
    text = (_QUERIES / f"{name}.scm").read_text("utf-8")
    parent = _INHERITS.match(text)
    return (query_of(parent[1]) if parent else "") + text
