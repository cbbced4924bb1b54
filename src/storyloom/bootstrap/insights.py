"""What tells more of work of each kind."""

from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.automation.runs.insight import ExportInsight, RunInsight
from storyloom.bootstrap.engine import OpenEngine
from storyloom.bootstrap.storyboards import Stores, Storyboards
from storyloom.storyboard.insight import StoryboardInsight
from storyloom.work.insights import Insights
from storyloom.work.state import Works


def insights_of(works: Works, boards: Storyboards, stores: Stores, opened: OpenEngine) -> Insights:
    """Of storyboards, runs and exports."""
    records, log = stores.records, stores.events.log
    kept = (boards.jobs, stores.images, records.ledger)
    runs = RunInsight(SqlRunStore(records.database), stores.images, records.ledger, log)
    return Insights(
        works, StoryboardInsight(*kept, log=log, records=opened.records), [runs, ExportInsight()]
    )
