"""Errors of work, as they are told."""

from storyloom import errors
from storyloom.work.schemas import WorkError

#: What the same input would run into again.
_HOPELESS = frozenset(
    cls.code
    for cls in vars(errors).values()
    if isinstance(cls, type)
    and issubclass(cls, errors.StoryloomError)
    and not cls.retryable
    and cls is not errors.StoryloomError
)


def told(code: str | None, message: str | None, *, stage: str | None = None) -> WorkError:
    """Why there is no result. What was written by others may lack a code."""
    known = code or errors.StoryloomError.code
    sentence = message or errors.StoryloomError().message
    return WorkError(code=known, stage=stage, message=sentence, retryable=known not in _HOPELESS)
