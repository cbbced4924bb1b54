"""The languages, by file name: what they are called, how comments look, what is hidden."""

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath


@dataclass(frozen=True, slots=True)
class Language:
    """What has to be known of a language besides its grammar."""

    name: str
    grammar: str = ""  #: the key of its grammar, or none
    line_marks: tuple[str, ...] = ()
    blocks: tuple[tuple[str, str], ...] = ()
    hidden: tuple[str, ...] = ()  #: words before a name that keep it to the file
    shown: tuple[str, ...] = ()  #: words before a name without which it is kept to the file
    own_packages: re.Pattern[str] | None = None  #: imports that belong to the language itself
    draws: bool = False  #: functions with a capital are components of a screen


_SLASHES = ("///", "//!", "//")
_C_BLOCK = (("/*", "*/"),)
_XML_BLOCK = (("<!--", "-->"),)
_C_OWN = re.compile(r"<[a-z0-9_./]+>|[\"<](?:sys|bits|asm)/")
_NODE_OWN = re.compile(
    r"(?:node:.*|\.{1,2}(?:/.*)?|assert|buffer|child_process|cluster|crypto|dgram|dns|domain|events"
    r"|fs|fs/promises|http|http2|https|module|net|os|path|perf_hooks|process|punycode|querystring"
    r"|readline|stream|string_decoder|timers|tls|tty|url|util|v8|vm|worker_threads|zlib)\Z"
)
_JS = Language("JavaScript", "javascript", _SLASHES, _C_BLOCK, ("#",), own_packages=_NODE_OWN)
_JSX = replace(_JS, draws=True)
_TS = Language("TypeScript", "typescript", _SLASHES, _C_BLOCK, ("private", "protected", "#"),
               own_packages=_NODE_OWN)  # fmt: skip
_TSX = replace(_TS, grammar="tsx", draws=True)
_C = Language("C", "c", _SLASHES, _C_BLOCK, ("static",), own_packages=_C_OWN)
_CPP = Language("C++", "cpp", _SLASHES, _C_BLOCK, ("static",), own_packages=_C_OWN)
_KOTLIN = Language("Kotlin", "kotlin", _SLASHES, _C_BLOCK, ("private", "protected"),
                   own_packages=re.compile(r"(?:kotlin|java|javax)\."))  # fmt: skip
_BASH = Language("shell", "bash", ("#",))
_RUBY = Language("Ruby", "ruby", ("#",), (("=begin", "=end"),))
_HTML = Language("HTML", "", (), _XML_BLOCK)
_CSS = Language("CSS", "", (), _C_BLOCK)
_SCSS = Language("CSS", "", ("//",), _C_BLOCK)
_YAML = Language("YAML", "", ("#",))
_SETTINGS = Language("settings", "", ("#", ";"))
_MARKDOWN = Language("Markdown", "", (), _XML_BLOCK)
_TERRAFORM = Language("Terraform", "", ("#", "//"), _C_BLOCK)
_TABLE = Language("CSV")
_JSON = Language("JSON", "", ("//",))
_DOCKER = Language("Dockerfile", "", ("#",))
_MAKE = Language("Makefile", "", ("#",))
_LISP = Language("Lisp", "", (";;", ";"))
_PERL = Language("Perl", "", ("#",), (("=pod", "=cut"), ("=head1", "=cut")))

