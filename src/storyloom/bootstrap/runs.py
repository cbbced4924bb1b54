"""Runs: what drives them, what steers them, and what shows them."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from anyio import CancelScope, to_thread

from storyloom.adapters.sql.config_store import SqlConfigStore
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.automation.runs.accepted import AcceptedExports, AcceptedRuns
from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.defaults import RunDefaults
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.drives import Drives, LateDirector
from storyloom.automation.runs.export_making import ExportMaker
from storyloom.automation.runs.exporting import RunExports, Workshop
from storyloom.automation.runs.pipeline import StoryRun
from storyloom.automation.runs.ports import RunHistory, RunStore
from storyloom.automation.runs.preflight import Preflight
from storyloom.automation.runs.rehearsal import Rehearsal
from storyloom.automation.runs.showing import RunViews
from storyloom.automation.runs.starting import RunStarter
from storyloom.automation.runs.state import Runs
from storyloom.automation.runs.told import RunTeller
from storyloom.boards.export.exporter import Exporter
from storyloom.boards.export.schemas import ExportKind
from storyloom.bootstrap.backends import gear_of
from storyloom.bootstrap.exports import exporter_of
from storyloom.bootstrap.preflight import preflight_of
from storyloom.bootstrap.stage import Rows, Stage
from storyloom.events.ports import Untold
from storyloom.jobs.ports import Engine, Pipeline
from storyloom.jobs.reconciler import Accepted
from storyloom.jobs.stops import StoppablePipeline, Stopper, Stops
from storyloom.kit.background import Background
from storyloom.settings import Settings
from storyloom.story.schemas import SessionKey


@dataclass(frozen=True, slots=True)
class Productions:
    """What drives runs here. It can be used with an engine, or with none, by a command."""

    director: Drives
    pipeline: StoryRun
    exports: ExportMaker
    accepted: Sequence[Accepted]  #: runs and their exports, for reconcilers
    stops: Stops  #: of exports that are made in this process
    stopper: Stopper  #: of those that were ended in others
    store: RunStore
    history: RunHistory
    defaults: RunDefaults
    bells: Bells
    gear: Gear
    preflight: Preflight
    _stage: Stage
    _exporter: Exporter

    @property
    def pipelines(self) -> Sequence[Pipeline]:
        """What an engine runs."""
        return [self.pipeline, StoppablePipeline(self.exports, self.stops)]

    @property
    def untold(self) -> Untold | None:
        """What keeps events of notifications apart from the log."""
        return self._stage.story.untold

    def office(self, engine: Engine, background: Background | None = None) -> "RunOffice":
        """What people call, over this engine.

        With a background, runs start by themselves where an organisation wants that.
        """
        stage, sessions = self._stage, self._stage.story.sessions
        runs = Runs(self.store, engine, self.bells, stage.clock)
        views = RunViews(
            runs, sessions, stage.images, ledger=stage.records.ledger, clock=stage.clock
        )
        starter = RunStarter(self.store, self.defaults, sessions, runs=runs, clock=stage.clock)
        check = self._exporter.check if stage.takes_jobs else _anything
        workshop = Workshop(engine, stage.images, check, self.stops)
        exports = RunExports(runs, self.store, workshop, stage.clock)
        if background is not None:

            def ready(key: SessionKey) -> None:
                background.soon(partial(_started, starter, key))

            stage.story.herald.ready = ready
        rehearsal = Rehearsal(self.preflight, starter, sessions)
        return RunOffice(runs, starter, views, exports, rehearsal)

    @asynccontextmanager
    async def driven(self, grace_s: float) -> AsyncGenerator[None]:
        """Let go of all runs in the end, for others to go on with, within so many seconds.

        To be entered after the engine, so that it is left before the engine waits for its jobs.
        """
        try:
            yield
        finally:
            with CancelScope(shield=True):
                await self.director.leave(grace_s)


@dataclass(frozen=True, slots=True)
class RunOffice:
    """What the routes of runs call."""

    runs: Runs
    starter: RunStarter
    views: RunViews
    exports: RunExports
    rehearsal: Rehearsal

    @property
    def state(self) -> Mapping[str, object]:
        """What they find in the state of a request."""
        return {
            "runs": self.runs,
            "run_starter": self.starter,
            "run_views": self.views,
            "run_exports": self.exports,
            "run_rehearsal": self.rehearsal,
        }


async def _anything(kind: ExportKind) -> None:
    """Only who makes it knows whether it can."""


async def _started(starter: RunStarter, key: SessionKey) -> None:
    await starter.start_by_itself(key)


@asynccontextmanager
async def productions_of(settings: Settings, stage: Stage) -> AsyncGenerator[Productions]:
    """Open what makes pictures; the director is put together for the first run."""
    teller, bells = RunTeller(stage.events, stage.clock), Bells()
    store = SqlRunStore(stage.records.database, teller)
    defaults = RunDefaults(SqlConfigStore(stage.records.database))
    stage.story.herald.changed = bells.ring
    model = None if stage.models is None else stage.models.images
    async with gear_of(settings, stage.automation.swarmui, stage.images, model) as gear:

        async def director() -> Drives:
            director_of = await to_thread.run_sync(_loaded)
            return director_of(settings, stage, gear, Rows(store, bells))

        late = LateDirector(director)
        pipeline = StoryRun(late)
        asked, stops = AcceptedExports(store, store, stage.clock), Stops()
        accepted = (AcceptedRuns(store, late), asked)
        exporter = exporter_of(settings)
        exports = ExportMaker(
            *(store, stage.story.sessions, stage.images),
            exporter=exporter,
            ledger=stage.records.ledger,
            clock=stage.clock,
        )
        stopped = (accepted, stops, Stopper(stops, asked))
        made, kept = (late, pipeline, exports, *stopped), (store, store, defaults)
        preflight = preflight_of(settings, gear, stage, store)
        yield Productions(*made, *kept, bells, gear, preflight, stage, exporter)


def _loaded() -> Callable[[Settings, Stage, Gear, Rows], Drives]:
    from storyloom.bootstrap.directing import director_of  # noqa: PLC0415 - nothing is driven yet

    return director_of
