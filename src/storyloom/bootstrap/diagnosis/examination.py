"""Every part that the settings choose, looked at; nothing is started, migrated or taken up."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

import anyio

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.sql.key_store import SqlKeyStore
from storyloom.bootstrap.database import shared_database
from storyloom.bootstrap.diagnosis import automation
from storyloom.bootstrap.diagnosis.apart import Apart, OwnFile, Project, look_at_own_engine
from storyloom.bootstrap.diagnosis.asking import Check, Inquiry, at_once
from storyloom.bootstrap.diagnosis.jobs import FAILED, PENDING, Crew, Jobs
from storyloom.bootstrap.diagnosis.keys import look_at_keys, look_at_own_keys
from storyloom.bootstrap.diagnosis.machine import checks_of
from storyloom.bootstrap.diagnosis.models import Models
from storyloom.bootstrap.diagnosis.providers import Usable
from storyloom.bootstrap.diagnosis.shared import DATABASE, Shared
from storyloom.bootstrap.diagnosis.stores import hot_check, images_check
from storyloom.bootstrap.diagnosis.workers import Heard
from storyloom.bootstrap.lock import holder_of
from storyloom.errors import Misconfigured
from storyloom.jobs.ports import JobArchive
from storyloom.kit.clock import Clock, SystemClock
from storyloom.kit.findings import Finding, Verdict, error
from storyloom.settings import Settings

_MEND = "Look whether it runs, at its log, and at the network between."
_NOT_KNOWN = Crew("It is not known who takes jobs.", _MEND)


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, the workers that the others hear, and the models that keys can use."""

    findings: list[Finding]
    workers: list[Heard]
    models: list[Usable]
    took_ms: dict[str, int]  #: by check


async def examine(settings: Settings, clock: Clock | None = None) -> Examination:
    """Look at everything at the same time; every look has a limit of its own."""
    seen = Examination([], [], [], {})
    async with AsyncExitStack() as stack, anyio.create_task_group() as lasting:
        inquiry = Inquiry(lasting, seen.findings, seen.took_ms)
        doctor = _Doctor(settings, clock or SystemClock(), stack, inquiry, seen)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(doctor.look_at_parts)
            tasks.start_soon(doctor.look_at_jobs)
        lasting.cancel_scope.cancel()
    return seen


@dataclass
class _Doctor:
    """First what jobs need, then they themselves."""

    settings: Settings
    clock: Clock
    stack: AsyncExitStack
    inquiry: Inquiry
    seen: Examination

    async def look_at_parts(self) -> None:
        models = Models(self.settings, self.seen.models)
        await self.inquiry.ask(
            *checks_of(self.settings),
            *automation.checks_of(self.settings),
            *(hot_check(self.settings), images_check(self.settings)),
            *models.checks,
        )

    async def look_at_jobs(self) -> None:
        if self.settings.database_url is None:
            await self._embedded(self._apart() or OwnFile(self.settings, self.stack))
        else:
            await self._among_workers(await self._connected(), self._apart())

    async def _embedded(self, kept: Apart) -> None:
        own_engine = at_once(lambda: look_at_own_engine(self.settings))
        own_keys = partial(look_at_own_keys, self.settings, self.clock)
        await self.inquiry.ask(
            _archive(kept), Check("engine", own_engine, ""), Check("keys", own_keys, kept.mend)
        )
        holder = await anyio.to_thread.run_sync(holder_of, self.settings.data_dir)
        someone = None if holder is None else f"It is the work of {holder}."
        await self._jobs(kept.archive, Crew(someone, "Start the server: `storyloom serve`"))

    async def _among_workers(self, shared: Shared | None, kept: Apart | None) -> None:
        tables: Sequence[Check] = [] if shared is None else shared.checks
        found = await self.inquiry.ask(*tables, *([] if kept is None else [_archive(kept)]))
        archive, crew = None if kept is None else kept.archive, _NOT_KNOWN
        if shared is not None and _are_well(found, tables):
            keys = SqlKeyStore(shared.engine)
            look = partial(look_at_keys, self.settings, keys, self.clock)
            await self.inquiry.ask(Check("keys", look, _MEND))
            crew = await self._crew(shared)
            if kept is None:
                archive = SqlJobArchive(shared.engine)
        await self._jobs(archive, crew)

    async def _crew(self, shared: Shared) -> Crew:
        await self.inquiry.ask(Check("workers", shared.look_at_workers, _MEND))
        self.seen.workers.extend(shared.heard)
        await self.inquiry.ask(Check("queues", shared.look_at_queues, _MEND))
        return shared.crew

    async def _jobs(self, archive: JobArchive | None, crew: Crew) -> None:
        if archive is not None:
            jobs = Jobs(archive, self.clock, self.settings.job_timeout_s)
            await self.inquiry.ask(
                Check(PENDING, lambda: jobs.look_at_unfinished(crew), _MEND),
                Check(FAILED, jobs.look_at_failed, _MEND),
            )

    async def _connected(self) -> Shared | None:
        try:
            address = shared_database(self.settings) or ""
        except Misconfigured as fault:
            told = error(DATABASE, fault.message, "Correct DATABASE_URL.")
            self.inquiry.findings.append(told)
            return None
        engine = await self.stack.enter_async_context(open_database(address))
        shared = Shared(self.settings, self.clock, address, engine)
        await self.inquiry.ask(Check(DATABASE, shared.look, _MEND))
        return shared if shared.answers else None

    def _apart(self) -> Apart | None:
        if self.settings.supabase_url is None:
            return None
        return Project(self.settings, self.stack)


def _archive(kept: Apart) -> Check:
    return Check("archive", kept.look, kept.mend)


def _are_well(found: Sequence[Finding], checks: Sequence[Check]) -> bool:
    needed = {check.name for check in checks}
    return all(one.status is Verdict.OK for one in found if one.check in needed)
