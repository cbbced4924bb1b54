"""What SwarmUI's words for a failure mean. It has no codes for most of them."""

import re

from storyloom.adapters.swarmui._wire import INVALID_SESSION, Refusal
from storyloom.automation.errors import SYSTEM
from storyloom.errors import (
    BadAnswer,
    Busy,
    Interrupted,
    KeyRefused,
    ModelNotFound,
    OutOfMemory,
    Rejected,
    ServerFault,
    StoryloomError,
    Unavailable,
)

Kind = type[Unavailable] | type[Rejected]

_LENGTH = 500
_IDS: dict[str, Kind] = {
    INVALID_SESSION: KeyRefused,
    "bad_permissions": KeyRefused,
    "internal_error": ServerFault,
}
# Of a route, a method or a body that this adapter would not use: an older SwarmUI, or none.
_ODD = frozenset({"bad_route", "bad_request_method", "basic_api", "no_result"})
# The first that is found counts. The reason why a model did not load may be the memory.
_WORDS: tuple[tuple[re.Pattern[str], Kind], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"out of memory|OutOfMemory|ran out of \w*memory|Allocation on device", OutOfMemory),
        (r"session interrupted", Interrupted),
        (r"model value for param|model name is correct|No model input", ModelNotFound),
        (r"does not have that model|^Model not found", ModelNotFound),
        (r"All backends are occupied", Busy),
        (r"No backends? |backends failed to load|backends are still loading", Unavailable),
        (r"unauthorized|lacks? (required )?permission|do not have permission", KeyRefused),
        (r"value for param|Missing required param|ComfyUI errored", Rejected),
        (r"execution error|Something went wrong|failed to save|No images were gen", ServerFault),
        (r"internal error|Timeout", ServerFault),
    )
)


def fault_of(refusal: Refusal) -> StoryloomError:
    """The error that SwarmUI means; what it has no words for is refused."""
    text = " ".join(refusal.error.split())[:_LENGTH] or refusal.error_id
    if refusal.error_id in _ODD:
        return BadAnswer(f"another program or an older SwarmUI answers: {text}")
    return _kind(refusal)(f"SwarmUI says: {text}", system=SYSTEM)


def _kind(refusal: Refusal) -> Kind:
    if kind := _IDS.get(refusal.error_id):
        return kind
    return next((kind for words, kind in _WORDS if words.search(refusal.error)), Rejected)
