"""What runs need from outside: a place to be kept in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.exported import RunExport
from storyloom.automation.runs.schemas import Run, Shot
from storyloom.jobs.schemas import Sought
from storyloom.kit.ids import JobId

RunEdit = Callable[[Run], Run]
ShotEdit = Callable[[Shot], Shot]


class RunStore(Protocol):
    """Keeps runs and their shots. What returns without an error is on disk.

    A change is made of what is kept at that moment, in one transaction: the edit may be called more
    than once, and nothing that somebody else writes is lost. With an `epoch`, a change is made only
    while the run still has that epoch; otherwise it raises `Superseded`. Every method raises
    `Unavailable` when the store does not answer, and changes raise `NotFound`.
    """

    async def add(self, run: Run, cause: str = "") -> Run:
        """Keep a new run, and give it; for the second of a `cause` in an organisation, the first.

        Raises `Conflict` when its id is taken.
        """
        ...

    async def get(self, run_id: JobId) -> Run | None:
        """The run, or None."""
        ...

    async def page(self, org_id: str, *, limit: int, before: datetime | None) -> Sequence[Run]:
        """Runs of an organisation, the newest first; made before that time only."""
        ...

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[Run]:
        """Runs that have not ended, the oldest first. Neither of the two times is included."""
        ...

    async def change(self, run_id: JobId, edit: RunEdit, *, epoch: int | None = None) -> Run:
        """Change a run, and give it as it is now."""
        ...

    async def shots(self, run_id: JobId) -> Sequence[Shot]:
        """The shots of a run, in the story's order; none where there is no such run."""
        ...

    async def add_shots(self, run_id: JobId, shots: Sequence[Shot], *, epoch: int) -> None:
        """Keep new shots; those whose ids are there already are left as they are."""
        ...

    async def change_shot(
        self, run_id: JobId, name: str, edit: ShotEdit, *, epoch: int | None = None
    ) -> Shot:
        """Change a shot, and give it as it is now."""
        ...


class RunIndex(Protocol):
    """Looks runs up: what every `RunStore` tells those who list all work."""

    async def seek(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[Run]:
        """Runs of an organisation, the newest first; of one time, the greatest id first.

        Kinds do not choose here: runs are of one kind.
        """
        ...

    async def progress(self, run_ids: Sequence[JobId]) -> Mapping[JobId, tuple[int, int]]:
        """How many shots of each of these runs have ended, and how many there are."""
        ...

    async def first_pictures(self, run_ids: Sequence[JobId]) -> Mapping[JobId, str]:
        """The name of the picture that counts of the first shot that has one, of each run that has."""
        ...


class ExportIndex(Protocol):
    """Looks exports up without reading runs: what every `RunStore` tells those who list all work."""

    async def seek_exports(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[RunExport]:
        """Exports of an organisation's runs, the last asked for first; then the greatest id first.

        Kinds do not choose here: exports are of one kind.
        """
        ...

    async def export(self, export_id: JobId) -> RunExport | None:
        """One of them, by its id among work of all kinds, or None."""
        ...

    async def open_exports(self, run_ids: Collection[JobId]) -> Sequence[RunExport]:
        """Those of these runs that have not ended."""
        ...

    async def unfinished_exports(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[RunExport]:
        """Exports that have not ended, the first asked for first; asked for between the two times.

        Neither of the two is included.
        """
        ...


class RunHistory(Protocol):
    """The ages of runs: what every `RunStore` tells those who forget what is old."""

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[Run]:
        """Remove the runs that ended first, before this time, with their shots; give them.

        A run that has not ended is never removed.
        """
        ...

    async def ended(self, *, before: datetime) -> int:
        """How many runs ended before this time, which `forget` would remove."""
        ...

    async def oldest(self, *, without_ended_before: datetime | None = None) -> datetime | None:
        """When the oldest run was made, or None where there is none.

        With a time, of those runs that did not end before it: as if they had been forgotten.
        """
        ...


class EnginePrograms(Protocol):
    """Knows the processes of the engine that makes pictures on this machine."""

    async def among(self, pids: frozenset[int]) -> frozenset[int] | None:
        """Those of these processes that are the engine's; None where nobody can tell."""
        ...


class ConfigStore(Protocol):
    """Keeps the defaults of each organisation."""

    async def get(self, org_id: str) -> RunConfig | None:
        """What it has chosen, or None where it never has."""
        ...

    async def put(self, org_id: str, config: RunConfig) -> None:
        """Keep what it has chosen."""
        ...
