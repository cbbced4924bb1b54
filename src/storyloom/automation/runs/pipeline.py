"""The story pipeline: one long last part, which the director does over rows of our own.

Of `Steps.end` an engine keeps nothing, so it is run again after a crash, and finds all that was done
in the rows.
"""

from functools import partial

from pydantic import JsonValue

from storyloom.automation.runs.drives import Drives
from storyloom.automation.runs.state import PIPELINE
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.ports import Steps
from storyloom.kit.ids import JobId

STORIES = "stories"


class StoryRun:
    """A script, or a session, becomes pictures."""

    name = PIPELINE
    queue = STORIES

    def __init__(self, director: Drives) -> None:
        """Take who drives runs."""
        self._director = director

    async def run(self, job_id: JobId, steps: Steps) -> None:
        """Drive the run; raises `HandedOver` where another process is to go on with it."""
        try:
            await steps.end("drive", partial(self._drive, job_id))
        except StepFailed as fault:
            await steps.end("fail", partial(self._fail, job_id, fault))

    async def _drive(self, job_id: JobId) -> JsonValue:
        await self._director.run(job_id)
        return None

    async def _fail(self, job_id: JobId, fault: StepFailed) -> JsonValue:
        await self._director.fail(job_id, message=fault.message, code=fault.failure_code)
        return None
