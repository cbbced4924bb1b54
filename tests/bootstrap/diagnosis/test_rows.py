"""What was found, as rows."""

from datetime import UTC, datetime

from storyloom.bootstrap.diagnosis.machine import Folder
from storyloom.bootstrap.diagnosis.providers import Usable
from storyloom.bootstrap.diagnosis.report import Report
from storyloom.bootstrap.diagnosis.rows import diagnosis_of
from storyloom.bootstrap.parts import Choice
from storyloom.kit.diagnosis import Diagnosis, DoctorRow, State
from storyloom.kit.findings import Finding, absent, error, warning, well

AT = datetime(2026, 1, 1, tzinfo=UTC)
PARTS = [Choice("archive", "PostgreSQL"), Choice("GPUs", "none is looked for")]


def diagnosis(*findings: Finding, parts: list[Choice], checks: dict[str, str]) -> Diagnosis:
    report = Report(
        version="1",
        python="3",
        settings={"google_api_key": "a secret"},
        data_dir=Folder("/data", exists=True, writable=True, used_by=None),
        parts=parts,
        checks=checks,
        findings=findings,
        workers=[],
        models=[Usable("google", ("gemini",), ())],
        ocr="ok",
        scripts=[],
    )
    return diagnosis_of(report, {"archive": 7}, AT)


def test_each_verdict_has_its_state_and_each_part_what_is_behind_it() -> None:
    found = diagnosis(
        error("archive", "It is away.", "Start it."),
        warning("keys", "One ends soon.", "Make another."),
        well("settings", "They go together."),
        absent("gpu", "There is none."),
        parts=PARTS,
        checks={"archive": "It is away."},
    )

    assert not found.ok
    assert [(row.part, row.chosen, row.state) for row in found.rows] == [
        ("archive", "PostgreSQL", State.FAIL),
        ("keys", None, State.WARN),
        ("settings", None, State.OK),
        ("GPUs", "none is looked for", State.OFF),
    ]
    assert (found.rows[0].says, found.rows[0].remedy) == ("It is away.", "Start it.")
    assert [row.ms for row in found.rows] == [7, None, None, None]
    assert [one.model_dump() for one in found.models] == [
        {"provider": "google", "understand": ["gemini"], "paint": []}
    ]


def test_what_cannot_fail_is_a_row_as_well() -> None:
    parts = [
        Choice("traces", "none"),
        Choice("budget", "no limit"),
        Choice("retention", "for ever"),
    ]
    found = diagnosis(parts=parts, checks={})

    assert found.ok
    assert found.rows == [
        DoctorRow(part=one.part, chosen=one.chosen, state=state, says="", remedy="", ms=None)
        for one, state in zip(parts, (State.OFF, State.OFF, State.OK), strict=True)
    ]


def test_no_secret_is_told() -> None:
    said = "postgresql://me:a-secret@host"
    parts = [Choice("archive", said), Choice("traces", said)]
    told = diagnosis(error("archive", said, said), parts=parts, checks={}).model_dump_json()

    assert "secret" not in told
    assert told.count("postgresql://***@host") == 4
