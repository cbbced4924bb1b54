"""Secrets that have no looks of their own: told by the name they have, or by being all chance."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

#: What we put in a secret's place. It is never a secret itself.
PLACEHOLDER = re.compile(r"\[\[REDACTED_[A-Z_]{1,40}_(\d{1,9})\]\]")

_STRONG_WORDS = """
    password passwd passphrase passcode pwd pass pw passwort secret secrets credential credentials"""
_WEAK_WORDS = """
    token apikey dsn auth authorization bearer jwt salt pepper otp cookie psk"""
_WORD_PAIRS = """
    api-key access-key auth-key private-key secret-key service-key encryption-key signing-key
    master-key account-key shared-key session-key client-key license-key licence-key deploy-key
    app-key application-key project-key crypto-key storage-key admin-key cipher-key aes-key hmac-key
    ssh-key host-key consumer-key publishable-key root-key jwt-key webhook-url connection-string
    account-sid session-id recovery-code backup-code seed-phrase recovery-phrase"""
_STRONG = frozenset(_STRONG_WORDS.split())
_WEAK = frozenset(_WEAK_WORDS.split())
_PAIRS = frozenset(_WORD_PAIRS.split())
_GLUED = re.compile(
    r"(?:password|passwd|passphrase|passwort|secret|token|apikey|accesskey|secretkey|privatekey|authkey|credentials?)\Z"
)
_GLUED_STRONG = re.compile(r"(?:password|passwd|passphrase|passwort|secret|secretkey)\Z")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SURE = 3
_SHORTEST = {1: 6, 2: 5, _SURE: 4}  # by how sure a name is
_FEWEST = 4  # different characters
_RUN_TOGETHER = 12  # letters; longer than most words

# What may stand between a name and its value: an annotation, a sign; or, of a call, a comma or a bracket.
_BETWEEN = r"""
    ['"`]?\]?[ \t]{0,40} (?: :[ \t]{0,4}[\w.&'\[\]<>|?*\ ]{1,40}?=(?![=>]) | => | ={1,3} | != | := | :(?!:) )
