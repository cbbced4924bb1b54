"""Prompts as they are posted, and what keeps them from being used."""

from storyloom.story.beats import Beat
from storyloom.story.prompting.schemas import BeatPrompts, FindingCode, LintFinding, Severity
from storyloom.story.prompts import Aspect, PromptSet, prompt_of

WIDE = PromptSet(prompt="a van", negative_prompt="text", width=1344, height=768)
TALL = PromptSet(prompt="a van", seed=7, parameters={"steps": 20})


def test_what_is_posted_is_what_is_read() -> None:
    written = BeatPrompts(
        beat_id="s1-b1", prompts={Aspect.CINEMATIC: WIDE, Aspect.VERTICAL: TALL}
    ).wire

    assert written["beatId"] == "s1-b1"
    assert written["cinematic"] == {
        "prompt": "a van",
        "negativeprompt": "text",
        "width": 1344,
        "height": 768,
    }
    beat = Beat("s1-b1", {"prompts": written})
    assert prompt_of(beat, Aspect.CINEMATIC) == WIDE
    assert prompt_of(beat, Aspect.VERTICAL) == TALL


def test_only_errors_that_were_not_mended_keep_a_picture_from_being_made() -> None:
    def finding(severity: Severity, *, is_fixed: bool = False) -> LintFinding:
        return LintFinding(
            code=FindingCode.EMPTY, severity=severity, message="", beat_id="", is_fixed=is_fixed
        )

    error = finding(Severity.ERROR)
    findings = (error, finding(Severity.WARNING), finding(Severity.ERROR, is_fixed=True))

    assert BeatPrompts(beat_id="", prompts={}, findings=findings).errors == (error,)
