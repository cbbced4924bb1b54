"""A title and a description inside an SVG, for search and for those who listen to a page."""

from html import escape


def with_words(svg: bytes, title: str, description: str) -> bytes:
    """The SVG with the words as the first children of its root."""
    root, _, rest = svg.partition(b">")
    words = "".join(
        f"<{name}>{escape(text, quote=False)}</{name}>"
        for name, text in (("title", title), ("desc", description))
        if text
    )
    return root + b">" + words.encode("utf-8") + rest
