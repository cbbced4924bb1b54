"""A code file is understood by asking: what is sent, what is believed, what happens otherwise."""

from collections.abc import Callable
from typing import Any

import pytest

from storyloom.errors import (
    BadAnswer,
    ContentBlocked,
    KeyRefused,
    QuotaUsedUp,
    TimedOut,
    Truncated,
)
from storyloom.storyboard.asked.code import AskedCodeUnderstanding
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import Evidence, Understanding, UnderstandingSource
from tests.storyboard.asked.conftest import FILE_NAME, GOOD, SOURCE, Rules, ScriptedModel
from tests.storyboard.painters import STAND_IN

MakeBrief = Callable[..., Brief]
LYING = {**GOOD, "business_value": "It will save 40% of the office's time."}


async def understood(model: ScriptedModel, brief: Brief, source: str = SOURCE) -> Understanding:
    return await AskedCodeUnderstanding(model, Rules()).understand(FILE_NAME, source, brief)


async def test_a_good_answer_is_the_understanding(make_brief: MakeBrief) -> None:
    model = ScriptedModel()

    made = await understood(model, make_brief())

    assert made.source is UnderstandingSource.MODEL
    assert made.degraded == ()
    assert {name: getattr(made, name) for name in GOOD if name != "evidence"} == {
        **{name: text for name, text in GOOD.items() if name != "evidence"},
    }
    assert made.evidence == (
        Evidence(field="what_it_does", first_line=8, last_line=13),
        Evidence(field="what_it_does", first_line=16, last_line=18),
        Evidence(field="differentiator", first_line=11, last_line=13),
    )
    assert len(model.asked) == 1


async def test_the_question_holds_the_brief_and_the_file(make_brief: MakeBrief) -> None:
    model = ScriptedModel()

    await understood(model, make_brief("btl_champion", "shipped"))

    question = model.asked[0]
    assert (question.name, question.version, question.complaint) == ("understand_code", "1", "")
    assert "MEP contractors" in question.instructions
    assert "operations and project managers" in question.instructions
    assert "it is in use today" in question.instructions
    assert "Write English" in question.instructions
    assert "{{" not in question.instructions
    assert "12|         return 0\n13|     return min" in question.material
    assert FILE_NAME in question.material
    assert SOURCE.splitlines()[0] not in question.instructions


async def test_only_executives_are_spared_all_names(make_brief: MakeBrief) -> None:
    model = ScriptedModel([{**GOOD, "differentiator": "Every fee goes through late_fee once."}])

    for_managers = await understood(model, make_brief("btl_champion"))
    for_executives = await understood(model, make_brief("c_suite"))

    assert for_managers.differentiator == "Every fee goes through late_fee once."
    assert for_executives.headline == "By rules"
    assert "a name from the code" in for_executives.degraded[0]


async def test_a_wished_headline_stands_word_for_word(make_brief: MakeBrief) -> None:
    wished = make_brief(headline="Up 300%: see acme.com")
    cited = {"field": "headline", "first_line": 1, "last_line": 1}
    model = ScriptedModel([{**GOOD, "headline": "x", "evidence": [*GOOD["evidence"], cited]}])

    made = await understood(model, wished)

    assert made.headline == "Up 300%: see acme.com"
    assert made.source is UnderstandingSource.MODEL
    assert "headline" not in {one.field for one in made.evidence}
    assert made.found_headline is None
    assert "300" not in model.asked[0].instructions


async def test_the_models_own_headline_is_kept_beside_a_wished_one(make_brief: MakeBrief) -> None:
    cited = {"field": "headline", "first_line": 1, "last_line": 1}
    model = ScriptedModel([{**GOOD, "evidence": [*GOOD["evidence"], cited]}])

    made = await understood(model, make_brief(headline="See it first"))

    again = made.unheaded()
    assert (made.headline, made.found_headline) == ("See it first", GOOD["headline"])
    assert (again.headline, again.found_headline) == (GOOD["headline"], None)
    assert "headline" in {one.field for one in again.evidence}
    assert "headline" not in {one.field for one in made.evidence}


async def test_the_wished_headline_decides_the_language(make_brief: MakeBrief) -> None:
    german = {
        "headline": "Kein Wort davon zählt",
        "what_it_does": "Die Datei berechnet die Gebühr für eine Rechnung und mahnt den Kunden.",
        "business_value": "Das Geld kommt früher, und das Büro wird nicht mit der Mahnung belastet.",
        "who_benefits": "Die Führung sieht weniger offene Posten von den Kunden.",
        "differentiator": "Eine Schonzeit wird immer gegeben, und die Gebühr wird nicht zu hoch.",
        "pain_point_addressed": "Heute wird jede Rechnung von der Verwaltung mit der Hand geprüft.",
    }
    model = ScriptedModel([{**GOOD, **german}, GOOD])
    brief = make_brief(headline="Die Rechnung wird nicht mehr vergessen")

    made = await understood(model, brief)
    english = await understood(ScriptedModel(), brief)

    assert "Write German" in model.asked[0].instructions
    assert made.source is UnderstandingSource.MODEL
    assert "another language" in english.degraded[0]


async def test_a_lie_is_told_to_the_model_once(make_brief: MakeBrief) -> None:
    model = ScriptedModel([LYING, GOOD])

    made = await understood(model, make_brief())

    assert made.source is UnderstandingSource.MODEL
    assert made.business_value == GOOD["business_value"]
    assert made.degraded == ()
    first, second = model.asked
    assert "business_value holds a figure that stands nowhere" in second.complaint
    assert "40%" in second.complaint
    assert (first.instructions, first.material) == (second.instructions, second.material)


