"""What is done about a picture that could not be made: one step down the ladder at a time."""

import logging
from dataclasses import dataclass

from storyloom.automation.runs.config import LastResort
from storyloom.automation.runs.directing.exposure import failed, mended, words_of
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.directing.ladder import Means, backend_of, next_remedy, untried
from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.directing.softening import Softener
from storyloom.automation.runs.schemas import Mending, Remedy, Shot
from storyloom.errors import ContentBlocked, StoryloomError, Unavailable
from storyloom.kit.clock import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """What was decided, and written down."""

    remedy: Remedy | None  #: None: it is given up
    shot: Shot


class Remedies:
    """Decides about the next step, and writes it down before it is taken."""

    def __init__(self, slate: Slate, gear: Gear, softener: Softener, clock: Clock) -> None:
        """Take what there is to be tried."""
        self._slate = slate
        self._gear = gear
        self._softener = softener
        self._clock = clock

    async def step(self, shot: Shot, fault: StoryloomError, *, has_engine: bool) -> Step:
        """The next step for this shot after this fault."""
        name = backend_of(shot, self._slate.run.backend)
        backend, words = self._gear.backend(name), words_of(shot)
        milder = words
        if isinstance(fault, ContentBlocked):
            milder = await self._softened(words, fault)
        means = Means(
            takes_seeds=backend.capabilities.supports_seed,
            has_engine=has_engine,
            can_soften=milder != words,
            others=self._gear.others(name),
        )
        remedy = next_remedy(shot, fault, means)
        told = {"shot": shot.id, "code": fault.code, "reason": fault.message, "remedy": remedy}
        log.info("a picture could not be made", extra=told)
        if remedy is None:
            return await self._last_resort(shot, fault, name)
        if remedy is Remedy.FREE_MEMORY:
            await self._free(name)
        before, after = self._told(remedy, name, shot, (words, milder))
        step = self._mending(remedy, fault, name, (before, after))
        changed = await self._slate.change_shot(shot.id, mended((*shot.steps, step)))
        return Step(remedy, changed)

    async def _softened(self, words: str, fault: StoryloomError) -> str:
        try:
            return await self._softener.soften(words, fault.message)
        except StoryloomError as other:
            log.warning("no milder words were found", extra={"reason": other.message})
            return words

    async def _free(self, name: str) -> None:
        try:
            await self._gear.backend(name).free()
        except Unavailable as fault:
            log.warning("memory could not be freed", extra={"reason": fault.message})

    def _told(
        self, remedy: Remedy, name: str, shot: Shot, words: tuple[str, str]
    ) -> tuple[str, str]:
        """What is different from before, for people to see."""
        if remedy is Remedy.SOFTEN:
            return words
        if remedy is Remedy.OTHER_BACKEND:
            return name, untried(shot, self._gear.others(name))[0]
        return "", ""

    async def _last_resort(self, shot: Shot, fault: StoryloomError, name: str) -> Step:
        wants_frame = self._slate.run.config.last_resort is LastResort.FRAME
        if wants_frame and self._gear.backend(name) is not self._gear.frames:
            step = self._mending(Remedy.FRAME, fault, name, ("", ""))
            changed = await self._slate.change_shot(shot.id, mended((*shot.steps, step)))
            return Step(Remedy.FRAME, changed)
        return Step(None, await self._slate.change_shot(shot.id, failed(fault, shot.steps)))

    def _mending(
        self, remedy: Remedy, fault: StoryloomError, backend: str, words: tuple[str, str]
    ) -> Mending:
        return Mending(
            remedy=remedy,
            why=fault.message,
            code=fault.code,
            at=self._clock.now(),
            backend=backend,
            before=words[0],
            after=words[1],
        )
