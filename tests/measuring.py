"""Which processes are measured: tracing doubles the time that a process takes to start."""

import os
from collections.abc import Mapping

_tracing: dict[str, str] = {}


def only_here() -> None:
    """From now on, processes that are started are not traced, unless they are told to be."""
    for name in [name for name in os.environ if name.startswith("COV")]:  # noqa: TID251
        _tracing[name] = os.environ.pop(name)  # noqa: TID251


def measured() -> Mapping[str, str]:
    """The environment for a process that runs what no test runs in its own."""
    return _tracing
