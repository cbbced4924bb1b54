"""Words from outside, made fit to be typeset: hygiene, direction, language.

Nothing here changes what a reader would read. What cannot be shown is taken out: controls,
direction overrides, half characters, private-use characters and towers of combining marks.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

MAX_MARKS = 4  #: combining marks on one letter; scripts in use need no more
MAX_LENGTH = 4000  #: characters of one text; no page has room for more
LONG_WORD = 22

# U+200C, U+200D and the variation selectors stay: Persian and emoji sequences are spelled with them.
_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufdd0-\ufdef\ufeff\ufff0-\uffff\ue000-\uf8ff\U000e0000-\U000e001f\U000f0000-\U0010ffff]"
)
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # no-break spaces stay
_TAGS = re.compile(r"(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+")
_LONG = re.compile(rf"[^\s\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]{{{LONG_WORD},}}")
# Between two Hangul syllables, or two katakana, of a word that is short enough to hold together.
_HELD = re.compile(
    r"(?<=[\uac00-\ud7af])(?<![\uac00-\ud7af]{12})(?=[\uac00-\ud7af])"
    r"|(?<=[\u30a1-\u30fa\u30fc])(?<![\u30a1-\u30fa\u30fc]{12})(?=[\u30a1-\u30fa\u30fc])"
)
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{2,12}")
_JOINT = re.compile(r"([/\\._\-?&=:@+,;|])(?=\w)")
_STRETCH = re.compile(r"(\w{4})(?=\w{4})")
_RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur"})
_UNSPACED = frozenset({"ar", "fa", "he", "hi", "ja", "ko", "th", "ur", "zh"})
_HYPHENATED = frozenset({"da", "de", "et", "fi", "hu", "nb", "nl", "no", "sv"})

_SCRIPTS: tuple[tuple[str, int, int, int], ...] = (
    ("ja", 0x3040, 0x30FF, 6),  # a few kana among many Han characters make it Japanese
    ("ko", 0xAC00, 0xD7AF, 2),
    ("zh", 0x3400, 0x9FFF, 2),
    ("ar", 0x0600, 0x077F, 1),
    ("he", 0x0590, 0x05FF, 1),
    ("th", 0x0E00, 0x0E7F, 1),
    ("hi", 0x0900, 0x097F, 1),
    ("ru", 0x0400, 0x04FF, 1),
    ("el", 0x0370, 0x03FF, 1),
)
# Letters that reach far above and below the line, and letters that fill a square.
_TOWERS = re.compile(r"[\u0600-\u07bf\u0900-\u0dff\u0e00-\u0eff\ufb50-\ufdff\ufe70-\ufefe]")
_BROAD = re.compile(r"[\u0590-\u05ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FUNCTION_WORDS = Path(__file__).parent / "data" / "function_words.toml"
_WORDS = re.compile(r"[^\W\d_]+")


def clean(text: str, cap: int = MAX_LENGTH) -> str:
    """The text on one line without what cannot be shown, cut after `cap` characters."""
    # What is cut here is cut for speed; the real cut comes last.
    text = text[: 4 * MAX_LENGTH].encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    text = unicodedata.normalize("NFC", text)
    text = _TAGS.sub("", _UNSHOWABLE.sub("", text))
    text = _SPACES.sub(" ", _without_towers(text)).strip()
    return shorten(text, cap)


def shorten(text: str, cap: int) -> str:
    """The text, cut after `cap` characters with an ellipsis."""
    return text if len(text) <= cap else text[:cap].rstrip() + "…"


def _without_towers(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def breakable(text: str) -> str:
    """The text with invisible break points at the joints of long words, such as a path's slashes.

    Korean and katakana words, which a typesetter would divide anywhere, are held together instead.
    """
    return _HELD.sub("\u2060", _LONG.sub(lambda word: _JOINT.sub("\\1\u200b", word[0]), text))


def divisible(text: str) -> str:
    """The text with more break points, every few letters of long words: where nothing else fits."""
    return _LONG.sub(lambda word: _STRETCH.sub("\\1\u200b", word[0]), text)


def longest_katakana(text: str) -> str:
    """The longest katakana word, as far as it is held together."""
    return max(_KATAKANA.findall(text), key=len, default="")


def direction(text: str, default: str = "ltr") -> str:
    """`ltr` or `rtl`, by the first letter that has a direction."""
    for char in text:
        bidi = unicodedata.bidirectional(char)
        if bidi == "L":
            return "ltr"
        if bidi in ("R", "AL"):
            return "rtl"
    return default


def script(text: str) -> str:
    """How much room the tallest letters want between lines: `latin`, `broad` or `tower`."""
    if _TOWERS.search(text):
        return "tower"
    return "broad" if _BROAD.search(text) else "latin"


def language_direction(language: str) -> str:
    """The direction in which the language's pages run."""
    return "rtl" if _primary(language) in _RTL_LANGUAGES else "ltr"


def takes_tracking(language: str) -> bool:
    """Whether letters of the language's script may be spaced apart and set in capitals."""
    return _primary(language) not in _UNSPACED


def takes_hyphens(language: str) -> bool:
    """Whether the language's words are long enough to be divided at line ends."""
    return _primary(language) in _HYPHENATED


def guess_language(text: str, default: str = "en") -> str:
    """The language of the words: by script, and for Latin letters by its function words."""
    scores = dict.fromkeys((script[0] for script in _SCRIPTS), 0)
    latin = 0
    for char in text:
        code = ord(char)
        for language, first, last, weight in _SCRIPTS:
            if first <= code <= last:
                scores[language] += weight
                break
        else:
            latin += char.isalpha()
    if scores["ja"]:
        scores["ja"] += scores["zh"]
    best = max(scores, key=lambda language: scores[language])
    if scores[best] * 2 > latin:
        return _arabic_script(text) if best == "ar" else best
    return _latin_script(text, default)


def _arabic_script(text: str) -> str:
    if any(char in "ٹڈڑےں" for char in text):
        return "ur"
    return "fa" if any(char in "پچژگی" for char in text) else "ar"


def _latin_script(text: str, default: str) -> str:
    words = _WORDS.findall(text.lower())
    scores = {
        language: sum(word in known for word in words)
        for language, known in _function_words().items()
    }
    best = max(scores, key=lambda language: scores[language])
    # One shared word ("la", "die") proves nothing.
    return best if scores[best] > max(1, scores.get(default, 0)) else default


@cache
def _function_words() -> dict[str, frozenset[str]]:
    languages: dict[str, list[str]] = tomllib.loads(_FUNCTION_WORDS.read_text("utf-8"))
    return {language: frozenset(words) for language, words in languages.items()}


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
