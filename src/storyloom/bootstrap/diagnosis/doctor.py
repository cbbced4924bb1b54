"""The doctor of a running server: one examination at a time, and a short memory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio
from anyio import to_thread

from storyloom.kit.clock import Clock
from storyloom.kit.diagnosis import Diagnosis
from storyloom.settings import Settings

BELIEVED_FOR = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class _Kept:
    began_at: datetime
    diagnosis: Diagnosis


class Doctor:
    """Looks at everything that the settings choose, for whoever asks a server."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Take the settings; nothing is looked at yet."""
        self._settings = settings
        self._clock = clock
        self._turn = anyio.Lock()
        self._kept: _Kept | None = None

    async def diagnosis(self, *, fresh: bool = False) -> Diagnosis:
        """What is so, some seconds ago at most; `fresh`: since this was asked."""
        asked_at = self._clock.now()
        since = asked_at if fresh else asked_at - BELIEVED_FOR
        async with self._turn:
            if self._kept is None or self._kept.began_at < since:
                self._kept = await self._looked()
            return self._kept.diagnosis

    async def _looked(self) -> _Kept:
        began_at = self._clock.now()
        diagnosis = await to_thread.run_sync(_look, self._settings, self._clock)
        return _Kept(began_at, diagnosis)


def _look(settings: Settings, clock: Clock) -> Diagnosis:
    """Look in an event loop of its own: loading adapters and fonts would hold up others."""
    # Here, because a server that nobody asks has no need of what all parts are asked with.
    from storyloom.bootstrap.diagnosis.report import report_of  # noqa: PLC0415
    from storyloom.bootstrap.diagnosis.rows import diagnosis_of  # noqa: PLC0415

    report, took_ms = anyio.run(report_of, settings)
    return diagnosis_of(report, took_ms, clock.now())
