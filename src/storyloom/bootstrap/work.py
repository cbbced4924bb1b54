"""What brings work of each kind, and the queues that it waits in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyloom.adapters.sql.queue_switches import SqlQueueSwitches
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.automation.runs.export_work import ExportWork
from storyloom.automation.runs.work import RunWork
from storyloom.bootstrap.archive import Records
from storyloom.bootstrap.engine import OpenEngine
from storyloom.bootstrap.runs import RunOffice
from storyloom.bootstrap.storyboards import Storyboards
from storyloom.jobs.ports import Pipeline
from storyloom.jobs.queues import Queues
from storyloom.kit.clock import Clock
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.work.counting import Counting
from storyloom.work.insights import Insights
from storyloom.work.organizations import Organizations
from storyloom.work.state import Works


@dataclass(frozen=True, slots=True)
class WorkDesk:
    """What the routes of work call."""

    works: Works
    insights: Insights
    counting: Counting
    organizations: Organizations

    @property
    def state(self) -> Mapping[str, object]:
        """What they find in the state of a request."""
        return {
            "works": self.works,
            "insights": self.insights,
            "counting": self.counting,
            "organizations": self.organizations,
        }


def queues_of(
    records: Records, pipelines: Sequence[Pipeline], opened: OpenEngine, clock: Clock
) -> Queues:
    """The queues of these pipelines."""
    names = {pipeline.queue for pipeline in pipelines}
    switches = SqlQueueSwitches(records.database)
    return Queues(names, switches, opened.engine, clock, rest=opened.rest)


def works_of(
    records: Records,
    boards: Storyboards,
    intake: StoryboardIntake,
    office: RunOffice,
    *,
    queues: Queues,
) -> Works:
    """Work of all kinds."""
    runs = SqlRunStore(records.database)
    return Works(
        [
            boards.work(intake, records, queues),
            RunWork(office.runs, runs, office.starter, queues),
            ExportWork(office.exports, runs, queues),
        ],
        queues,
        records.ledger,
    )