BY_ENDING: dict[str, Language] = {
    "py pyi pyw": Language("Python", "python", ("#",)),
    "js mjs cjs": _JS,
    "jsx": _JSX,
    "ts mts cts": _TS,
    "tsx": _TSX,
    "go": Language("Go", "go", ("//",), _C_BLOCK, own_packages=re.compile(r"[a-z0-9]+(?:/[^.]*)?\Z")),
    "java": Language("Java", "java", ("//",), _C_BLOCK, ("private", "protected"),
                     own_packages=re.compile(r"javax?\.")),
    "rs": Language("Rust", "rust", _SLASHES, _C_BLOCK, shown=("pub",),
                   own_packages=re.compile(r"(?:std|core|alloc|crate|super|self)\b")),
    "c h": _C,
    "cc cpp cxx hh hpp hxx ino": _CPP,
    "cs": Language("C#", "c_sharp", _SLASHES, _C_BLOCK, ("private", "protected", "internal"),
                   own_packages=re.compile(r"System\b")),
    "rb rake gemspec": _RUBY,
    "php": Language("PHP", "php", ("//", "#"), _C_BLOCK, ("private", "protected")),
    "kt kts": _KOTLIN,
    "swift": Language("Swift", "swift", _SLASHES, _C_BLOCK, ("private", "fileprivate"),
                      own_packages=re.compile(r"(?:Swift|Foundation|Dispatch|os)\b")),
    "sh bash zsh ksh": _BASH,
    "sql ddl": Language("SQL", "sql", ("--",), _C_BLOCK),
    "html htm xhtml vue svelte": _HTML,
    "xml svg xsd xsl": Language("XML", "", (), _XML_BLOCK),
    "css": _CSS,
    "scss less sass": _SCSS,
    "yaml yml": _YAML,
    "toml ini cfg conf properties env": _SETTINGS,
    "md markdown mdx": _MARKDOWN,
    "rst adoc txt text": Language("text"),
    "tf tfvars hcl": _TERRAFORM,
    "csv tsv": _TABLE,
    "json jsonc json5 ipynb": _JSON,
    "scala": Language("Scala", "", _SLASHES, _C_BLOCK, ("private", "protected")),
    "dart": Language("Dart", "", _SLASHES, _C_BLOCK),
    "m mm": Language("Objective-C", "", _SLASHES, _C_BLOCK),
    "lua": Language("Lua", "", ("---", "--")),
    "pl pm": _PERL,
    "r": Language("R", "", ("#'", "#")),
    "jl": Language("Julia", "", ("#",)),
    "ex exs": Language("Elixir", "", ("#",)),
    "erl hrl": Language("Erlang", "", ("%%", "%")),
    "hs": Language("Haskell", "", ("-- |", "--"), (("{-", "-}"),)),
    "ml mli": Language("OCaml", "", (), (("(*", "*)"),)),
    "fs fsx": Language("F#", "", _SLASHES, (("(*", "*)"),)),
    "vb bas": Language("Visual Basic", "", ("'",)),
    "ps1 psm1": Language("PowerShell", "", ("#",), (("<#", "#>"),)),
    "zig": Language("Zig", "", _SLASHES),
    "clj cljs el lisp scm": _LISP,
    "f f90 f95": Language("Fortran", "", ("!",)),
    "cob cbl": Language("COBOL", "", ("*",)),
    "pas": Language("Pascal", "", ("//",), (("{", "}"), ("(*", "*)"))),
    "proto": Language("Protocol Buffers", "", ("//",), _C_BLOCK),
    "graphql gql": Language("GraphQL", "", ("#",)),
    "groovy gradle": Language("Groovy", "", _SLASHES, _C_BLOCK),
    "dockerfile": _DOCKER,
    "mk": _MAKE,
}  # fmt: skip
_ENDINGS = {ending: kind for endings, kind in BY_ENDING.items() for ending in endings.split()}
_NAMES = {
    "dockerfile": _DOCKER,
    "containerfile": _DOCKER,
    "makefile": _MAKE,
    "gnumakefile": _MAKE,
    "rakefile": _RUBY,
    "gemfile": _RUBY,
    "jenkinsfile": Language("Groovy", "", _SLASHES, _C_BLOCK),
    ".env": _SETTINGS,
    ".bashrc": _BASH,
}
_SHEBANGS = (
    (re.compile(r"#!.{0,80}\b(?:ba|z|k|da)?sh\b"), _BASH),
    (re.compile(r"#!.{0,80}\bpython"), _ENDINGS["py"]),
    (re.compile(r"#!.{0,80}\bnode"), _JS),
    (re.compile(r"#!.{0,80}\bruby"), _RUBY),
    (re.compile(r"#!.{0,80}\bperl"), _PERL),
    (re.compile(r"#!.{0,80}\bphp|\s{0,9}<\?php"), _ENDINGS["php"]),
)
_CPP_WORDS = re.compile(
    r"^[ \t]*(?:class[ \t]+\w+[ \t]*(?:final[ \t]*)?[:{;\n]|namespace[ \t]+[\w:]+\s*\{|template\s*<|public:|private:"
    r"|using[ \t]+namespace\b)",
    re.MULTILINE,
)
UNKNOWN = Language("", "", ("///", "//", "#", "--", ";;", "%"), (*_C_BLOCK, *_XML_BLOCK))


def base_name(file_name: str) -> str:
    """Give the file's name without folders, whichever way its slashes lean."""
    return PureWindowsPath(PurePosixPath(file_name).name).name


def split_name(file_name: str) -> str:
    """Give the file's name without folders and endings: `roi-calculator` for a path to it."""
    name = base_name(file_name).lstrip(".")
    return name.split(".", 1)[0]


def language_of(file_name: str, text: str) -> Language:
    """Tell the language by the file's name, or by its first line."""
    name = base_name(file_name).lower()
    _, dot, ending = name.rpartition(".")
    known = _NAMES.get(name) or (_ENDINGS.get(ending) if dot else None)
    if known is None:
        first = text[:200]
        return next((kind for mark, kind in _SHEBANGS if mark.match(first)), UNKNOWN)
    if known is _C and name.endswith(".h") and _CPP_WORDS.search(text[:20_000]):
        return _CPP
    return known
