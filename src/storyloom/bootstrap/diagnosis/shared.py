"""The PostgreSQL that processes share: is it reached, up to date, on time, and who works on it."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.dbos import _diagnosis as engine_tables
from storyloom.adapters.dbos._depths import queue_depths
from storyloom.adapters.sql import _diagnosis as tables
from storyloom.adapters.sql._connecting import host_of, pooler, refusal
from storyloom.adapters.sql.worker_registry import SqlWorkerRegistry
from storyloom.bootstrap.diagnosis import workers
from storyloom.bootstrap.diagnosis.asking import Check
from storyloom.bootstrap.diagnosis.jobs import Crew
from storyloom.errors import StoryloomError
from storyloom.kit.clock import Clock
from storyloom.kit.findings import Finding, error, warning, well
from storyloom.settings import Settings
from storyloom.storyboard.pipeline import CodeToStoryboardTool, RoadmapToStoryboardTool

DATABASE, CLOCK = "database", "clock"
CLOCKS_DIFFER_S = 2.0
_QUEUES = {CodeToStoryboardTool.queue, RoadmapToStoryboardTool.queue}


@dataclass
class Shared:
    """A PostgreSQL under examination."""

    settings: Settings
    clock: Clock
    address: str
    engine: AsyncEngine
    answers: bool = False
    heard: Sequence[workers.Heard] = field(default_factory=list[workers.Heard])

    @property
    def crew(self) -> Crew:
        """Who would take up a job."""
        living = sum(one.lives for one in self.heard)
        someone = f"{living} worker{'s are' if living > 1 else ' is'} heard." if living else None
        return Crew(someone, workers.START)

    @property
    def checks(self) -> Sequence[Check]:
        """What has to be well before workers and jobs can be looked at."""
        mend = "Run `storyloom migrate` as the owner of the tables."
        checks = [
            Check("tables", self.look_at_tables, mend),
            Check("engine", self.look_at_engine, mend),
        ]
        if self.settings.supabase_url is None:
            checks.append(Check("archive", self.look_at_rights, mend))
        return checks

    async def look(self) -> Sequence[Finding]:
        """Connect, and ask for what decides whether it can be written."""
        found = [*pooler(self.address)]
        begun = self.clock.now()
        try:
            server = await tables.server_of(self.engine)
        except StoryloomError as fault:
            return [*found, refusal(self.address, fault)]
        self.answers = True
        where = host_of(self.address)
        if server.is_standby:
            found.append(
                error(
                    DATABASE,
                    f"The PostgreSQL at {where} is a standby, which takes no writes.",
                    "Name the primary in DATABASE_URL; with several hosts in it, add "
                    "target_session_attrs=read-write.",
                )
            )
        elif server.is_read_only:
            found.append(
                error(
                    DATABASE,
                    f"The PostgreSQL at {where} takes no writes: default_transaction_read_only is on.",
                    "Set it to off; at Supabase it means that the disk is full: make room first.",
                )
            )
        elif not found:
            found.append(well(DATABASE, f"The PostgreSQL at {where} can be reached."))
        return [*found, _clock(server.now, begun, self.clock.now())]

    async def look_at_tables(self) -> Sequence[Finding]:
        """Whether ours are up to date."""
        return await tables.look_at_tables(self.engine, migrates=self.settings.migrate_on_start)

    async def look_at_rights(self) -> Sequence[Finding]:
        """Whether the table of jobs is ours to use."""
        return await tables.look_at_rights(self.engine)

    async def look_at_engine(self) -> Sequence[Finding]:
        """Whether the engine's are."""
        look = partial(engine_tables.look_at_tables, migrates=self.settings.migrate_on_start)
        return [await tables.in_sync(self.engine, look)]

    async def look_at_workers(self) -> Sequence[Finding]:
        """Who is heard, and whether all see the same pictures."""
        now = (await tables.server_of(self.engine)).now
        seen = await tables.in_sync(self.engine, lambda engine: SqlWorkerRegistry(engine).seen())
        self.heard = workers.heard(seen, now)
        return [*workers.look_at_workers(self.heard), *self._pictures()]

    async def look_at_queues(self) -> Sequence[Finding]:
        """How full they are."""
        depths = await tables.in_sync(self.engine, lambda engine: queue_depths(engine, _QUEUES))
        return workers.look_at_queues(depths, self.heard)

    def _pictures(self) -> Sequence[Finding]:
        others = workers.others(self.heard, socket.gethostname())
        if self.settings.images_url is not None or not others:
            return []
        return [
            warning(
                "images",
                f"Pictures lie in a folder of this machine, and {', '.join(others)} work on the "
                "same jobs.",
                "Set STORYLOOM_IMAGES_URL for all, unless they all mount this folder.",
            )
        ]


def _clock(theirs: datetime, begun: datetime, ended: datetime) -> Finding:
    """They asked the time between two looks at ours."""
    differ_s = max((begun - theirs).total_seconds(), (theirs - ended).total_seconds(), 0.0)
    if differ_s < CLOCKS_DIFFER_S:
        return well(CLOCK, "The clocks of this machine and of the database agree.")
    return warning(
        CLOCK,
        f"The clock of this machine differs from the database's by {differ_s:,.0f} s, so that "
        "times of jobs and waits are wrong.",
        "Let both keep time over NTP.",
    )
