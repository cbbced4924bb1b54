"""Text as searches compare it. Databases fold letters each in their own way, so none of them is asked."""

from unicodedata import normalize

_DOT_ABOVE = "\u0307"


def folded(text: str) -> str:
    """Without the difference of capitals, and of letters that are written in several ways.

    The Turkish `İ` folds to an `i` with a dot above it, which nobody types.
    """
    return normalize("NFC", normalize("NFC", text).casefold()).replace(f"i{_DOT_ABOVE}", "i")
