"""What is measured: tracing doubles the time that a process takes to start, and slows all it does."""

import base64
import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from coverage import Coverage
from sqlalchemy.util.concurrency import _concurrency_shim

_CONFIG = "COVERAGE_PROCESS_CONFIG"
_tracing: dict[str, str] = {}


def only_here() -> None:
    """From now on, processes that are started are not traced, unless they are told to be."""
    for name in [name for name in os.environ if name.startswith("COV")]:  # noqa: TID251
        _tracing[name] = os.environ.pop(name)  # noqa: TID251


def measured() -> Mapping[str, str]:
    """The environment for a process that runs what no test runs in its own.

    There, greenlets are measured too: it knows nothing of `without_greenlets`.
    """
    if _CONFIG not in _tracing:
        return _tracing
    config = json.loads(base64.b64decode(_tracing[_CONFIG]))
    config["concurrency"] = ["thread", "greenlet"]
    return {**_tracing, _CONFIG: base64.b64encode(json.dumps(config).encode()).decode()}


def without_greenlets() -> None:
    """Trace nothing of what SQLAlchemy runs in its greenlets; the few lines of ours have own tests.

    To tell greenlets apart, coverage would ask at each call of any function which one runs: that is
    slower than all the rest of it. Call this once.
    """
    kind: Any = _concurrency_shim._AsyncIoGreenlet
    kind.switch = _untraced(kind.switch)
    kind.throw = _untraced(kind.throw)


def unguarded() -> None:
    """Let coverage take a lock of a kind that the guard against blocking calls does not look at.

    It does so at each call of a function of ours, and the guard would walk through the whole stack.
    """
    if (now := Coverage.current()) is not None:
        collector: Any = now._collector
        collector.data_lock = threading.RLock()


def _untraced(switch: Callable[..., Any]) -> Callable[..., Any]:
    def switched(*args: Any, **options: Any) -> Any:
        trace = sys.gettrace()
        if trace is None:
            return switch(*args, **options)
        sys.settrace(None)
        try:
            return switch(*args, **options)
        finally:
            sys.settrace(trace)
            _called()

    return switched


def _called() -> None:
    """Coverage takes up its work at a call, and has to before it sees a return."""
