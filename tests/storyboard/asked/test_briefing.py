"""A brief becomes instructions."""

from collections.abc import Callable

import pytest

from storyloom.storyboard.asked.briefing import (
    code_instructions,
    language_of,
    own_words,
    roadmap_instructions,
)
from storyloom.storyboard.asked.schemas import MAX_TEXT
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.prompting import UNDERSTAND_CODE, UNDERSTAND_ROADMAP, prompt

MakeBrief = Callable[..., Brief]


@pytest.mark.parametrize("stage", ["preview", "demo", "shipped"])
@pytest.mark.parametrize("audience", ["c_suite", "business_owner", "btl_champion"])
def test_every_brief_has_its_own_instructions(
    make_brief: MakeBrief, stage: str, audience: str
) -> None:
    brief = make_brief(audience, stage)

    told = code_instructions(prompt(UNDERSTAND_CODE), brief)

    assert brief.audience.people in told
    assert brief.stage.description in told
    assert f"at most {MAX_TEXT} characters" in told
    assert ("no function, class" in told) is (audience == "c_suite")


@pytest.mark.parametrize("sanitize_ip", [True, False])
def test_a_confidential_picture_is_called_so(make_brief: MakeBrief, *, sanitize_ip: bool) -> None:
    told = roadmap_instructions(prompt(UNDERSTAND_ROADMAP), make_brief(), sanitize_ip=sanitize_ip)

    assert ("is confidential" in told) is sanitize_ip


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        (None, "en"),
        ("Ready", "en"),
        ("Die Zukunft wird nicht von der Zeit gemacht", "de"),
        ("\u65e9\u3044\u3067\u3059", "ja"),
    ],
)
def test_the_headline_decides_the_language(
    make_brief: MakeBrief, headline: str | None, language: str
) -> None:
    assert language_of(make_brief(headline=headline)) == language


def test_the_words_of_the_brief_are_known(make_brief: MakeBrief) -> None:
    assert {"mep", "coperniq", "executives", "preview", "crews"} <= own_words(make_brief())
