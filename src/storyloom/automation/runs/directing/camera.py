"""One picture is asked of its backend, and watched while it is made."""

import logging
from collections.abc import Callable

import anyio
from pydantic import ValidationError

from storyloom.access.schemas import Scope
from storyloom.automation.runs.directing.bench import Bench
from storyloom.automation.runs.directing.exposure import Exposed, begun, request_of
from storyloom.automation.runs.directing.sitting import Sitting
from storyloom.automation.runs.directing.together import together
from storyloom.automation.runs.schemas import Shot, ShotStatus, WaitCode
from storyloom.errors import InvalidInput, StoryloomError, TimedOut
from storyloom.imaging.schemas import ImageRequest, Picture, Progress
from storyloom.kit.clock import elapsed_ms
from storyloom.outbound.account import charged_to
from storyloom.outbound.schemas import Account

#: A backend has a deadline of its own; this is for one that forgets it.
PICTURE_LIMIT_S = 3600.0
STEP = "images"
log = logging.getLogger(__name__)


class Camera:
    """Takes pictures, one at each call."""

    def __init__(self, sitting: Sitting) -> None:
        """Take the run."""
        self._sitting = sitting
        self._slate = sitting.slate

    async def expose(
        self, shot: Shot, bench: Bench, hold: Callable[[anyio.CancelScope], None]
    ) -> Exposed | None:
        """The picture of this shot, or None where it was stopped; raises what a backend raises.

        Whoever has the scope that is given to `hold` can stop it.
        """
        # What an earlier process had begun goes by the same name, by which the backend knows it.
        rounds = shot.rounds if shot.status is ShotStatus.MAKING else shot.rounds + 1
        shot = await self._slate.change_shot(shot.id, begun(rounds))
        request = self._request(shot, bench)
        began_at = self._sitting.clock.now()
        picture = None
        try:
            with anyio.CancelScope() as scope:
                hold(scope)
                picture = await self._unless_lost(request, shot, bench)
        finally:
            ended_at = self._sitting.clock.now()
            if bench.gpu is not None:
                self._sitting.notices.used_gpu(elapsed_ms(began_at, ended_at))
        if picture is None:
            return None
        bench.worked()
        return Exposed(shot, request, picture, began_at, ended_at, is_frame=bench.is_frames)

    def _request(self, shot: Shot, bench: Bench) -> ImageRequest:
        seeded = bench.backend.capabilities.supports_seed
        try:
            return request_of(self._slate.run, shot, supports_seed=seeded)
        except ValidationError as fault:
            wrong = fault.errors()[0]
            name = ".".join(map(str, wrong["loc"]))
            raise InvalidInput(f"The {name} cannot be used: {wrong['msg']}") from fault

    async def _unless_lost(self, request: ImageRequest, shot: Shot, bench: Bench) -> Picture | None:
        """The picture, or None when it is no longer our turn at the GPU."""
        if bench.gpu is None:
            return await self._picture(request, shot, bench)
        gpu, picture = bench.gpu, None
        async with together() as tasks:

            async def heed() -> None:
                await gpu.lost.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(heed)
            picture = await self._picture(request, shot, bench)
            tasks.cancel_scope.cancel()
        return picture

    async def _picture(self, request: ImageRequest, shot: Shot, bench: Bench) -> Picture:
        run = self._slate.run
        account = Account(org_id=run.org_id, job_id=run.id, scope=Scope.STORIES, step=STEP)
        with self._sitting.waits.place() as place, charged_to(account):

            def watch(progress: Progress) -> None:
                self._sitting.notices.progress(shot.id, progress.fraction)
                if progress.says:
                    place.say(WaitCode.ENGINE_LOADING, progress.says)
                else:
                    place.clear()

            try:
                with anyio.fail_after(PICTURE_LIMIT_S):
                    return await bench.backend.generate(request, watch)
            except TimeoutError as fault:
                raise TimedOut(f"{bench.name} has taken more than an hour.") from fault
            except StoryloomError:
                raise
            # Whatever it is, it is about this picture: the night's other ones are still to be made.
            except Exception as fault:
                log.exception("an image backend failed unexpectedly", extra={"shot": shot.id})
                raise StoryloomError(f"Something unexpected happened at {bench.name}.") from fault
