"""Whether the process lives, and whether it can work."""

from collections.abc import Mapping
from typing import Literal

import anyio
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from storyloom.bootstrap.services import Ping
from storyloom.errors import StoryloomError

PING_TIMEOUT_S = 3.0
router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Every part that is configured: `ok`, or a sentence that says what is wrong with it."""

    status: Literal["ready", "degraded"]
    checks: dict[str, str]


@router.get("/healthz")
async def healthz() -> Health:
    """Say that the process lives."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Something is down"}})
async def readyz(request: Request, response: Response) -> Readiness:
    """Ping everything that is configured."""
    checks = await ping_all(request.state.pings)
    ready = all(answer == "ok" for answer in checks.values())
    response.status_code = 200 if ready else 503
    return Readiness(status="ready" if ready else "degraded", checks=checks)


async def ping_all(pings: Mapping[str, Ping]) -> dict[str, str]:
    """Ping every part at the same time, each for three seconds at most."""
    checks = dict.fromkeys(pings, "")

    async def check(name: str, ping: Ping) -> None:
        try:
            with anyio.fail_after(PING_TIMEOUT_S):
                await ping()
            checks[name] = "ok"
        except TimeoutError:
            checks[name] = f"No answer within {PING_TIMEOUT_S:g} seconds"
        except StoryloomError as fault:
            checks[name] = fault.message

    async with anyio.create_task_group() as tasks:
        for name, ping in pings.items():
            tasks.start_soon(check, name, ping)
    return checks
