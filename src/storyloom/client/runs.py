"""Lights-out runs: from a script to its pictures, and what they are handed over as."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

import storyloom.client.operations as ops
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.export_bodies import ExportList
from storyloom.automation.runs.preflight import PreflightReport
from storyloom.automation.runs.schemas import Report
from storyloom.automation.runs.views import RunAccepted, RunList, RunSummary, RunView, ShotView
from storyloom.boards.export.schemas import ExportKind, SheetLayout
from storyloom.client.bodies import given
from storyloom.client.faces import F, Group, operation
from storyloom.client.line import Line, Wanted
from storyloom.client.saving import save


class Runs(Group[F]):
    """The runs of the caller's organisation."""

    @operation
    async def config(self) -> RunConfig:
        """What holds for a run that does not say otherwise."""
        return await self.line.ask(ops.GET_RUN_CONFIG)

    @operation
    async def configure(self, config: RunConfig) -> RunConfig:
        """Replace that, for runs from now on."""
        return await self.line.ask(ops.PUT_RUN_CONFIG, body=config)

    @operation
    async def preflight(
        self,
        *,
        session_timestamp: int | None = None,
        script: str | None = None,
        title: str | None = None,
        config: Mapping[str, JsonValue] | None = None,
    ) -> PreflightReport:
        """What is in the way of such a run, or of any; how long it may take, and what it may cost."""
        body = given(sessionTimestamp=session_timestamp, script=script, title=title, config=config)
        return await self.line.ask(ops.PREFLIGHT, body=body)

    @operation
    async def start(
        self,
        *,
        session_timestamp: int | None = None,
        script: str | None = None,
        title: str | None = None,
        config: Mapping[str, JsonValue] | None = None,
    ) -> RunAccepted:
        """Start one of a session that is there, or of a script; `config` is what is to differ."""
        body = given(sessionTimestamp=session_timestamp, script=script, title=title, config=config)
        return await self.line.ask(ops.START_RUN, body=body)

    @operation
    async def list(self, *, limit: int = 50, before: datetime | None = None) -> RunList:
        """The newest ones."""
        return await self.line.ask(ops.LIST_RUNS, query={"limit": limit, "before": before})

    @operation
    async def get(self, run_id: str) -> RunView:
        """All about one: how far it is, what it waits for, and its pictures."""
        return await self.line.ask(ops.GET_RUN, {"run_id": run_id})

    @operation
    async def report(self, run_id: str) -> Report:
        """What became of it, and what somebody has to decide."""
        return await self.line.ask(ops.GET_REPORT, {"run_id": run_id})

    @operation
    async def pause(self, run_id: str) -> RunSummary:
        """Begin no more pictures."""
        return await self.line.ask(ops.PAUSE_RUN, {"run_id": run_id})

    @operation
    async def resume(self, run_id: str) -> RunSummary:
        """Go on."""
        return await self.line.ask(ops.RESUME_RUN, {"run_id": run_id})

    @operation
    async def cancel(self, run_id: str) -> RunSummary:
        """Stop at once, and keep what is made."""
        return await self.line.ask(ops.CANCEL_RUN, {"run_id": run_id})

    @operation
    async def retry(self, run_id: str, *, degraded: bool = False) -> RunSummary:
        """Make anew only what has failed; with `degraded`, also what was not made as asked for."""
        return await self.line.ask(ops.RETRY_RUN, {"run_id": run_id}, body={"degraded": degraded})

    @operation
    async def picture(
        self, run_id: str, shot_id: str, *, version: int | None = None, small: bool = False
    ) -> bytes:
        """A picture, or a small copy of it; without a version, the one that counts."""
        query = {"version": version, "size": "small" if small else None}
        return await self.line.ask(ops.GET_SHOT_IMAGE, _shot(run_id, shot_id), query=query)

    @operation
    async def cancel_shot(self, run_id: str, shot_id: str) -> ShotView:
        """Make one picture no more."""
        return await self.line.ask(ops.CANCEL_SHOT, _shot(run_id, shot_id))

    @operation
    async def regenerate(
        self,
        run_id: str,
        shot_id: str,
        *,
        seed: int | None = None,
        prompt: str | None = None,
        negative_prompt: str | None = None,
    ) -> ShotView:
        """Make another picture of a shot; the others stay as versions."""
        body = given(seed=seed, prompt=prompt, negativePrompt=negative_prompt)
        return await self.line.ask(ops.REGENERATE_SHOT, _shot(run_id, shot_id), body=body)

    @operation
    async def restore(self, run_id: str, shot_id: str, version: int) -> ShotView:
        """Let another version of a picture count."""
        body = {"version": version}
        return await self.line.ask(ops.RESTORE_SHOT, _shot(run_id, shot_id), body=body)

    @operation
    async def export(
        self,
        run_id: str,
        formats: Iterable[ExportKind],
        *,
        layout: SheetLayout | None = None,
        frames_per_second: int | None = None,
        film_height: int | None = None,
    ) -> ExportList:
        """Let files be made of it as it is now."""
        body = given(
            formats=list(formats),
            layout=layout,
            framesPerSecond=frames_per_second,
            filmHeight=film_height,
        )
        return await self.line.ask(ops.START_EXPORTS, {"run_id": run_id}, body=body)

    @operation
    async def exports(self, run_id: str) -> ExportList:
        """What was asked for, and how far it is."""
        return await self.line.ask(ops.LIST_EXPORTS, {"run_id": run_id})

    @operation
    async def download(self, run_id: str, export_name: str, to: Path) -> Path:
        """Save a file that was made."""
        return await _save(self.line, run_id, export_name, to)


async def _save(line: Line, run_id: str, export_name: str, to: Path) -> Path:
    names = {"run_id": run_id, "export_name": export_name}
    return await save(line, Wanted(ops.GET_EXPORT, names), to)


def _shot(run_id: str, shot_id: str) -> dict[str, str]:
    return {"run_id": run_id, "shot_id": shot_id}
