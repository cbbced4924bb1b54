"""Runs put together for people to see: rows, the session, the ledger, and files."""

from contextlib import suppress
from typing import Protocol

from anyio import CapacityLimiter, to_thread

from storyloom.automation.runs.errors import VersionNotFound
from storyloom.automation.runs.schemas import Report, Run, Version
from storyloom.automation.runs.state import Runs
from storyloom.automation.runs.views import RunView, current_report
from storyloom.errors import InvalidInput, NotFound, Unavailable
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import MediaType
from storyloom.imaging.small import small_copy
from storyloom.kit.clock import Clock
from storyloom.outbound.costs import Cost, cost_of
from storyloom.outbound.ports import Ledger
from storyloom.story.episodes import StoryView
from storyloom.story.schemas import SessionKey

#: So many pictures are decoded at a time: a page asks for those of a whole run at once.
COPIES_AT_ONCE = 2


class Episodes(Protocol):
    """Where sessions are read, as `StorySessions` has it."""

    async def episode(self, key: SessionKey) -> StoryView:
        """Script, beats and bible as they are now; raises `SessionNotFound`."""
        ...


class RunViews:
    """Shows runs. A foreign one is not found."""

    def __init__(
        self, runs: Runs, sessions: Episodes, images: ImageStore, *, ledger: Ledger, clock: Clock
    ) -> None:
        """Take where all this is kept."""
        self._runs = runs
        self._sessions = sessions
        self._images = images
        self._ledger = ledger
        self._clock = clock
        self._copies = CapacityLimiter(COPIES_AT_ONCE)

    async def whole(self, org_id: str, name: str) -> RunView:
        """All about a run; raises `RunNotFound`."""
        run = await self._runs.get(org_id, name)
        shots = await self._runs.shots(run)
        story, spent = await self._story(run), await self._spent(run)
        return RunView.whole(run, shots, story, spent=spent, now=self._clock.now())

    async def report(self, org_id: str, name: str) -> Report:
        """What became of a run, or so far; raises `RunNotFound`."""
        run = await self._runs.get(org_id, name)
        shots = await self._runs.shots(run)
        report = current_report(run, shots, self._clock.now())
        return report.model_copy(update={"spent": await self._spent(run)})

    async def version(self, org_id: str, name: str, shot_id: str, number: int | None) -> Version:
        """One picture of a shot, or the one that counts; raises `VersionNotFound`."""
        run = await self._runs.get(org_id, name)
        shot = await self._runs.shot(run, shot_id)
        wanted = shot.chosen if number is None else number
        found = next((one for one in shot.versions if one.number == wanted), None)
        if found is None:
            raise VersionNotFound
        return found

    async def file(self, version: Version) -> tuple[bytes, MediaType]:
        """The bytes of a picture; raises `NotFound` where it was forgotten."""
        return await self._images.get(version.picture.key), version.picture.media_type

    async def small(self, version: Version) -> tuple[bytes, MediaType]:
        """A small copy of it; the picture itself where it cannot be decoded."""
        data, media_type = await self.file(version)
        with suppress(InvalidInput):
            small = await to_thread.run_sync(small_copy, data, limiter=self._copies)
            return small, MediaType.JPEG
        return data, media_type

    async def _story(self, run: Run) -> StoryView | None:
        # A run is shown also while its session cannot be read: it says so itself.
        with suppress(NotFound, Unavailable):
            return await self._sessions.episode(SessionKey(run.org_id, run.session_timestamp))
        return None

    async def _spent(self, run: Run) -> Cost:
        return cost_of(await self._ledger.of_job(run.id))
