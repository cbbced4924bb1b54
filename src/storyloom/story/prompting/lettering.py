"""Words that a picture is asked to show. Image models garble them, and we set words ourselves."""

import re

_QUOTED = r"[\"\u201c\u201e\u00ab'\u2018][^\"\u201c\u201d\u00ab\u00bb\n]{1,200}[\"\u201d\u00bb'\u2019](?!\w)"
_READS = re.compile(
    rf"\s+(?:that\s+|which\s+)?(?:reads|read|says|spells)\s*[:,]?\s*{_QUOTED}", re.IGNORECASE
)
_READING = re.compile(
    rf"\s*,?\s*(?:reading|saying|titled|labelled|labeled|lettered|inscribed|with the (?:words?|letters|text|title|name|inscription))\s*:?\s*(?:with\s+)?{_QUOTED}",
    re.IGNORECASE,
)
_QUOTE = re.compile(rf"(?<!\w){_QUOTED}")
_ASKS = re.compile(
    r"\b(?:the words?|letters|lettering|caption|subtitle|speech bubble|text)\s+(?:reads?|spells?|says|appears?|is written|are written|overlay)\b"
    r"|\b(?:reads|spells out|that says|with the (?:words?|text|caption))\b\s*[:\"\u201c'\u2018]",
    re.IGNORECASE,
)


def asks_for_words(action: str) -> bool:
    """Whether words are to be seen in the picture."""
    return any(sign.search(action) for sign in (_READS, _READING, _QUOTE, _ASKS))


def without_words(action: str) -> str:
    """The action without the words; what bears them is still to be seen."""
    plain = _READING.sub("", _READS.sub(" is seen", action))
    plain = _QUOTE.sub("", plain)
    return " ".join(plain.split()).replace(" .", ".").replace(" ,", ",")
