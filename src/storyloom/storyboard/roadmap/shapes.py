"""The shapes of dates, prices, versions and names on a roadmap, as patterns.

They expect text that has been cleaned: every dash is a hyphen, every space a single blank.
"""

import re

_MONTHS = "january february march april may june july august september october november december"
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS.split()) + "|sept"
_DAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_YEAR = r"(?:fy|cy)?'?(?:20)?\d\d"
_COUNTED = "items?|cards?|tickets?|issues?|tasks?|votes?|pts?|points?|comments?"
_MONEY = r"[$€£¥₹]|\b(?:usd|eur|gbp)\b"


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


PERIOD = _shape(rf"q[1-4]|[hs][12]|{_YEAR}|{_MONTH}")
DATE_PART = _shape(
    rf"(?:q[1-4]|[hs][12])(?:'?(?:20)?\d\d)?|{_YEAR}|(?:{_MONTH})\.?'?(?:\d\d)?|{_DAY}\.?"
    r"|\d{1,2}(?:st|[nr]d|th)?|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|\d{1,2}:\d\d|[-/&+~]"
)
#: Where the reader glued a quarter to its year.
STUCK_YEAR = _shape(r"(?<=\b[qh][1-4])(?=20\d\d\b)")
#: Where the parts of a date, or the ends of a span, meet.
GLUED = _shape(r"(?<=[a-z1-4])-(?=[qh][1-4]|[a-z]{3})|(?<=\d)(?=(?:" + _MONTH + r")\b)|[,()]")

NUMBER = re.compile(r"\d{1,2}|\W")

ADDRESS = _shape(
    r"\S@\S+\.\w|https?:|\bwww\.|[\w-]{2}\.(?:com|io|net|org|dev|app|co|ai|eu|de|uk)\b(?!\s\w)"
)
COUNT = _shape(rf"[(\[]?\+?\d{{1,4}}[)\]]?(?: ?(?:/|of) ?\d{{1,4}})? ?(?:%|(?:{_COUNTED})\b)?")
PRICE = _shape(rf"\W*(?:{_MONEY}) ?\d.*|.{{0,24}}\d[kmb]? ?(?:{_MONEY}).*|\W*\d+[kmb] budget")
VERSION = _shape(
    r"(?:v|ver|version|release|rel|build)?[. ]{0,2}\d+(?:\.\d+){1,3}(?:[- ]?(?:rc|beta|alpha)\d*)?"
    r"|v\d+|(?:version|release|build) \d+"
)
TICKET = _shape(r"[a-z][a-z0-9]{1,9}-\d{1,6}|#\d+")
CODE_NAME = _shape(r"(?:project|code ?name|operation|initiative)[: ]+[\w'\"-]+(?: [\w'\"-]+)?")
PERSON = re.compile(r"@[\w.-]{2,}|[A-Z]\.?[A-Z]\.?")

#: Where the reader glued a given name to a family name.
STUCK_NAME = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")

#: What surrounds the words of a heading: bullets, emoji, the number of its cards.
EDGES = re.compile(r"^[\W_]+|[\s\W_]*(?:\( ?\d+ ?\)|\b\d{1,3}|[\W_])*$")
BULLET = re.compile(r"^(?:[^\w$€£¥₹@#(\"'\[]|_|\d{1,2}[.)] )+")
TRAIL = re.compile(r"[\s.,;:…|•·-]+$")
DASHES = re.compile("[\u2010-\u2015\u2212]")
#: A small L among capitals, which is a capital I: `Al`, `ROl`, `APl`.
CAPITAL_L = re.compile(r"\b([A-Z]+)l([A-Z]*)\b(?!')")

#: Where a line of small facts falls apart: at a dot or a bar, and behind a version.
CHAIN = re.compile(r"\s*[·•|]\s*|(?<=^v\d)\s|(?<=^v\d\.\d)\s")

#: What may be cut from an item's end without loss: a version, a date, a price, in brackets or not.
TAIL = re.compile(
    rf"[\s(\[,:-]+(?:v\d+(?:\.\d+)*|\d+\.\d+(?:\.\d+)?|q[1-4](?: ?'?(?:20)?\d\d)?|20\d\d"
    rf"|(?:{_MONTH}) (?:20)?\d\d|(?:{_MONEY}) ?[\d.,]+ ?[kmb]?|[a-z]{{2,6}}-\d+|beta|alpha)[)\]]*$",
    re.IGNORECASE,
)

#: Where a long name can be cut, and still names the thing.
AFTERTHOUGHT = re.compile(r",? (?:with|for|so that|in order to|across|including|via|using) |[,;:(]")
