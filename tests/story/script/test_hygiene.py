"""Scripts from outside, made safe."""

import pytest

from storyloom.errors import InvalidInput
from storyloom.story.script.hygiene import MAX_BYTES, on_one_line, safe


def test_what_does_not_show_is_taken_out() -> None:
    script = "\ufeffIN\u200bT. \u202eYARD\r\nA\x00 van\u2028waits\ud800.\x0bNow\tthen \U000e0041"

    assert safe(script) == "INT. YARD\nA van\nwaits.\nNow    then "


def test_towers_of_marks_are_cut_down() -> None:
    assert len(safe("Z" + "\u0335" * 50)) < 8


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("", "script_empty"),
        (" \n*** 12 --", "script_empty"),
        ("x" * (MAX_BYTES + 1), "script_too_large"),
        ("\u00e9" * (MAX_BYTES // 2 + 1), "script_too_large"),
    ],
    ids=["empty", "no letters", "too large", "too large in bytes"],
)
def test_what_cannot_be_read_is_refused(script: str, kind: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        safe(script)

    assert (refused.value.kind, refused.value.http_status) == (kind, 422)


def test_text_is_put_on_one_line() -> None:
    assert on_one_line("  a \n b\u00a0c  ") == "a b c"
