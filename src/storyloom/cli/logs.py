"""The log of a process: one event a line on stderr, for people or, in production, as JSON.

Everything is logged through the standard library: an event is a sentence, and what is known of it
goes into `extra`. The ids of the request, of the job and the name of its step are added here.
"""

import logging
import sys
from collections.abc import Sequence

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor

from storyloom.kit.known import known

# These tell about themselves what nobody who runs a server asks for.
_QUIET = (
    *("dbos", "uvicorn", "uvicorn.access", "alembic", "sqlalchemy", "httpx2", "httpcore2"),
    *("google_genai", "openai", "anthropic"),
)
# People see what they ask for; who runs a service wants to see what was asked of it.
_REQUESTS = ("storyloom.api.requests", "storyloom.api.websockets")
# The libraries above put these on their records, for formatters of their own.
_NOISE = ("color_message", "taskName")


def set_up(level: str, *, as_json: bool = False) -> None:
    """Log from this level on; what others log, only from warnings on, unless all is asked for."""
    formatter = ProcessorFormatter(
        foreign_pre_chain=_what_is_known(), processors=_JSON if as_json else _LINES
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    quiet = logging.DEBUG if level == "debug" else logging.WARNING
    for name in _QUIET:
        logging.getLogger(name).setLevel(quiet)
    for name in _REQUESTS:
        logging.getLogger(name).setLevel(logging.NOTSET if as_json else quiet)
    # For libraries that log through structlog themselves: the same lines.
    structlog.configure(
        processors=[*_what_is_known(), ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _what_is_known() -> Sequence[Processor]:
    return [
        _with_known,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        ExtraAdder(),
    ]


def _with_known(_logger: object, _method: str, event: EventDict) -> EventDict:
    event.update(known.get())
    return event


def _without_noise(_logger: object, _method: str, event: EventDict) -> EventDict:
    for name in _NOISE:
        event.pop(name, None)
    return event


def _in_order(_logger: object, _method: str, event: EventDict) -> EventDict:
    """First what every line has, so that the eye finds it."""
    return {**{name: event.pop(name) for name in _HEAD if name in event}, **event}


def _line(_logger: object, _method: str, event: EventDict) -> str:
    """As in `12:30:01 WARNING storyloom.storyboard.intake: started later job_id=…`."""
    time, level, name, sentence = (event.pop(name) for name in _HEAD)
    exception = event.pop("exception", None)
    rest = " ".join(f"{key}={_plain(value)}" for key, value in event.items())
    line = f"{time} {level.upper():<7} {name}: {sentence} {rest}".rstrip()
    return line if exception is None else f"{line}\n{exception}"


def _plain(value: object) -> str:
    """A value can hold what a stranger wrote, and must not look like a line of its own."""
    text = str(value)
    return text if text.isprintable() else repr(text)


_HEAD = ("timestamp", "level", "logger", "event")
_LINES: Sequence[Processor] = [
    ProcessorFormatter.remove_processors_meta,
    _without_noise,
    structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
    structlog.processors.format_exc_info,
    _line,
]
_JSON: Sequence[Processor] = [
    ProcessorFormatter.remove_processors_meta,
    _without_noise,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _in_order,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
