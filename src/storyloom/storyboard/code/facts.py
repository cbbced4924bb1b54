"""What a reader finds in one source file: facts only, nothing interpreted.

Lines count from 1 and include both ends. Texts of docs are free of comment marks, but still hold
whatever markup the author used.
"""

from dataclasses import dataclass
from enum import StrEnum

MAX_DEFINITIONS = 2_000  # more are counted, but not listed: no sentence names the two-thousandth


class Kind(StrEnum):
    """The kinds of definition."""

    FUNCTION = "function"
    METHOD = "method"
    TYPE = "type"
    COMPONENT = "component"  #: of a screen: a function that draws it
    CONSTANT = "constant"
    TABLE = "table"
    VIEW = "view"  #: of a database: rows that are looked up, not kept
    HEADING = "heading"  #: of a text document
    KEY = "key"  #: a column of a table of values, or a setting


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment or a docstring, and where it stands."""

    text: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Definition:
    """Something that the file defines. `owner` is the type that it belongs to."""

    kind: Kind
    name: str
    first_line: int
    last_line: int
    owner: str = ""
    doc: str = ""
    public: bool = True
    takes: str = ""  #: its parameters, as they are written


@dataclass(frozen=True, slots=True)
class Route:
    """An address that the file answers at."""

    verb: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """Everything that the rules may speak of."""

    language: str  #: as people write it: `Python`, or `` when it is not known
    lines: int
    parsed: bool = False  #: a grammar read it
    faults: bool = False  #: the grammar met something that it could not read
    packed: bool = False  #: machine-made: minified, generated or mere values
    doc: Remark | None = None
    definitions: tuple[Definition, ...] = ()
    imports: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    texts: tuple[str, ...] = ()  #: string literals with words in them
    checks: tuple[int, ...] = ()  #: lines where the file refuses to go on, and says why
    concurrent: tuple[int, ...] = ()  #: lines where it works on several things at a time
    code_lines: int | None = None  #: lines that are neither blank nor a comment; None: not counted

    @property
    def size(self) -> int:
        """How long it is, whatever is said or left blank between."""
        return self.lines if self.code_lines is None else self.code_lines

    @property
    def public(self) -> tuple[Definition, ...]:
        """What the file offers to others; everything, when it marks nothing as public."""
        shown = tuple(one for one in self.definitions if one.public)
        return shown or self.definitions
