"""What was found when somebody looked whether a part works."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"  #: it works
    WARNING = "warning"  #: it works now, and somebody ought to know
    ERROR = "error"  #: it does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """What is so, in one sentence; and where it is not well, what to do about it."""

    check: str
    status: Verdict
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Absent(Finding):
    """It is not there, and nothing needs it."""


def well(check: str, says: str) -> Finding:
    """It works."""
    return Finding(check, Verdict.OK, says)


def absent(check: str, says: str) -> Finding:
    """It is not there, and nothing needs it."""
    return Absent(check, Verdict.OK, says)


def warning(check: str, says: str, mend: str) -> Finding:
    """It works now."""
    return Finding(check, Verdict.WARNING, says, mend)


def error(check: str, says: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(check, Verdict.ERROR, says, mend)
