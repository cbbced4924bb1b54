"""What takes storyboard jobs in, runs them and serves their pictures, over the same stores."""

from collections.abc import Sequence
from dataclasses import dataclass

from storyloom.bootstrap.archive import Records
from storyloom.bootstrap.models import allows
from storyloom.events.state import Events
from storyloom.imaging.ports import ImageStore
from storyloom.jobs.observers import Observers
from storyloom.jobs.ports import Engine, HotJobs, Pipeline
from storyloom.jobs.queues import Queues
from storyloom.jobs.stops import StoppablePipeline, Stops
from storyloom.kit.background import Background
from storyloom.kit.clock import Clock
from storyloom.settings import Settings
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.orders import StoryboardOrders
from storyloom.storyboard.pictures import StoryboardPictures
from storyloom.storyboard.pipeline import CodeToStoryboardTool, RoadmapToStoryboardTool
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.studio import Studio
from storyloom.storyboard.work import StoryboardWork
from storyloom.storyboard.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Stores:
    """Where jobs and files are kept, by whose clock, and who is told what happens."""

    records: Records
    hot: HotJobs
    images: ImageStore
    clock: Clock
    events: Events


@dataclass(frozen=True, slots=True)
class Storyboards:
    """What knows of storyboards."""

    jobs: StoryboardJobManager
    pictures: StoryboardPictures
    pipelines: Sequence[Pipeline]  #: for the engine, watched
    stops: Stops  #: of those that run in this process
    _settings: Settings
    _studio: Studio
    _images: ImageStore
    _observers: Observers

    def intake(
        self, engine: Engine, background: Background, profiles: Profiles
    ) -> StoryboardIntake:
        """What accepts jobs for this engine."""
        return StoryboardIntake(
            *(self.jobs, engine, self._images, self._studio.catalogue),
            observers=self._observers,
            background=background,
            allows=allows(self._settings),
            profiles=profiles,
        )

    def work(self, intake: StoryboardIntake, records: Records, queues: Queues) -> StoryboardWork:
        """The same among work of all kinds."""
        orders = StoryboardOrders(
            *(self.jobs, intake, self.stops),
            ledger=records.ledger,
            meter=self._observers.meter,
        )
        kept = (self.jobs, records.index, orders, queues)
        return StoryboardWork(*kept, slots=self._settings.concurrency)


def storyboards_of(
    settings: Settings, studio: Studio, observers: Observers, stores: Stores
) -> Storyboards:
    """Join them; nothing is opened."""
    records, images, clock = stores.records, stores.images, stores.clock
    jobs = StoryboardJobManager(records.archive, stores.hot, clock, stores.events)
    bench = Workbench(
        *(jobs, images, studio, clock, settings.job_timeout_s, observers.meter, records.ledger)
    )
    stops = Stops()
    tools = [
        StoppablePipeline(tool, stops)
        for tool in (CodeToStoryboardTool(bench), RoadmapToStoryboardTool(bench))
    ]
    return Storyboards(
        jobs,
        StoryboardPictures(jobs, images, studio),
        observers.over(tools, records.archive),
        stops,
        *(settings, studio, images, observers),
    )
