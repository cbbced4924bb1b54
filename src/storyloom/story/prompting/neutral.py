"""Words from scripts and models, with nothing in them that an image backend takes for a command.

SwarmUI reads `<lora:x>` and `<random:a,b>`, both it and ComfyUI read `(word:1.3)`, `[a|b]` and
`embedding:name`, others `{a|b}`, `__wildcard__` and a lone `BREAK`.
"""

import re

_REMOVED = re.compile(r"[<>{}\[\]|\\`^~*#]+")
_WEIGHT = re.compile(r"\s*:\s*-?\d+(?:\.\d+)?\s*(?=\))")
_BRACKETS = re.compile(r"\s*[()]+\s*")
_EMBEDDING = re.compile(r"\b(embedding|lora|hypernet|wildcard)s?\s*:\s*", re.IGNORECASE)
_UNDERLINES = re.compile(r"_{2,}")
_KEYWORD = re.compile(r"\b(BREAK|AND|ADDCOMM|ADDROW|ADDCOL|ADDBASE)\b")
_COMMAS = re.compile(r"\s*,(?:\s*,)+")
_BEFORE_STOP = re.compile(r"\s*,?\s*([.;!?])|\s+(,)")
_LIVE = (_REMOVED, re.compile(r"[()]"), _EMBEDDING, _UNDERLINES, _KEYWORD)


def neutral(text: str) -> str:
    """The text with its words, and without what is live."""
    plain = _WEIGHT.sub("", text)
    plain = _BRACKETS.sub(", ", _REMOVED.sub(" ", plain))
    plain = _UNDERLINES.sub(" ", _EMBEDDING.sub(r"\1 ", plain))
    plain = _KEYWORD.sub(lambda word: word[0].lower(), plain)
    plain = " ".join(_COMMAS.sub(",", plain).split())
    return _BEFORE_STOP.sub(lambda found: found[1] or found[2], plain).strip(" ,")


def is_live(text: str) -> bool:
    """Whether there is anything in a text that a backend could take for a command."""
    return any(sign.search(text) for sign in _LIVE)
