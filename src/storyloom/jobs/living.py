"""How many workers live."""

from collections.abc import Sequence

from storyloom.jobs.schemas import WorkerSeen


class Living:
    """Counts the workers whose beat has moved since the last look; at the first, all who are there.

    Beats come every two seconds: leave more time than that between two looks.
    """

    def __init__(self) -> None:
        """Know nobody yet."""
        self._beats: dict[str, object] = {}

    def look(self, workers: Sequence[WorkerSeen]) -> int:
        """How many live."""
        before = self._beats
        self._beats = {seen.worker.id: seen.beat_at for seen in workers}
        return sum(
            not seen.has_left and before.get(seen.worker.id) != seen.beat_at for seen in workers
        )
