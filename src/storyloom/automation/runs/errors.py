"""What can go wrong with a run."""

from storyloom.errors import Conflict, InvalidInput, NotFound, StoryloomError


class RunNotFound(NotFound):
    """There is no such run."""

    code = "run_not_found"


class ShotNotFound(NotFound):
    """There is no such picture in this run."""

    code = "shot_not_found"


class VersionNotFound(NotFound):
    """There is no such version of this picture."""

    code = "version_not_found"


class NothingToDo(Conflict):
    """There is nothing to be made anew: nothing has failed."""

    code = "nothing_to_do"


class RunEnded(Conflict):
    """The run has ended, and that cannot be undone."""

    code = "run_ended"


class ExportNotFound(NotFound):
    """Nobody has asked for an export of this name."""

    code = "export_not_found"


class ExportNotReady(Conflict):
    """The export is still being made."""

    code = "export_not_ready"


class ExportFailed(Conflict):
    """The export could not be made."""

    code = "export_failed"


class NothingToExport(Conflict):
    """The run has no pictures to hand over yet."""

    code = "nothing_to_export"


class Superseded(Conflict):
    """Another process has taken the run up in the meantime."""

    code = "superseded"


class NothingToTell(InvalidInput):
    """The session has neither beats nor a script, so there is nothing to make pictures of."""

    code = "nothing_to_tell"


class PromptsMissing(StoryloomError):
    """Another service has not sent the prompts in time."""

    code = "prompts_missing"

    def __init__(self, there: int = 0, wanted: int = 0) -> None:
        """Take how many beats have their prompts by now, and how many there are."""
        super().__init__(
            f"Another service has not sent the prompts in time: {there} of {wanted} beats have theirs."
        )
