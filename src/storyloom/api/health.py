"""Whether the process lives, and whether it can work."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

import anyio
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from storyloom.bootstrap.services import Ping, Services
from storyloom.errors import StoryloomError
from storyloom.kit.questions import Questions

PING_TIMEOUT_S = 3.0
OK = "ok"
# What the service goes on without: a load balancer must not turn callers away for it.
SPARED = frozenset({"hot"})
_READY = 200
_NOT_READY = 503
router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Version(BaseModel):
    """What answers."""

    name: Literal["storyloom"] = "storyloom"
    version: str


class Readiness(BaseModel):
    """Every part that is configured: `ok`, or a sentence that says what is wrong with it.

    `degraded` works, only slower: hot state is away. `unavailable` lacks a part that it needs.
    """

    status: Literal["ready", "degraded", "unavailable"]
    checks: dict[str, str]


def state_of(services: Services) -> dict[str, object]:
    """What these routes, the figures and the traces need of the services."""
    state: dict[str, object] = {
        "pings": services.pings,
        "questions": services.questions,
        "metrics": services.metrics,
    }
    tracer = services.observers.tracer
    return state | ({"tracer": tracer} if services.observers.is_traced else {})


@router.get("/livez")
@router.get("/healthz")
async def healthz() -> Health:
    """Say that the process lives."""
    return Health()


@router.get("/version")
async def tell_version(request: Request) -> Version:
    """Tell which version answers."""
    return Version(version=request.app.version)


@router.get(
    "/readyz", responses={503: {"model": Readiness, "description": "A part that it needs is down"}}
)
async def readyz(request: Request, response: Response) -> Readiness:
    """Ping everything that is configured."""
    checks = await ping_within(request.state.questions, request.state.pings)
    readiness = readiness_of(checks)
    response.status_code = _NOT_READY if readiness.status == "unavailable" else _READY
    return readiness


def readiness_of(checks: dict[str, str]) -> Readiness:
    """What the checks mean together."""
    down = {name for name, answer in checks.items() if answer != OK}
    if down - SPARED:
        return Readiness(status="unavailable", checks=checks)
    return Readiness(status="degraded" if down else "ready", checks=checks)


async def ping_all(pings: Mapping[str, Ping]) -> dict[str, str]:
    """Ping every part, where no service is running."""
    checks: dict[str, str] = {}
    async with anyio.create_task_group() as tasks:
        checks = await ping_within(Questions(tasks), pings)
        tasks.cancel_scope.cancel()
    return checks


async def ping_within(questions: Questions, pings: Mapping[str, Ping]) -> dict[str, str]:
    """Ping every part at the same time, each for three seconds at most."""
    checks = dict.fromkeys(pings, "")

    async def check(name: str, ping: Ping) -> None:
        checks[name] = await _answer(partial(questions.ask, f"ping {name}", ping, PING_TIMEOUT_S))

    async with anyio.create_task_group() as tasks:
        for name, ping in pings.items():
            tasks.start_soon(check, name, ping)
    return checks


async def _answer(ping: Ping) -> str:
    try:
        await ping()
    except TimeoutError:
        return f"No answer within {PING_TIMEOUT_S:g} seconds"
    except StoryloomError as fault:
        return fault.message
    return OK
