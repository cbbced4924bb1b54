"""Parses within a time budget: some texts would keep a parser busy for minutes."""

from time import thread_time

import tree_sitter

from storyloom.adapters.treesitter._grammars import Grammar

# A node's text is fetched by pieces too, also for a query's predicates: small ones are faster.
_PIECE = 512
_OPEN_MATCHES = 1024
# A healthy file with one slip has a handful of pieces in an error; unclosed brackets make thousands,
# and a query then compares each with each, without a budget and without letting others work.
_MOST_PIECES = 2_000
_MOST_FAULTY_NODES = 20_000
_AS_LETTERS = bytes((*range(128), *b"x" * 128))

Matches = list[tuple[int, dict[str, list[tree_sitter.Node]]]]


def parsed(grammar: Grammar, data: bytes, budget_s: float) -> tree_sitter.Node | None:
    """Parse, or give None when the budget is spent.

    It is the processor's time that counts: a busy machine reads the same as an idle one.
    """
    end = thread_time() + budget_s
    shown = data.translate(_AS_LETTERS) if grammar.is_ascii_only else data

    def piece(offset: int, _point: tree_sitter.Point) -> bytes:
        return shown[offset : offset + _PIECE]

    def is_late(_offset: int, _has_error: bool) -> bool:  # noqa: FBT001 - the library calls it so
        return thread_time() > end

    parser = tree_sitter.Parser(grammar.language)
    try:
        return parser.parse(piece, encoding="utf8", progress_callback=is_late).root_node
    except ValueError:  # "Parsing failed": stopped by the callback
        return None
    finally:
        shown = data  # nodes fetch their text the same way, later


def is_shattered(root: tree_sitter.Node) -> bool:
    """Whether the text is so broken that its tree is of no use, and a query over it too slow."""
    waiting, seen = [root], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > _MOST_FAULTY_NODES or (node.is_error and node.child_count > _MOST_PIECES):
            return True
        waiting.extend(child for child in node.children if child.has_error)
    return False


def matched(grammar: Grammar, root: tree_sitter.Node) -> Matches:
    """Find the query's matches.

    The library's progress callback for queries crashes the interpreter (0.26.1); the limit on
    matches that are open at a time is what keeps this short.
    """
    return tree_sitter.QueryCursor(grammar.query, match_limit=_OPEN_MATCHES).matches(root)
