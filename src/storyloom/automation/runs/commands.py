"""What people can ask of a run, as edits of its rows. Pure functions.

They are made from any process, and the director hears of them within a second. Shots are changed
before the run: whoever sees that something was asked finds what it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storyloom.automation.runs.errors import NothingToDo, RunEnded, VersionNotFound
from storyloom.automation.runs.naming import next_job
from storyloom.automation.runs.ports import RunEdit, ShotEdit
from storyloom.automation.runs.schemas import Run, Shot, ShotStatus, Stage, Wanted
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import elapsed_ms
from storyloom.story.prompts import PromptSet

_UNBEGUN = frozenset({ShotStatus.WAITING, ShotStatus.READY})


@dataclass(frozen=True, slots=True)
class Wish:
    """Another picture of a shot: with this seed, and with these words where there are any."""

    seed: int
    prompt: str | None = None
    negative_prompt: str | None = None


def paused(run: Run) -> Run:
    """Begin nothing more; raises `RunEnded`."""
    return _asked(_open(run), wanted=Wanted.PAUSE)


def resumed(run: Run) -> Run:
    """Go on; raises `RunEnded`."""
    return _asked(_open(run), wanted=Wanted.RUN)


def cancelled(at: datetime) -> RunEdit:
    """Stop. One that has ended stays as it is, and one that nobody has begun ends now."""

    def edit(run: Run) -> Run:
        if run.status.is_terminal:
            return run
        if run.status is JobStatus.PENDING:
            ended = {"status": JobStatus.CANCELLED, "stage": Stage.COMPLETE, "completed_at": at}
            return _asked(run.model_copy(update=ended), wanted=Wanted.RUN)
        return _asked(run, wanted=Wanted.CANCEL)

    return edit


def reopened(at: datetime) -> RunEdit:
    """There is more to do; one that has ended begins another pass."""

    def edit(run: Run) -> Run:
        if not run.status.is_terminal:
            return _asked(run)
        again = {
            "job": next_job(run.job),
            "status": JobStatus.PENDING,
            "stage": Stage.IDLE,
            "error_code": None,
            "error_message": None,
            "asked_at": at,
            "earlier_ms": run.earlier_ms + _took_ms(run),
            "started_at": None,
            "completed_at": None,
        }
        return _asked(run.model_copy(update=again), wanted=Wanted.RUN)

    return edit


def told(run: Run) -> Run:
    """Something was asked of a shot."""
    return _asked(run)


def is_to_retry(shot: Shot, *, degraded: bool) -> bool:
    """Whether a retry means this shot: those that failed, and others that are not as asked."""
    if shot.status is ShotStatus.FAILED:
        return True
    return degraded and shot.status is ShotStatus.DEGRADED


def to_retry(shots: Iterable[Shot], run: Run, *, degraded: bool) -> list[Shot]:
    """The shots that a retry means; raises `NothingToDo`.

    One that was cut short has left shots to be made in a run that has ended: then it only goes on.
    """
    known = list(shots)
    found = [shot for shot in known if is_to_retry(shot, degraded=degraded)]
    is_cut_short = run.status.is_terminal and any(not one.status.is_terminal for one in known)
    if not found and not is_cut_short and run.status is not JobStatus.FAILED:
        raise NothingToDo
    return found


def retried(*, degraded: bool) -> ShotEdit:
    """Try it anew, as if it had not been tried."""

    def edit(shot: Shot) -> Shot:
        if not is_to_retry(shot, degraded=degraded):
            return shot
        return _anew(shot)

    return edit


def regenerated(wish: Wish) -> ShotEdit:
    """Make another picture; those that were made stay as versions. Raises `NothingToDo`."""

    def edit(shot: Shot) -> Shot:
        before = shot.prompt or (None if wish.prompt is None else PromptSet(prompt=wish.prompt))
        if before is None:
            raise NothingToDo("There is no prompt yet that another picture could be made of.")
        said = {"prompt": wish.prompt, "negative_prompt": wish.negative_prompt}
        words = {name: text for name, text in said.items() if text is not None}
        prompt = before.model_copy(update={"seed": wish.seed, **words})
        # Words that nobody has given are still those of the session.
        theirs = {"edited": True, "origin": None} if words else {}
        asked = {"prompt": prompt, "seed": wish.seed}
        return _anew(shot.model_copy(update=asked | theirs))

    return edit


def shot_cancelled(shot: Shot) -> Shot:
    """Make this picture no more; a picture that was made stays."""
    if shot.status in _UNBEGUN:
        return shot.model_copy(update={"status": ShotStatus.CANCELLED})
    if shot.status is ShotStatus.MAKING:
        return shot.model_copy(update={"wanted": Wanted.CANCEL})
    return shot


def restored(number: int) -> ShotEdit:
    """Let another of its pictures count; raises `VersionNotFound`."""

    def edit(shot: Shot) -> Shot:
        version = next((one for one in shot.versions if one.number == number), None)
        if version is None:
            raise VersionNotFound
        status = ShotStatus.DEGRADED if version.is_frame and shot.steps else ShotStatus.DONE
        found = {"chosen": number, "status": status, "wanted": Wanted.RUN, "progress": None}
        return shot.model_copy(update={**found, "error_code": None, "error_message": None})

    return edit


def _took_ms(run: Run) -> int:
    began, ended = run.started_at, run.completed_at
    return 0 if began is None or ended is None else elapsed_ms(began, ended)


def _anew(shot: Shot) -> Shot:
    return shot.model_copy(
        update={
            "status": ShotStatus.WAITING if shot.prompt is None else ShotStatus.READY,
            "wanted": Wanted.RUN,
            "steps": (),
            "progress": None,
            "error_code": None,
            "error_message": None,
        }
    )


def _open(run: Run) -> Run:
    if run.status.is_terminal:
        raise RunEnded
    return run


def _asked(run: Run, *, wanted: Wanted | None = None) -> Run:
    # An edit may be made twice: one more that was asked does no harm.
    update = {"edits": run.edits + 1} | ({} if wanted is None else {"wanted": wanted})
    return run.model_copy(update=update)
