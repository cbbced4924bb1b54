"""What goes wrong at a provider, as an error of ours.

Neither what was asked nor what the provider says of it ends up in a sentence: only words that the
providers' documents list, such as `SAFETY`.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import pydantic_ai.exceptions as theirs
from pydantic_ai import ModelResponse, capture_run_messages

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._http import Redirected
from storyloom.adapters.pydantic_ai._statuses import (
    BROKEN,
    NO_KEY,
    NO_MODEL,
    OVERLOADED,
    QUOTA,
    TOO_MANY,
    Told,
)
from storyloom.errors import (
    BadAnswer,
    ContentBlocked,
    Rejected,
    StoryloomError,
    TimedOut,
    Truncated,
    Unreachable,
    Unsupported,
)
from storyloom.kit.sentences import sentence_of

_LATE = (
    theirs.ModelRequestTimeout,
    theirs.ModelTimeoutError,
    TimeoutError,
    httpx2.TimeoutException,
)
# Nobody was there to get the request; the time for that is short, and no timeout of the model's.
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout)
_CUT = (theirs.ModelConnectionError, httpx2.TransportError)
# Providers say these with several statuses: Gemini refuses a key with 400.
_STATUSES = (
    (theirs.ModelQuotaExceededError, QUOTA),
    (theirs.ModelRateLimitError, TOO_MANY),
    (theirs.ModelUnavailableError, OVERLOADED),
    (theirs.ModelAuthenticationError, NO_KEY),
    (theirs.ModelNotFoundError, NO_MODEL),
)
# The routes of pictures do not tell by the class.
_USED_UP = ("insufficient_quota", "PerDay")
_BLOCKED = "moderation_blocked"
# pydantic-ai does not count it as a refusal.
_REFUSED = ("IMAGE_RECITATION",)
_USUAL = ("", "STOP", "stop", "end_turn", "completed")
# What is refused, and at which stage, by the name of the prompt.
_STAGES = {
    "understand_code": ("code file", "understanding"),
    "understand_roadmap": ("roadmap screenshot", "understanding"),
    "illustrate": ("description of the picture", "illustration"),
    "paint_page": ("description of the page", "painting"),
}
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{2,40}")
_REASON = re.compile(r"reason: '?([A-Za-z_]{3,40})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom, for sentences about it."""

    connection: Connection
    model: str
    timeout_s: float
    what: str  #: the name of the prompt
    pictures: bool = False

    @property
    def input(self) -> str:
        """What the provider got, and at which stage."""
        plain = "picture" if self.pictures else "text"
        thing, stage = _STAGES.get(self.what, (plain, self.what.replace("_", " ")))
        return f"the {thing} at the stage of {stage}"


@contextmanager
def translated(asked: Asked) -> Generator[None]:
    """Raise what pydantic-ai and the SDKs raise as errors of ours."""
    with capture_run_messages() as messages:
        try:
            yield
        except (StoryloomError, Warning):  # a warning is only raised where tests want it
            raise
        except Exception as fault:  # they read answers with asserts, lookups and validators
            answers = [message for message in messages if isinstance(message, ModelResponse)]
            error = _error_of(fault, asked, _finish(answers))
            error.tokens = _tokens(answers)
            raise error from fault


def _finish(answers: Sequence[ModelResponse]) -> str:
    """The provider's word for how its answer ended."""
    details = (answers[-1].provider_details if answers else None) or {}
    word = str(details.get("finish_reason", ""))
    return word if _WORD.fullmatch(word) else ""


def _tokens(answers: Sequence[ModelResponse]) -> tuple[int, int] | None:
    """What was read and written, and will be billed, though it is of no use."""
    if not answers or not answers[-1].usage.has_values():
        return None
    return answers[-1].usage.input_tokens, answers[-1].usage.output_tokens


def _error_of(fault: Exception, asked: Asked, finish: str) -> StoryloomError:
    return (
        _refused(fault, asked, finish)
        or _unsent(fault, asked)
        or _on_the_way(fault, asked)
        or _told(fault, asked)
        or _unusable(fault, asked, finish)
    )


