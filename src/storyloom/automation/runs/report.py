"""The morning report: what became of a run, and what somebody has to decide. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from storyloom.automation.runs.schemas import (
    Decision,
    Remedy,
    Report,
    Run,
    Shot,
    ShotStatus,
)
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import elapsed_ms
from storyloom.outbound.costs import Cost

_RETRY, _REGENERATE, _EDIT = "retry", "regenerate", "edit_prompt"
#: What is to be done about a picture that failed for this reason; else it can be tried again.
_OFFERS = {
    "blocked": (_EDIT, _REGENERATE),
    "prompt_lint": (_EDIT,),
    "invalid_input": (_EDIT,),
    "model_not_found": (_EDIT, _RETRY),
    "prompts_missing": (_RETRY,),
}
_SAYS = {
    Remedy.FRAME: "A drawn frame stands in",
    Remedy.OTHER_BACKEND: "Another backend made it",
    Remedy.OTHER_MODEL: "Another model made it",
    Remedy.SOFTEN: "It was painted with milder words",
    Remedy.RESEED: "It has another seed",
}


def report_of(
    run: Run, shots: Sequence[Shot], *, now: datetime, reused: int, beats: int, spent: Cost | None
) -> Report:
    """What is to be said of the run now."""
    counts = Counter(shot.status for shot in shots)
    began_at, ended_at = run.started_at or run.waits_since, run.completed_at or now
    facts = Report(
        headline="",
        beats=beats,
        total=len(shots),
        done=counts[ShotStatus.DONE],
        degraded=counts[ShotStatus.DEGRADED],
        frames=sum(_is_stand_in(shot) for shot in shots),
        failed=counts[ShotStatus.FAILED],
        cancelled=counts[ShotStatus.CANCELLED],
        reused=reused,
        spent=spent,
        gpu_seconds=run.gpu_ms / 1000,
        wall_seconds=(run.earlier_ms + elapsed_ms(began_at, ended_at)) / 1000,
        made_with=_made_with(shots) or run.backend,
        remarks=run.degraded,
        decisions=tuple(_decisions(run, shots)),
    )
    return facts.model_copy(update={"headline": _headline(run, facts)})


def _is_stand_in(shot: Shot) -> bool:
    version = shot.version
    is_made = shot.status is ShotStatus.DEGRADED and version is not None and version.is_frame
    return is_made and any(step.remedy is Remedy.FRAME for step in shot.steps)


def _made_with(shots: Iterable[Shot]) -> str:
    """Backends and models, the most used first."""
    versions = [shot.version for shot in shots if shot.version is not None]
    names = Counter(" ".join(dict.fromkeys((v.backend, v.model))).strip() for v in versions)
    return ", ".join(name for name, _ in names.most_common(4))


def _headline(run: Run, facts: Report) -> str:
    if not facts.total:
        return _without_pictures(run)
    made = facts.done + facts.degraded
    parts = [f"{made} of {facts.total} pictures are made"]
    told = {
        f"{facts.degraded} not as they were asked for": facts.degraded,
        f"{facts.failed} failed": facts.failed,
        f"{facts.cancelled} cancelled": facts.cancelled,
    }
    parts += [words for words, count in told.items() if count]
    sentence = ", ".join(parts) + "."
    if run.status is JobStatus.FAILED and run.error_message:
        return f"{run.error_message} {sentence}"
    if run.status is JobStatus.CANCELLED:
        return f"The run was cancelled: {sentence}"
    return sentence


def _without_pictures(run: Run) -> str:
    """What is to be said where it is not known, or was never known, what is to be made."""
    if run.status is JobStatus.FAILED and run.error_message:
        return run.error_message
    if run.status is JobStatus.CANCELLED:
        return "The run was cancelled before a picture was begun."
    if not run.status.is_terminal:
        return "No picture is made yet."
    return "No picture was wanted."


def _decisions(run: Run, shots: Iterable[Shot]) -> Iterator[Decision]:
    if run.status is JobStatus.FAILED and run.error_code:
        says = run.error_message or run.error_code
        yield Decision(code=run.error_code, says=says, offers=(_RETRY,))
    for shot in shots:
        if shot.status is ShotStatus.FAILED:
            code = shot.error_code or "failed"
            says = f"There is no picture: {shot.error_message or code}"
            yield _decision(shot, code, says, _OFFERS.get(code, (_RETRY,)))
        elif shot.status is ShotStatus.DEGRADED:
            step = shot.steps[-1]
            yield _decision(shot, step.code, _told(shot), (_REGENERATE, _EDIT))


def _decision(shot: Shot, code: str, says: str, offers: tuple[str, ...]) -> Decision:
    return Decision(shot=shot.id, beat_id=shot.beat_id, code=code, says=says, offers=offers)


def _told(shot: Shot) -> str:
    """Why a picture is not as it was asked for."""
    for step in reversed(shot.steps):
        if step.remedy in _SAYS:
            return f"{_SAYS[step.remedy]}: {step.why}"
    return "It is not as it was asked for."
