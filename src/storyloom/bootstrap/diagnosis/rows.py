"""An examination as rows of one table: each part, what stands behind it, and how it is."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from storyloom.bootstrap.diagnosis.report import Report, masked
from storyloom.bootstrap.parts import Choice
from storyloom.kit.diagnosis import Diagnosis, DoctorRow, ProviderModels, State
from storyloom.kit.findings import Absent, Finding, Verdict

#: By which check each chosen part is looked at; of the others nothing can fail.
_LOOKED_AT = {
    "hot state": "hot",
    "archive": "archive",
    "engine": "engine",
    "worker queues": "queues",
    "pictures": "images",
    "understanding of roadmaps": "ocr",
    "board renderer": "renderer",
    "GPUs": "gpu",
    "SwarmUI": "swarmui",
    "films of stories": "ffmpeg",
}
_NOTHING = ("none", "no limit")


_STATES = {Verdict.OK: State.OK, Verdict.WARNING: State.WARN, Verdict.ERROR: State.FAIL}


def diagnosis_of(report: Report, took_ms: Mapping[str, int], at: datetime) -> Diagnosis:
    """Everything that was found, without the settings themselves."""
    return Diagnosis(
        ok=report.is_well,
        version=report.version,
        python=report.python,
        looked_at=at,
        rows=list(_rows(report, took_ms)),
        models=[
            ProviderModels(provider=one.provider, understand=[*one.understand], paint=[*one.paint])
            for one in report.models
        ],
    )


def _rows(report: Report, took_ms: Mapping[str, int]) -> Iterator[DoctorRow]:
    looked_at = {_LOOKED_AT.get(choice.part): choice for choice in report.parts}
    found = {one.check for one in report.findings}
    for one in report.findings:
        yield _found(one, looked_at.get(one.check), took_ms.get(one.check))
    for choice in report.parts:
        if _LOOKED_AT.get(choice.part) not in found:
            is_off = choice.chosen.startswith(_NOTHING)
            state = State.OFF if is_off else State.OK
            chosen = masked(choice.chosen)
            yield DoctorRow(
                part=choice.part, chosen=chosen, state=state, says="", remedy="", ms=None
            )


def _found(one: Finding, choice: Choice | None, ms: int | None) -> DoctorRow:
    return DoctorRow(
        part=one.check if choice is None else choice.part,
        chosen=None if choice is None else masked(choice.chosen),
        state=State.OFF if isinstance(one, Absent) else _STATES[one.status],
        says=masked(one.says),
        remedy=masked(one.mend),
        ms=ms,
    )