"""
_BETWEEN_IN_CALL = r"""
    ['"]?[ \t]{0,4},[ \t]{0,8}(?=['"`]) | [ \t]{0,2}\([ \t]{0,4}(?=['"`]) | [ \t]{1,8}(?=['"])
    | ['"][ \t]{1,8}(?:value|default|content)[ \t]{0,4}=[ \t]{0,4}(?=['"])
"""
# name = "value", name: type = value, 'name' => 'value', name = bytes("value"), set_name("value"), ("name", "value")
# All but the name is only looked at: in `key="name" value="value"`, the first value is the next name.
_ASSIGNED = re.compile(
    rf"""(?<![\w.-])(?P<n>[A-Za-z_][\w.-]{{0,120}}+) (?=
    (?: {_BETWEEN} | (?P<call>{_BETWEEN_IN_CALL}) )
    (?: [ \t]{{0,40}} | [ \t]{{0,8}}\(?\\?\r?\n[ \t]{{0,60}}(?=['"`]) )
    (?: (?P<wrap>(?:new[ ])?[\w.:\[\]]{{1,40}}\((?=[rb]?['"]))? (?P<prefix>[rbuf@$]{{0,2}})
        (?: "(?P<v>[^"\r\n]{{4,200}}+)" | '(?P<w>[^'\r\n]{{4,200}}+)' | `(?P<x>[^`\r\n]{{4,200}}+)`
          | \\"(?P<y>[^"\\\r\n]{{4,200}}+)\\" )
      | (?P<u>[^\s'"`,;(){{}}\[\]<>]{{4,400}}+) (?=[\s'"`,;&}}\])<]|\Z) )
    )""",
    re.VERBOSE | re.ASCII,
)
_QUOTED = re.compile(r"""(?P<q>['"`])(?P<v>[\w+/=.~%:-]{20,20000}+)(?P=q)""", re.ASCII)
_BARE = re.compile(r"(?<![\w/+.=-])[A-Za-z0-9_+/-]{24,400}+={0,2}(?![\w.(/-])")
_SETTING = re.compile(
    r"^(?:export )?[A-Z][A-Z0-9_]{1,60}=(?P<v>[\w+/=.~%:-]{16,400}+)$", re.MULTILINE
)
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]{32,}")
# An address, a path, a version, a name in kebab, snake, dotted or camel case.
_SPOKEN = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}:)?//|[./@#~]|[A-Za-z][a-z]+(?:[-_.:/][A-Za-z]*\d*)+\Z"
    r"|[A-Z]?[a-z]+(?:[A-Z][a-z]+)+\d{0,2}\Z"
)
_NAME = re.compile(r"[A-Za-z_][\w-]*(?:(?:\.|::|->|/)[A-Za-z_][\w-]*)*\Z")
_STAND_IN = re.compile(
    r"x{3,}.*|[*•.]{3,}.*|.*(?:x{6,}|\.{3}|…|<[\w /-]{2,40}>|\$\{|\{\{|%\(|%[sd]\b|your[-_ ]|change[-_]?(?:me|it)|example|placeholder"
    r"|redacted|dummy|todo|insert|replace|sample|env[.(\[]|environ|getenv|secrets?\.|vault:|arn:aws|\bvar\.|input\().*"
    r"|none|null|nil|true|false|undefined|string|str|test(?:ing)?|foo(?:bar)?|bar|secret|token|user(?:name)?|admin|root"
    r"|pass(?:word)?|pwd|postgres|required|optional|text|hidden|bytes|number|guest|default",
    re.IGNORECASE | re.DOTALL,
)
_LABEL = re.compile(
    r"pass(?:word|wd|phrase)?|secret|token|\bkey\b|[_-]key|api_?key|credential|auth", re.IGNORECASE
)
#: A value that is looked up when the code runs: `$PASSWORD`, `%PASSWORD%`.
_VARIABLE = re.compile(r"[$%&@]\(?\w+[%)]?")
_RANDOM_ENTROPY, _RANDOM_TURNS, _HEX_ENTROPY = 3.9, 0.25, 2.8
_SOME_ENTROPY, _LEAST_ENTROPY = 2.7, 2.5
_MOST_SPOKEN = 0.5
_JUDGED = 400  # characters, from the start
_WORD = re.compile(r"(?=.{4})(?=.{0,3}[aeiouy])(?!.{0,30}[^aeiouy]{5})[a-z]+", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_FIGURES = re.compile(r"\d")
_LETTERS = re.compile(r"[A-Za-z]")


def is_plausible(value: str, *, is_wordy: bool) -> bool:
    """Whether what has the shape of a secret is one; a wordy shape fits words and names as well."""
    if is_stand_in(value) or _VARIABLE.fullmatch(value):
        return False
    if not is_wordy or is_random(value):
        return True
    has_figures = bool(_FIGURES.search(value))
    return has_figures and not _SPOKEN.match(value) and entropy(value) >= _HEX_ENTROPY


def is_stand_in(value: str) -> bool:
    """Whether a value only says where a secret belongs: `changeme`, `${TOKEN}`, `<your key>`."""
    bare = PLACEHOLDER.sub("", value).strip("\"'` ")
    return sum(char.isalnum() for char in bare) < _FEWEST or bool(_STAND_IN.fullmatch(bare[:600]))


def is_random(value: str) -> bool:
    """Whether a text looks like chance: figures among letters, many changes, nothing spoken."""
    value = value[:_JUDGED]
    if not _FIGURES.search(value) or not _LETTERS.search(value) or _SPOKEN.match(value):
        return False
    surprise = entropy(value)
    if _HEX.fullmatch(value):
        return surprise >= _HEX_ENTROPY
    is_mixed = surprise >= _RANDOM_ENTROPY or turns(value) >= _RANDOM_TURNS
    return is_mixed and surprise >= _HEX_ENTROPY and spoken(value) < _MOST_SPOKEN


def entropy(text: str) -> float:
    """Bits of surprise in a character, going by how often each occurs."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values())


def turns(text: str) -> float:
    """Give the share of places where small letters, capitals and figures meet; words have few."""
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in text if c.isalnum()]
    # A capital at the start of a word is no change.
    met = sum(a != b and (a, b) != ("u", "l") for a, b in pairwise(kinds))
    return met / max(1, len(kinds) - 1)


def spoken(text: str) -> float:
    """Give the share of a text that could be words: four letters or more, with vowels among them."""
    parts = [part for part in _PARTS.findall(text) if _WORD.fullmatch(part)]
    return sum(map(len, parts)) / max(1, sum(char.isalpha() for char in text))


def assigned_secrets(text: str) -> Iterator[tuple[int, int]]:
    """Find values whose name says that they are secret."""
    for found in _ASSIGNED.finditer(text):
        sure = _strength(found["n"])
        if not sure:
            continue
        group = next(name for name in "vwxyu" if found[name] is not None)
        value = found[group]
        if is_stand_in(value) or len(value) < _SHORTEST[sure] or len(set(value)) < _FEWEST:
            continue
        if _is_bare_value(found, sure) if group == "u" else _is_quoted_value(found, value, sure):
            yield found.span(group)


def _strength(name: str) -> int:
    """Tell how surely a name is that of a secret: 0 not, 1 perhaps, 2 it speaks of one, 3 surely."""
    tail = [part.lower() for part in _PARTS.findall(name[-120:])][-3:]
    strong = [part in _STRONG or bool(_GLUED_STRONG.search(part)) for part in tail]
    if any(strong):
        return 3 if strong[-1] else 2
    pairs = {f"{a}-{b}" for a, b in pairwise(tail)}
    return int(any(part in _WEAK or _GLUED.search(part) for part in tail) or bool(pairs & _PAIRS))


def _is_quoted_value(found: re.Match[str], value: str, sure: int) -> bool:
    if " " in value:
        return _is_passphrase(found["n"], value)
    if ("f" in found["prefix"] and "{" in value) or "compile" in (found["wrap"] or ""):
        return False  # a template; a pattern
    if is_random(value):
        return True
    if sure == _SURE and not found["call"] and not found["wrap"]:
        return _is_chosen(value)
    is_label = _LABEL.search(value) or _SPOKEN.match(value)
    return not is_label and bool(_FIGURES.search(value)) and entropy(value) >= _SOME_ENTROPY


def _is_chosen(value: str) -> bool:
    """Whether somebody may have chosen it as a password; a word or a name alone stands for others."""
    if _FIGURES.search(value) or (value.isalpha() and len(value) >= _RUN_TOGETHER):
        return True
    return not value.isalpha() and not _NAME.match(value)


def _is_bare_value(found: re.Match[str], sure: int) -> bool:
    """Judge a value without quotes, which may as well be an expression."""
    name, value = found["n"], found["u"]
    if value[0] in "$&*@%|>!" or _LABEL.search(value):
        return False
    if name.isupper() and found.string.startswith(f"{name}={value}", found.start()) and sure > 1:
        return True  # as settings are written, and no code
    has_figures = bool(_FIGURES.search(value))
    if _NAME.match(value) and not is_random(value):
        # `hunter2` has a figure; so has `part2`, but fewer different characters.
        return sure > 1 and has_figures and entropy(value) >= _LEAST_ENTROPY
    return has_figures and bool(_LETTERS.search(value)) and "=" not in value.rstrip("=")


def _is_passphrase(name: str, value: str) -> bool:
    if "phrase" in name.lower() or "seed" in name.lower():
        return True
    # A sentence has words; a password with a blank in it has figures and signs.
    words = value.split()
    return len(words) <= 2 and any(_FIGURES.search(w) and _LETTERS.search(w) for w in words)  # noqa: PLR2004


def opaque_texts(text: str) -> Iterator[tuple[int, int]]:
    """Find long texts that are all chance. They tell a reader of the code nothing."""
    for found in _QUOTED.finditer(text):
        value = found["v"]
        if is_random(value) and not is_stand_in(value) and not _UUID.fullmatch(value):
            yield found.span("v")
    for found in _BARE.finditer(text):
        if _is_mixed(found[0]) and not is_stand_in(found[0]):
            yield found.span()
    for found in _SETTING.finditer(text):
        if is_random(found["v"]) and not is_stand_in(found["v"]):
            yield found.span("v")


def _is_mixed(value: str) -> bool:
    """Whether a text without quotes is chance beyond doubt: it could be a name or a hash."""
    has_all = all(re.search(kind, value) for kind in ("[a-z]", "[A-Z]", r"\d.*\d"))
    return has_all and turns(value) >= _RANDOM_TURNS and is_random(value)
