"""Durable steps: results and errors are kept as small JSON, and the work runs on one event loop."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Any, TypeVar, cast

from dbos import DBOS, Serializer
from dbos._context import current_owner_xid
from dbos._dbos import _get_dbos_instance  # pyright: ignore[reportPrivateUsage]
from pydantic import JsonValue

from storyloom.errors import StoryloomError
from storyloom.jobs.errors import HandedOver, StepFailed

MAX_RESULT_BYTES = 64 * 1024
# From the library's look to the step it is a matter of milliseconds.
LONG_S = 1.0
log = logging.getLogger(__name__)
T = TypeVar("T")


class JsonSerializer(Serializer):
    """JSON in the engine's tables. The default is pickle, and who can write a row could run code."""

    def serialize(self, data: Any) -> str:
        """Write JSON; a value that is not JSON is a bug of ours and raises `TypeError`."""
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        """Read JSON."""
        return json.loads(serialized_data)

    def name(self) -> str:
        """The name that is kept beside each value."""
        return "storyloom_json"


class HomeLoop:
    """The event loop that our services live on.

    DBOS runs recovered workflows on a loop of its own, but connections and locks belong to the
    loop they were made on. So all work is brought home.
    """

    def __init__(self) -> None:
        """Call it on the loop that is to be home."""
        self._loop = asyncio.get_running_loop()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the work at home, and wait for it where we are."""
        if asyncio.get_running_loop() is self._loop:
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def call(self, function: Callable[[], object]) -> None:
        """Call the function at home, soon; does nothing when that loop has closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function)


class DbosSteps:
    """The steps of one workflow."""

    def __init__(self, home: HomeLoop) -> None:
        """Take the loop on which the work is to run."""
        self._home = home

    async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        """Run the work once, or give what it gave before a crash."""
        asked_at_s = monotonic()

        async def step() -> dict[str, JsonValue]:
            if monotonic() - asked_at_s > LONG_S:
                # We were stopped since the library looked whether this step is to be run: somebody
                # else may have been given the job, and have run it.
                await asyncio.to_thread(_still_ours)
            return await self._home.run(_outcome(name, work))

        return _value(await DBOS.run_step_async({"name": name}, step))

    async def end(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> None:
        """Run the work, and keep nothing of it."""
        _value(await self._home.run(_outcome(name, work)))


def _still_ours() -> None:
    """Raise what the library raises when it finds that another has been given the workflow."""
    workflow_id = str(DBOS.workflow_id)
    owner = current_owner_xid(workflow_id)
    if owner is not None:
        system = _get_dbos_instance()._sys_db  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        with system.engine.begin() as connection:
            system._check_owner_txn(connection, workflow_id, owner)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _value(outcome: dict[str, JsonValue]) -> JsonValue:
    match outcome:
        case {"error": {"code": str(code), "message": str(message)}}:
            raise StepFailed(message, failure_code=code)
        case _:
            return outcome["value"]


async def _outcome(name: str, work: Callable[[], Awaitable[JsonValue]]) -> dict[str, JsonValue]:
    try:
        value = await work()
        size = len(json.dumps(value))
        if size > MAX_RESULT_BYTES:
            return _error("internal", f"The step {name} returned {size} bytes, not a reference.")
    except HandedOver:
        raise
    except StepFailed as fault:
        return _error(fault.failure_code, fault.message)
    except StoryloomError as fault:
        log.info("step failed", extra={"step": name, "code": fault.code, "reason": fault.message})
        return _error(fault.code, fault.message)
    except Exception:  # the job runner: whatever it was, the job has to end with a reason
        log.exception("step failed unexpectedly", extra={"step": name})
        return _error("internal", f"Something unexpected happened in the step {name!r}.")
    return {"value": value}


def _error(code: str, message: str) -> dict[str, JsonValue]:
    return {"error": cast("JsonValue", {"code": code, "message": message})}
