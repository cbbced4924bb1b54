"""What SwarmUI's words for a failure mean."""

import pytest

from storyloom.adapters.swarmui._refusals import fault_of
from storyloom.adapters.swarmui._wire import Refusal
from storyloom.errors import (
    BadAnswer,
    Busy,
    Interrupted,
    KeyRefused,
    ModelNotFound,
    OutOfMemory,
    Rejected,
    ServerFault,
    Unavailable,
)

REFUSED = "No backends match the settings of the request given! Backends refused for the following"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ComfyUI execution error: CUDA out of memory. Tried to allocate", OutOfMemory),
        ("ComfyUI execution error: Allocation on device 0 would exceed allowed memory", OutOfMemory),
        ("All available backends failed to load the model 'x'.\n\nCUDA out of memory", OutOfMemory),
        ("ComfyUI execution error: torch.OutOfMemoryError", OutOfMemory),
        ("Generation session interrupted.", Interrupted),
        ("Invalid value for parameter Model: Invalid model value for param Model", ModelNotFound),
        ("'x' - are you sure that model name is correct?", ModelNotFound),
        ("No model input given. Did your UI load properly?", ModelNotFound),
        (f"{REFUSED} reason(s):\n- the backend does not have that model", ModelNotFound),
        (f"{REFUSED} reason(s):\n- Request requires flag 'a'", Unavailable),
        ("No backends available!", Unavailable),
        ("All available backends failed to load the model 'x'.", Unavailable),
        ("Timeout! All backends are occupied with other tasks.", Busy),
        ("Invalid value for parameter Steps: must be between", Rejected),
        ("Missing required parameter 'images'", Rejected),
        ('ComfyUI errored: {\n  "error": {}', Rejected),
        ("ComfyUI execution error: something broke", ServerFault),
        ("Something went wrong while generating images.", ServerFault),
        ("Server failed to save an image.", ServerFault),
        ("No images were generated (all refused, or failed - check server logs for", ServerFault),
        ("Invalid or unauthorized.", KeyRefused),
        ("What nobody has heard of", Rejected),
    ],
)  # fmt: skip
def test_words_are_told_apart(text: str, kind: type[Exception]) -> None:
    fault = fault_of(Refusal(error=text))

    assert type(fault) is kind
    assert str(fault).startswith(f"SwarmUI says: {text.split(maxsplit=1)[0]}")


@pytest.mark.parametrize(
    ("error_id", "kind"),
    [
        ("invalid_session_id", KeyRefused),
        ("bad_permissions", KeyRefused),
        ("internal_error", ServerFault),
        ("bad_route", BadAnswer),
        ("basic_api", BadAnswer),
    ],
)
def test_where_there_are_codes_they_count(error_id: str, kind: type[Exception]) -> None:
    assert type(fault_of(Refusal(error="CUDA out of memory", error_id=error_id))) is kind


def test_words_are_told_in_one_short_line() -> None:
    text = str(fault_of(Refusal(error="ComfyUI execution error: a\n\tb " + "c" * 5000)))

    assert "error: a b cc" in text
    assert len(text) < 600
    assert str(fault_of(Refusal(error_id="bad_permissions"))) == "SwarmUI says: bad_permissions"
