"""The evaluation scores what it says, and the reading by rules keeps its level."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from evals.__main__ import main
from evals.cases import CodeCase, RoadmapCase, code_cases, roadmap_cases
from evals.readers import Readers, rules, with_model
from evals.rules import FIELDS, score_code, score_roadmap, score_variety
from evals.scoring import Scored, scored_code, scored_roadmaps
from storyloom.settings import Settings
from storyloom.storyboard.schemas import Evidence, Understanding, UnderstandingSource
from tests.providers.server import Providers

pytestmark = pytest.mark.usefixtures("known_pictures")
GOOD = Understanding(
    headline="Appointments that patients remember",
    what_it_does="Reminds patients of their appointments by text message.",
    business_value="It will fill more of the day with patients who come.",
    who_benefits="Executives will see fewer empty hours in the practice.",
    differentiator="Patients who have confirmed are left in peace.",
    pain_point_addressed="Today, patients forget their visits and nobody notices.",
    suggested_icon="bell",
    source=UnderstandingSource.MODEL,
    evidence=(Evidence(field="what_it_does", first_line=22, last_line=27),),
)
WORSE: dict[str, dict[str, Any]] = {
    "specific": {"headline": "A better day", "what_it_does": "It handles things."},
    "grammatical": dict[str, str].fromkeys(FIELDS, "it it handles a appointment of {patients}"),
    "own": dict[str, str].fromkeys(FIELDS, "Reminds patients of their appointments, a day before."),
    "plain": {"what_it_does": "Lists due_reminders for patients of the practice."},
    "length": dict[str, str].fromkeys(FIELDS, f"Appointments of patients are {'very ' * 40}good."),
    "evidence": {"evidence": ()},
    "true": {"business_value": "It will fill 40% more of the day."},
    "borne": dict[str, str].fromkeys(FIELDS, "Cash is tied up in stock."),
    "business": dict[str, str].fromkeys(FIELDS, "All of it fits in 33 lines of code."),
    "named": {"headline": "Appointment reminders v2"},
    "distinct": dict[str, str].fromkeys(FIELDS, GOOD.business_value),
}


@pytest.fixture(scope="module")
def cases() -> Sequence[CodeCase]:
    return code_cases()


@pytest.fixture(scope="module")
def pictures() -> Sequence[RoadmapCase]:
    return roadmap_cases()


@pytest.fixture(scope="module")
def readers() -> Readers:
    return rules()


def test_the_set_is_large_and_of_many_languages(cases: Sequence[CodeCase]) -> None:
    assert len(cases) >= 30
    assert len({Path(case.name).suffix for case in cases}) >= 10
    assert {case.brief.stage.key for case in cases} == {"preview", "demo", "shipped"}
    assert len({case.brief.audience.key for case in cases}) == 3
    assert len(roadmap_cases()) >= 2


def test_a_good_understanding_has_full_marks(cases: Sequence[CodeCase]) -> None:
    assert set(score_code(GOOD, cases[0]).values()) == {1.0}


@pytest.mark.parametrize("rule", WORSE)
def test_each_rule_finds_its_own_fault(cases: Sequence[CodeCase], rule: str) -> None:
    worse = GOOD.model_copy(update=WORSE[rule])

    assert score_code(worse, cases[0])[rule] < 0.5


def test_evidence_has_to_exist(cases: Sequence[CodeCase]) -> None:
    astray = Evidence(field="headline", first_line=900, last_line=901)
    half = GOOD.model_copy(update={"evidence": (*GOOD.evidence, astray)})

    assert score_code(half, cases[0])["evidence"] == 0.5


@pytest.mark.parametrize(
    ("headline", "score"),
    [
        ("AWS s bucket", 0.0),
        ("Coperniq frames 1", 0.0),
        ("Bank tables 2.1", 0.0),
        ("A board that I can read", 1.0),
        ("Patients' appointments, and what they're worth", 1.0),
    ],
)
def test_raw_names_in_a_headline_are_found(
    cases: Sequence[CodeCase], headline: str, score: float
) -> None:
    made = GOOD.model_copy(update={"headline": headline})

    assert score_code(made, cases[0])["named"] == score


def test_variety_counts_what_other_audiences_hear_differently() -> None:
    other = GOOD.model_copy(update={"business_value": "It will spare the desk a day."})

    assert score_variety(GOOD, [GOOD, other]) == 1 / 8


def test_executives_alone_are_spared_names(cases: Sequence[CodeCase]) -> None:
    case = cases[0]
    managers = replace(case.brief, audience=cases[3].brief.audience)
    named = GOOD.model_copy(update=WORSE["plain"])

    assert score_code(named, replace(case, brief=managers))["plain"] == 1.0


def test_a_secret_of_a_picture_is_found() -> None:
    case = roadmap_cases()[0]
    box = Evidence(field="what_it_does", box=(0, 0, 5, 5))
    leaking = GOOD.model_copy(
        update={"headline": "Nighthawk plans crews, 2027", "evidence": (box,)}
    )

    scores = score_roadmap(leaking, case, (10, 10))
    outside = score_roadmap(leaking, case, (4, 4))

    assert (scores["plain"], scores["true"], scores["evidence"]) == (0.0, 0.0, 1.0)
    assert outside["evidence"] == 0.0


async def test_the_reading_by_rules_keeps_its_level(
    readers: Readers, cases: Sequence[CodeCase]
) -> None:
    rows = await scored_code(readers[0], cases)

    vague = {row.case for row in rows if row.scores["specific"] < 1}
    assert vague <= {"__init__.py", "utils.py"}, "no name that rules read tells what they are about"
    others = [[row.scores[rule] for rule in row.scores if rule != "specific"] for row in rows]
    assert mean(row.mean for row in rows) >= 0.97
    assert min(map(mean, others)) >= 0.93
    floors = {
        "plain": 1.0, "length": 1.0, "evidence": 1.0, "borne": 1.0, "business": 1.0, "named": 1.0,
        "distinct": 0.95, "varied": 0.95, "grammatical": 0.99,
    }  # fmt: skip
    for rule, floor in floors.items():
        assert mean(row.scores[rule] for row in rows) >= floor, rule


@pytest.mark.timeout(120)
async def test_the_reading_of_roadmaps_by_rules_keeps_its_level(
    readers: Readers, pictures: Sequence[RoadmapCase]
) -> None:
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")

    rows = await scored_roadmaps(readers[1], pictures)

    assert len(rows) == 2
    assert min(row.mean for row in rows) >= 0.9
    assert {row.scores["plain"] for row in rows} == {1.0}


async def test_a_model_is_scored_through_all_that_stands_around_it(
    providers: Providers, cases: Sequence[CodeCase]
) -> None:
    key = providers.new_key()
    answer = GOOD.model_dump(include={*FIELDS, "suggested_icon"}) | {
        "evidence": [{"field": "what_it_does", "first_line": 22, "last_line": 27}]
    }
    providers.always(key, answer)
    settings = Settings.model_validate({"google_api_key": key, "google_base_url": providers.google})

    async with with_model(settings) as found:
        assert found is not None
        name, code, _ = found
        rows: list[Scored] = await scored_code(code, cases[:1])

    assert name == "google:gemini-3.8-flash"
    assert rows[0].made.source is UnderstandingSource.MODEL
    assert rows[0].mean == 1.0


async def test_without_a_model_rules_alone_are_scored() -> None:
    async with with_model(Settings()) as found:
        assert found is None


async def test_it_prints_a_table(
    capsys: pytest.CaptureFixture[str], cases: Sequence[CodeCase]
) -> None:
    await main(lambda: (cases[:3], []))

    told = capsys.readouterr().out
    assert "By rules" in told
    assert "mean" in told
    assert [case.name for case in cases[:3] if case.name not in told] == []
    assert "No language model is set" in told
