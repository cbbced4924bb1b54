"""A notebook as a script: its code as it is, its notes as comments, each on the line where it stands."""

import json
import re

_CELL = re.compile(r"\s*\"cell_type\"\s*:\s*\"(\w+)\"")
_OPENS = re.compile(r"\s*\"source\"\s*:\s*\[\s*$")
_CLOSES = re.compile(r"\s*\],?\s*$")
_OTHER_LANGUAGE = re.compile(r"\"language\"\s*:\s*\"(?!python)\w")
_ORDERS = ("%", "!", "?")  # to the notebook itself


def script_of(text: str) -> str | None:
    """Give the script, or None for what is no notebook of Python with a line of its own for each line."""
    if '"cells"' not in text or _OTHER_LANGUAGE.search(text):
        return None
    lines: list[str] = []
    cell, is_source = "", False
    for line in text.split("\n"):
        if is_source and _CLOSES.match(line):
            is_source = False
        shown = _shown(line, cell) if is_source else ""
        lines.append(shown)
        if found := _CELL.match(line):
            cell = found[1]
        elif _OPENS.match(line):
            is_source = True
    return "\n".join(lines) if any(lines) else None


def _shown(line: str, cell: str) -> str:
    try:
        told = json.loads(line.strip().removesuffix(","))
    except (ValueError, RecursionError):
        return ""
    if not isinstance(told, str):
        return ""
    words = told.rstrip("\n").replace("\n", " ")
    if cell == "markdown":
        return f"# {words.lstrip('# ')}".rstrip()
    return "" if words.lstrip().startswith(_ORDERS) else words
