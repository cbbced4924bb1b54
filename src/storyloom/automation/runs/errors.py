"""What can go wrong with a run."""

from storyloom.errors import Conflict, NotFound


class RunNotFound(NotFound):
    """There is no such run."""

    code = "run_not_found"


class ShotNotFound(NotFound):
    """There is no such picture in this run."""

    code = "shot_not_found"


class RunEnded(Conflict):
    """The run has ended, and that cannot be undone."""

    code = "run_ended"


class Superseded(Conflict):
    """Another process has taken the run up in the meantime."""

    code = "superseded"
