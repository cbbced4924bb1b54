"""Errors of work, as they are told."""

from collections.abc import Iterator
from functools import cache

from storyloom import errors
from storyloom.work.schemas import WorkError

#: What a person should do, by the codes of which it is known.
_HINTS = {
    "auth": "Check the key of the provider that is named (`storyloom doctor` shows what is set).",
    "blocked": "Change the words or the picture that the provider refuses, and make it anew.",
    "budget": "Raise `STORYLOOM_BUDGET_PER_JOB_USD` or `STORYLOOM_BUDGET_PER_ORG_DAY_USD`, or wait "
    "for the next UTC day; then try again.",
    "connection": "See whether the system that is named is running and can be reached; then try again.",
    "disk_full": "Make room where pictures and exports are kept; then try again.",
    "gave_up_waiting": "See what the run waited for, or raise `maxGpuWait`; then try again.",
    "interrupted": "Somebody stopped it there; try again.",
    "misconfigured": "Correct the setting that is named (`storyloom doctor` looks at all of them).",
    "model_not_found": "Name a model that the provider has, in the settings or in the request.",
    "nothing_to_tell": "Save a script or beats in the session first.",
    "out_of_memory": "Ask for smaller pictures or a smaller model, or free the GPU; then try again.",
    "prompts_missing": "Send the prompts that are missing; then try again.",
    "quota": "Raise the quota at the provider, or name a model of another one; then try again.",
    "rate_limited": "Try again later, or ask the provider for more requests a minute.",
    "swarmui_failed": "See why SwarmUI does not start (`storyloom doctor`); then try again.",
    "timeout": "Try again; where it happens again, give it less to do at once.",
    "unsupported": "Install or choose what is named, or ask for something else.",
}
#: What the same input would run into again; so would whatever is a kind of one of these.
_KINDS = tuple(
    cls
    for cls in vars(errors).values()
    if isinstance(cls, type)
    and issubclass(cls, errors.StoryloomError)
    and not cls.retryable
    and cls is not errors.StoryloomError
)


def told(code: str | None, message: str | None, *, stage: str | None = None) -> WorkError:
    """Why there is no result, and what to do. What was written by others may lack a code."""
    known = code or errors.StoryloomError.code
    return WorkError(
        code=known,
        stage=stage,
        message=message or errors.StoryloomError().message,
        retryable=known not in _hopeless(),
        hint=_HINTS.get(known),
    )


@cache
def _hopeless() -> frozenset[str]:
    """The codes of all of them, also of features'. When the first is told, all are loaded."""
    codes = {cls.code for cls in _below(errors.StoryloomError) if issubclass(cls, _KINDS)}
    return frozenset(codes - {errors.StoryloomError.code})


def _below(cls: type[errors.StoryloomError]) -> Iterator[type[errors.StoryloomError]]:
    for one in cls.__subclasses__():
        yield one
        yield from _below(one)