def _refused(fault: Exception, asked: Asked, finish: str) -> StoryloomError | None:
    """What this model will never do."""
    who, system = asked.connection.who, asked.connection.provider
    if isinstance(fault, theirs.UserError):
        said = fault.message.splitlines()[0][:200]
        return Unsupported(f"{who} cannot be asked this: {said}", system=system)
    if isinstance(fault, theirs.ContentFilterError) or _says(fault, _BLOCKED) or finish in _REFUSED:
        found = _REASON.search(str(getattr(fault, "message", "")))
        reason = found[1] if found else finish
        why = f" ({reason})" if reason else ""
        return ContentBlocked(f"{who} refused {asked.input}{why}", system=system)
    if isinstance(fault, theirs.ModelContextWindowExceededError):
        said = f"{who} refused {asked.input}: it is too long for {asked.model}"
        return Rejected(said, system=system)
    return None


def _unsent(fault: Exception, asked: Asked) -> StoryloomError | None:
    """No connection came about, so that nothing was asked and nothing will be billed."""
    if not _is_because_of(fault, *_UNSENT):
        return None
    who, system = asked.connection.who, asked.connection.provider
    unsent = Unreachable(f"{who} API could not be reached", system=system)
    unsent.was_sent = False
    return unsent


def _on_the_way(fault: Exception, asked: Asked) -> StoryloomError | None:
    """What happened to the connection."""
    who, system = asked.connection.who, asked.connection.provider
    if _is_because_of(fault, Redirected):
        return Rejected(f"{who} sent us to another address, which is not followed", system=system)
    if _is_because_of(fault, *_LATE):
        return TimedOut(f"{who} API timeout after {asked.timeout_s:g} seconds", system=system)
    if _is_because_of(fault, *_CUT):
        said = f"{who} API could not be reached, or the connection was cut"
        return Unreachable(said, system=system)
    if type(fault) is theirs.ModelAPIError:
        # It came to us as something that is no JSON, perhaps as a part of it.
        return Unreachable(f"{who} API gave an answer that arrived broken", system=system)
    return None


def _told(fault: Exception, asked: Asked) -> StoryloomError | None:
    """What the provider said itself."""
    if not isinstance(fault, theirs.ModelAPIError):
        return None
    status = int(getattr(fault, "status_code", BROKEN))
    named = next((status for kind, status in _STATUSES if isinstance(fault, kind)), status)
    if named == TOO_MANY and any(_says(fault, sign) for sign in _USED_UP):
        named = QUOTA
    code = fault.provider_error_code or fault.provider_error_type or ""
    shown = code if _WORD.fullmatch(code) else ""
    return Told(named, shown, fault.retry_after).fault(asked.connection, asked.model)


def _unusable(fault: Exception, asked: Asked, finish: str) -> BadAnswer:
    """What came, and has been paid for, but is not what was asked for."""
    who = asked.connection.who
    if isinstance(fault, theirs.OutputTokenLimitExceeded):
        return Truncated(f"The answer of {who} was cut off at its longest")
    why = f" ({finish})" if finish not in _USUAL else ""
    return BadAnswer("; ".join(_wrong(fault)) or f"{who} gave no usable answer{why}")


def _wrong(fault: Exception) -> Iterator[str]:
    """What was wrong with the shape of an answer, without quoting it."""
    retry = next((f for f in _causes(fault) if isinstance(f, theirs.ToolRetryError)), None)
    content: Any = retry.tool_retry.content if retry is not None else None
    if not isinstance(content, list):
        return
    for error in cast("list[dict[str, Any]]", content)[:20]:
        place = ".".join(str(step) for step in error["loc"])
        said = sentence_of(error)[:300]
        yield f"{place}: {said}" if place else said


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__


def _is_because_of(fault: Exception, *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in _causes(fault))


def _says(fault: Exception, sign: str) -> bool:
    return sign in str(getattr(fault, "body", ""))
