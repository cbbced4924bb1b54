"""Making the exports of runs: one step, which is begun again after a crash, and its end."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from hashlib import sha256

from anyio import CancelScope, from_thread, to_thread
from pydantic import JsonValue

from storyloom.automation.runs.directing.slate import outlast
from storyloom.automation.runs.errors import RunNotFound
from storyloom.automation.runs.exported import Export, ExportFound
from storyloom.automation.runs.exporting import PIPELINE, changing
from storyloom.automation.runs.naming import run_of
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.reel import reel_of
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.showing import Episodes
from storyloom.automation.runs.views import current_report
from storyloom.boards.export.exporter import Exporter
from storyloom.boards.export.names import file_stem
from storyloom.boards.export.schemas import Reel
from storyloom.errors import DiskFull, NotFound
from storyloom.imaging.ports import ImageStore
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.ports import Steps
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId
from storyloom.kit.scratch import Scratch
from storyloom.outbound.costs import cost_of
from storyloom.outbound.ports import Ledger
from storyloom.story.author import Head
from storyloom.story.episodes import StoryView
from storyloom.story.schemas import SessionKey
from storyloom.story.script.schemas import Bible

#: The queue, and the folder of the image store.
EXPORTS = FOLDER = "exports"
_PIECE = 16 * 1024 * 1024
#: Of a session that is there no longer.
_NO_STORY = StoryView("", "", None, Head(), (), Bible(), 0)


class ExportMaker:
    """Makes exports, and writes what became of them into the rows of their runs."""

    name = PIPELINE
    queue = EXPORTS

    def __init__(
        self,
        runs: RunStore,
        sessions: Episodes,
        files: ImageStore,
        *,
        exporter: Exporter,
        ledger: Ledger,
        clock: Clock,
    ) -> None:
        """Take where all that it is made of is kept, where it goes, and who writes it."""
        self._runs = runs
        self._sessions = sessions
        self._files = files
        self._exporter = exporter
        self._ledger = ledger
        self._clock = clock

    async def run(self, job_id: JobId, steps: Steps) -> None:
        """Make the export of this job, unless it is there or was asked for anew since."""
        try:
            made = await steps.run("export", partial(self._make, job_id))
        except StepFailed as fault:
            await steps.end("fail", partial(self._fail, job_id, fault))
        else:
            await steps.end("end", partial(self._end, job_id, made))

    async def _make(self, job: JobId) -> JsonValue:
        run = await self._change(
            job, {"status": JobStatus.PROCESSING, "started_at": self._clock.now()}
        )
        kept = None if run is None else _of_job(run, job)
        if run is None or kept is None or kept.status.is_terminal:
            return None
        found = await self._made(await self._reel(run), kept)
        return found.model_dump(mode="json")

    async def _end(self, job: JobId, made: JsonValue) -> JsonValue:
        """Write what was made, if anything was, and unless it was cancelled in the very end."""
        if made is not None:
            found = ExportFound.model_validate(made)
            end = {"status": JobStatus.COMPLETED, "found": found, "ended_at": found.made_at}
            await self._change(job, end)
        return None

    async def _fail(self, job: JobId, fault: StepFailed) -> JsonValue:
        told = {"error_code": fault.failure_code, "error_message": fault.message}
        end = {"status": JobStatus.FAILED, "ended_at": self._clock.now(), **told}
        await self._change(job, end)
        return None

    async def _change(self, job: JobId, update: Mapping[str, object]) -> Run | None:
        """Change the export of this job where it is still to be made; None where the run has gone."""
        with suppress(RunNotFound):
            return await outlast(partial(self._runs.change, run_of(job), changing(job, update)))
        return None

    async def _reel(self, run: Run) -> Reel:
        """What the run has made by now."""
        shots = await outlast(partial(self._runs.shots, run.id))
        spent = cost_of(await outlast(partial(self._ledger.of_job, run.id)))
        report = current_report(run, shots, self._clock.now())
        report = report.model_copy(update={"spent": spent})
        return reel_of(run, shots, await self._story(run), report)

    async def _story(self, run: Run) -> StoryView:
        key = SessionKey(run.org_id, run.session_timestamp)
        try:
            return await outlast(partial(self._sessions.episode, key))
        except NotFound:
            return _NO_STORY

    async def _made(self, reel: Reel, kept: Export) -> ExportFound:
        folder = await to_thread.run_sync(Scratch, "export")
        try:
            file = await self._exporter.export(
                reel, kept.kind, self._fetch, folder.path / kept.name, options=kept.options
            )
            data = await to_thread.run_sync(file.path.read_bytes)
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(folder.cleanup)
        digest = await to_thread.run_sync(_digest, data)
        key = f"{FOLDER}/{digest}{kept.kind.suffix}"
        await self._put(key, data)
        return ExportFound(
            key=key,
            digest=digest,
            size_bytes=len(data),
            file_name=f"{file_stem(reel)}-{kept.name}",
            left_out=file.left_out,
            made_at=self._clock.now(),
        )

    async def _fetch(self, key: str) -> bytes:
        return await outlast(partial(self._files.get, key))

    async def _put(self, key: str, data: bytes) -> None:
        """Keep the file once the store is there; raises `DiskFull`, so that somebody makes room."""
        full: list[DiskFull] = []

        async def put() -> None:
            try:
                await self._files.put(key, data)
            except DiskFull as fault:
                full.append(fault)

        await outlast(put)
        if full:
            raise full[0]


def _digest(data: bytes) -> str:
    """The SHA-256 of a file that may be large: given up once nobody wants it any more."""
    digest, whole = sha256(), memoryview(data)
    for start in range(0, len(data), _PIECE):
        from_thread.check_cancelled()
        digest.update(whole[start : start + _PIECE])
    return digest.hexdigest()


def _of_job(run: Run, job: JobId) -> Export | None:
    return next((one for one in run.exports if one.job == job), None)
