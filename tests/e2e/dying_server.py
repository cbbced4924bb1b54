"""A server that kills itself at what a file names: after a step, or a write of the ledger, before an
answer is kept for its key, or before an event is told.

Usage: dying_server.py DATA_DIR PORT FILE. The file is read at every such moment and removed before
the end, so the next start lives on.
"""

import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn

from storyloom.adapters.dbos._steps import DbosSteps
from storyloom.adapters.sql.idempotency_store import SqlIdempotencyStore
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.api.application import create_app
from storyloom.events.appending import Appender
from storyloom.events.schemas import Draft
from storyloom.idempotency.schemas import KeptAnswer
from storyloom.outbound.schemas import Budget, Call, Ending
from storyloom.settings import Settings


class Fate:
    """When it is to end."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def meet(self, moment: str) -> None:
        if self._file.exists() and self._file.read_text("utf-8") == moment:
            self._file.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def let_ledgers_meet(fate: Fate) -> None:
    opening, closing = SqlLedger.open, SqlLedger.close
    purposes: dict[str, str] = {}

    async def open_then_meet(
        self: SqlLedger, call: Call, *, attempt: int, at: datetime, budget: Budget
    ) -> str:
        entry_id = await opening(self, call, attempt=attempt, at=at, budget=budget)
        purposes[entry_id] = call.purpose
        fate.meet(f"open {call.purpose}")
        return entry_id

    async def close_then_meet(self: SqlLedger, entry_id: str, ending: Ending) -> None:
        await closing(self, entry_id, ending)
        fate.meet(f"close {purposes[entry_id]}")

    SqlLedger.open, SqlLedger.close = open_then_meet, close_then_meet


def let_steps_meet(fate: Fate) -> None:
    running = DbosSteps.run

    async def run_then_meet(self: DbosSteps, name: str, work: Any) -> Any:
        value = await running(self, name, work)
        fate.meet(f"step {name}")
        return value

    DbosSteps.run = run_then_meet


def let_keys_meet(fate: Fate) -> None:
    keeping = SqlIdempotencyStore.keep

    async def meet_then_keep(
        self: SqlIdempotencyStore, digest: str, holder: str, answer: KeptAnswer
    ) -> None:
        fate.meet("keep")
        await keeping(self, digest, holder, answer)

    SqlIdempotencyStore.keep = meet_then_keep


def let_events_meet(fate: Fate) -> None:
    """What is told of is kept by then, and the log may not have it yet."""
    taking = Appender.soon

    def meet_then_take(self: Appender, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            fate.meet(f"tell {draft.type}")
        taking(self, drafts)

    Appender.soon = meet_then_take


def main(data_dir: str, port: str, file: str) -> None:
    fate = Fate(Path(file))
    let_ledgers_meet(fate)
    let_steps_meet(fate)
    let_keys_meet(fate)
    let_events_meet(fate)
    settings = Settings.load(data_dir=Path(data_dir), port=int(port))
    uvicorn.run(create_app(settings), port=int(port), log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
