"""What brings work of each kind."""

from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.automation.runs.work import RunWork
from storyloom.bootstrap.archive import Records
from storyloom.bootstrap.runs import RunOffice
from storyloom.bootstrap.storyboards import Storyboards
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.work.state import Works


def works_of(
    records: Records, boards: Storyboards, intake: StoryboardIntake, office: RunOffice
) -> Works:
    """Work of all kinds."""
    return Works(
        [
            boards.work(intake, records),
            RunWork(office.runs, SqlRunStore(records.database)),
        ]
    )
