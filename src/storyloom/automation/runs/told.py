"""What happens to runs, for whoever keeps them: written into the log with the change, and told after it."""

from collections.abc import Iterable, Sequence

from storyloom.automation.runs.export_telling import export_changes_of
from storyloom.automation.runs.schemas import Run, Shot
from storyloom.automation.runs.telling import (
    accepted,
    changes_of,
    shot_changes_of,
    shots_added,
)
from storyloom.events.ports import Emitter
from storyloom.events.schemas import Draft
from storyloom.kit.clock import Clock, SystemClock


class RunTeller:
    """Says what a change is told by. What it says is kept in the same transaction, and then emitted.

    Rows show what is so and not what was: an event that is lost could not be made good from them.
    """

    def __init__(self, events: Emitter | None = None, clock: Clock | None = None) -> None:
        """Take where it is told; nowhere: then nothing is to be written either."""
        self._events = events
        self._clock = clock or SystemClock()

    def added(self, run: Run) -> Sequence[Draft]:
        """What a new run is told by."""
        return self._wanted([accepted(run, self._clock)])

    def changed(self, before: Run, run: Run) -> Sequence[Draft]:
        """What the difference is told by, of the run and of its exports."""
        changes = (changes_of(before, run, self._clock), export_changes_of(before, run))
        return self._wanted(draft for some in changes for draft in some)

    def shots_added(self, shots: Sequence[Shot], *, org_id: str, run_id: str) -> Sequence[Draft]:
        """What new pictures are told by."""
        return self._wanted(shots_added(shots, org_id=org_id, run_id=run_id, clock=self._clock))

    def shot_changed(
        self, before: Shot, shot: Shot, *, org_id: str, run_id: str
    ) -> Sequence[Draft]:
        """What the difference of a picture is told by."""
        return self._wanted(
            shot_changes_of(before, shot, org_id=org_id, run_id=run_id, clock=self._clock)
        )

    def tell(self, drafts: Sequence[Draft]) -> None:
        """Tell it, once it is kept."""
        if self._events is not None:
            self._events.emit(*drafts)

    def _wanted(self, drafts: Iterable[Draft]) -> Sequence[Draft]:
        return () if self._events is None else list(drafts)
