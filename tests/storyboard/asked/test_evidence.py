"""Seeded lies: claims that the source does not bear out are caught, and true ones stand."""

from collections.abc import Callable
from typing import Any

import pytest

from storyloom.storyboard.asked.code import judged_code
from storyloom.storyboard.asked.evidence import Judged, cited_boxes
from storyloom.storyboard.asked.schemas import BoxCitation, CodeAnswer
from storyloom.storyboard.presets import Brief
from tests.storyboard.asked.conftest import FILE_NAME, GOOD, SOURCE

MakeBrief = Callable[..., Brief]
LIES = [
    # figures
    ("business_value", "It will save 40% of the office's time.", "40%"),
    ("business_value", "It will save $90,000 in a year.", "$90,000"),
    ("business_value", "Payments will come in 3x sooner than today.", "3x"),
    ("business_value", "It will cut the wait for money in half.", "half"),
    ("business_value", "It will bring in 2.5 million dollars.", "2.5 million dollars"),
    ("what_it_does", "Reminds each customer of an invoice after 21 days.", "21"),
    ("what_it_does", "Reminds each customer seven times before a fee.", "seven"),
    ("differentiator", "A fee of 14% is added after the days of grace.", "14%"),
    ("differentiator", "No fee on an invoice is ever above $14 here.", "$14"),
    ("who_benefits", "Hundreds of contractors will write fewer reminders.", "Hundreds"),
    ("pain_point_addressed", "Reminders took the office \uff150 hours until now.", "50"),
    ("headline", "Get paid 30 days sooner", "30"),
    # claims without figures
    ("business_value", "An AI will predict which customer pays late.", "AI"),
    ("differentiator", "It is the fastest way to send a reminder.", "fastest"),
    ("differentiator", "The fee rules are SOC 2 certified for everybody.", "2"),
    ("differentiator", "A patented method works out the late fee.", "patented"),
    ("who_benefits", "Executives at firms such as Siemens see open invoices.", "Siemens"),
    ("who_benefits", "Google and its offices will see open invoices.", "Google"),
    ("what_it_does", "Sends each late invoice to Salesforce at night.", "Salesforce"),
    ("business_value", "Payment will be guaranteed on every invoice.", "guaranteed"),
]  # fmt: skip
TRUE = [
    ("what_it_does", "Adds a fee of 1.5% once 14 days of grace are over."),
    ("what_it_does", "Adds a fee of 1.5 percent after fourteen days of grace."),
    ("differentiator", "No fee on an invoice is ever above $2,500 here."),
    ("business_value", "Money will come in sooner, with one two-way talk less."),
    ("who_benefits", "MEP contractors and their field crews write fewer reminders."),
    ("headline", "Overdue Invoices That Chase Themselves"),
    ("pain_point_addressed", "Each unpaid invoice is looked for in an ERP or a PDF."),
]


def judge(brief: Brief, **fields: Any) -> Judged:
    answer = CodeAnswer.model_validate({**GOOD, **fields})
    return judged_code(answer, file_name=FILE_NAME, text=SOURCE, brief=brief)


@pytest.mark.parametrize(("field", "lie", "caught"), LIES)
def test_a_lie_is_caught(make_brief: MakeBrief, field: str, lie: str, caught: str) -> None:
    verdict = judge(make_brief(), **{field: lie})

    assert [one.field for one in verdict.complaints] == [field]
    assert caught in verdict.complaints[0].fault.told
    assert caught not in verdict.complaints[0].fault.noted


@pytest.mark.parametrize(("field", "truth"), TRUE)
def test_the_truth_stands(make_brief: MakeBrief, field: str, truth: str) -> None:
    verdict = judge(make_brief(), **{field: truth})

    assert verdict.complaints == ()
    assert verdict.notes == ()
    assert verdict.fields[field].casefold() == truth.casefold()


@pytest.mark.parametrize(("field", "lie", "caught"), [one for one in LIES if one[0] != "headline"])
def test_a_lie_beside_a_truth_is_left_out(
    make_brief: MakeBrief, field: str, lie: str, caught: str
) -> None:
    verdict = judge(make_brief(), **{field: f"{lie} {GOOD['who_benefits']}"})

    assert caught not in verdict.fields[field]
    assert any("A sentence of" in note for note in verdict.notes)


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        ([], "what_it_does cites no lines"),
        ([("what_it_does", 17, 99)], "what_it_does cites lines that do not exist"),
        ([("what_it_does", 0, 1)], "what_it_does cites lines that do not exist"),
        ([("what_it_does", 9, 8)], "what_it_does cites lines that do not exist"),
        ([("what_it_does", 2, 2)], "what_it_does cites lines that do not exist"),  # it is empty
        ([("what_it_does", 8, 8), ("headline", 40, 41)], "headline cites lines that do not exist"),
        ([("nothing", 1, 1)], "what_it_does cites no lines"),
    ],
)
def test_citations_lead_somewhere(
    make_brief: MakeBrief, evidence: list[tuple[str, int, int]], told: str
) -> None:
    cited = [{"field": f, "first_line": a, "last_line": b} for f, a, b in evidence]

    verdict = judge(make_brief(), evidence=cited)

    assert next(f"{one.field} {one.fault.told}" for one in verdict.complaints).startswith(told)