async def test_after_a_second_lie_the_rules_read_and_say_why(make_brief: MakeBrief) -> None:
    model = ScriptedModel([LYING])

    made = await understood(model, make_brief())

    assert len(model.asked) == 2
    assert made.headline == "By rules"
    assert made.source is UnderstandingSource.STATIC
    assert made.degraded == (
        (
            "The language model's answer could not be used, so the source was read by rules: "
            "business_value held a figure that stands nowhere in the source."
        ),
        "It says little.",
    )


async def test_one_lie_among_sentences_is_left_out_and_told(make_brief: MakeBrief) -> None:
    true = GOOD["business_value"]
    model = ScriptedModel([{**GOOD, "business_value": f"{true} It saves $90,000."}])

    made = await understood(model, make_brief())

    assert made.business_value == true
    assert made.degraded == (
        (
            "A sentence of business_value was left out: "
            "it held a figure that stands nowhere in the source."
        ),
    )
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    ("fault", "told", "noted"),
    [
        (
            BadAnswer("what_it_does: Field required"),
            "what_it_does: Field required",
            "another shape",
        ),
        (Truncated(), "cut off", "only its beginning"),
    ],
)
async def test_an_answer_without_the_shape_is_complained_of(
    make_brief: MakeBrief, fault: Exception, told: str, noted: str
) -> None:
    mended = ScriptedModel([fault, GOOD])
    hopeless = ScriptedModel([fault])

    made = await understood(mended, make_brief())
    given_up = await understood(hopeless, make_brief())

    assert made.source is UnderstandingSource.MODEL
    assert told in mended.asked[1].complaint
    assert noted in given_up.degraded[0]
    assert len(hopeless.asked) == 2


async def test_an_answer_that_was_cut_off_gets_more_room(make_brief: MakeBrief) -> None:
    model = ScriptedModel([Truncated(), GOOD])

    await understood(model, make_brief())

    first, second = model.asked
    assert second.max_output_tokens == 2 * first.max_output_tokens


@pytest.mark.parametrize("kind", [TimedOut, QuotaUsedUp, KeyRefused, ContentBlocked])
async def test_what_a_provider_fails_at_is_no_reading_by_rules(
    make_brief: MakeBrief, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        await understood(ScriptedModel([kind("no")]), make_brief())


async def test_many_complaints_are_told_in_short(make_brief: MakeBrief) -> None:
    empty = {**dict.fromkeys(GOOD, ""), "evidence": list[Any]()}
    model = ScriptedModel([empty])

    made = await understood(model, make_brief())

    assert made.degraded[0].endswith("and more.")
    assert model.asked[1].complaint.count("\n- ") == 7


@pytest.mark.parametrize("source", ["", "\n", "x"])
async def test_a_file_may_be_next_to_nothing(make_brief: MakeBrief, source: str) -> None:
    made = await understood(ScriptedModel(), make_brief(), source)

    assert made.headline == "By rules"
    assert "lines that do not exist" in made.degraded[0]


@pytest.mark.parametrize(
    "unit", ["a", "A", "aB", "_a", "1", "\u00e9", "{{", "a-", "\t", "\r", "=", "[["]
)
async def test_a_huge_file_is_judged_like_any_other(make_brief: MakeBrief, unit: str) -> None:
    source = f"{SOURCE}\n{unit * (200_000 // len(unit))}\n"

    made = await understood(ScriptedModel(), make_brief(), source)

    assert made.source is UnderstandingSource.MODEL


async def test_names_of_products_and_of_the_trade_are_no_names_from_the_code(
    make_brief: MakeBrief,
) -> None:
    source = f"{SOURCE}\n# Invoices come from QuickBooks.\n"
    said = "Invoices come from QuickBooks, and no fee is ever made up."
    model = ScriptedModel([{**GOOD, "differentiator": said}])

    made = await understood(model, make_brief("c_suite"), source)

    assert made.differentiator == said


async def test_languages_without_spaces_are_measured_in_letters(make_brief: MakeBrief) -> None:
    brief = make_brief(headline="\u8acb\u6c42\u66f8\u3092\u5fd8\u308c\u306a\u3044")
    japanese = [
        f"\u8acb\u6c42\u66f8\u3092\u9001\u308a\u307e\u3059{end}\u3002"
        for end in "\u306d\u3088\u306a\u3055\u305e"
    ]
    answer = {**GOOD, **dict(zip(list(GOOD)[1:6], japanese, strict=True))}
    model = ScriptedModel([answer])

    made = await understood(model, brief)
    short = await understood(ScriptedModel([{**answer, "what_it_does": "\u306f\u3044"}]), brief)

    assert made.source is UnderstandingSource.MODEL
    assert made.what_it_does == japanese[0]
    assert "next to nothing" in short.degraded[0]


async def test_a_model_that_answers_in_anothers_place_is_told(make_brief: MakeBrief) -> None:
    model = ScriptedModel(stand_in=STAND_IN)

    made = await understood(model, make_brief())

    assert made.source is UnderstandingSource.MODEL
    assert made.degraded == (STAND_IN.says,)


async def test_it_is_told_too_where_its_answers_cannot_be_used(make_brief: MakeBrief) -> None:
    lying = {**GOOD, "business_value": "It will save 40% of the time."}

    made = await understood(ScriptedModel([lying], stand_in=STAND_IN), make_brief())

    assert made.headline == "By rules"
    assert made.degraded[0] == STAND_IN.says
    assert made.degraded[1].startswith("The language model's answer could not be used")