def test_one_citation_astray_is_left_out_and_told(make_brief: MakeBrief) -> None:
    astray = {"field": "what_it_does", "first_line": 90, "last_line": 91}

    verdict = judge(make_brief(), evidence=[*GOOD["evidence"], astray])

    assert verdict.complaints == ()
    assert len(verdict.evidence) == 3
    assert verdict.notes == ("Some lines cited for what_it_does do not exist, and were left out.",)


def test_a_few_places_are_enough(make_brief: MakeBrief) -> None:
    rows = [
        {"field": "what_it_does", "first_line": n, "last_line": n}
        for n in (8, 8, 9, 10, 11, 12, 13, 16)
    ]

    verdict = judge(make_brief(), evidence=rows)

    assert [one.first_line for one in verdict.evidence] == [8, 9, 10, 11, 12, 13]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"headline": "Overdue"}, "headline is no whole phrase"),
        ({"what_it_does": "Late fees."}, "what_it_does is no whole phrase"),
        ({"what_it_does": "  \u200b "}, "what_it_does is empty"),
        ({"business_value": "Money will come in sooner. " * 8}, "business_value has 215 characters"),
        ({"headline": "Invoices " * 10}, "headline has 89 characters"),
        ({"who_benefits": GOOD["business_value"]}, "what_it_does is the same as another field"),
        ({"who_benefits": "It takes [[REDACTED_TOKEN_1]] along."}, "who_benefits repeats a placeholder"),
        ({"who_benefits": "The office reads late_fees.py for them."}, "who_benefits holds the name"),
        ({"who_benefits": "The office calls sendReminder for them."}, "who_benefits holds the name"),
        ({"who_benefits": "The office calls mail() for every customer."}, "who_benefits holds the name"),
        ({"who_benefits": "See https://pay.example for all of it."}, "who_benefits holds a link"),
        ({"who_benefits": "Write to billing@acme.com about it."}, "who_benefits holds a link"),
        ({"who_benefits": "The office reads acme.com for all of it."}, "who_benefits holds a link"),
        ({"who_benefits": "The <b>office</b> writes fewer reminders."}, "who_benefits holds Markdown"),
        ({"who_benefits": "The [office](x) writes fewer reminders."}, "who_benefits holds Markdown"),
        ({"who_benefits": "Ils sont dans le bureau et ne paient pas les factures pour une fois."}, ""),
    ],
)  # fmt: skip
def test_a_field_without_use_is_a_complaint(
    make_brief: MakeBrief, fields: dict[str, Any], told: str
) -> None:
    verdict = judge(make_brief(), **fields)

    shown = [f"{one.field} {one.fault.told}" for one in verdict.complaints]
    assert [one for one in shown if one.startswith(told)] == shown[: 1 if told else 0]


def test_another_language_is_a_complaint(make_brief: MakeBrief) -> None:
    french = "Elle est pour les clients qui ne sont pas dans le bureau et sur une des factures."

    verdict = judge(make_brief(), **dict.fromkeys(list(GOOD)[1:6], french))

    assert "language 'fr' instead of 'en'" in " ".join(o.fault.told for o in verdict.complaints)


@pytest.mark.parametrize(
    ("box", "pixels"),
    [
        ((0, 0, 1000, 1000), (0, 0, 640, 480)),
        ((500, 250, 501, 251), (320, 120, 321, 121)),
        ((999, 999, 1000, 1000), (639, 479, 640, 480)),
        ((0, 0, 1001, 5), None),
        ((-1, 0, 5, 5), None),
        ((5, 5, 5, 9), None),
        ((5, 9, 9, 5), None),
    ],
)
def test_boxes_are_pixels_of_the_picture(
    box: tuple[int, int, int, int], pixels: tuple[int, int, int, int] | None
) -> None:
    left, top, right, bottom = box
    citation = BoxCitation(field="what_it_does", left=left, top=top, right=right, bottom=bottom)

    verdict = cited_boxes([citation], (640, 480))

    assert [one.box for one in verdict.evidence] == ([pixels] if pixels else [])
    assert bool(verdict.complaints) is (pixels is None)
